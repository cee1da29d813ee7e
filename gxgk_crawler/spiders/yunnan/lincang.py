from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import VsbSpider


class LincangSpider(VsbSpider):
    """临沧市人民政府 (Lincang, Yunnan)."""

    name = "lincang"
    portal = Portal(
        title="临沧市人民政府",
        division="530900",
        entry="https://www.lincang.gov.cn/",
        side_doors=("https://www.lincang.gov.cn/zfxxgk_lcs/",),
    )
