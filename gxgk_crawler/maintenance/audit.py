"""Does every report say what its capture says? Versions of the database against the entries and the bytes of the archive.

What is read out of a capture is archived before it is stored, so an entry must hold the version's text. And the capture's
bytes, read again by the rules that read them, must give the same text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gxgk_crawler.archive.directory import RecordLocation
from gxgk_crawler.archive.reader import read, read_entity
from gxgk_crawler.archive.records import ENTRY_TYPE
from gxgk_crawler.entries import ReportRead
from gxgk_crawler.errors import ArchiveError, ExtractionError
from gxgk_crawler.extract import EXTRACTOR_VERSION
from gxgk_crawler.extract.any_file import PageFacts
from gxgk_crawler.families.canonical import page_url
from gxgk_crawler.items import Finding
from gxgk_crawler.sandbox.pool import work_through
from gxgk_crawler.sandbox.report import text_sha256
from gxgk_crawler.store import integrity, selection, warc_files
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.archive.reader import Record
    from gxgk_crawler.portal import Portal
    from gxgk_crawler.sandbox.child import Child
    from gxgk_crawler.store.integrity import VersionText
    from gxgk_crawler.store.postgres.database import Connection


@dataclass(slots=True)
class _Version:
    """A version whose text must be proved. is_todays: this extractor has read it. entry: the one that holds its text."""

    row_id: int
    sha256: bytes
    is_todays: bool
    entry: RecordLocation | None = None


class Audit:
    """The versions whose captures lie in this archive, about 300 bytes of memory for each.

    versions: how many. reread: how many were read again. older: how many of them another extractor has read, so that today's
    rules need not give the same text.
    """

    def __init__(self, archive: ArchiveDirectory, versions: Iterable[VersionText]) -> None:
        self._archive = archive
        self._wanted: dict[bytes, list[_Version]] = {}
        self.versions = self.reread = self.older = 0
        for version in versions:
            self.versions += 1
            is_todays = version.extractor_version == EXTRACTOR_VERSION
            self.older += not is_todays
            wanted = _Version(version.row_id, bytes.fromhex(version.text_sha256), is_todays)
            self._wanted.setdefault(_key(version.record_id), []).append(wanted)

    def see(self, name: str, record: Record) -> None:
        """Look at a record of the file `name`; to be called with every record of the archive."""
        if record.headers.get("Content-Type") != ENTRY_TYPE:
            return
        versions = self._wanted.get(_key(record.headers.get("WARC-Refers-To", "").strip("<>")), [])
        try:
            entry = record.entry if versions else None
        except ValueError:
            return  # then it proves nothing
        if not isinstance(entry, ReportRead):
            return
        sha256 = _sha256(entry.report.document.text)
        for version in versions:
            if version.sha256 == sha256:
                version.entry = RecordLocation(name, record.offset, record.length)

    def unproved(self, conn: Connection) -> Iterator[Finding]:
        """A finding for every version whose text no entry holds."""
        for version in self._versions():
            if version.entry is None:
                yield _finding(conn, version, "the archive does not say that it was read so")

    def differing(
        self,
        conn: Connection,
        *,
        portal_of: Callable[[str], Portal],
        jobs: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Finding]:
        """A finding for every version that reads otherwise when its bytes are read again, or cannot be read.

        Only what this extractor has read is read again. portal_of: describes a portal by its name. jobs: child processes.
        progress: called with how many are done, and of how many.
        """
        todo = [version for version in self._versions() if version.is_todays and version.entry is not None]
        rereading = _Rereading(conn, self._archive, portal_of)
        work_through(todo, rereading.reread, jobs=jobs, progress=progress)
        self.reread += len(todo)
        return rereading.findings

    def _versions(self) -> Iterator[_Version]:
        return (version for group in self._wanted.values() for version in group)


class _Rereading:
    """Reads versions again, in child processes."""

    def __init__(self, conn: Connection, archive: ArchiveDirectory, portal_of: Callable[[str], Portal]) -> None:
        self.findings: list[Finding] = []
        self._conn = conn
        self._archive = archive
        self._portal_of = portal_of

    async def reread(self, version: _Version, child: Child) -> None:
        try:
            same = await self._reads_the_same(version, child)
        except (ArchiveError, ExtractionError) as error:
            reason = warc_files.explained(self._conn, error) if isinstance(error, ArchiveError) else error
            self.findings.append(_finding(self._conn, version, f"its bytes cannot be read again: {reason}"))
        else:
            if not same:
                self.findings.append(_finding(self._conn, version, "its bytes, read again, give another text"))

    async def _reads_the_same(self, version: _Version, child: Child) -> bool:
        assert version.entry is not None
        entry = read(self._archive, version.entry).entry
        assert isinstance(entry, ReportRead)
        report = entry.report
        entity = partial(read_entity, self._archive, find=partial(selection.find_capture, self._conn))
        head, body = entity(report.capture)
        facts = PageFacts(
            url=page_url(report.url, report.capture.url),
            media_type=head.media_type,
            charset=head.charset,
            fetched_on=report.capture.fetched_at.date(),
            portal=self._portal_of(report.portal),
        )
        sha256 = await child.run(text_sha256, [body, *(entity(part)[1] for part in report.parts)], facts)
        return bytes.fromhex(sha256) == version.sha256


def _sha256(text: str) -> bytes:
    return hashlib.sha256(storable(text).encode()).digest()


def _key(record_id: str) -> bytes:
    """Something short that stands for a record id."""
    return hashlib.blake2b(record_id.encode(), digest_size=12).digest()


def _finding(conn: Connection, version: _Version, message: str) -> Finding:
    report, number, url = integrity.version_named(conn, version.row_id)
    return Finding(kind="text", message=f"version {number} of report {report}: {message}", url=url)
