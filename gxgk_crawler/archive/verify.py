"""Is the archive what the manifest and the database say it is? Reads everything, changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gxgk_crawler.archive import manifest
from gxgk_crawler.archive.reader import read, warc_path
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gxgk_crawler.items import Capture

# chain: a manifest line does not follow from the one before. missing, changed: a sealed file is gone, or other bytes than
# were sealed. unlisted: a file with a final name that no manifest line vouches for. dangling: a capture row without its
# record, which rule R3 makes impossible: an alarm. mismatch: row and record differ. unindexed: records without a row.
FindingKind = Literal["chain", "missing", "changed", "unlisted", "dangling", "mismatch", "unindexed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be. file, offset, url: where, as far as it is known."""

    kind: FindingKind
    message: str
    file: str | None = None
    offset: int | None = None
    url: str | None = None


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was looked at and what was found wrong; `findings` is empty when all is well."""

    files: int = 0
    captures: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify(
    directory: Path, captures: Iterable[Capture], *, progress: Callable[[int], None] | None = None
) -> Verification:
    """Compare the archive with its manifest, and every capture row with its record.

    captures: all rows of the database, in any order; by file and offset is fastest. progress: called with the number of
    rows done, once in a while. Memory does not grow with the archive. Raises OSError when the directory cannot be read.
    """
    result = Verification()
    # The names before the manifest, whose line comes before the name: a file that is sealed now is no finding.
    names = sorted(path.name for path in directory.glob("*.warc.gz"))
    sealed, chain = _read_chain(directory)
    result.findings += chain
    for entry in sealed.values():
        result.files += 1
        result.findings += _check_file(directory, entry)
    for name in names:
        if name not in sealed:
            message = f"{name} is not in {manifest.MANIFEST}"
            result.findings.append(Finding(kind="unlisted", message=message, file=name))
    rows: Counter[str] = Counter()
    for capture in captures:
        rows[capture.warc_file] += 1
        result.captures += 1
        result.findings += _check_capture(directory, capture)
        if progress is not None and result.captures % 100 == 0:
            progress(result.captures)
    for entry in sealed.values():
        if (lacking := entry.captures - rows[entry.file]) > 0:
            message = f"{lacking} of the {entry.captures} captures in {entry.file} are not in the database"
            result.findings.append(Finding(kind="unindexed", message=message, file=entry.file))
    return result


def _read_chain(directory: Path) -> tuple[dict[str, manifest.SealedFile], list[Finding]]:
    sealed: dict[str, manifest.SealedFile] = {}
    findings: list[Finding] = []
    previous = manifest.FIRST
    for number, line in enumerate(manifest.read_lines(directory), start=1):
        place = f"line {number} of {manifest.MANIFEST}"
        try:
            entry = manifest.SealedFile(**json.loads(line))
        except (ValueError, TypeError) as error:
            findings.append(Finding(kind="chain", message=f"{place} cannot be read: {error}"))
        else:
            if entry.previous != previous:
                findings.append(
                    Finding(kind="chain", message=f"{place} does not follow the line before", file=entry.file)
                )
            if entry.file in sealed:
                findings.append(Finding(kind="chain", message=f"{place} names {entry.file} again", file=entry.file))
            sealed[entry.file] = entry
        previous = manifest.line_sha256(line)
    return sealed, findings


def _check_file(directory: Path, entry: manifest.SealedFile) -> Iterator[Finding]:
    try:
        with warc_path(directory, entry.file).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except (ArchiveError, OSError) as error:
        yield Finding(kind="missing", message=f"{entry.file} cannot be read: {error}", file=entry.file)
        return
    if (size, sha256) != (entry.bytes, entry.sha256):
        message = f"{entry.file} has {size} bytes with SHA-256 {sha256}; sealed were {entry.bytes} with {entry.sha256}"
        yield Finding(kind="changed", message=message, file=entry.file)


def _check_capture(directory: Path, capture: Capture) -> Iterator[Finding]:
    try:
        record = read(directory, capture, verify=True)
    except ArchiveError as error:
        yield _finding("dangling", capture, str(error))
        return
    headers = record.headers
    expected = {
        "record_id": (capture.record_id, record.record_id),
        "url": (capture.url, headers.get("WARC-Target-URI")),
        "status": (capture.status, record.status),
        "refers_to": (capture.refers_to, (headers.get("WARC-Refers-To") or "").strip("<>") or None),
    }
    if "WARC-Payload-Digest" in headers:
        expected["payload_sha256"] = (f"sha256:{capture.payload_sha256}", headers["WARC-Payload-Digest"])
    for name, (row, stored) in expected.items():
        if row != stored:
            yield _finding("mismatch", capture, f"{name} is {row} in the database and {stored} in the archive")


def _finding(kind: FindingKind, capture: Capture, message: str) -> Finding:
    return Finding(kind=kind, message=message, file=capture.warc_file, offset=capture.offset, url=capture.url)
