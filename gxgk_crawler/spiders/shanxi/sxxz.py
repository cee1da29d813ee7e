from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import TrsSpider


class SxxzSpider(TrsSpider):
    """忻州市人民政府 (Xinzhou, Shanxi)."""

    name = "sxxz"
    portal = Portal(
        title="忻州市人民政府",
        division="140900",
        entry="https://www.sxxz.gov.cn/",
        hosts=("zwgk.sxxz.gov.cn",),
        side_doors=("https://zwgk.sxxz.gov.cn/xzsrmzf/xxgknb/",),
    )
