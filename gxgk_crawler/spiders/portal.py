"""`scrapy crawl portal -a url=URL`: any portal, described by nothing but the URL it is entered by."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from gxgk_crawler.errors import ConfigError
from gxgk_crawler.families.base import PortalSpider
from gxgk_crawler.portal import Portal


class AnyPortalSpider(PortalSpider):
    """A portal that has no file: its family is told page by page, its reports are kept under the name of its host."""

    name = "portal"
    portal = Portal(title="", entry="https://localhost/")

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        if not urlsplit(url).hostname:
            raise ConfigError("an URL is wanted, as in: scrapy crawl portal -a url=https://www.example.gov.cn/")
        self.portal = Portal(title=urlsplit(url).hostname or url, entry=url)
        super().__init__(**kwargs)
        self.name = self.portal.host
