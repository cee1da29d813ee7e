"""A portal without a file: all that is known is one URL; its family is told page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gxgk_crawler.crawl.hooks import SisterHosts
from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.portal import Portal
from gxgk_crawler.rules.place_names import host_division


class UrlSpider(SisterHosts, PortalSpider):
    """The spider of a portal without a file, named after its host.

    Spider argument url: where the crawl begins. Raises ConfigError when it is missing or no http or https URL.
    """

    portal = Portal(title="", entry="https://unknown.invalid/")  # every instance has its own

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        if not url:
            raise ConfigError("a URL is wanted, as in: -a url=https://www.example.gov.cn/")
        portal = Portal.entered_at(url)
        self.portal = replace(portal, division=host_division(portal.host))
        super().__init__(**kwargs)
        self.name = self.portal.host
