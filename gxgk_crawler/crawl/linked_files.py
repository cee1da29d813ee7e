"""Fetches the files that pages link to: each URL once in a crawl, and not while the archive holds a fresh copy."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import urldefrag, urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from gxgk_crawler.archive.reader import read
from gxgk_crawler.crawl.archiving import Archive
from gxgk_crawler.crawl.extensions import extension
from gxgk_crawler.crawl.signals import captured
from gxgk_crawler.crawl.verdict import judge_exception
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from gxgk_crawler.crawl.spider import PortalSpider
    from gxgk_crawler.items import Capture, CaptureRole

logger = logging.getLogger(__name__)

T = TypeVar("T")

_LARGEST_FILE = 128 * 1024 * 1024
# Lower limits for style sheets and images around the text, because no report depends on them.
_LARGEST_REQUISITE = 16 * 1024 * 1024
_TIMEOUT = 30.0  # seconds
_MOST_FAILURES = 3  # in a row, after which the crawl requests no more style sheets and images from the host


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A fetched file. url: where redirects ended. body: content-decoded. captures: of the redirects, then of the file."""

    url: str
    body: bytes = field(repr=False)
    captures: list[Capture]


class Shared(Generic[T]):
    """A cache of results by URL; each is computed once, and concurrent calls wait for the same computation.

    weigh: the size of a result, in any unit. enough: total size to keep; beyond it the oldest results are dropped.
    """

    def __init__(self, *, weigh: Callable[[T], int] = lambda _: 0, enough: int = 0) -> None:
        self._weigh = weigh
        self._enough = enough
        self._weight = 0
        self._made: dict[str, asyncio.Task[T]] = {}

    async def get(self, url: str, make: Callable[[str], Coroutine[Any, Any, T]]) -> T:
        """The result for the URL; `make` computes it when it is not cached."""
        task = self._made.get(url)
        if task is None:
            task = self._made[url] = asyncio.ensure_future(make(url))
            task.add_done_callback(self._weighed)
        if task.done():
            return task.result()
        return await asyncio.shield(task)  # a caller that is cancelled does not cancel it for the others

    def _weighed(self, task: asyncio.Task[T]) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        self._weight += self._weigh(task.result())
        while self._weight > self._enough:
            oldest = next(url for url, made in self._made.items() if made.done())
            self._weight -= self._weigh(self._made.pop(oldest).result())


class Fetcher:
    """Fetches files for one crawl from hosts that the portal trusts; every answer is archived."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._redirects: dict[str, Capture] = {}
        self._failures: Counter[str] = Counter()
        crawler.signals.connect(self._captured, signal=captured)

    @property
    def _spider(self) -> PortalSpider:
        return cast("PortalSpider", self._crawler.spider)

    async def file(self, url: str, role: CaptureRole, *, anew: bool) -> Fetched | str:
        """An attachment or an image of the text, or the reason why there is none; a failure counts in the monitor.

        anew: request it even when the archive holds a fresh copy, because a correction may have changed it.
        """
        monitor = self._spider.monitor
        request = self._request(url, role, download_maxsize=_LARGEST_FILE)
        if isinstance(request, str):
            monitor.skipped(url, request)
            return request
        kept = None if anew else await self._kept(url)
        if kept is not None:
            return kept
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            monitor.skipped(url, str(error))
            return str(error)
        except Exception as error:  # noqa: BLE001  # one lost file must not lose its report; the reason is kept
            monitor.failed_with(request, error)
            return str(error)
        if response.status != 200:
            monitor.refused_by(response)
            return f"HTTP {response.status}"
        return self._fetched(response)

    async def requisite(self, url: str, role: CaptureRole) -> Fetched | None:
        """A style sheet or an image around the text; None when it cannot be fetched, which changes no outcome."""
        found = await self._requisite(url, role)
        if isinstance(found, str):
            logger.info("requisite %s is missing: %s", url, found)
            return None
        return found

    async def _requisite(self, url: str, role: CaptureRole) -> Fetched | str:
        limits = {"download_maxsize": _LARGEST_REQUISITE, "download_timeout": _TIMEOUT, "max_retry_times": 1}
        request = self._request(url, role, **limits)
        if isinstance(request, str):
            return request
        kept = await self._kept(url)
        if kept is not None:
            return kept
        host = urlsplit(request.url).netloc
        if self._failures[host] >= _MOST_FAILURES:
            return f"{host} failed {_MOST_FAILURES} times in a row"
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            return str(error)
        except Exception as error:  # noqa: BLE001  # the report is complete without the file
            outcome, reason = judge_exception(error)
            if outcome == "storage":
                self._spider.monitor.storage_failed(reason)
            self._failures[host] += 1
            return reason
        del self._failures[host]
        if response.status != 200:
            return f"HTTP {response.status}"
        if not self._spider.portal.trusts(response.url):
            return f"sent to a foreign host: {response.url}"
        return self._fetched(response)

    def _request(self, url: str, role: CaptureRole, **limits: Any) -> scrapy.Request | str:
        """The request, or the reason why there is none. The host that Scrapy would connect to must be trusted."""
        meta: dict[str, Any] = {"role": role, **limits}
        if self._spider.portal.proxy:
            meta["proxy"] = self._spider.portal.proxy
        try:
            request = scrapy.Request(url, meta=meta, callback=NO_CALLBACK)
        except ValueError as error:
            return f"no address that can be asked for: {error}"
        return request if self._spider.portal.trusts(request.url) else "on a foreign host"

    def _fetched(self, response: Response) -> Fetched:
        passed = [urldefrag(url)[0] for url in response.meta.get("redirect_urls", [])]
        captures = [self._redirects[url] for url in passed if url in self._redirects]
        return Fetched(url=response.url, body=response.body, captures=[*captures, response.meta["capture"]])

    async def _kept(self, url: str) -> Fetched | None:
        """The file from the archive when an earlier crawl fetched it within RECHECK, else None."""
        kept = self._spider.known.kept(url)
        if kept is None:
            return None
        try:
            record = await asyncio.to_thread(read, extension(self._crawler, Archive).directory, kept.original)
            return Fetched(url=url, body=record.body, captures=[kept.capture])
        except ArchiveError as error:
            logger.warning("archive: %s; %s is fetched again", error, url)
            return None

    def _captured(self, capture: Capture) -> None:
        """Remember the captures of redirects. Called by the signal `captured`, for every archived record."""
        if 300 < capture.status < 309 and capture.role in {"stylesheet", "image", "attachment"}:
            self._redirects[capture.url] = capture


@lru_cache(maxsize=4096)
def as_requested(url: str) -> str:
    """The URL as Scrapy sends it, so that two spellings of one address are one file. Raises ValueError when it cannot."""
    return urldefrag(scrapy.Request(url).url)[0]
