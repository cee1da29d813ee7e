"""Scrapy settings: only what differs from Scrapy's defaults, each with its reason.

`-s NAME=VALUE` on the command line overrides any of them.
"""

from __future__ import annotations

import sys

from gxgk_crawler import __version__
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError

try:
    _config = config()
except ConfigError as error:  # Scrapy imports this file before any code of ours that prints errors runs
    sys.exit(f"scrapy: {error}")

BOT_NAME = "gxgk_crawler"
SPIDER_MODULES = ["gxgk_crawler.spiders"]
NEWSPIDER_MODULE = "gxgk_crawler.spiders"
SPIDER_LOADER_CLASS = "gxgk_crawler.spiders.loader.PortalLoader"  # files, then the registry of all portals
GXGK_HOME = str(_config.home)  # portal files and rows of its own lie there too (docs/registry.md)
COMMANDS_MODULE = "gxgk_crawler.cli.scrapy_commands"  # `scrapy crawl` ends with an outcome and an exit code

# An honest name, where to read about the crawler, and whom to write to (GXGK_CONTACT).
USER_AGENT = (
    f"gxgk_crawler/{__version__} (+https://github.com/gxgk-crawler/gxgk_crawler; {_config.contact or 'no contact set'})"
)
ROBOTSTXT_USER_AGENT = "gxgk_crawler"

# Manners: one request at a time per host with a pause, longer when the server is slow (docs/manners.md).
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 8
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
REFERRER_POLICY = "same-origin"  # a portal does not learn which other portals we crawl

# Requests pass from the lowest number to the highest, answers and failures the other way.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # replaced by ours
    "gxgk_crawler.crawl.middlewares.address_guard.AddressGuard": 50,  # before all others, so that it checks every request
    "gxgk_crawler.crawl.middlewares.url_length.UrlLength": 60,  # redirects too, which Scrapy's own does not see
    "gxgk_crawler.crawl.middlewares.robots.RobotsMiddleware": 100,  # Scrapy takes a 5xx for a permission
    "gxgk_crawler.crawl.middlewares.plain_http.PlainHosts": 530,  # outside the retry (550): sees a failure after the last retry
    "gxgk_crawler.crawl.middlewares.retry_after.PauseMiddleware": 555,  # inside the retry (550): sees a 503 before it
    "gxgk_crawler.crawl.connection.tls.LegacyHosts": 560,  # inside the retry too: sees a failed handshake before it
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # replaced by ours
    "gxgk_crawler.crawl.middlewares.meta_refresh.MetaRefresh": 580,  # Scrapy decodes all of a page for its head
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # replaced by ours
    "gxgk_crawler.crawl.middlewares.decompression.Decompression": 590,  # Scrapy does it in the event loop
    "gxgk_crawler.crawl.middlewares.not_modified.Conditional": 595,  # below the decompression (590): archived bodies are decoded
    "gxgk_crawler.crawl.middlewares.session_cookies.SessionCookies": 700,  # below the redirect (600): sees one to the same URL first
}

SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # it drops links without a trace; ours counts them as skipped
}
URLLENGTH_LIMIT = 2000  # bytes; the longest of a portal had fewer than 400

# Our download handlers record the bytes on the wire, so only HTTP/1.1 and only the codings that every WARC tool can replay.
DOWNLOAD_HANDLERS = {
    "http": "gxgk_crawler.crawl.connection.wire.WireDownloadHandler",
    "https": "gxgk_crawler.crawl.connection.wire.WireDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",  # warcio and pywb cannot replay br and zstd
}
COOKIES_ENABLED = False  # SessionCookies does it; tldextract would fetch its suffix list from the network

# Also blocks private addresses returned by DNS.
TWISTED_DNS_RESOLVER = "gxgk_crawler.crawl.middlewares.address_guard.GuardedResolver"

# Limits: hostile input is normal.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # pages; linked files carry their own limit in request.meta
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
DEPTH_LIMIT = 200  # counts list pages in a row too: a portal of 30 years and 90 departments stays below it
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 3
CLOSESPIDER_TIMEOUT = 6 * 3600
MEMUSAGE_LIMIT_MB = 1500

# Both consoles run the code of any client that reaches their port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# From the wire to the database (docs/architecture.md).
EXTENSIONS = {
    "gxgk_crawler.crawl.archiving.Archive": 100,
    "gxgk_crawler.crawl.ledger.Ledger": 200,
    "gxgk_crawler.crawl.monitor.CrawlMonitor": 300,
}
ITEM_PIPELINES = {
    "gxgk_crawler.crawl.pipelines.ExtractPipeline": 100,
    "gxgk_crawler.crawl.pipelines.ValidatePipeline": 200,
    "gxgk_crawler.crawl.pipelines.AttachmentPipeline": 300,
    "gxgk_crawler.crawl.pipelines.StorePipeline": 400,
}
CONCURRENT_ITEMS = 8  # each item waits for the child process that reads pages; more would only hold bodies in memory

FEED_EXPORT_ENCODING = "utf-8"  # the default writes \u4e00 escapes
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # the monitor has logged it already, in one line and without the item
GXGK_LOG_FORMAT = _config.log_format  # text or json, one line per event (logs.py)
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
WARN_ON_GENERATOR_RETURN_VALUE = False  # the check parses the source of every callback at start
