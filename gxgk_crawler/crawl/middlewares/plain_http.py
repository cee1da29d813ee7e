"""Downloader middleware: http in the place of https, for hosts that cannot be reached by https."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from gxgk_crawler.crawl.verdict import judge_exception

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)


class PlainHosts:
    """Sends requests by http to a host that failed by https and has never answered by https in this crawl.

    Many old portals print https links and answer http alone. The middleware stands outside the retry middleware, so it sees a
    failure only after all retries; it also sees the requests for robots.txt.
    """

    def __init__(self) -> None:
        self._plain: set[str] = set()
        self._secure: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware. Scrapy calls it once, when the crawl is set up."""
        del crawler
        return cls()

    def process_request(self, request: Request) -> Request | None:
        """Return the request by http when the host needs it, else None. Scrapy calls it before each request is sent.

        A host whose http just redirected back to https counts as reachable by https from then on.
        """
        host = urlsplit(request.url).netloc
        if host not in self._plain:
            return None
        if request.meta.get("redirect_urls", [""])[-1].startswith(f"http://{host}/"):
            self._plain.discard(host)
            self._secure.add(host)
            return None
        return _by_http(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember that the host answers by https. Scrapy calls it for every response."""
        if request.url.startswith("https:"):
            self._secure.add(urlsplit(request.url).netloc)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the request by http when the host sent no byte by https, else None. Scrapy calls it for failed exchanges."""
        host = urlsplit(request.url).netloc
        plain = _by_http(request)
        answered = "capture" in request.meta  # an answer was archived, however broken it was
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
