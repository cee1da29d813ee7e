"""Downloader middleware: robots.txt as RFC 9309 wants it. The reasons are in docs/manners.md."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.internet.defer import Deferred

from gxgk_crawler.crawl.verdict import judge_exception, judge_response

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

    from gxgk_crawler.outcomes import Outcome

logger = logging.getLogger(__name__)

_LONGEST_CRAWL_DELAY = 60.0  # seconds
_MOST_READ = 500 * 1024  # bytes of rules: the limit that RFC 9309, section 2.5, allows
_ROBOTS_AGENT = "gxgk_crawler"

# Scrapy prints a traceback for every host that is down, where the monitor logs one line about the failed robots.txt. A filter
# it is, because Scrapy's logging set-up resets the levels of its own loggers.
logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(lambda record: record.levelno < logging.ERROR)


class NotNowError(IgnoreRequest):
    """robots.txt could not be fetched, so the host is left alone for now (RFC 9309, section 2.3.1.4).

    outcome: what the failure of robots.txt means for the crawl.
    """

    def __init__(self, reason: str, outcome: Outcome) -> None:
        super().__init__(f"robots.txt: {reason}; not now")
        self.reason = reason
        self.outcome = outcome


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, stricter where Scrapy allows everything.

    5xx, 429 or no answer: nothing is requested from the host now. 4xx: everything is allowed. A web page in the place of
    rules: everything is allowed, and logged. Crawl-delay is obeyed up to a minute.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._not_now: dict[str, NotNowError] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise NotNowError or IgnoreRequest for a request that may not be sent.

        Scrapy's middleware calls it for each request once robots.txt of the host was read or has failed.
        """
        refusal = self._not_now.get(urlsplit(request.url).netloc)
        if refusal is not None:
            raise NotNowError(refusal.reason, refusal.outcome)
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        """Read the rules of a host. Scrapy's middleware calls it with the answer to the request for robots.txt."""
        if response.status >= 500 or response.status == 429:
            headers = {key.lower(): response.headers.get(key) or b"" for key in response.headers}
            outcome, reason = judge_response(response.status, headers, response.body)
            self._robots_error(NotNowError(reason, outcome), netloc)
            return
        if response.status != 200 or _is_page(response):
            if response.status == 200:
                logger.info("robots.txt of %s is a web page: taken as allowing everything", netloc)
            response = Response(response.url)
        response = Response(response.url, body=response.body[:_MOST_READ])
        await super()._parse_robots(response, netloc, request)
        self._obey_delay(self._parsers[netloc], request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Remember that the host is left alone. Scrapy's middleware calls it when robots.txt could not be fetched."""
        if not isinstance(exc, NotNowError):
            outcome, reason = judge_exception(exc)
            exc = NotNowError(reason, outcome)
        self._not_now[netloc] = exc
        super()._robots_error(exc, netloc)

    def _obey_delay(self, parser: RobotParser | Deferred[RobotParser | None] | None, request: Request) -> None:
        if parser is None or isinstance(parser, Deferred):
            return
        wanted = parser.crawl_delay(_ROBOTS_AGENT)
        if not wanted:
            return
        downloader = self.crawler.engine.downloader
        _, slot = downloader._get_slot(request)  # noqa: SLF001  # Scrapy has no public way to slow one host down
        slot.delay = max(slot.delay, min(float(wanted), _LONGEST_CRAWL_DELAY))
        host = urlsplit(request.url).netloc
        logger.info("robots.txt of %s asks for %g s between requests; they get %g s", host, wanted, slot.delay)


def _is_page(response: Response) -> bool:
    kind = (response.headers.get(b"Content-Type") or b"").lower()
    return b"html" in kind or response.body.lstrip()[:1] == b"<"
