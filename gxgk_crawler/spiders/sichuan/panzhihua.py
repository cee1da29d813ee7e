from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import PanzhihuaClusterSpider


class PanzhihuaSpider(PanzhihuaClusterSpider):
    """攀枝花市人民政府 (Panzhihua, Sichuan)."""

    name = "panzhihua"
    portal = Portal(title="攀枝花市人民政府", division="510400", entry="http://www.panzhihua.gov.cn/")
