"""Scrapy extension: counts what a crawl meets, judges it at the end, and keeps the result for the command line."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, Self, cast

from scrapy import signals

from gxgk_crawler.crawl.signals import captured
from gxgk_crawler.crawl.verdict import CrawlFacts, FailedUrl, judge, judge_exception, judge_redirect, judge_response

if TYPE_CHECKING:
    import scrapy
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from gxgk_crawler.families.family import Family
    from gxgk_crawler.items import Capture, CrawlResult
    from gxgk_crawler.outcomes import Outcome
    from gxgk_crawler.portal import Portal

logger = logging.getLogger(__name__)


class OfPortal(Protocol):
    """What the extensions ask of a spider."""

    name: str
    family: Family
    portal: Portal

    def canonical(self, url: str) -> str: ...


class Health:
    """What this crawl met so far; `result()` judges it."""

    def __init__(self, portal: Portal) -> None:
        self.facts = CrawlFacts(entry=portal.entry, expect=portal.expect)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        health = cls(cast("OfPortal", crawler.spider).portal)
        crawler.signals.connect(health._captured, signal=captured)
        crawler.signals.connect(health._spider_error, signal=signals.spider_error)
        return health

    def list_seen(self, url: str) -> None:
        self.facts.lists.add(url)

    def report_listed(self, url: str, *, in_channel: bool) -> None:
        (self.facts.listed if in_channel else self.facts.linked).add(url)

    def report_stored(self, change: str) -> None:
        """change: new, changed, unchanged or gone."""
        self.facts.changes[change] += 1

    def report_tampered(self, url: str) -> None:
        self.facts.tampered.append(url)

    def skipped(self, url: str, reason: str) -> None:
        """Left out on purpose: not a report, forbidden by robots.txt, too large."""
        logger.info("skipped %s: %s", url, reason)
        self.facts.skipped.append((url, reason))

    def failed(self, url: str, reason: str, *, outcome: Outcome, role: str = "page") -> None:
        logger.warning("failed %s: %s", url, reason)
        self.facts.problems.append(FailedUrl(url=url, outcome=outcome, reason=reason, role=role))

    def failed_with(self, request: scrapy.Request, error: BaseException) -> None:
        """An exchange that raised instead of answering."""
        login = judge_redirect(request.url, redirected="redirect_urls" in request.meta)
        outcome, reason = login or judge_exception(error)
        if outcome == "storage":
            self.storage_failed(reason)
        url = _asked(request)
        self.failed(url, reason, outcome=outcome, role=request.meta.get("role", "page"))

    def refused_by(self, response: Response) -> None:
        """An answer with an error status."""
        headers = {key.lower(): b", ".join(response.headers.getlist(key)) for key in response.headers}
        login = judge_redirect(response.url, redirected="redirect_urls" in response.meta)
        outcome, reason = login or judge_response(response.status, headers, response.body)
        self.failed(_asked(response), reason, outcome=outcome, role=response.meta.get("role", "page"))

    def requisite(self, url: str, *, had: bool) -> None:
        """A style sheet or an image of the page around a report.

        One that cannot be had is counted, and is no failure of the crawl: no report says less without it.
        """
        (self.facts.requisites if had else self.facts.requisites_missing).add(url)

    def storage_failed(self, reason: str) -> None:
        """The archive or the database failed; the first reason stands."""
        if self.facts.storage is None:
            logger.error("storage: %s", reason)
            self.facts.storage = reason

    def result(self) -> CrawlResult:
        return judge(self.facts)

    def _captured(self, capture: Capture) -> None:
        del capture
        self.facts.captures += 1

    def _spider_error(self, response: Response) -> None:
        """A callback raised: the page is not what its family takes for granted."""
        self.failed(
            response.url, "the page could not be read", outcome="layout_changed", role=response.meta.get("role", "page")
        )


def _asked(exchange: scrapy.Request | Response) -> str:
    """The URL that was wanted, before redirects led on from it or http was tried in place of https."""
    wanted: str = exchange.meta.get("asked") or exchange.meta.get("redirect_urls", [exchange.url])[0]
    return wanted
