"""A crawl without a network, a process or a database: the real spider and the real reading of pages, asked step by step.

What Scrapy does between is done by its own parts: redirects, the meta refresh, the filter of requests made twice. Left out are
pauses, robots.txt, retries, the archive, attachments, and what a database would remember.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request as ScrapyRequest
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.request import fingerprint

from gxgk_crawler.crawl.failed_requests import note_failure
from gxgk_crawler.crawl.known_pages import KnownPages, unlisted_in_a_row
from gxgk_crawler.crawl.ledger import Ledger
from gxgk_crawler.crawl.middlewares.session_cookies import SessionCookies
from gxgk_crawler.crawl.monitor import CrawlMonitor
from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.crawl.verdict import UNLISTED_IS_A_FACT
from gxgk_crawler.families.recognition import why_not_a_report
from gxgk_crawler.items import Candidate, Capture, Channel, CrawlResult, Document, Failure, Gone, Sighting
from gxgk_crawler.sandbox.report import read_candidate
from gxgk_crawler.spiders.portal import AnyPortalSpider
from tests.replica.proxy import BAD_GATEWAY
from tests.replica.site import Page, Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.http import Response

    from tests.replica.proxy import Fault
    from tests.replica.site import Site

NOW = dt.datetime(2024, 4, 2, 3, tzinfo=dt.UTC)
_CODES = {"ok": 0, "unchanged": 0}


@dataclass(kw_only=True)
class Walked:
    """What a walk left. rows: reports by canonical URL, with the keys of `gxgk show --json` that it knows.

    failures: of this walk and those before it, newest first.
    """

    result: CrawlResult
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    failures: list[list[Failure]] = field(default_factory=list)

    @property
    def code(self) -> int:
        return _CODES.get(self.result.outcome, 1)

    @property
    def line(self) -> str:
        return f"portal: {self.result.outcome}: {self.result.cause} ({self.result.evidence_url})"


class Walk:
    """One crawl of the sites. faults: only those that answer with a status. before: the walk that came before this one."""

    def __init__(
        self,
        sites: Iterable[Site],
        spider: PortalSpider,
        *,
        faults: Iterable[Fault] = (),
        before: Walked | None = None,
    ) -> None:
        self._sites = {site.host: site for site in sites}
        self._faults = list(faults)
        self._spider = spider
        self._monitor = CrawlMonitor(spider.portal)
        self._known = _known(before)
        self._before = before
        self._stacks: defaultdict[int, list[ScrapyRequest]] = defaultdict(list)
        self._met: set[bytes] = set()
        self._walked = Walked(result=self._monitor.result(), channels=dict(before.channels) if before else {})
        self._walked.rows = dict(before.rows) if before else {}
        crawler = Crawler(type(spider), Settings())
        spider.crawler = cast("Any", SimpleNamespace(get_extension=self._extension, engine=self, settings=Settings()))
        redirect = RedirectMiddleware(Settings())
        refresh = MetaRefreshMiddleware(Settings())
        for middleware in (redirect, refresh):
            middleware.crawler = cast("Any", SimpleNamespace(spider=spider, settings=crawler.settings))
        self._cookies = SessionCookies()
        self._after = [self._cookies, refresh, redirect]

    def _extension(self, kind: type) -> Any:
        return {CrawlMonitor: self._monitor, Ledger: SimpleNamespace(known=self._known)}[kind]

    def run(self) -> Walked:
        return asyncio.run(self._walk())

    async def _walk(self) -> Walked:
        async for request in self._spider.start():
            self.crawl(request)
        while True:
            while (request := self._next()) is not None:
                await self._fetch(request)
            try:
                self._spider.idle()
            except DontCloseSpider:
                continue
            break
        facts = self._monitor.facts
        held = {url: row for url, row in self._walked.rows.items() if url not in self._walked.gone}
        facts.held, facts.years = len(held), {row["year"] for row in held.values() if row["year"] is not None}
        self._walked.result = self._monitor.result()
        earlier = self._before.failures if self._before else []
        self._walked.failures = [self._walked.result.failures, *earlier][: UNLISTED_IS_A_FACT - 1]
        return self._walked

    def crawl(self, request: ScrapyRequest) -> None:
        """Take a request, as Scrapy's engine does."""
        mark = fingerprint(request)
        if request.dont_filter or mark not in self._met:
            self._met.add(mark)
            self._stacks[request.priority].append(request)

    def _next(self) -> ScrapyRequest | None:
        filled = [priority for priority, stack in self._stacks.items() if stack]
        return self._stacks[max(filled)].pop() if filled else None

    async def _fetch(self, request: ScrapyRequest) -> None:
        self._cookies.process_request(request)
        page = self._answer(request)
        self._walked.asked.append(request.url)
        headers = Headers({"Content-Type": page.media_type} | dict(page.headers))
        kind = responsetypes.from_args(headers=headers, url=request.url, body=page.body)
        response = kind(request.url, status=page.status, headers=headers, body=page.body, request=request)
        request.meta["capture"] = _capture(request, page)
        answer: Response | ScrapyRequest = response
        for middleware in self._after:
            answer = middleware.process_response(request, answer)  # type: ignore[attr-defined]
            if isinstance(answer, ScrapyRequest):
                self.crawl(answer)
                return
        if not 200 <= page.status < 300 and page.status not in request.meta.get("handle_httpstatus_list", ()):
            note_failure(self._monitor, request, HttpError(response))
            return
        assert request.callback is not None
        async for found in request.callback(response, **request.cb_kwargs):
            self._take(found)

    def _answer(self, request: ScrapyRequest) -> Page:
        fault = next((fault for fault in self._faults if fault.meets(request.url)), None)
        if fault is not None:
            return fault.page()
        host = request.url.partition("://")[2].partition("/")[0].partition(":")[0]
        site = self._sites.get(host)
        if site is None:
            return BAD_GATEWAY
        headers = {k.decode().lower(): v[-1].decode() for k, v in request.headers.items()}
        return site.answer(Request(method="GET", url=request.url.partition("#")[0], headers=headers))

    def _take(self, found: Any) -> None:
        if isinstance(found, ScrapyRequest):
            self.crawl(found)
        elif isinstance(found, Candidate):
            self._store(found)
        elif isinstance(found, Channel):
            self._walked.channels[found.url] = found
        elif isinstance(found, Gone):
            self._walked.gone.add(found.url)
            self._monitor.report_stored("gone")
        elif isinstance(found, Sighting) and found.checked:
            self._monitor.report_stored("unchanged")

    def _store(self, candidate: Candidate) -> None:
        document = _read(candidate, self._spider)
        reason = why_not_a_report(document, min_chars=self._spider.portal.expect.min_chars)
        if reason is not None:
            self._monitor.skipped(candidate.url, reason)
            return
        old = self._walked.rows.get(candidate.url)
        change = "new" if old is None else "unchanged" if old["text"] == document.text else "changed"
        self._monitor.report_stored(change)
        self._walked.rows[candidate.url] = {
            "url": candidate.url,
            "title": document.title,
            "year": document.year,
            "text": document.text,
            "flags": document.flags,
            "places": candidate.listed_on or (old["places"] if old else []),
            "attachments": [],
            "gone_at": None,
        }


def walk(sites: Iterable[Site], url: str, **more: Any) -> Walked:
    """The crawl of a portal without a file, entered at `url`."""
    return Walk(sites, AnyPortalSpider(url), **more).run()


def _known(before: Walked | None) -> KnownPages:
    if before is None:
        return KnownPages()
    seen = dt.datetime.now(dt.UTC)  # just now, so that nothing is due again
    here = {url: row for url, row in before.rows.items() if url not in before.gone}
    return KnownPages(
        channels=list(before.channels.values()),
        complete=before.code == 0,
        reports=dict.fromkeys(before.rows, seen),
        listed_on={url: frozenset(row["places"]) for url, row in here.items() if row["places"]},
        unlisted=unlisted_in_a_row(
            [[{"url": f.url, "reason": f.reason} for f in failures] for failures in before.failures]
        ),
    )


_documents: dict[tuple[Any, ...], Document] = {}


def _read(candidate: Candidate, spider: PortalSpider) -> Document:
    """The document of a candidate. Reading takes most of a walk's time, so what another walk of this process has read is not read again."""
    bodies = (candidate.body, *(body for _, body in candidate.parts))
    key = (candidate.url, candidate.anchor, spider.portal.layouts, *(sha256(body).digest() for body in bodies))
    if key not in _documents:
        _documents[key] = read_candidate(candidate, spider.portal).document
    return _documents[key]


def _capture(request: ScrapyRequest, page: Page) -> Capture:
    return Capture(
        record_id=f"urn:uuid:{abs(hash(request.url))}",
        warc_file="walk.warc.gz",
        offset=0,
        length=0,
        url=request.url,
        method="GET",
        status=page.status,
        fetched_at=NOW,
        payload_sha256="",
        payload_length=len(page.body),
    )
