from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import GkmlptSpider


class GaomingSpider(GkmlptSpider):
    """佛山市高明区人民政府 (Gaoming, Foshan, Guangdong)."""

    name = "gaoming"
    portal = Portal(
        title="佛山市高明区人民政府",
        division="440608",
        entry="https://www.gaoming.gov.cn/",
        side_doors=("https://www.gaoming.gov.cn/gkmlpt/index",),
    )
