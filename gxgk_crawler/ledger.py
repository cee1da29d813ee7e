"""Scrapy extension: keeps the database in step with the archive during one crawl.

The database is spoken to in one thread, never in the event loop. Captures that belong to no report are written in batches;
a report takes all captures before it into its own transaction, so that a committed row always points at durable bytes.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from scrapy import signals
from scrapy.exceptions import CloseSpider

from gxgk_crawler import __version__
from gxgk_crawler.archive.extension import Archive
from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.archive.signals import captured
from gxgk_crawler.config import config
from gxgk_crawler.errors import StorageError
from gxgk_crawler.extract import EXTRACTOR_VERSION
from gxgk_crawler.health import Health
from gxgk_crawler.store import captures as capture_store
from gxgk_crawler.store import channels as channel_store
from gxgk_crawler.store import crawls as crawl_store
from gxgk_crawler.store import known
from gxgk_crawler.store import reports as report_store
from gxgk_crawler.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from sqlalchemy import Connection

    from gxgk_crawler.health import OfPortal
    from gxgk_crawler.items import Capture, Channel, CrawlResult, Gone, Report, Sighting
    from gxgk_crawler.store.reports import Saved

logger = logging.getLogger(__name__)

T = TypeVar("T")

_NORMAL_ENDS = frozenset({"finished", "storage", "archive_error"})  # the latter two have an outcome of their own
_PAUSE = 2.0  # seconds a capture may wait for its row
_MISSING = frozenset({404, 410})
_RECHECK_DAYS = 30  # every known report is looked at again within this time


class Ledger:
    """The crawl row, the captures, the reports and the channels of one crawl.

    channels: those known from earlier crawls. complete: the last crawl of this portal ended well and missed nothing, so
    that a list page of known reports means that all pages behind it are known too. result: set when the crawl ended.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider = cast("OfPortal", crawler.spider)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._database: Database | None = None
        self._crawl_id: int | None = None
        self._waiting: list[Capture] = []
        self._flusher: asyncio.Task[None] | None = None
        self._closing: asyncio.Future[None] | None = None
        self._known: dict[str, datetime] = {}
        self._fetched: dict[str, tuple[datetime, int]] = {}
        self._interval = timedelta()
        self.channels: list[Channel] = []
        self.complete = False
        self.result: CrawlResult | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        ledger = cls(crawler)
        crawler.signals.connect(ledger._opened, signal=signals.spider_opened)
        crawler.signals.connect(ledger._closed, signal=signals.spider_closed)
        crawler.signals.connect(ledger._captured, signal=captured)
        return ledger

    # -- what is known

    def knows(self, url: str) -> bool:
        """True when the report with this canonical URL was in the database when the crawl began."""
        return url in self._known

    def wants(self, url: str, recheck: str) -> bool:
        """True when the page must be fetched: it is new, or `recheck` (all, due, none) asks for it.

        A page that was no report last time counts as known; one that was not there is tried again the next day.
        """
        if url in self._known:
            return self._is_due(self._known[url], recheck)
        if url not in self._fetched:
            return True
        when, status = self._fetched[url]
        missing = status in _MISSING and datetime.now(UTC) - when > timedelta(days=1)
        return self._is_due(when, recheck) or (missing and recheck != "none")

    def due(self, recheck: str) -> list[str]:
        """Canonical URLs of the known reports to fetch again, longest unseen first."""
        return sorted((u for u in self._known if self._is_due(self._known[u], recheck)), key=self._known.__getitem__)

    def _is_due(self, seen: datetime, recheck: str) -> bool:
        """Due is what would otherwise be older than the limit at the next crawl, taken to come as soon as this one did."""
        if recheck != "due":
            return recheck == "all"
        return datetime.now(UTC) - seen + self._interval > timedelta(days=_RECHECK_DAYS)

    # -- what is written

    async def save(self, report: Report) -> Saved:
        """Write a report, with all captures that wait, in one transaction."""
        return await self._write(
            lambda conn: report_store.save_report(
                conn, report, extractor_version=EXTRACTOR_VERSION, crawl_id=self._crawl_id
            )
        )

    async def save_gone(self, gone: Gone) -> None:
        """Write down that a known report is gone; its text stays."""
        await self._write(
            lambda conn: report_store.mark_gone(
                conn, self._spider.name, gone.url, gone.capture.fetched_at, gone.capture
            )
        )

    async def save_channel(self, channel: Channel) -> None:
        await self._write(lambda conn: channel_store.save_channels(conn, self._spider.name, [channel]))

    async def save_sighting(self, sighting: Sighting) -> None:
        await self._write(lambda conn: known.save_sighting(conn, self._spider.name, sighting.url, sighting.channel))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction behind all captures that wait. Raises StorageError."""
        database = self._database
        if database is None:
            raise StorageError("the database is not open")
        batch, self._waiting = self._waiting, []

        def transaction() -> T:
            with database.begin() as conn:
                capture_store.save_captures(conn, batch, crawl_id=self._crawl_id, portal=self._spider.name)
                return work(conn)

        try:
            done = await self._in_thread(transaction)
        except Exception:
            self._waiting = batch + self._waiting
            raise
        archive = self._crawler.get_extension(Archive)
        if archive is not None:
            archive.remember(batch)
        return done

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # -- the life of a crawl

    def _captured(self, capture: Capture) -> None:
        self._waiting.append(capture)

    async def _flush_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE)
            if self._waiting:
                try:
                    await self._write(lambda _: None)
                except StorageError as error:
                    self.storage_failed(error)
                    return

    def storage_failed(self, error: StorageError) -> None:
        """End the crawl: going on would fetch what cannot be kept."""
        self._health.storage_failed(str(error))
        self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="storage"))

    @property
    def _health(self) -> Health:
        health = self._crawler.get_extension(Health)
        assert health is not None
        return health

    async def _opened(self) -> None:
        try:
            await self._in_thread(self._open)
        except StorageError as error:
            self._health.storage_failed(str(error))
            raise CloseSpider("storage") from error
        self._flusher = asyncio.create_task(self._flush_now_and_then())

    def _open(self) -> None:
        spider = self._spider
        self._database = Database.open(config())
        for recovered in recover(config().archive_dir):
            if recovered.damage is not None:
                logger.error("archive: %s is damaged: %s; run `gxgk verify`", recovered.file, recovered.damage)
            with self._database.begin() as conn:
                capture_store.save_captures(conn, recovered.captures)
        with self._database.begin() as conn:
            crawl_store.register_portal(conn, spider.name, spider.portal, spider.family.name)
            self._remember_last(crawl_store.last_crawls(conn, spider.name))
            self._crawl_id = crawl_store.start_crawl(conn, spider.name, software_version=__version__)
            self.channels = channel_store.channels(conn, spider.name)
            self._known = known.known_reports(conn, spider.name)
            fetched = known.fetched_pages(conn, spider.name)
            originals = capture_store.payloads(conn, spider.name)
        for page in fetched:
            url = spider.canonical(page.url)
            if page.status in _MISSING or url not in page.failed:
                self._fetched[url] = (page.fetched_at, page.status)
        archive = self._crawler.get_extension(Archive)
        if archive is not None:
            archive.remember(originals)

    def _remember_last(self, crawls: list[dict[str, Any]]) -> None:
        """What the last finished crawl tells this one: how long ago it was, and whether it saw everything."""
        if not crawls:
            return
        last = crawls[0]
        self._interval = max(datetime.now(UTC) - last["started_at"], timedelta())
        counts = last["counts"]
        self.complete = (
            last["outcome"] in {"ok", "unchanged"} and not counts.get("failed") and not counts.get("stopped")
        )

    async def _closed(self, reason: str) -> None:
        """Seal the archive, write what waits, judge the crawl and close its row."""
        if self._flusher is not None:
            self._flusher.cancel()
        archive = self._crawler.get_extension(Archive)
        if archive is not None:
            await archive.close()
        health = self._health
        health.facts.stopped = None if reason in _NORMAL_ENDS else reason
        if archive is not None and archive.error is not None:
            health.storage_failed(str(archive.error))
        try:
            if self._database is not None and self._crawl_id is not None:
                await self._write(lambda conn: self._finish(conn, health))
        except StorageError as error:
            health.storage_failed(str(error))
        self.result = health.result()
        await self._in_thread(self._close)
        self._thread.shutdown()

    def _finish(self, conn: Connection, health: Health) -> None:
        assert self._crawl_id is not None
        health.facts.held = known.count_held(conn, self._spider.name)
        crawl_store.finish_crawl(conn, self._crawl_id, health.result())

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
