"""Scrapy extension: writes what one crawl finds, first to the archive and then to the database.

Writes to the database go through the outbox, in the order of the archive. When the database is away for too long, the crawl
ends; the next crawl writes the rest from the archive.
"""

from __future__ import annotations

import asyncio
import logging
import platform
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, cast

from scrapy import signals
from scrapy.exceptions import CloseSpider, DropItem, NotConfigured

from gxgk_crawler import __version__
from gxgk_crawler.crawl.archiving import OF_RECORD, Archive, settings_digest
from gxgk_crawler.crawl.extensions import extension
from gxgk_crawler.crawl.known_pages import RECHECK, KnownPages, last_fetches, unlisted_in_a_row
from gxgk_crawler.crawl.monitor import CrawlMonitor
from gxgk_crawler.crawl.outbox import PATIENCE, Outbox
from gxgk_crawler.crawl.signals import captured, sealed
from gxgk_crawler.crawl.verdict import UNLISTED_IS_A_FACT
from gxgk_crawler.entries import CrawlEnded, CrawlStarted, ReportGone, ReportRead, Seen
from gxgk_crawler.errors import ArchiveError, ConfigError, ExtractionError, StorageError, first_line
from gxgk_crawler.extract import EXTRACTOR_VERSION
from gxgk_crawler.families.canonical import page_url
from gxgk_crawler.maintenance.comparison import compare_new_texts
from gxgk_crawler.maintenance.ingest import ingest_new
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.store import channels as channel_store
from gxgk_crawler.store import crawls as crawl_store
from gxgk_crawler.store import journal, known
from gxgk_crawler.store.figures.years import settle_all
from gxgk_crawler.store.identity import twins
from gxgk_crawler.store.identity.equal_texts import link_all_equal

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from gxgk_crawler.archive.manifest import SealedFile
    from gxgk_crawler.crawl.monitor import OfPortal
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.items import Capture, Channel, CrawlResult, Gone, Report, Sighting
    from gxgk_crawler.store.postgres.database import Connection
    from gxgk_crawler.store.prepared import Prepared
    from gxgk_crawler.store.reports import Saved

logger = logging.getLogger(__name__)

_NORMAL_ENDS = frozenset(
    {"finished", "storage", "archive_error", "configuration"}
)  # the others have an outcome of their own
_PAUSE = 2.0  # seconds that a capture may wait for its row


class Ledger:
    """The crawl row, the captures, the reports and the channels of one crawl.

    known: the pages that earlier crawls left; empty until the crawl has begun. result: set when the crawl has ended.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider = cast("OfPortal", crawler.spider)
        patience = crawler.settings.getfloat("LEDGER_PATIENCE", PATIENCE)
        self._outbox = Outbox(self._spider.name, patience)
        self._begun = False
        self._channels_seen: list[Channel] = []
        self._sightings: list[Sighting] = []
        self._writer: asyncio.Task[None] | None = None
        self._is_closed = False
        self._closing: asyncio.Future[None] | None = None
        self.known = KnownPages()
        self.result: CrawlResult | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the ledger and connect its signals. Scrapy calls it once, when the crawl is set up.

        Raises NotConfigured for a process that only looks, such as `scrapy fetch` and a survey: it leaves no crawl in the database.
        """
        if not crawler.settings.getbool(OF_RECORD):
            raise NotConfigured
        ledger = cls(crawler)
        crawler.signals.connect(ledger._opened, signal=signals.spider_opened)
        crawler.signals.connect(ledger._closed, signal=signals.spider_closed)
        crawler.signals.connect(ledger._captured, signal=captured)
        crawler.signals.connect(ledger._sealed, signal=sealed)
        return ledger

    def original(self, url: str) -> Capture | None:
        """The capture that is read in place of `url` when the portal answers 304; None when there is none."""
        return self.known.original(url, self._spider.canonical(url))

    # -- what is written

    async def save(self, report: Report, prepared: Prepared) -> Saved:
        """Archive the report, write it to the database with all captures before it, and return after the commit.

        prepared: the report's document as the database takes it. Raises StorageError when either cannot be written, and
        DropItem when the database refuses this report.
        """
        entry = ReportRead(
            at=datetime.now(UTC),
            report=report,
            extractor_version=EXTRACTOR_VERSION,
            started_at=self._archive.started_at,
        )
        saved = await self._put(entry, prepared)
        assert saved is not None
        return saved

    async def save_gone(self, gone: Gone) -> None:
        """Mark a known report as gone; its text stays. Raises as `save`."""
        await self._put(ReportGone(at=datetime.now(UTC), portal=self._spider.name, url=gone.url, capture=gone.capture))

    async def save_channel(self, channel: Channel) -> None:
        """Queue the channel; it is written with the next entry."""
        self._channels_seen.append(channel)

    async def save_sighting(self, sighting: Sighting) -> None:
        """Queue the sighting; it is written with the next entry."""
        self._sightings.append(sighting)

    async def _put(self, entry: Entry, prepared: Prepared | None = None) -> Saved | None:
        """Archive the entry, and wait until the database has committed it.

        Raises StorageError when either cannot be written, and DropItem when the database refuses the text of a hostile page.
        """
        url = entry.report.url if isinstance(entry, ReportRead) else entry.portal
        try:
            await self._archive.note(entry)
            return await self._outbox.wait_for(entry, prepared)
        except StorageError:
            raise
        except ExtractionError as error:
            self._monitor.failed(url, str(error), outcome="layout_changed", role="report")
            raise DropItem(str(error)) from error
        except Exception as error:
            self._monitor.failed(url, f"the database refuses it: {first_line(error)}", outcome="storage", role="report")
            raise DropItem(str(error)) from error

    async def _note_seen(self) -> None:
        """Archive and queue one entry for all channels and sightings since the last one."""
        if not self._channels_seen and not self._sightings:
            return
        channels, self._channels_seen = self._channels_seen, []
        sightings, self._sightings = self._sightings, []
        entry = Seen(at=datetime.now(UTC), portal=self._spider.name, channels=channels, sightings=sightings)
        await self._archive.note(entry)
        self._outbox.put(entry)

    async def _write_until_closed(self) -> None:
        """Write when an entry comes, and at least every _PAUSE seconds."""
        try:
            while not self._is_closed:
                await self._outbox.wait(_PAUSE)
                await self._note_seen()
                self._archive.remember(await self._outbox.drain())
        except StorageError as error:
            self.storage_failed(error)
        except Exception as error:  # a bug; unhandled, the crawl would wait for ever for its entries to be written
            logger.exception("the ledger stops")
            stopped = StorageError(f"the ledger stops: {type(error).__name__}: {error}")
            self._outbox.give_up(stopped)
            self.storage_failed(stopped)

    # -- the life of a crawl

    def _captured(self, capture: Capture) -> None:
        """Queue a capture. Called by the signal `captured`, for every archived record."""
        self._outbox.put(capture)

    def _sealed(self, sealed: SealedFile) -> None:
        """Queue a sealed WARC file. Called by the signal `sealed`, for every file that is finished."""
        self._outbox.put(sealed)

    def storage_failed(self, error: StorageError) -> None:
        """End the crawl, because nothing that it fetches from now on could be kept."""
        self._monitor.storage_failed(str(error))
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="storage"))

    @property
    def _monitor(self) -> CrawlMonitor:
        return extension(self._crawler, CrawlMonitor)

    @property
    def _archive(self) -> Archive:
        return extension(self._crawler, Archive)

    async def _opened(self) -> None:
        """Open the database, lock the portal and open the row of the crawl. Scrapy calls it before the first request.

        Raises CloseSpider when that fails.
        """
        try:
            await self._outbox.in_thread(lambda: self._outbox.open(self._archive.config, self._archive.started_at))
            await self._enter(self._started())
        except ConfigError as error:
            self._monitor.facts.configuration = str(error)
            raise CloseSpider("configuration") from error
        except Exception as error:
            if not isinstance(error, StorageError):
                logger.exception("the crawl cannot begin")
            self._monitor.storage_failed(str(error))
            raise CloseSpider("storage") from error
        self._writer = asyncio.create_task(self._write_until_closed())

    async def _enter(self, started: CrawlStarted) -> None:
        """Write to the database what earlier crawls only archived, archive what they only wrote, and open the row of this crawl.

        When the archive cannot be written, as on a full disk, the row is opened all the same: it holds the outcome, and the next
        crawl archives it.
        """
        try:
            await self._outbox.in_thread(self._ingest_new)
            for entry in await self._outbox.in_thread(self._unarchived):
                await self._archive.note(entry)
            await self._archive.note(started)
        except ArchiveError:
            await self._outbox.in_thread(lambda: self._begin(started))
            raise
        await self._outbox.in_thread(lambda: self._begin(started))

    def _unarchived(self) -> list[CrawlStarted | CrawlEnded]:
        """Starts and ends of earlier crawls that the database holds and the archive does not."""
        with self._outbox.database.begin() as conn:
            return crawl_store.unarchived(conn, self._spider.name)

    def _ingest_new(self) -> None:
        """Recover files that a crash left open, and write to the database what it lacks."""
        done = ingest_new(self._outbox.database, self._archive.directory)
        for found in done.recovered:
            if found.damage is not None:
                logger.error("archive: %s; run `gxgk verify`", found.damage)
            else:
                logger.info("archive: recovered %s: %d records", found.file, found.records)

    def _started(self) -> CrawlStarted:
        portal = self._spider.portal
        return CrawlStarted(
            at=self._archive.started_at,
            portal=self._spider.name,
            title=portal.title,
            family=self._spider.family.name,
            entry=portal.entry,
            division=portal.division,
            site_code=portal.site_code,
            software_version=__version__,
            settings_digest=settings_digest(self._crawler.settings),
            host=platform.node(),
        )

    def _begin(self, started: CrawlStarted) -> None:
        """Open the row of this crawl, and read what earlier crawls left."""
        with self._outbox.database.begin() as conn:
            last = crawl_store.last_crawls(conn, self._spider.name, each=UNLISTED_IS_A_FACT - 1)
            journal.apply(conn, started)
            united = twins.unite(conn, self._spider.name, self._spider.canonical)
            if united:
                link_all_equal(conn, self._spider.name)
                settle_all(conn, self._spider.name)
                logger.info("%d report(s) were known by another URL of theirs", united)
            self.known = self._read_known(conn, last)
        self._begun = True
        self._archive.remember(self.known.originals.values())

    def _read_known(self, conn: Connection, last: list[dict[str, Any]]) -> KnownPages:
        """What earlier crawls left in the database. last: the rows of the last crawls, newest first."""
        name, now = self._spider.name, datetime.now(UTC)
        here = self._archive.directory.is_here
        return KnownPages(
            channels=channel_store.channels(conn, name),
            complete=bool(last) and _saw_everything(last[0]),
            reports=known.known_reports(conn, name),
            addresses={
                url: fetched for url, fetched in known.read_from(conn, name) if page_url(url, fetched) == fetched
            },
            tampered=known.tampered(conn, name),
            fetched=last_fetches(known.fetched_pages(conn, name), self._spider.canonical),
            originals={capture.url: capture for capture in known.originals(conn, name, is_here=here)},
            files=known.kept_files(conn, name, now - RECHECK, is_here=here),
            interval=max(now - last[0]["started_at"], timedelta()) if last else timedelta(),
            listed_on=known.newest_places(conn, name),
            unlisted=unlisted_in_a_row([crawl["failures"] or [] for crawl in last]),
        )

    async def _closed(self, reason: str) -> None:
        """Write what is queued, judge the crawl and close its row. Scrapy calls it when no request is left or open.

        reason: Scrapy's word for why the spider ended.
        """
        if self._writer is not None:
            # Not by a cancellation, which could come between the archive and the queue: then the database would lack the entry.
            self._is_closed = True
            self._outbox.wake()
            await asyncio.wait([self._writer])
        monitor = self._monitor
        monitor.facts.stopped = None if reason in _NORMAL_ENDS else reason
        if self._archive.error is not None:
            monitor.storage_failed(str(self._archive.error))
        if self._begun:
            await self._finish(monitor)
        self.result = monitor.result()
        await self._outbox.close()

    async def _finish(self, monitor: CrawlMonitor) -> None:
        try:
            await self._note_seen()
            await self._outbox.drain()
            by_year = await self._outbox.in_thread(self._held)
            monitor.facts.held = sum(by_year.values())
            monitor.facts.years = {year for year in by_year if year is not None}
        except StorageError as error:
            monitor.storage_failed(str(error))
        ended = CrawlEnded(
            at=datetime.now(UTC),
            portal=self._spider.name,
            started_at=self._archive.started_at,
            result=monitor.result(),
        )
        try:
            await self._archive.note(ended)
        except StorageError as error:
            monitor.storage_failed(str(error))  # a full disk for example: then only the row in the database says so
            ended = replace(ended, result=monitor.result())
        self._outbox.put(ended)
        await self._archive.close()
        try:
            await self._outbox.drain()
            await self._outbox.in_thread(lambda: compare_new_texts(self._outbox.database, self._spider.name))
        except StorageError as error:
            monitor.storage_failed(str(error))

    def _held(self) -> dict[int | None, int]:
        with self._outbox.database.begin() as conn:
            return known.held(conn, self._spider.name)


def _saw_everything(crawl: dict[str, Any]) -> bool:
    """True when the crawl ended well, was not stopped, and failed on no page."""
    counts = crawl["counts"]
    return crawl["outcome"] in GOOD and not counts.get("failed") and not counts.get("stopped")
