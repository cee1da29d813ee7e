"""Downloader middleware: no request for a URL that is longer than any honest one, also after a redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class LongUrlError(IgnoreRequest):
    """The URL of a request is too long."""


class UrlLength:
    """Refuses long URLs. Scrapy's own middleware sees only the links of a page, and this one redirects too."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the limit, in bytes, from the settings. Scrapy calls it once, when the crawl is set up."""
        return cls(crawler.settings.getint("URLLENGTH_LIMIT"))

    def process_request(self, request: Request) -> None:
        """Raise LongUrlError for a URL above the limit. Scrapy calls it before each request is sent."""
        if len(request.url) > self._limit:
            raise LongUrlError(f"the URL has {len(request.url)} bytes, more than {self._limit}")
