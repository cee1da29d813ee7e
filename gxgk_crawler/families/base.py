"""The way through any portal: entry page, disclosure pages, annual-report channels, list pages, reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlsplit

import scrapy
from scrapy.spidermiddlewares.httperror import HttpError

from gxgk_crawler.errors import ConfigError
from gxgk_crawler.families import vocabulary
from gxgk_crawler.families.canonical import canonical_url
from gxgk_crawler.families.page import Anchor, Page, read_page
from gxgk_crawler.families.paging import next_page
from gxgk_crawler.health import Health
from gxgk_crawler.items import Candidate, Channel, Gone, Sighting
from gxgk_crawler.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from gxgk_crawler.portal import Portal

T = TypeVar("T")

_GONE = (404, 410)
_LIST_PRIORITY = 10  # lists before reports: what is new decides whether the old pages are walked at all
_DEPTH = 3  # disclosure pages between the entry page and a channel
_BREADTH = 12  # disclosure links followed from one page
_PAGES = 500  # pages of one list: the longest seen has about 130


class PortalSpider(scrapy.Spider):
    """Base of all families: everything but how one CMS names, links and pages its lists.

    A portal file sets `name` and `portal`; a family overrides the hooks `is_channel`, `is_report_link` and `next_page`.
    Spider argument recheck: which known reports are fetched again: all, due (in rotation) or none.
    """

    portal: ClassVar[Portal]
    family: ClassVar[str] = "generic"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if getattr(cls, "name", None) and not hasattr(cls, "portal"):
            raise ConfigError(f"spider {cls.name} names no Portal")

    def __init__(self, *, recheck: str = "due", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if recheck not in {"all", "due", "none"}:
            raise ConfigError(f"recheck must be all, due or none, not {recheck!r}")
        self.recheck = recheck
        self._places: dict[str, list[str]] = {}

    # -- hooks of a family

    def is_channel(self, anchor: Anchor) -> bool:
        """True when the link leads to a list of annual reports rather than to one report."""
        if vocabulary.has_year(anchor.text) and not self.looks_like_list(anchor.url):
            return False
        return vocabulary.is_channel_title(anchor.text)

    def looks_like_list(self, url: str) -> bool:
        """True when the shape of the URL is that of a list: a directory, or an index page in one."""
        last = urlsplit(url).path.rpartition("/")[2].lower()
        return last in {"", "index.html", "index.htm", "index.shtml", "index.jsp", "index"}

    def is_report_link(self, anchor: Anchor) -> bool:
        """True when a link of a channel page leads to a report."""
        if self.looks_like_list(anchor.url):
            return False
        return vocabulary.is_report_title(anchor.text) or (
            vocabulary.is_channel_slug(urlsplit(anchor.url).path) and vocabulary.may_be_report(anchor.text)
        )

    def next_page(self, page: Page) -> str | None:
        """URL of the list page that follows `page`, or None."""
        return next_page(page)

    # -- requests

    @property
    def ledger(self) -> Ledger:
        return self._extension(Ledger)

    @property
    def health(self) -> Health:
        return self._extension(Health)

    def _extension(self, cls: type[T]) -> T:
        found = self.crawler.get_extension(cls)
        if found is None:
            raise ConfigError(f"the extension {cls.__name__} is not enabled")
        return found

    async def start(self) -> AsyncIterator[Any]:
        """The entry page, the channels known from earlier crawls, and the known reports that are due."""
        yield self._request(self.portal.entry, self.parse_navigation, role="page", priority=2 * _LIST_PRIORITY, hops=0)
        for channel in self.ledger.channels:
            yield self._list_request(channel.url)
        for url in self.ledger.due(self.recheck):
            yield self._request(url, self.parse_report, role="report", anchor="")

    def _request(self, url: str, callback: Any, *, role: str, priority: int = 0, **kwargs: Any) -> scrapy.Request:
        meta: dict[str, Any] = {"role": role}
        if role == "report":
            meta["handle_httpstatus_list"] = list(_GONE)
        if self.portal.proxy:
            meta["proxy"] = self.portal.proxy
        return scrapy.Request(url, callback, errback=self.on_error, priority=priority, meta=meta, cb_kwargs=kwargs)

    def _list_request(self, url: str, number: int = 1) -> scrapy.Request:
        return self._request(url, self.parse_list, role="list", priority=_LIST_PRIORITY, number=number)

    # -- callbacks

    def parse_navigation(self, response: Response, hops: int) -> Iterator[Any]:
        """Find the annual-report channels, or the disclosure pages that may link to them."""
        page = self._page(response)
        channels = [a for a in self._own(page.anchors) if self.is_channel(a)]
        for anchor in channels:
            yield Channel(url=anchor.url, title=anchor.text, parent=page.url)
            yield self._list_request(anchor.url)
        yield from self._reports(page, strict=True)
        if hops >= _DEPTH:
            return
        further = [a for a in self._own(page.anchors) if vocabulary.is_disclosure_title(a.text) and a not in channels]
        for anchor in further[:_BREADTH]:
            yield self._request(
                anchor.url, self.parse_navigation, role="page", priority=_LIST_PRIORITY - hops, hops=hops + 1
            )

    def parse_list(self, response: Response, number: int) -> Iterator[Any]:
        """Follow the reports of one list page, its sub-channels, and the next page unless all of this one is known."""
        page = self._page(response)
        self.health.list_seen(page.url)
        for anchor in self._own(page.anchors):
            if self.is_channel(anchor) and self.looks_like_list(anchor.url) and anchor.url != page.url:
                yield Channel(url=anchor.url, title=anchor.text, parent=page.url)
                yield self._list_request(anchor.url)
        reports = list(self._reports(page, strict=False))
        yield from reports
        following = self.next_page(page)
        news = any(isinstance(r, scrapy.Request) for r in reports)
        if following and number < _PAGES and (news or not self.ledger.complete or self.recheck == "all"):
            yield self._list_request(following, number + 1)

    def _reports(self, page: Page, *, strict: bool) -> Iterator[Any]:
        """Requests for the reports that the page links to, and sightings of those that need no second look."""
        for anchor in self._own(page.anchors):
            if not (vocabulary.is_report_title(anchor.text) if strict else self.is_report_link(anchor)):
                continue
            url = self.canonical(anchor.url)
            self.health.report_listed(url)
            places = self._places.setdefault(url, [])
            if not strict and page.url not in places:
                places.append(page.url)
            if self.ledger.wants(url, self.recheck):
                yield self._request(anchor.url, self.parse_report, role="report", anchor=anchor.text)
            elif not strict:
                yield Sighting(url=url, channel=page.url)

    def parse_report(self, response: Response, anchor: str) -> Iterator[Any]:
        """Hand the page on to be read; a known report that is gone is said to be gone."""
        url = self.canonical(
            response.url if "redirect_urls" not in response.meta else response.meta["redirect_urls"][0]
        )
        if response.status in _GONE:
            if self.ledger.knows(url):
                yield Gone(url=url, capture=response.meta["capture"])
            else:
                self.health.failed(response.url, f"HTTP {response.status}", outcome="not_found")
            return
        media_type, charset = _content_type(response)
        yield Candidate(
            url=url,
            capture=response.meta["capture"],
            body=response.body,
            media_type=media_type,
            charset=charset,
            anchor=anchor,
            channels=self._places.get(url, []),
        )

    def on_error(self, failure: Failure) -> None:
        """Write down what could not be fetched, and why."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy on every errback
        error = failure.value
        if isinstance(error, HttpError):
            self.health.refused_by(error.response)
        elif error is not None:
            self.health.failed_with(request, error)

    # -- small things

    def canonical(self, url: str) -> str:
        """The key of a report on this portal; its own hosts are entered by one scheme."""
        host = urlsplit(url).hostname or ""
        return canonical_url(url, urlsplit(self.portal.entry).scheme if self.portal.owns(host) else None)

    def _own(self, anchors: list[Anchor]) -> list[Anchor]:
        return [a for a in anchors if self.portal.owns(urlsplit(a.url).hostname or "")]

    def _page(self, response: Response) -> Page:
        return read_page(response.body, response.url, _content_type(response)[1])


def _content_type(response: Response) -> tuple[str | None, str | None]:
    """Media type and charset as the header states them."""
    header = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    media_type, _, parameters = header.partition(";")
    charset = parameters.lower().partition("charset=")[2].strip(" \"';")
    return media_type.strip().lower() or None, charset or None
