from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import PanzhihuaClusterSpider


class ScdongquSpider(PanzhihuaClusterSpider):
    """攀枝花市东区人民政府 (Dongqu, Panzhihua, Sichuan)."""

    name = "scdongqu"
    portal = Portal(
        title="攀枝花市东区人民政府",
        division="510402",
        entry="http://www.scdongqu.gov.cn/",
        side_doors=("http://www.scdongqu.gov.cn/zfxxgk/zfxxgknb/",),
    )
