"""Downloader middleware: sends back the cookies that a portal sets, for one crawl.

Some gateways answer the first visit with a redirect to the same URL and a cookie (openresty `CT6T`). That is ordinary HTTP
(RFC 6265), not a challenge: only `Set-Cookie` headers count, no script is run, and the jar is forgotten with the crawl.
Scrapy's own middleware is off because it fetches a list of domain suffixes from the network.
"""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from scrapy.http.cookies import CookieJar

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_MOST_RETURNS = 2  # redirects of a URL to itself
_MOST_COOKIES = 50  # of one response; RFC 6265, section 6.1, wants a browser to keep so many of a host
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class SessionCookies:
    """The cookie jar of one crawl."""

    def __init__(self) -> None:
        self._jar = CookieJar(DefaultCookiePolicy(strict_domain=True))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware. Scrapy calls it once, when the crawl is set up."""
        del crawler
        return cls()

    def process_request(self, request: Request) -> None:
        """Add the cookies that the host has set. Scrapy calls it before each request is sent."""
        request.headers.pop("Cookie", None)  # a retried request carries those of its first try
        self._jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Keep the cookies of a response; return the request again when it redirects to itself. Scrapy calls it for every response.

        Scrapy drops a redirect to the same URL as a duplicate.
        """
        if not response.headers.getlist("Set-Cookie"):
            return response
        if len(response.headers.getlist("Set-Cookie")) <= _MOST_COOKIES:
            self._jar.extract_cookies(response, request)
        location = response.headers.get("Location")
        if response.status not in _REDIRECTS or location is None:
            return response
        returns = request.meta.get("cookie_returns", 0)
        if urljoin(request.url, location.decode("latin-1")) != request.url or returns >= _MOST_RETURNS:
            return response
        return request.replace(dont_filter=True, meta={**request.meta, "cookie_returns": returns + 1})
