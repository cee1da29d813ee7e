"""Downloader middleware: conditional requests; an unchanged page is read from the archive.

A request for a page that an earlier crawl fetched carries the validators of its last answer (RFC 9110, section 13). When the
portal answers 304, that answer is archived as a revisit, and the spider gets the archived page with the flag NOT_MODIFIED.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from gxgk_crawler.archive.reader import read
from gxgk_crawler.crawl.archiving import Archive
from gxgk_crawler.crawl.extensions import extension
from gxgk_crawler.crawl.ledger import Ledger
from gxgk_crawler.crawl.responses import NOT_MODIFIED
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from gxgk_crawler.archive.reader import Record

logger = logging.getLogger(__name__)

_VALIDATORS = ((b"etag", "If-None-Match"), (b"last-modified", "If-Modified-Since"))
# Headers that describe the body as it was sent; the archive returns it decoded.
_OF_THE_CODING = frozenset({b"content-encoding", b"transfer-encoding", b"content-length"})


class Conditional:
    """One per crawl. A page whose last answer cannot be read any more is fetched again without validators."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware. Scrapy calls it once, when the crawl is set up."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Add the validators of the last answer. Scrapy calls it before each request is sent."""
        record = await self._last_answer(request)
        if record is None:
            return
        headers = {name.lower(): value for name, value in record.http_headers}
        for name, condition in _VALIDATORS:
            if name in headers:
                request.headers[condition] = headers[name]

    async def process_response(self, request: Request, response: Response) -> Response:
        """Replace a 304 by the archived page. Scrapy calls it for every response, before it decompresses bodies."""
        if response.status != 304:
            return response
        record = await self._last_answer(request)
        if record is None:
            return response
        headers: dict[bytes, list[bytes]] = {}
        for name, value in record.http_headers:
            if name.lower() not in _OF_THE_CODING:
                headers.setdefault(name, []).append(value)
        return response.replace(status=200, headers=headers, body=record.body, flags=[*response.flags, NOT_MODIFIED])

    async def _last_answer(self, request: Request) -> Record | None:
        ledger = self._crawler.get_extension(Ledger)
        if ledger is None or request.method != "GET":
            return None
        original = ledger.original(request.url)
        if original is None:
            return None
        try:
            return await asyncio.to_thread(read, extension(self._crawler, Archive).directory, original)
        except ArchiveError as error:
            logger.warning("archive: %s; %s is fetched again", error, request.url)
            return None
