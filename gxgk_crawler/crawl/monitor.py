"""Scrapy extension: counts what a crawl meets, and logs each failure; the result is judged in verdict.py."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, Self, cast

from scrapy import signals

from gxgk_crawler.crawl.signals import captured
from gxgk_crawler.crawl.verdict import (
    CrawlFacts,
    FailedUrl,
    Hole,
    judge,
    judge_exception,
    judge_redirect,
    judge_response,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import scrapy
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from gxgk_crawler.families.family import Family
    from gxgk_crawler.items import Capture, CrawlResult
    from gxgk_crawler.outcomes import Outcome
    from gxgk_crawler.portal import Portal

logger = logging.getLogger(__name__)

_LONGEST_URL = 2000  # characters of a URL that is not requested


class OfPortal(Protocol):
    """The attributes of a spider that the extensions use."""

    name: str
    family: Family
    portal: Portal

    def canonical(self, url: str) -> str: ...


class CrawlMonitor:
    """The counts of one crawl. facts: what it met so far."""

    def __init__(self, portal: Portal) -> None:
        self.facts = CrawlFacts(entry=portal.entry, expect=portal.expect)
        self._too_long: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the monitor and connect its signals. Scrapy calls it once, when the crawl is set up."""
        monitor = cls(cast("OfPortal", crawler.spider).portal)
        crawler.signals.connect(monitor._captured, signal=captured)
        crawler.signals.connect(monitor._spider_error, signal=signals.spider_error)
        return monitor

    def list_seen(self, url: str) -> None:
        """Count a list page that was read."""
        self.facts.lists.add(url)

    def hole(self, url: str, reason: str) -> None:
        """Note that the page at `url` promises reports that the crawl could not see."""
        logger.warning("incomplete %s: %s", url, reason)
        self.facts.holes.append(Hole(url=url, reason=reason))

    def reports_outside(self, hosts: list[str]) -> None:
        """Count links to reports on hosts that are not the portal's. hosts: one for each link."""
        self.facts.outside.update(hosts)

    def report_listed(self, url: str, *, in_channel: bool) -> None:
        """Count a link to a report. url: canonical. in_channel: it stands in the list of a channel."""
        (self.facts.listed if in_channel else self.facts.linked).add(url)

    def left_alone(self, links: Iterable[tuple[str, str]]) -> None:
        """Note links that look like a report and are not followed, each once. links: URL and reason."""
        known = {url for url, _ in self.facts.skipped}
        self.facts.skipped += [(url, reason) for url, reason in links if url not in known]

    def report_unlisted(self, url: str, before: int) -> None:
        """Note a known report that no list shows, while its page answers. before: in how many crawls just before this one."""
        self.facts.unlisted[url] = before

    def report_stored(self, change: str) -> None:
        """Count a report that was written. change: new, changed, unchanged or gone."""
        self.facts.changes[change] += 1

    def report_tampered(self, url: str) -> None:
        """Note a report with foreign advertising."""
        self.facts.tampered.append(url)

    def skipped(self, url: str, reason: str) -> None:
        """Note a URL that was left out on purpose: not a report, forbidden by robots.txt, too large."""
        logger.info("skipped %s: %s", url, reason)
        self.facts.skipped.append((url, reason))
        self.facts.unlisted.pop(url, None)  # something else stands at its address

    def skipped_request(self, request: scrapy.Request, reason: str) -> None:
        """Note a request that was not sent on purpose, by the URL that a page or a list named."""
        self.skipped(_asked(request)[:_LONGEST_URL], reason)

    def too_long(self, url: str) -> None:
        """Note a link of a page, once, that is too long to be requested. url: the beginning of its address."""
        if url not in self._too_long:
            self._too_long.add(url)
            self.skipped(url, "the URL is too long to be requested")

    def failed(self, url: str, reason: str, *, outcome: Outcome, role: str = "page") -> None:
        """Note a URL that failed. outcome: of the whole crawl if it met nothing else. role: of the page, as in CaptureRole."""
        logger.warning("failed %s: %s", url, reason)
        self.facts.failed.append(FailedUrl(url=url, outcome=outcome, reason=reason, role=role))

    def failed_with(self, request: scrapy.Request, error: BaseException) -> None:
        """Note a request that failed without an answer."""
        login = judge_redirect(request.url, redirected="redirect_urls" in request.meta)
        outcome, reason = login or judge_exception(error)
        if outcome == "storage":
            self.storage_failed(reason)
        url = _asked(request)
        self.failed(url, reason, outcome=outcome, role=request.meta.get("role", "page"))

    def refused_by(self, response: Response) -> None:
        """Note an answer with an error status."""
        headers = {key.lower(): b", ".join(response.headers.getlist(key)) for key in response.headers}
        login = judge_redirect(response.url, redirected="redirect_urls" in response.meta)
        outcome, reason = login or judge_response(response.status, headers, response.body)
        self.failed(_asked(response), reason, outcome=outcome, role=response.meta.get("role", "page"))

    def requisite(self, url: str, *, had: bool) -> None:
        """Count a style sheet or an image of the page around a report. had: the archive holds it.

        A missing one is no failure of the crawl, because no text depends on it.
        """
        (self.facts.requisites if had else self.facts.requisites_missing).add(url)

    def storage_failed(self, reason: str) -> None:
        """Note that the archive or the database failed. The first reason is kept."""
        if self.facts.storage is None:
            logger.error("storage: %s", reason)
            self.facts.storage = reason

    def result(self) -> CrawlResult:
        """The result of the crawl by what it met so far."""
        return judge(self.facts)

    def _captured(self, capture: Capture) -> None:
        """Count a capture. Called by the signal `captured`, for every archived record."""
        del capture
        self.facts.captures += 1

    def _spider_error(self, response: Response) -> None:
        """Note a page that our own code failed on. Scrapy calls it when a callback of the spider has raised."""
        self.failed(
            response.url, "the page could not be read", outcome="layout_changed", role=response.meta.get("role", "page")
        )


def _asked(exchange: scrapy.Request | Response) -> str:
    """The URL that the crawl asked for first, before redirects and before http was tried in the place of https."""
    first: str = exchange.meta.get("asked") or exchange.meta.get("redirect_urls", [exchange.url])[0]
    return first
