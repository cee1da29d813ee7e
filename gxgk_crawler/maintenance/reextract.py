"""The archive through today's rules: every capture that a version was read from is read again; old versions stay.

Resumable: a capture counts as done when a version of it names today's extractor, so an interrupted run goes on where it was.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gxgk_crawler import __version__
from gxgk_crawler.archive.directory import ArchiveDirectory, RecordLocation
from gxgk_crawler.archive.reader import read, read_entity, scan
from gxgk_crawler.archive.records import ENTRY_TYPE
from gxgk_crawler.archive.writer import WarcWriter
from gxgk_crawler.entries import ReportRead
from gxgk_crawler.errors import ArchiveError, ExtractionError
from gxgk_crawler.extract import EXTRACTOR_VERSION
from gxgk_crawler.extract.any_file import PageFacts
from gxgk_crawler.extract.attachments import AttachmentText, attachments_of, read_bytes
from gxgk_crawler.extract.limits import Allowance
from gxgk_crawler.families.canonical import page_url
from gxgk_crawler.items import Attachment, Link
from gxgk_crawler.maintenance.ingest import seal
from gxgk_crawler.sandbox.pool import work_through
from gxgk_crawler.sandbox.report import figures_of_report, read_report
from gxgk_crawler.statutory.figures import may_hold_tables
from gxgk_crawler.store import journal, selection, warc_files
from gxgk_crawler.store.views.coverage_years import refresh_coverage

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.archive.reader import Record
    from gxgk_crawler.config import Config
    from gxgk_crawler.items import Capture, Report
    from gxgk_crawler.portal import Portal
    from gxgk_crawler.sandbox.child import Child
    from gxgk_crawler.store.postgres.database import Database
    from gxgk_crawler.store.prepared import Prepared

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Reread:
    """What came of it. changes: captures by changed (a new version) and unchanged. failed: (url, why) of those that could
    not be read. elsewhere: how many lie in other archives, by place.
    """

    changes: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, str]] = field(default_factory=list)
    elsewhere: Counter[str] = field(default_factory=Counter)


class Rereading:
    """One run over the reports of one portal, or of all.

    portal_of: describes a portal by its name, as its file does. jobs: child processes. progress: called with how many
    captures are done, and of how many.
    """

    def __init__(
        self,
        database: Database,
        config: Config,
        *,
        portal_of: Callable[[str], Portal],
        jobs: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._database = database
        self._archive = ArchiveDirectory(config.archive_dir)
        self._portal_of = portal_of
        self._jobs = jobs
        self._progress = progress
        self._result = Reread()
        info = {"software": f"gxgk_crawler/{__version__}", "gxgk-reextract": EXTRACTOR_VERSION}
        self._writer = WarcWriter(self._archive, info=info, min_free_bytes=config.min_free_bytes)

    def run(self, portal: str | None = None) -> Reread:
        """Read again what today's rules have not read yet. Raises ArchiveError and DatabaseError."""
        with self._database.begin() as conn:
            wanted = selection.captures_read_by_others(conn, EXTRACTOR_VERSION, portal=portal)
        if not wanted:
            return self._result
        entries = self._entries(wanted)
        self._tell_lacking({record_id: url for record_id, url in wanted.items() if record_id not in entries})
        # The newest capture of a report first: when several give the same text now, it is the newest that says so.
        order = [entries[record_id] for record_id in wanted if record_id in entries]
        work_through(order, self._one, jobs=self._jobs, progress=self._progress)
        self._writer.seal()
        with self._database.begin() as conn:
            for sealed in self._writer.take_sealed():
                seal(conn, self._archive, sealed)
            refresh_coverage(conn, portal)
        return self._result

    def _tell_lacking(self, lacking: dict[str, str]) -> None:
        """Captures of another archive are for that one's machine to read; what this archive should have is a failure."""
        with self._database.begin() as conn:
            files = warc_files.holding(conn, lacking)
        for record_id, url in lacking.items():
            file = files.get(record_id)
            if file is not None and file.is_elsewhere(self._archive.location) and not self._archive.is_here(file.name):
                self._result.elsewhere[file.place] += 1
            else:
                self._fail(url, "the archive holds no entry of how it was read")

    def _entries(self, wanted: dict[str, str]) -> dict[str, RecordLocation]:
        """The newest entry of each wanted capture, found by its header alone."""
        found: dict[str, RecordLocation] = {}
        for name in self._archive.names():
            for record in scan(self._archive, name):
                about = record.headers.get("WARC-Refers-To", "").strip("<>")
                if record.headers.get("Content-Type") == ENTRY_TYPE and about in wanted:
                    found[about] = RecordLocation(name, record.offset, record.length)
        return found

    async def _one(self, place: RecordLocation, child: Child) -> None:
        try:
            entry = read(self._archive, place).entry
        except (ArchiveError, ValueError) as error:
            self._fail(f"{place.warc_file} at {place.offset}", str(error))
            return
        if not isinstance(entry, ReportRead):
            return
        try:
            self._save(*await self._reread(entry.report, child))
        except ExtractionError as error:
            self._fail(entry.report.url, str(error))
        except ArchiveError as error:
            with self._database.begin() as conn:
                self._fail(entry.report.url, warc_files.explained(conn, error))

    async def _reread(self, report: Report, child: Child) -> tuple[Report, Prepared]:
        """The same report, read by today's rules from the same bytes, and its document as the database takes it."""
        head, body = self._bytes(report.capture)
        facts = PageFacts(
            url=page_url(report.url, report.capture.url),
            media_type=head.media_type,
            charset=head.charset,
            fetched_on=report.capture.fetched_at.date(),
            portal=self._portal_of(report.portal),
            anchor=report.document.title or "",
        )
        bodies = [body, *(self._bytes(part)[1] for part in report.parts)]
        reading = await child.run(read_report, bodies, facts)
        known = {attachment.url: attachment for attachment in report.attachments}
        attachments: list[Attachment] = []
        allowance = Allowance()
        for link in reading.document.attachments:
            made = [Attachment(name=link.name, url=link.url, status="skipped", reason="not fetched when the page was")]
            if link.url in known:
                made = await self._reread_attachment(replace(known[link.url], name=link.name), child)
            attachments += map(allowance.fitting, made)
        prepared = reading.prepared
        if any(map(may_hold_tables, attachments)):
            prepared = prepared.with_figures(await child.run(figures_of_report, reading.document, attachments))
        return replace(report, document=reading.document, attachments=attachments, channels=[]), prepared

    async def _reread_attachment(self, known: Attachment, child: Child) -> list[Attachment]:
        """The file read by today's rules, and those in it when it is an archive."""
        if known.capture is None or known.capture.status != 200:
            return [known]
        body = self._bytes(known.capture)[1]
        try:
            made = await child.run(read_bytes, body)
        except ExtractionError as error:
            made = AttachmentText(status="failed", reason=str(error))
        return attachments_of(Link(name=known.name, url=known.url), known.sha256, known.capture, made)

    def _bytes(self, capture: Capture) -> tuple[Record, bytes]:
        return read_entity(self._archive, capture, self._find)

    def _find(self, record_id: str) -> Capture | None:
        with self._database.begin() as conn:
            return selection.find_capture(conn, record_id)

    def _save(self, report: Report, prepared: Prepared) -> None:
        """Into the archive first, then into the database, as a crawl does it."""
        entry = ReportRead(at=datetime.now(UTC), report=report, extractor_version=EXTRACTOR_VERSION, reason="reextract")
        self._writer.note(entry)
        with self._database.begin() as conn:
            saved = journal.apply(conn, entry, prepared)
        assert saved is not None
        self._result.changes[saved.change] += 1

    def _fail(self, url: str, reason: str) -> None:
        logger.warning("%s cannot be read again: %s", url, reason)
        self._result.failed.append((url, reason))
