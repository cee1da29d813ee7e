"""`scrapy crawl portal -a url=URL` crawls a portal without a file."""

from gxgk_crawler.crawl.url_spider import UrlSpider


class AnyPortalSpider(UrlSpider):
    """Any portal; its reports are stored under the name of its host."""

    name = "portal"
