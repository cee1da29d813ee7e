"""Tells which family a page belongs to, with the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.families.easysite import EasySite
from gxgk_crawler.families.family import Family
from gxgk_crawler.families.gkmlpt import Gkmlpt
from gxgk_crawler.families.jcms import Jcms
from gxgk_crawler.families.lonsun import Lonsun
from gxgk_crawler.families.openness import Openness
from gxgk_crawler.families.panzhihua import Panzhihua
from gxgk_crawler.families.trs import Trs
from gxgk_crawler.families.ucap import Ucap
from gxgk_crawler.families.vsb import Vsb

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

# From the most telling marks to the weakest; the first with most evidence wins.
FAMILIES: tuple[Family, ...] = (Gkmlpt(), Jcms(), Lonsun(), Openness(), Vsb(), EasySite(), Ucap(), Trs(), Panzhihua())


def detect(page: Page) -> tuple[Family, list[str]]:
    """The family with most evidence on this page, and that evidence; the generic family and [] when there is none."""
    found = [(family, family.evidence(page)) for family in FAMILIES]
    family, evidence = max(found, key=lambda pair: len(pair[1]))
    return (family, evidence) if evidence else (Family(), [])
