"""A wire handler whose tee sees nothing of the response, as after a change inside Scrapy or Twisted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory

from gxgk_crawler.crawl.connection.wire import WireDownloadHandler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class BlindHandler(WireDownloadHandler):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _LenientHTTP11ClientFactory
