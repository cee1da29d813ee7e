"""Is the archive what the manifest and the database say it is? Reads everything, changes nothing."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.archive import manifest
from gxgk_crawler.archive.reader import read, scan
from gxgk_crawler.errors import ArchiveError
from gxgk_crawler.items import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.archive.reader import Record
    from gxgk_crawler.items import Capture, FindingKind


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was looked at and what was found wrong; `findings` is empty when all is well. bytes: of the files read."""

    files: int = 0
    captures: int = 0
    records: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)


class Verifier:
    """One look at an archive.

    rows: the capture rows of the file with that name, in the order of their offsets. lines: what the database knows of
    manifest lines: their SHA-256 by file, None for one that an older version ingested. on_record: called with every whole record
    and the name of its file. progress: called with the bytes read so far, once per file and once in a while.
    """

    def __init__(
        self,
        archive: ArchiveDirectory,
        rows: Callable[[str], Iterable[Capture]],
        *,
        lines: Mapping[str, str | None] | None = None,
        on_record: Callable[[str, Record], None] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.result = Verification()
        self._archive = archive
        self._rows = rows
        self._lines = lines or {}
        self._on_record = on_record
        self._progress = progress

    def run(self, names: Iterable[str] = ()) -> Verification:
        """Compare every file of the archive with the manifest, and every record with its row.

        names: of more files that should lie here. Memory does not grow with the archive. Raises OSError when the directory
        cannot be read.
        """
        # The names before the manifest, whose line comes before the name: a file that is sealed now is no finding.
        for name, what in self._archive.strangers():
            self._find(Finding(kind="irregular", message=f"{name} {what}", file=name))
        final, unfinished = set(self._archive.sealed_names()), self._archive.open_names()
        sealed = self._read_chain()
        for name in sorted({*names, *final, *unfinished, *sealed}):
            entry = sealed.get(name)
            if entry is not None:
                self.result.files += 1
                is_whole = self._check_file(entry)
            else:
                is_whole = False
                if name in final:
                    self._find(Finding(kind="unlisted", message=f"{name} is not in {manifest.MANIFEST}", file=name))
            self._check_records(name, is_sealed=is_whole)
        return self.result

    def _find(self, finding: Finding) -> None:
        self.result.findings.append(finding)

    def _read(self, count: int) -> None:
        self.result.bytes += count
        if self._progress is not None:
            self._progress(self.result.bytes)

    def _read_chain(self) -> dict[str, manifest.SealedFile]:
        sealed: dict[str, manifest.SealedFile] = {}
        previous = manifest.FIRST
        try:
            written = manifest.read_lines(self._archive.path)
        except ValueError as error:
            self._find(Finding(kind="chain", message=str(error)))
            written = []
        for number, line in enumerate(written, start=1):
            place = f"line {number} of {manifest.MANIFEST}"
            try:
                entry = manifest.parse_line(line)
            except ValueError as error:
                self._find(Finding(kind="chain", message=f"{place} cannot be read: {error}"))
            else:
                if entry.previous != previous:
                    self._chain(entry.file, f"{place} does not follow the line before")
                if entry.file in sealed:
                    self._chain(entry.file, f"{place} names {entry.file} again")
                sealed[entry.file] = entry
            previous = manifest.line_sha256(line)
        # No line follows the last one and names its digest, and a manifest cut at a line's end looks whole: the rows know.
        for name, digest in self._lines.items():
            if name not in sealed:
                self._chain(name, f"{name} was sealed, and {manifest.MANIFEST} has no line of it any more")
            elif digest is not None and digest != sealed[name].line_sha256:
                self._chain(name, f"the line of {name} in {manifest.MANIFEST} is not the one that was written")
        return sealed

    def _chain(self, name: str, message: str) -> None:
        self._find(Finding(kind="chain", message=message, file=name))

    def _check_file(self, entry: manifest.SealedFile) -> bool:
        """Compare a file with its line; true when it is the one that was sealed."""
        try:
            with self._archive.opened(entry.file) as descriptor, os.fdopen(descriptor, "rb", closefd=False) as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except (ArchiveError, OSError) as error:
            self._find(Finding(kind="missing", message=f"{entry.file} cannot be read: {error}", file=entry.file))
            return False
        if (size, sha256) != (entry.bytes, entry.sha256):
            message = (
                f"{entry.file} has {size} bytes with SHA-256 {sha256}; sealed were {entry.bytes} with {entry.sha256}"
            )
            self._find(Finding(kind="changed", message=message, file=entry.file))
            return False
        return True

    def _check_records(self, name: str, *, is_sealed: bool) -> None:
        """Hold the records of a file against its rows, both in the order of their offsets.

        is_sealed: the file is not written any more, so every capture in it must have its row.
        """
        rows = iter(self._rows(name))
        row = next(rows, None)
        lacking = end = 0
        for record in self._scan(name):
            end = record.offset + record.length
            while row is not None and row.offset < record.offset:
                self._check_row(row, None)
                row = next(rows, None)
            if row is not None and row.offset == record.offset:
                self._check_row(row, record)
                row = next(rows, None)
            else:
                self._check_digests(name, record)
                lacking += record.is_capture
        self._read(end)
        while row is not None:
            self._check_row(row, None)
            row = next(rows, None)
        if lacking and is_sealed:
            message = f"{lacking} of the captures in {name} are not in the database"
            self._find(Finding(kind="unindexed", message=message, file=name))

    def _scan(self, name: str) -> Iterator[Record]:
        """The whole records of a file up to the first damage, if there is any."""
        try:
            for number, record in enumerate(scan(self._archive, name)):
                self.result.records += 1
                if self._on_record is not None:
                    self._on_record(name, record)
                if self._progress is not None and number % 100 == 0:
                    self._progress(self.result.bytes + record.offset)
                yield record
        except (ArchiveError, OSError):
            return  # its line and its rows, one by one, are the findings

    def _check_digests(self, name: str, record: Record) -> None:
        try:
            record.check()
        except ArchiveError as error:
            self._find(Finding(kind="mismatch", message=str(error), file=name, offset=record.offset))

    def _check_row(self, row: Capture, record: Record | None) -> None:
        """Compare a row with its record; without one, look exactly where the row says that it lies."""
        self.result.captures += 1
        try:
            if record is None or record.length != row.length:
                record = read(self._archive, row)
            record.check()
        except ArchiveError as error:
            self._row_finding("dangling", row, str(error))
            return
        headers = record.headers
        expected = {
            "record_id": (row.record_id, record.record_id),
            "url": (row.url, headers.get("WARC-Target-URI")),
            "status": (row.status, record.status),
            "refers_to": (row.refers_to, (headers.get("WARC-Refers-To") or "").strip("<>") or None),
        }
        if "WARC-Payload-Digest" in headers:
            expected["payload_sha256"] = (f"sha256:{row.payload_sha256}", headers["WARC-Payload-Digest"])
        for name, (known, stored) in expected.items():
            if known != stored:
                self._row_finding("mismatch", row, f"{name} is {known} in the database and {stored} in the archive")

    def _row_finding(self, kind: FindingKind, row: Capture, message: str) -> None:
        self._find(Finding(kind=kind, message=message, file=row.warc_file, offset=row.offset, url=row.url))
