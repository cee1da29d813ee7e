"""Downloader middleware: waits as long as a host asks for by Retry-After. The reasons are in docs/manners.md."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 120.0  # seconds; a portal that asks for more is left for the next crawl


class PauseMiddleware:
    """Delays every request to a host that has asked for a pause on 429 or 503."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware. Scrapy calls it once, when the crawl is set up."""
        del crawler
        return cls()

    async def process_request(self, request: Request) -> None:
        """Wait until the pause of the host is over. Scrapy calls it before each request is sent."""
        wait = self._until.get(urlsplit(request.url).netloc, 0.0) - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember the pause that the answer asks for. Scrapy calls it for every response, before the retry middleware."""
        if response.status in {429, 503}:
            pause = _seconds(response.headers.get(b"Retry-After"))
            if 0 < pause <= _LONGEST_PAUSE:
                host = urlsplit(request.url).netloc
                logger.info("%s asks for a pause of %.0f s", host, pause)
                self._until[host] = time.monotonic() + pause
            elif pause > _LONGEST_PAUSE:
                request.meta["dont_retry"] = True
        return response


def _seconds(header: bytes | None) -> float:
    """Seconds that a Retry-After header asks for: a number or a date (RFC 9110, section 10.2.3); 0 when it says neither."""
    text = (header or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        return (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 0.0
