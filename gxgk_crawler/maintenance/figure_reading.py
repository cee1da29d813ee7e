"""The figures of versions that older rules have read, or none: read from the entries of the archive, without a new text.

Figures are derived, so nothing is archived. Resumable: a version counts as done when it names today's rules.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

from gxgk_crawler.archive.directory import RecordLocation
from gxgk_crawler.archive.reader import read, scan
from gxgk_crawler.archive.records import ENTRY_TYPE
from gxgk_crawler.entries import ReportRead
from gxgk_crawler.errors import ArchiveError, ExtractionError
from gxgk_crawler.maintenance.old_attachments import OldAttachments, lacks_grids
from gxgk_crawler.sandbox.pool import work_through
from gxgk_crawler.sandbox.report import figures_of_report
from gxgk_crawler.statutory.tables import STATUTORY_VERSION
from gxgk_crawler.store.figures.unread import save_figures, versions_read_by_others
from gxgk_crawler.store.selection import find_capture
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.items import Capture
    from gxgk_crawler.sandbox.child import Child
    from gxgk_crawler.store.figures.unread import UnreadVersion
    from gxgk_crawler.store.postgres.database import Database


class FigureReading:
    """One run over the versions of one portal, or of all.

    done: how many versions have today's figures now. failed: (url, why) of those that could not be read. jobs: child
    processes. progress: called with how many captures are done, and of how many.
    """

    def __init__(
        self,
        database: Database,
        archive: ArchiveDirectory,
        *,
        jobs: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.done = 0
        self.failed: list[tuple[str, str]] = []
        self._database = database
        self._archive = archive
        self._jobs = jobs
        self._progress = progress
        self._old = OldAttachments(archive)
        self._wanted: dict[str, list[UnreadVersion]] = defaultdict(list)
        self._entries: dict[str, list[RecordLocation]] = defaultdict(list)

    def run(self, portal: str | None = None) -> None:
        """Read the figures that today's rules have not read yet. What this archive has no entry of is left as it is.

        Raises ArchiveError and DatabaseError.
        """
        with self._database.begin() as conn:
            for version in versions_read_by_others(conn, STATUTORY_VERSION, portal=portal):
                self._wanted[version.record_id].append(version)
        if not self._wanted:
            return
        for name in self._archive.names():
            for record in scan(self._archive, name):
                about = record.headers.get("WARC-Refers-To", "").strip("<>")
                if record.headers.get("Content-Type") == ENTRY_TYPE and about in self._wanted:
                    self._entries[about].append(RecordLocation(name, record.offset, record.length))
        with self._old:
            work_through(list(self._entries), self._one, jobs=self._jobs, progress=self._progress)

    async def _one(self, record_id: str, child: Child) -> None:
        """Read the figures of the versions of one capture, each from the newest entry that holds its text."""
        left = {version.text_sha256: version for version in self._wanted[record_id]}
        for entry in self._reports(record_id):
            text = storable(entry.report.document.text)
            version = left.pop(hashlib.sha256(text.encode()).hexdigest(), None)
            if version is not None:
                await self._read(version, entry, child)
            if not left:
                return

    def _reports(self, record_id: str) -> Iterable[ReportRead]:
        """The entries of a capture, newest first."""
        for place in reversed(self._entries[record_id]):
            try:
                entry = read(self._archive, place).entry
            except (ArchiveError, ValueError) as error:
                self.failed.append((f"{place.warc_file} at {place.offset}", str(error)))
                continue
            if isinstance(entry, ReportRead):
                yield entry

    async def _read(self, version: UnreadVersion, entry: ReportRead, child: Child) -> None:
        if lacks_grids(entry):
            entry = await asyncio.to_thread(self._old.completed, entry, self._find)
        report = entry.report
        try:
            figures = await child.run(figures_of_report, report.document, report.attachments)
        except ExtractionError as error:
            self.failed.append((version.url, str(error)))
            return
        with self._database.begin() as conn:
            save_figures(conn, version, figures, statutory_version=STATUTORY_VERSION)
        self.done += 1

    def _find(self, record_id: str) -> Capture | None:
        with self._database.begin() as conn:
            return find_capture(conn, record_id)
