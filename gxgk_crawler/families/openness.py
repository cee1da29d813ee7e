"""The Openness family (商网信息): controllers OpennessAnnualReport, OpennessContent, News, each with showList and show.

Lists stand at `/OpennessAnnualReport/showList/<branch>/page_<N>.html`, reports at `/OpennessAnnualReport/show/<id>.html`.
Seen on www.hlbe.gov.cn and ewenke.gov.cn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

from gxgk_crawler.families.family import Family

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_CONTROLLER = re2.compile("(?i)/(?:Openness[A-Za-z]+|News)/show(?:List)?/")


class Openness(Family):
    """商网信息: 呼伦贝尔 and its banners."""

    name = "openness"

    def evidence(self, page: Page) -> list[str]:
        links = sum(_CONTROLLER.search(a.url) is not None for a in page.anchors)
        return [f"{links} link(s) of the shape /Openness…/show or /showList"] if links else []

    def is_list(self, url: str) -> bool:
        return "/showlist/" in urlsplit(url).path.lower() or super().is_list(url)

    def is_article(self, url: str) -> bool:
        return "/showlist/" not in urlsplit(url).path.lower() and super().is_article(url)
