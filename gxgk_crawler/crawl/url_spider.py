"""A portal that has no file: described by nothing but the URL it is entered by, its family told page by page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.portal import Portal


class UrlSpider(PortalSpider):
    """A portal named after its host. Spider argument url: where to enter it. Raises ConfigError without one."""

    portal = Portal(title="", entry="https://unknown.invalid/")  # every instance has its own

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        if not urlsplit(url).hostname:
            raise ConfigError("an URL is wanted, as in: -a url=https://www.example.gov.cn/")
        self.portal = Portal.entered_at(url)
        super().__init__(**kwargs)
        self.name = self.portal.host

    def is_own(self, url: str) -> bool:
        """True for every host below the portal's domain: many portals keep their reports on a sister host."""
        return self.portal.trusts(url)
