"""Downloader middleware: follows a meta refresh, and reads no more of the page for it than its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import HtmlResponse

from gxgk_crawler.crawl.responses import content_type
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.families.redirects import meta_refresh

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_HEAD = 16 * 1024  # bytes, which hold the characters that meta_refresh reads, in every encoding


class MetaRefresh(MetaRefreshMiddleware):
    """Scrapy's middleware decodes the whole page, by the codec that the page names, and fails on an address that is none."""

    def process_response(  # type: ignore[override]  # no spider is passed any more
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return the request for the page that this one sends on to, else the response. Scrapy calls it for every response."""
        if not isinstance(response, HtmlResponse) or request.meta.get("dont_redirect"):
            return response
        head = decode(response.body[:_HEAD], content_type(response)[1]).text
        target = meta_refresh(head, response.url)
        if (
            target is None or target == response.url
        ):  # Scrapy would drop the same URL as a duplicate, and the page with it
            return response
        try:
            redirected = self._redirect_request_using_get(request, response, target)
        except ValueError:  # Scrapy cannot send it
            return response
        return self._redirect(redirected, request, "meta refresh")
