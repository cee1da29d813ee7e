"""The base classes that portal files name: one per family, and PortalSpider for a portal of none."""

from __future__ import annotations

from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.families.easysite import EasySite
from gxgk_crawler.families.gkmlpt import Gkmlpt
from gxgk_crawler.families.jcms import Jcms
from gxgk_crawler.families.lonsun import Lonsun
from gxgk_crawler.families.openness import Openness
from gxgk_crawler.families.panzhihua import Panzhihua
from gxgk_crawler.families.trs import Trs
from gxgk_crawler.families.ucap import Ucap
from gxgk_crawler.families.vsb import Vsb

__all__ = [
    "EasySiteSpider",
    "GkmlptSpider",
    "JcmsSpider",
    "LonsunSpider",
    "OpennessSpider",
    "PanzhihuaClusterSpider",
    "PortalSpider",
    "TrsSpider",
    "UcapSpider",
    "VsbSpider",
    "base_of_family",
]


class EasySiteSpider(PortalSpider):
    """A portal on 中科汇联 EasySite."""

    family = EasySite()


class GkmlptSpider(PortalSpider):
    """A portal of 广东 on NFCMS or gkmlpt."""

    family = Gkmlpt()


class JcmsSpider(PortalSpider):
    """A portal on 大汉 JCMS or JPAAS."""

    family = Jcms()


class LonsunSpider(PortalSpider):
    """A portal on 龙讯 Lonsun."""

    family = Lonsun()


class OpennessSpider(PortalSpider):
    """A portal on the CMS of 商网信息."""

    family = Openness()


class PanzhihuaClusterSpider(PortalSpider):
    """A portal of the cluster of 攀枝花."""

    family = Panzhihua()


class TrsSpider(PortalSpider):
    """A portal on 拓尔思 TRS WCM."""

    family = Trs()


class UcapSpider(PortalSpider):
    """A portal on 开普 ucap."""

    family = Ucap()


class VsbSpider(PortalSpider):
    """A portal on 博达 VSB."""

    family = Vsb()


_BASES: tuple[type[PortalSpider], ...] = (
    EasySiteSpider,
    GkmlptSpider,
    JcmsSpider,
    LonsunSpider,
    OpennessSpider,
    PanzhihuaClusterSpider,
    PortalSpider,
    TrsSpider,
    UcapSpider,
    VsbSpider,
)


def base_of_family(name: str) -> type[PortalSpider]:
    """The class that a portal of the family `name` derives from. Raises KeyError for an unknown family."""
    return {base.family.name: base for base in _BASES}[name]
