"""What a spider of a portal has at hand: the extensions of its crawl, and pages as the walk sees them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from gxgk_crawler.crawl.extensions import extension
from gxgk_crawler.crawl.hooks import Hooks
from gxgk_crawler.crawl.known_pages import KnownPages
from gxgk_crawler.crawl.monitor import CrawlMonitor
from gxgk_crawler.crawl.responses import wall_of
from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.families.canonical import canonical_url
from gxgk_crawler.families.family import Family

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from gxgk_crawler.crawl.ledger import Ledger
    from gxgk_crawler.crawl.navigation import Seen
    from gxgk_crawler.crawl.walk.page_reader import LinkReader


class CrawlParts(Hooks):
    """Base class of spiders that speak to the extensions of their crawl and read pages.

    crawler: set by Scrapy. family: the CMS that a page without marks is read by. recheck: see PortalSpider.
    """

    crawler: Crawler
    family: ClassVar[Family] = Family()
    recheck: str
    _reader: LinkReader

    @property
    def ledger(self) -> Ledger | None:
        """The ledger of this crawl; None for a process that is no crawl of record."""
        from gxgk_crawler.crawl.ledger import Ledger  # noqa: PLC0415 - a list of spiders saves half a second without the database

        return self.crawler.get_extension(Ledger)

    @property
    def known(self) -> KnownPages:
        """The pages that earlier crawls left; none without a ledger."""
        return KnownPages() if self.ledger is None else self.ledger.known

    @property
    def monitor(self) -> CrawlMonitor:
        """The counts of this crawl."""
        return extension(self.crawler, CrawlMonitor)

    def _wants(self, url: str) -> bool:
        return self.known.wants(url, self.recheck, datetime.now(UTC))

    def canonical(self, url: str) -> str:
        """The URL that stands for all spellings of `url` on this portal; the key of a report."""
        return canonical_url(url, self.portal)

    async def _look(self, response: Response) -> Seen | None:
        """The page as the walk sees it; None, and a failure in the monitor, for what stands in its place or cannot be read."""
        role = response.meta.get("role", "page")
        wall = wall_of(response)
        if wall is not None:
            self.monitor.failed(response.url, wall[1], outcome=wall[0], role=role)
            return None
        try:
            seen = await self._reader.look(response, hooks=self, otherwise=self.family)
        except ExtractionError as error:
            self.monitor.failed(response.url, str(error), outcome="layout_changed", role=role)
            return None
        for anchor in seen.long_links:
            self.monitor.too_long(anchor.url)
        return seen
