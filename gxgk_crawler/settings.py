"""Scrapy settings: only what differs from Scrapy's defaults, each with its reason.

Everything here can be overridden by `-s NAME=VALUE`.
"""

from __future__ import annotations

import sys

from gxgk_crawler import __version__
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError

try:
    _config = config()
except ConfigError as error:  # Scrapy imports this file before anything of ours could say it
    sys.exit(f"scrapy: {error}")

BOT_NAME = "gxgk_crawler"
SPIDER_MODULES = ["gxgk_crawler.spiders"]
NEWSPIDER_MODULE = "gxgk_crawler.spiders"
COMMANDS_MODULE = "gxgk_crawler.cli.scrapy_commands"  # `scrapy crawl` ends with an outcome and an exit code

# Who we are: an honest name, where to read about it, and whom to ask (GXGK_CONTACT).
USER_AGENT = (
    f"gxgk_crawler/{__version__} (+https://github.com/gxgk-crawler/gxgk_crawler; {_config.contact or 'no contact set'})"
)
ROBOTSTXT_USER_AGENT = "gxgk_crawler"

# Manners: one request at a time per host with a pause, slower when the server is slow (docs/manners.md).
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 8
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
REFERRER_POLICY = "same-origin"  # a portal learns nothing about our way through other portals

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "gxgk_crawler.crawl.middlewares.address_guard.AddressGuard": 50,  # before all others: nothing leaves for a private network
    "gxgk_crawler.crawl.middlewares.robots.RobotsMiddleware": 100,  # 5xx is not a permission
    "gxgk_crawler.crawl.middlewares.robots.PlainHosts": 530,  # before the retry (550): it sees what every retry has failed to get
    "gxgk_crawler.crawl.middlewares.robots.PauseMiddleware": 555,  # behind the retry (550), so that it sees a 503 first
    "gxgk_crawler.crawl.tls.LegacyHosts": 560,  # so does a failed handshake
    "gxgk_crawler.crawl.middlewares.address_guard.CharsetGuard": 585,  # before whoever decodes a page by what its header says (580)
    "gxgk_crawler.crawl.middlewares.not_modified.Conditional": 595,  # before the decompression (590): the archive gives bodies decoded
}

# The wire: our handlers tee the bytes, so only HTTP/1.1 and only codings that every WARC tool can replay.
DOWNLOAD_HANDLERS = {
    "http": "gxgk_crawler.crawl.wire.WireDownloadHandler",
    "https": "gxgk_crawler.crawl.wire.WireDownloadHandler",
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
COOKIES_ENABLED = False  # reports need no session, and tldextract would ask the network for its suffix list

TWISTED_DNS_RESOLVER = (
    "gxgk_crawler.crawl.middlewares.address_guard.GuardedResolver"  # neither does what a name server says
)

# Limits: hostile input is normal.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # pages; attachments carry their own limit in request.meta
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
DEPTH_LIMIT = 200  # counts list pages in a row too: a portal of 30 years and 90 departments stays below it
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 10
RETRY_TIMES = 3
CLOSESPIDER_TIMEOUT = 6 * 3600
MEMUSAGE_LIMIT_MB = 1500

# No open doors: both consoles run code for whoever reaches the port.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# From the wire to the database (docs/architecture.md).
EXTENSIONS = {
    "gxgk_crawler.crawl.archiving.Archive": 100,
    "gxgk_crawler.crawl.ledger.Ledger": 200,
    "gxgk_crawler.crawl.monitor.Health": 300,
}
ITEM_PIPELINES = {
    "gxgk_crawler.crawl.pipelines.ExtractPipeline": 100,
    "gxgk_crawler.crawl.pipelines.ValidatePipeline": 200,
    "gxgk_crawler.crawl.pipelines.AttachmentPipeline": 300,
    "gxgk_crawler.crawl.pipelines.StorePipeline": 400,
}
CONCURRENT_ITEMS = 8  # each waits for the extraction worker, so more would only hold bodies in memory

FEED_EXPORT_ENCODING = "utf-8"  # the default writes \u4e00 escapes
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # health has said it already, without the whole item
GXGK_LOG_FORMAT = _config.log_format  # text or json, one line per event (logs.py)
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
WARN_ON_GENERATOR_RETURN_VALUE = False  # it parses the source of every callback at start
