from gxgk_crawler.portal import Expect, Portal
from gxgk_crawler.spiders.families import OpennessSpider


class HlbeSpider(OpennessSpider):
    """呼伦贝尔市人民政府 (Hulunbuir, Inner Mongolia)."""

    name = "hlbe"
    portal = Portal(
        title="呼伦贝尔市人民政府",
        division="150700",
        site_code="1507000006",
        entry="https://www.hlbe.gov.cn/",
        expect=Expect(since=2008),
    )
