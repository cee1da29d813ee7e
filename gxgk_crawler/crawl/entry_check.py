"""Asks the entry pages of portals, one or two requests each, with the manners of a crawl. It is no crawl of record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError

from gxgk_crawler.analysis.registry_check import EntryAnswer
from gxgk_crawler.crawl.middlewares.robots import NotNowError
from gxgk_crawler.crawl.responses import content_type, wall_of
from gxgk_crawler.crawl.survey import site_facts
from gxgk_crawler.crawl.url_spider import UrlSpider
from gxgk_crawler.crawl.verdict import judge_exception, judge_response
from gxgk_crawler.families.page import read_page
from gxgk_crawler.families.redirects import redirect_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from scrapy.http import Response
    from twisted.python.failure import Failure

_HOPS = 3  # pages that only send on
_TRIES = 1  # after the first
_TIMEOUT = 30  # seconds


class EntrySpider(UrlSpider):
    """Asks one page of each portal. answers: what they answered, by name."""

    name = "entries"

    def __init__(self, entries: Mapping[str, str]) -> None:
        super().__init__("https://unknown.invalid/")
        self._entries = entries
        self.answers: dict[str, EntryAnswer] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Request every entry page. Scrapy calls it when the crawl starts."""
        for name, url in self._entries.items():
            yield self._asking(name, url, 0)

    def _asking(self, portal: str, url: str, hops: int) -> scrapy.Request:
        meta = {"role": "page", "max_retry_times": _TRIES, "download_timeout": _TIMEOUT}
        given = {"portal": portal, "hops": hops}
        return scrapy.Request(url, self.read, errback=self.fail, meta=meta, cb_kwargs=given, dont_filter=True)

    def read(self, response: Response, portal: str, hops: int) -> Iterator[scrapy.Request]:
        """Take in a page, or follow it when it only sends on. Scrapy calls it with an entry page."""
        wall = wall_of(response)
        if wall is not None:
            self.answers[portal] = EntryAnswer(url=response.url, outcome=wall[0], reason=wall[1])
            return
        page = read_page(response.body, response.url, content_type(response)[1])
        further = redirect_of(page)
        if further is not None and hops < _HOPS:
            yield self._asking(portal, further, hops + 1)
            return
        title, code = site_facts(page.html)
        self.answers[portal] = EntryAnswer(
            url=response.url, title=f"{page.title} {title or ''}".strip(), site_code=code
        )

    def fail(self, failure: Failure) -> None:
        """Take in why there is no page. Scrapy calls it for a request that failed."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy on every errback
        error = failure.value
        if isinstance(error, HttpError):
            headers = {key.lower(): error.response.headers.get(key) or b"" for key in error.response.headers}
            outcome, reason = judge_response(error.response.status, headers, error.response.body)
        elif isinstance(error, IgnoreRequest) and not isinstance(error, NotNowError):
            outcome, reason = "blocked", str(error)
        else:
            assert error is not None
            outcome, reason = judge_exception(error)
        self.answers[request.cb_kwargs["portal"]] = EntryAnswer(url=request.url, outcome=outcome, reason=reason)


def ask_entries(entries: Mapping[str, str], overrides: Mapping[str, str]) -> dict[str, EntryAnswer]:
    """What the entry pages answer, by name; a process can ask once.

    entries: name -> URL. overrides: Scrapy settings that win over all others.
    """
    settings = Settings()
    settings.setmodule("gxgk_crawler.settings", priority="project")
    settings.setdict({"ITEM_PIPELINES": {}, "LOG_LEVEL": "ERROR"}, priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(EntrySpider)
    process.crawl(crawler, entries=entries)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, EntrySpider)
    return spider.answers
