"""A first look at a portal: its family with the evidence, its channels, and one report as a sample, from few requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import re2
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from gxgk_crawler.crawl.responses import content_type
from gxgk_crawler.crawl.url_spider import UrlSpider
from gxgk_crawler.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    import scrapy
    from scrapy.http import Response

    from gxgk_crawler.crawl.navigation import Seen
    from gxgk_crawler.items import Capture

_META = re2.compile(
    r"""(?i)<meta\s[^<>]*name\s*=\s*['"]?(SiteName|SiteIDCode)['"]?[^<>]*content\s*=\s*['"]([^'"<>]*)['"]"""
)
_SITE_CODE = re2.compile(r"网站标识码[^0-9a-z]{0,8}(\d{10}|bm\d{8})")
_HOPS = 3
_BREADTH = 4


@dataclass(slots=True, kw_only=True)
class Sample:
    """One page that a list calls a report, as it was served. url: canonical. anchor: text of the link to it."""

    capture: Capture
    url: str
    anchor: str
    body: bytes
    media_type: str | None
    charset: str | None


@dataclass(slots=True, kw_only=True)
class Survey:
    """What a first look found.

    evidence: [(url, family, marks)] of every page looked at. title, site_code: as the portal prints them. channels: URLs and
    titles of the annual-report channels found. sample: a report, or None.
    """

    evidence: list[tuple[str, str, list[str]]] = field(default_factory=list)
    title: str | None = None
    site_code: str | None = None
    channels: dict[str, str] = field(default_factory=dict)
    sample: Sample | None = None

    @property
    def family(self) -> str:
        """The family that most pages name; generic when none names one."""
        votes = Counter(family for _, family, marks in self.evidence if marks)
        return votes.most_common(1)[0][0] if votes else "generic"


class SurveySpider(UrlSpider):
    """Walks from the entry page to one channel and one report. It writes to the archive, and is no crawl of record."""

    name = "survey"

    def __init__(self, url: str = "", further: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(url, **kwargs)
        self.survey = Survey()
        self._further = further

    async def start(self) -> AsyncIterator[Any]:
        """Request the entry page and the further lists that are known. Scrapy calls it when the crawl starts."""
        yield self._request(self.portal.entry, self.look_at_entry, role="page", hops=0)
        for url in self._further:
            yield self._request(url, self.look_at_entry, role="page", hops=_HOPS)

    async def look_at_entry(self, response: Response, hops: int) -> AsyncIterator[scrapy.Request]:
        """Request the first channel, or the disclosure pages that may link to one. Scrapy calls it with a navigation page."""
        seen = await self._look(response)
        if seen is None:
            return
        self._note(seen)
        if seen.redirect is not None and self.is_own(seen.redirect) and hops < _HOPS:
            yield self._request(seen.redirect, self.look_at_entry, role="page", hops=hops + 1)
            return
        if seen.is_list_itself:
            for request in self._from_list(seen, level=1):
                yield request
        for anchor in seen.channel_links:
            self.survey.channels.setdefault(anchor.url, anchor.text)
        if seen.channel_links:
            yield self._request(seen.channel_links[0].url, self.look_at_list, role="list", priority=10, level=1)
        elif hops < _HOPS:
            for url in [*(anchor.url for anchor in seen.disclosure_links[:_BREADTH]), *seen.own_frames]:
                yield self._request(url, self.look_at_entry, role="page", hops=hops + 1)

    async def look_at_list(self, response: Response, level: int) -> AsyncIterator[scrapy.Request]:
        """Request the first report, or the first list below this one. Scrapy calls it with a list page."""
        seen = await self._look(response)
        if seen is None:
            return
        self._note(seen)
        for request in self._from_list(seen, level):
            yield request

    def _from_list(self, seen: Seen, level: int) -> Iterator[scrapy.Request]:
        report = next(iter(seen.report_links(in_channel=True)), None)
        if report is not None:
            yield self._request(report.url, self.look_at_report, role="report", priority=20, anchor=report.text)
        elif seen.sub_channel_links and level < _HOPS:
            below = seen.sub_channel_links[0]
            yield self._request(below.url, self.look_at_list, role="list", priority=10, level=level + 1)
        elif level < _HOPS:
            for url in [*seen.own_frames, *seen.list_sources]:
                yield self._request(url, self.look_at_list, role="list", priority=10, level=level + 1)

    async def look_at_report(self, response: Response, anchor: str) -> None:
        """Keep the page as the sample. Scrapy calls it with a report."""
        seen = await self._look(response)
        if seen is None or response.status != 200:
            return
        self._note(seen)
        media_type, charset = content_type(response)
        self.survey.sample = self.survey.sample or Sample(
            capture=response.meta["capture"],
            url=self.canonical(response.url),
            anchor=anchor,
            body=response.body,
            media_type=media_type,
            charset=charset,
        )

    def _note(self, seen: Seen) -> None:
        self.survey.evidence.append((seen.page.url, seen.family, seen.evidence))
        title, code = site_facts(seen.page.html)
        self.survey.title = self.survey.title or title
        self.survey.site_code = self.survey.site_code or code


def site_facts(html: str) -> tuple[str | None, str | None]:
    """(title, site code) of the portal that a page is of, as its metas or its foot state them; None for what neither states."""
    metas = {name.lower(): value.strip() for name, value in _META.findall(html)}
    code = _SITE_CODE.search(html)
    return metas.get("sitename") or None, metas.get("siteidcode") or (code.group(1) if code else None)


def survey_portal(url: str, overrides: Mapping[str, str], further: tuple[str, ...] = ()) -> Survey:
    """Look at the portal that is entered at `url`, in this process; a process can do it once.

    overrides: Scrapy settings that win over all others. further: lists of reports that are known besides. Raises ConfigError for a
    URL that cannot be requested, NotFoundError when the entry page cannot be fetched.
    """
    SurveySpider(url)  # raises ConfigError before anything is opened
    settings = Settings()
    settings.setmodule("gxgk_crawler.settings", priority="project")
    settings.setdict({"ITEM_PIPELINES": {}, "LOG_LEVEL": "ERROR"}, priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SurveySpider)
    process.crawl(crawler, url=url, further=further)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, SurveySpider):
        raise ConfigError(f"{url} cannot be looked at")
    if not spider.survey.evidence:
        failed = spider.monitor.facts.failed
        raise NotFoundError(f"{url}: {failed[0].reason if failed else 'no page was found'}")
    return spider.survey
