"""How we behave towards a portal: robots.txt, pauses that it asks for. The reasons are in docs/manners.md."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from twisted.internet.defer import Deferred

from gxgk_crawler.crawl.verdict import judge_exception, judge_response

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from gxgk_crawler.outcomes import Outcome

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 120.0  # seconds; a portal that asks for more is left for the next crawl
_LONGEST_CRAWL_DELAY = 60.0
_ROBOTS_AGENT = "gxgk_crawler"


# Scrapy prints a traceback for every host that is down; what happened to robots.txt is said by health, in one line. A filter,
# because Scrapy's logging set-up resets the levels of its own loggers.
logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(lambda record: record.levelno < logging.ERROR)


class NotNowError(IgnoreRequest):
    """robots.txt could not be had, so the host is left alone for now (RFC 9309, section 2.3.1.4).

    outcome: what the failure of robots.txt means for the crawl.
    """

    def __init__(self, reason: str, outcome: Outcome) -> None:
        super().__init__(f"robots.txt: {reason}; not now")
        self.reason = reason
        self.outcome = outcome


class RobotsMiddleware(RobotsTxtMiddleware):
    """robots.txt as RFC 9309 wants it, where Scrapy allows everything.

    5xx, 429 or no answer: not now. 4xx: everything is allowed. A web page instead of rules: allowed, with a note. Crawl-delay is
    honoured up to a minute.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._not_now: dict[str, NotNowError] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        refusal = self._not_now.get(urlsplit(request.url).netloc)
        if refusal is not None:
            raise NotNowError(refusal.reason, refusal.outcome)
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            headers = {key.lower(): response.headers.get(key) or b"" for key in response.headers}
            outcome, reason = judge_response(response.status, headers, response.body)
            self._robots_error(NotNowError(reason, outcome), netloc)
            return
        if response.status != 200 or _is_page(response):
            if response.status == 200:
                logger.info("robots.txt of %s is a web page: taken as allowing everything", netloc)
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        self._honour_delay(self._parsers[netloc], request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, NotNowError):
            outcome, reason = judge_exception(exc)
            exc = NotNowError(reason, outcome)
        self._not_now[netloc] = exc
        super()._robots_error(exc, netloc)

    def _honour_delay(self, parser: RobotParser | Deferred[RobotParser | None] | None, request: Request) -> None:
        if parser is None or isinstance(parser, Deferred):
            return
        wanted = parser.crawl_delay(_ROBOTS_AGENT)
        if not wanted:
            return
        downloader = self.crawler.engine.downloader
        _, slot = downloader._get_slot(request)  # noqa: SLF001  # Scrapy has no public way to slow one host down
        slot.delay = max(slot.delay, min(float(wanted), _LONGEST_CRAWL_DELAY))


def _is_page(response: Response) -> bool:
    kind = (response.headers.get(b"Content-Type") or b"").lower()
    return b"html" in kind or response.body.lstrip()[:1] == b"<"


class PauseMiddleware:
    """Waits as long as a host asks for by Retry-After on 429 and 503, for every request to that host."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        del crawler
        return cls()

    async def process_request(self, request: Request) -> None:
        wait = self._until.get(urlsplit(request.url).netloc, 0.0) - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in {429, 503}:
            pause = _seconds(response.headers.get(b"Retry-After"))
            if 0 < pause <= _LONGEST_PAUSE:
                host = urlsplit(request.url).netloc
                logger.info("%s asks for a pause of %.0f s", host, pause)
                self._until[host] = time.monotonic() + pause
            elif pause > _LONGEST_PAUSE:
                request.meta["dont_retry"] = True
        return response


class PlainHosts:
    """Asks a host by http when it cannot be reached by https; a host that has answered by https is never asked so.

    Many old portals print https links and answer http alone. It sees a failure only after all retries, robots.txt included.
    """

    def __init__(self) -> None:
        self._plain: set[str] = set()
        self._secure: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        del crawler
        return cls()

    def process_request(self, request: Request) -> Request | None:
        """The request by http; as it is when http has just sent it back to https."""
        host = urlsplit(request.url).netloc
        if host not in self._plain:
            return None
        if request.meta.get("redirect_urls", [""])[-1].startswith(f"http://{host}/"):
            self._plain.discard(host)
            self._secure.add(host)
            return None
        return _by_http(request)

    def process_response(self, request: Request, response: Response) -> Response:
        if request.url.startswith("https:"):
            self._secure.add(urlsplit(request.url).netloc)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request by http, when no byte of an answer came by https."""
        host = urlsplit(request.url).netloc
        plain = _by_http(request)
        answered = "capture" in request.meta  # whatever was wrong with the answer, there was one
        if plain is None or answered or host in self._secure | self._plain:
            return None
        if judge_exception(exception)[0] not in {"refused", "timeout", "tls"}:
            return None
        logger.info("%s cannot be reached by https: %s", host, exception)
        self._plain.add(host)
        return plain


def _by_http(request: Request) -> Request | None:
    """The same request by http; None when it is no https request to the usual port."""
    scheme, _, rest = request.url.partition("://")
    if scheme != "https" or urlsplit(request.url).port is not None:
        return None
    meta = {"asked": request.url, **request.meta}
    return request.replace(url=f"http://{rest}", dont_filter=True, meta=meta)


def _seconds(header: bytes | None) -> float:
    """Seconds that a Retry-After header asks for: a number or a date (RFC 9110, section 10.2.3); 0 when it says neither."""
    text = (header or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        return (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 0.0
