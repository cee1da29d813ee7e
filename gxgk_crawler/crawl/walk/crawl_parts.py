"""The extensions of a crawl, as attributes of its spider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.crawl.extensions import extension
from gxgk_crawler.crawl.known_pages import KnownPages
from gxgk_crawler.crawl.ledger import Ledger
from gxgk_crawler.crawl.monitor import CrawlMonitor

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CrawlParts:
    """Base class of spiders that speak to the extensions of their crawl. crawler: set by Scrapy."""

    crawler: Crawler

    @property
    def ledger(self) -> Ledger | None:
        """The ledger of this crawl; None for a process that is no crawl of record."""
        return self.crawler.get_extension(Ledger)

    @property
    def known(self) -> KnownPages:
        """The pages that earlier crawls left; none without a ledger."""
        return KnownPages() if self.ledger is None else self.ledger.known

    @property
    def monitor(self) -> CrawlMonitor:
        """The counts of this crawl."""
        return extension(self.crawler, CrawlMonitor)
