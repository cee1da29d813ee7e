"""Scrapy extension: the WARC writer of one crawl, in a thread of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

import scrapy
from scrapy import signals as scrapy_signals
from scrapy.exceptions import CloseSpider
from scrapy.utils.defer import deferred_from_coro

from gxgk_crawler import __version__
from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.writer import ROTATE_BYTES, WarcWriter
from gxgk_crawler.config import config
from gxgk_crawler.crawl import signals
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from gxgk_crawler.archive.exchange import Exchange
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.items import Capture

logger = logging.getLogger(__name__)

_T = TypeVar("_T")


# The setting that `scrapy crawl` alone switches on: the process is a crawl, with a row in the database.
OF_RECORD = "CRAWL_OF_RECORD"


class Archive:
    """The archive that one crawl writes.

    started_at: UTC; with the portal's name it names the crawl, in every file and in the database. config: the environment of
    this crawl, read once, here; the other extensions take it from this attribute. The setting ARCHIVE_ROTATE_BYTES sets
    another size to seal a file at. When nothing can be written, `error` says why, and the crawl is closed with the reason
    `archive_error`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
        self.started_at = datetime.now(UTC)
        self.config = config()
        self.directory = ArchiveDirectory(self.config.archive_dir)
        self._writer = WarcWriter(
            self.directory,
            info=warcinfo(crawler, self.started_at, self.config.contact),
            min_free_bytes=self.config.min_free_bytes,
            rotate_bytes=crawler.settings.getint("ARCHIVE_ROTATE_BYTES", ROTATE_BYTES),
        )
        self.error: ArchiveError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the archive and connect its signals. Scrapy calls it once, when the crawl is set up."""
        archive = cls(crawler)
        crawler.signals.connect(archive.spider_opened, scrapy_signals.spider_opened)
        crawler.signals.connect(archive.engine_stopped, scrapy_signals.engine_stopped)
        return archive

    def check(self) -> None:
        """Raise the ArchiveError that has stopped this crawl, if one has."""
        if self.error is not None:
            raise self.error

    async def record(self, exchange: Exchange) -> Capture:
        """Archive one exchange in the writer's thread; return after fdatasync and after the signal `captured`.

        Raises ArchiveError when it cannot be written, and closes the crawl.
        """
        capture = await self._store(self._writer.write, exchange)
        await self._crawler.signals.send_catch_log_async(signals.captured, capture=capture, spider=self._crawler.spider)
        await self._tell_sealed()
        return capture

    async def note(self, entry: Entry) -> None:
        """Archive an entry before it is written to the database. Returns and raises as `record`."""
        await self._store(self._writer.note, entry)
        await self._tell_sealed()

    def remember(self, captures: Iterable[Capture]) -> None:
        """Let revisit records refer to these captures, all of them committed in the database."""
        self._writer.originals.remember(captures)

    def spider_opened(self) -> None:
        """Raise CloseSpider when nothing can be written. Scrapy calls it before the first request."""
        try:
            self._writer.check()
        except ArchiveError as error:
            self._stop(error)
            raise CloseSpider("archive_error") from error

    async def close(self) -> None:
        """Seal the open file. The ledger calls it after the last entry; without a ledger it happens when the engine stops.

        A file that cannot be sealed stays `.open`, whole and durable, and the next crawl seals it.
        """
        try:
            await self._in_thread(self._writer.seal)
            await self._tell_sealed()
        except ArchiveError as error:
            logger.error("%s", error)  # noqa: TRY400 (a full disk is no bug: no traceback)

    async def engine_stopped(self) -> None:
        """Seal the open file and end the thread. Scrapy calls it as the last thing of a crawl."""
        await self.close()
        self._thread.shutdown()

    async def _store(self, work: Callable[..., _T], *arguments: Any) -> _T:
        self.check()
        try:
            return await self._in_thread(work, *arguments)
        except ArchiveError as error:
            self._stop(error)
            raise

    async def _in_thread(self, work: Callable[..., _T], *arguments: Any) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    async def _tell_sealed(self) -> None:
        """Send the signal `sealed` for new files. It comes after the signals for all records of the file."""
        for sealed in await self._in_thread(self._writer.take_sealed):
            await self._crawler.signals.send_catch_log_async(signals.sealed, sealed=sealed, spider=self._crawler.spider)

    def _stop(self, error: ArchiveError) -> None:
        if self.error is None:
            self.error = error
            logger.error("%s", error)
            if self._crawler.engine.running:  # else the crawl is being opened, and the caller ends it
                deferred_from_coro(self._crawler.engine.close_spider_async(reason="archive_error"))


def warcinfo(crawler: Crawler, started_at: datetime, contact: str | None) -> dict[str, str]:
    """The fields of the warcinfo record: software, portal, start, operator and settings of the crawl.

    A process that only looks at pages names neither portal nor start: what it fetched belongs to no crawl.
    started_at: UTC. contact: of the operator, or None.
    """
    settings = crawler.settings
    of_record = settings.getbool(OF_RECORD)
    fields = {
        "software": f"gxgk_crawler/{__version__} Scrapy/{scrapy.__version__}",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator": contact or "",
        "http-header-user-agent": settings.get("USER_AGENT") or "",
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "gxgk-portal": ((crawler.spider or crawler.spidercls).name or "") if of_record else "",
        "gxgk-crawl": started_at.isoformat() if of_record else "",
        "gxgk-settings-sha256": settings_digest(settings),
    }
    return {name: value for name, value in fields.items() if value}


def settings_digest(settings: BaseSettings) -> str:
    """SHA-256, lowercase hex, of all settings of a crawl: crawls with equal digests ran with equal settings."""
    text = json.dumps(settings.copy_to_dict(), sort_keys=True, default=_name_of)
    return hashlib.sha256(text.encode()).hexdigest()


def _name_of(value: object) -> str:
    # Never repr(): it holds addresses, which differ from run to run.
    return str(getattr(value, "__qualname__", type(value).__qualname__))
