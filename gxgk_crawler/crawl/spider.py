"""The walk through a portal: entry page, disclosure pages, channels of annual reports, list pages, reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.exceptions import DontCloseSpider

from gxgk_crawler.crawl.archiving import OF_RECORD
from gxgk_crawler.crawl.failed_requests import GONE, note_failure
from gxgk_crawler.crawl.navigation import BREADTH, CUT
from gxgk_crawler.crawl.politeness import politeness
from gxgk_crawler.crawl.responses import NOT_MODIFIED, candidate_of, first_asked, wall_of
from gxgk_crawler.crawl.walk.articles import needs_look, sent_on, unread_parts
from gxgk_crawler.crawl.walk.crawl_parts import CrawlParts
from gxgk_crawler.crawl.walk.left_lists import LeftLists
from gxgk_crawler.crawl.walk.list_walk import Attempt, Position
from gxgk_crawler.crawl.walk.page_reader import LinkReader, in_steps
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.items import Channel, Gone, Sighting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from gxgk_crawler.crawl.navigation import Seen
    from gxgk_crawler.families.page import Anchor
    from gxgk_crawler.items import Candidate

_LIST_PRIORITY = 10  # lists before reports: whether a list shows new reports decides whether its next page is fetched
_HOPS = 4  # disclosure pages between the entry page and a channel
_LEVELS = 4  # channels inside channels: 年报 > 区直部门 > 教育局 > one year
_PAGES = 500  # of one list: the longest seen has about 130
_MOST_CHANNELS = 500  # that one page links to; the most seen is about 200
_PARTS = 50  # pages of one article


class PortalSpider(CrawlParts, scrapy.Spider):
    """Base class of all portals. The family knows what differs between CMS products.

    A portal file sets `name` and `portal`; an odd portal overrides a method of Hooks.
    Spider argument recheck: which known reports are fetched again: all, due (in rotation) or none.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Raise ConfigError for a portal file without a Portal. Python calls it when the class is defined."""
        super().__init_subclass__(**kwargs)
        if "name" in vars(cls) and not hasattr(cls, "portal"):
            raise ConfigError(f"spider {cls.name} names no Portal")

    def __init__(self, *, recheck: str = "due", **kwargs: Any) -> None:
        super().__init__()
        if kwargs:
            raise ConfigError(f"unknown spider argument {', '.join(kwargs)}")
        if recheck not in {"all", "due", "none"}:
            raise ConfigError(f"recheck must be all, due or none, not {recheck!r}")
        self.recheck = recheck
        self._listed_on: dict[str, list[str]] = {}  # canonical URL of a report -> URLs of the lists that link to it
        self._entry_pages = self.portal.entry_pages
        self._tried: set[str] = set()
        self._reader = LinkReader()
        self._left = LeftLists()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider and connect its signals. Scrapy calls it once, when the crawl is set up."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if crawler.settings.getbool(OF_RECORD):  # `scrapy fetch` wants one page
            crawler.signals.connect(spider.idle, signal=signals.spider_idle)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Set the delay and the concurrency that the portal asks for; `-s` on the command line still wins.

        Scrapy calls it once, before it builds the parts of the crawl.
        """
        super().update_settings(settings)
        portal = getattr(cls, "portal", None)
        for name, value in politeness(portal).items() if portal is not None else ():
            settings.set(name, value, priority="spider")

    # -- requests

    async def start(self) -> AsyncIterator[Any]:
        """Request the known channels, the reports that are due, and the entry page. Scrapy calls it when the crawl starts.

        The entry page is left out while channels are known and it is not due itself.
        """
        for channel in self.known.channels:
            yield self._list_request(channel.url, Position())
        if not self.known.channels or self._wants(self.canonical(self.portal.entry)):
            yield self._entry_request(self.portal.entry)
        for url in self.known.due(self.recheck, datetime.now(UTC)):
            yield self._report_request(self.known.addresses.get(url, url), "")

    def _entry_request(self, url: str) -> scrapy.Request:
        self._tried.add(url)
        return self._request(url, self.parse_navigation, role="page", priority=2 * _LIST_PRIORITY, hops=0)

    def idle(self) -> None:
        """Enter the portal by its next entry page while no list of reports was read; then ask for known reports that no list shows.

        Scrapy calls it when no request is left.
        """
        facts = self.monitor.facts
        unlisted = self._left.to_ask(self.known, facts) if self.recheck != "none" else []
        for url in unlisted:
            asked = self._report_request(self.known.addresses.get(url, url), "")
            self.crawler.engine.crawl(asked.replace(dont_filter=True))
        if unlisted:
            raise DontCloseSpider
        while self._entry_pages and not facts.listed and not facts.storage:
            url = self._entry_pages.pop(0)
            if url not in self._tried:
                self.crawler.engine.crawl(self._entry_request(url))
                raise DontCloseSpider

    def _list_request(self, url: str, at: Position) -> scrapy.Request:
        return self._request(url, self.parse_list, role="list", priority=_LIST_PRIORITY, at=at)

    def _report_request(self, url: str, anchor: str) -> scrapy.Request:
        return self._request(url, self.parse_report, role="report", anchor=anchor)

    def _request(self, url: str, callback: Any, *, role: str, priority: int = 0, **kwargs: Any) -> scrapy.Request:
        meta: dict[str, Any] = {"role": role}
        if role == "report":
            meta["handle_httpstatus_list"] = list(GONE)
        if self.portal.proxy:
            meta["proxy"] = self.portal.proxy
        return scrapy.Request(url, callback, errback=self.on_error, priority=priority, meta=meta, cb_kwargs=kwargs)

    # -- callbacks: Scrapy calls each with the response to a request that names it

    async def parse_navigation(self, response: Response, hops: int) -> AsyncIterator[Any]:
        """Request the channels and reports that the page links to, and the disclosure pages that may link to channels.

        hops: links between the entry page and this one.
        """
        seen = await self._look(response)
        async for found in in_steps(self._navigation(response, seen, hops) if seen else ()):
            yield found

    def _navigation(self, response: Response, seen: Seen, hops: int) -> Iterator[Any]:
        if seen.redirect is not None and hops < _HOPS:
            yield from self._led_on(seen, self.parse_navigation, role="page", priority=_LIST_PRIORITY, hops=hops + 1)
            return
        if seen.is_list_itself:
            yield from self._list_page(response, seen, Position())
        elif seen.is_cut:
            self.monitor.skipped(seen.page.url, CUT)
        yield from self._channels(seen.channel_links, seen, level=1)
        yield from self._reports(seen, in_channel=False)
        self.monitor.left_alone(seen.left_alone)
        self.monitor.reports_outside(seen.outside_hosts)
        if hops >= _HOPS:
            return
        further = [anchor.url for anchor in seen.disclosure_links[:BREADTH]]
        if not seen.channel_links:
            further += seen.own_frames
        for url in further:
            yield self._request(url, self.parse_navigation, role="page", priority=_LIST_PRIORITY - hops, hops=hops + 1)

    async def parse_list(self, response: Response, at: Position) -> AsyncIterator[Any]:
        """Request the reports of one list page, its sub-channels, and the next page unless this one shows nothing new."""
        seen = await self._look(response)
        async for found in in_steps(self._list(response, seen, at) if seen else ()):
            yield found

    def _list(self, response: Response, seen: Seen, at: Position) -> Iterator[Any]:
        if seen.redirect is not None and at.number == 1 and at.level < _LEVELS:
            yield from self._led_on(seen, self.parse_list, role="list", at=replace(at, level=at.level + 1))
            return
        yield from self._list_page(response, seen, at)

    def _list_page(self, response: Response, seen: Seen, at: Position) -> Iterator[Any]:
        at.attempt.found = True
        self.monitor.list_seen(seen.page.url)
        for gap in seen.gaps:
            self.monitor.hole(seen.page.url, gap)
        if seen.is_report_itself:  # a channel link that leads to a report itself
            url = self.canonical(response.url)
            self.monitor.report_listed(url, in_channel=True)
            self._listed_on.setdefault(url, [at.shown_on] if at.shown_on else [])
            yield from self._report(response, "", seen)
        if at.level < _LEVELS:
            yield from self._channels(seen.sub_channel_links, seen, level=at.level + 1)
        has_reports, new = False, 0
        for found in self._reports(seen, in_channel=True):
            has_reports, new = True, new + isinstance(found, scrapy.Request)
            yield found
        self.monitor.left_alone(seen.left_alone)
        self.monitor.reports_outside(seen.outside_hosts)
        if at.number == 1 and not has_reports:
            for url in [*seen.own_frames, *seen.list_sources]:
                yield self._list_request(url, Position(level=at.level, shown_on=seen.page.url))
        if not at.walk.take(seen):  # a server that ignores the page number sends the same page for ever
            if at.number > 1 and at.attempt.certain:
                self.monitor.hole(seen.page.url, f"page {at.number} of a list shows nothing new, though it goes on")
            self._left.ended(at.walk, cut_short=False)
            return
        at.walk.new += new
        left = self._left.goes_on(at.walk, self.known.stood_on(seen.page.url), self.monitor.facts)
        if at.number < _PAGES and (new or left or not self.known.complete or self.recheck == "all"):
            yield from self._next_list_pages(seen, at)
        else:
            self._left.ended(at.walk, cut_short=seen.following is not None)

    def _next_list_pages(self, seen: Seen, at: Position) -> Iterator[Any]:
        """Request what may be the next page of a list; at its end, note what the list promised and did not show."""
        following = at.walk.following(seen, at.number)
        if following is None or not following.urls:
            broken = following.blocked if following else at.walk.broken_promise(at.number)
            if broken is not None:
                self.monitor.hole(seen.page.url, broken)
            self._left.ended(at.walk, cut_short=False)
            return
        ahead = replace(at, number=at.number + 1, attempt=Attempt(left=len(following.urls), certain=following.certain))
        for url in following.urls:
            yield self._list_request(url, ahead)

    def _led_on(self, seen: Seen, callback: Any, **kwargs: Any) -> Iterator[Any]:
        """Request the page that this one sends its reader to, when it is the portal's own."""
        assert seen.redirect is not None
        if self.is_own(seen.redirect):
            yield self._request(seen.redirect, callback, **kwargs)
            return
        reason = f"the page leads to {seen.redirect}, which is outside the portal"
        host = urlsplit(seen.redirect).hostname or ""
        if seen.page.url == self.portal.entry and host.endswith(".gov.cn"):  # a notice of a new domain
            self.portal = replace(self.portal, entry=seen.redirect, hosts=(*self.portal.hosts, self.portal.host))
            self.monitor.skipped(seen.page.url, f"the portal has moved to {host}")
            yield self._request(seen.redirect, callback, **kwargs)
        elif seen.page.url == self.portal.entry:
            self.monitor.failed(seen.page.url, reason, outcome="layout_changed")
        else:
            self.monitor.skipped(seen.page.url, reason)

    def _channels(self, anchors: list[Anchor], seen: Seen, *, level: int) -> Iterator[Any]:
        for anchor in anchors[:_MOST_CHANNELS]:
            yield Channel(url=anchor.url, title=anchor.text, parent=seen.page.url)
            yield self._list_request(anchor.url, Position(level=level, shown_on=seen.page.url))
        if len(anchors) > _MOST_CHANNELS:
            self.monitor.hole(seen.page.url, f"the page links to {len(anchors)} channels, {_MOST_CHANNELS} were read")

    def _reports(self, seen: Seen, *, in_channel: bool) -> Iterator[Any]:
        """Requests for the reports that the page links to, and sightings of those that are not fetched again."""
        for anchor in seen.report_links(in_channel=in_channel):
            url = self.canonical(anchor.url)
            self.monitor.report_listed(url, in_channel=in_channel)
            first, listed_on = url not in self._listed_on, self._listed_on.setdefault(url, [])
            if in_channel and seen.page.url not in listed_on:
                listed_on.append(seen.page.url)
            if in_channel and not self.known.knows(url):
                self._left.others.add(url)
            # Of several spellings one is enough, best that of the page itself: a mobile copy may leave tables out.
            if self._wants(url) and (first or anchor.url == url):
                yield self._report_request(anchor.url, anchor.text)
            elif in_channel and (self.known.knows(url) or not first):
                yield Sighting(url=url, channel=seen.page.url)

    async def parse_report(self, response: Response, anchor: str) -> AsyncIterator[Any]:
        """Pass the page to the pipelines as a Candidate; a known report as gone or unchanged where the answer says so.

        anchor: text of the link that led here.
        """
        is_page = response.status == 200 and wall_of(response) is None
        seen = await self._look(response) if is_page and needs_look(response.body, is_first=True) else None
        for found in self._report(response, anchor, seen):
            yield found

    def _report(self, response: Response, anchor: str, seen: Seen | None) -> Iterator[Any]:
        url = self.canonical(response.url)
        self._left.answered(url, self.canonical(first_asked(response)))
        if response.status in GONE:
            if self.known.knows(url):
                yield Gone(url=url, capture=response.meta["capture"])
            else:
                self.monitor.failed(url, f"HTTP {response.status}", outcome="not_found", role="report")
            return
        wall = wall_of(response)
        if url in self._left.asked and wall is None:
            self.monitor.report_unlisted(url, self.known.unlisted.get(url, 0))
        if NOT_MODIFIED in response.flags and self.known.knows(url):
            yield Sighting(url=url, checked=True)
            return
        if wall is not None:
            self.monitor.failed(url, wall[1], outcome=wall[0], role="report")
            return
        target = sent_on(response.body, seen)
        if target is not None:
            self._listed_on.setdefault(self.canonical(target), []).extend(self._places_of(response))
            self._left.answered(self.canonical(target), url)
            yield self._report_request(target, anchor)
            return
        candidate = candidate_of(response, url=url, anchor=anchor, listed_on=self._places_of(response))
        yield self._with_next_part(candidate, unread_parts(response.body, [response.url], [], seen), [response.url])

    async def parse_part(
        self, response: Response, candidate: Candidate, read: list[str], frames: list[str]
    ) -> AsyncIterator[Any]:
        """Add one page to an article that is split over several.

        read: URLs of its pages so far, the first one first. frames: URLs of the frames that are still to be read.
        """
        seen = await self._look(response) if needs_look(response.body, is_first=False) else None
        candidate, read = candidate.with_part(response.meta["capture"], response.body), [*read, response.url]
        yield self._with_next_part(candidate, unread_parts(response.body, read, frames, seen), read)

    def _with_next_part(self, candidate: Candidate, left: list[str], read: list[str]) -> Any:
        """The request for the next page of an article, or the whole article. left, read: URLs of its pages to come and so far."""
        if not left or len(read) > _PARTS:
            return candidate
        args: dict[str, Any] = {"candidate": candidate, "read": read, "frames": left[1:]}
        return self._request(left[0], self.parse_part, role="report", **args)

    def _places_of(self, response: Response) -> list[str]:
        """URLs of the lists that link to the report, by its own URL or by the one that redirects to it."""
        asked = self.canonical(first_asked(response))
        return self._listed_on.get(self.canonical(response.url)) or self._listed_on.get(asked, [])

    def on_error(self, failure: Failure) -> None:
        """Note in the monitor what could not be fetched, and why. Scrapy calls it for every request that failed."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy on every errback
        if failure.value is not None:
            note_failure(self.monitor, request, failure.value)

    def closed(self, reason: str) -> None:
        """End the child process of the reader. Scrapy calls it when the crawl is over."""
        del reason
        self._reader.close()
