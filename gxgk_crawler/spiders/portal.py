"""`scrapy crawl portal -a url=URL`: any portal, no file needed."""

from gxgk_crawler.crawl.url_spider import UrlSpider


class AnyPortalSpider(UrlSpider):
    """Any portal, kept under the name of its host."""

    name = "portal"
