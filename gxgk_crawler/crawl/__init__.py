"""The running crawl: everything that knows Scrapy."""
