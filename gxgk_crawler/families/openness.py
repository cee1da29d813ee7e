"""The Openness family (商网信息): controllers OpennessAnnualReport, OpennessContent, News, each with showList and show.

Lists stand at `/OpennessAnnualReport/showList/<branch>/page_<N>.html`, reports at `/OpennessAnnualReport/show/<id>.html`.
Seen on www.hlbe.gov.cn and ewenke.gov.cn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gxgk_crawler.families import vocabulary
from gxgk_crawler.families.base import PortalSpider

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Anchor

_CONTROLLER = "/opennessannualreport/"


class OpennessSpider(PortalSpider):
    """A portal of the Openness family."""

    family = "openness"

    def looks_like_list(self, url: str) -> bool:
        return "/showlist/" in urlsplit(url).path.lower() or super().looks_like_list(url)

    def is_channel(self, anchor: Anchor) -> bool:
        path = urlsplit(anchor.url).path.lower()
        return (_CONTROLLER in path and "/showlist/" in path) or super().is_channel(anchor)

    def is_report_link(self, anchor: Anchor) -> bool:
        """Every article of the annual-report controller may be a report; its title may still say that it is none."""
        path = urlsplit(anchor.url).path.lower()
        if f"{_CONTROLLER}show/" in path:
            return not vocabulary.names_something_else(anchor.text)
        return super().is_report_link(anchor)
