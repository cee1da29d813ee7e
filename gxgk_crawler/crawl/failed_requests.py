"""Notes in the monitor why a request brought no page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from gxgk_crawler.crawl.middlewares.robots import NotNowError
from gxgk_crawler.crawl.middlewares.url_length import LongUrlError

if TYPE_CHECKING:
    from scrapy import Request

    from gxgk_crawler.crawl.monitor import CrawlMonitor

GONE = (404, 410)


def note_failure(monitor: CrawlMonitor, request: Request, error: BaseException) -> None:
    """Note a request that was answered with an error status, left out on purpose, or failed without an answer."""
    at = request.cb_kwargs.get("at")  # of a list page: one of a group of guesses may be missing
    if isinstance(error, HttpError) and error.response.status in GONE and at is not None and at.attempt.may_miss():
        monitor.skipped(request.url, f"HTTP {error.response.status}")
    elif isinstance(error, HttpError):
        monitor.refused_by(error.response)
    elif isinstance(error, LongUrlError):
        monitor.skipped_request(request, str(error))
    elif _is_left_out(error) and request.meta["role"] == "report":
        monitor.skipped(request.url, str(error))
    else:
        monitor.failed_with(request, error)


def _is_left_out(error: BaseException) -> bool:
    return isinstance(error, IgnoreRequest) and not isinstance(error, NotNowError)
