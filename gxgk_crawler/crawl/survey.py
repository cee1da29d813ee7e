"""A first look at a portal: its family with the evidence, its channels, and one report as a sample. It asks for few pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import re2

from gxgk_crawler.crawl.spider import content_type
from gxgk_crawler.crawl.url_spider import UrlSpider
from gxgk_crawler.families import vocabulary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import scrapy
    from scrapy.http import Response

    from gxgk_crawler.families.family import Family
    from gxgk_crawler.families.page import Page
    from gxgk_crawler.items import Capture

_META = re2.compile(
    r"""(?i)<meta\s[^<>]*name\s*=\s*['"]?(SiteName|SiteIDCode)['"]?[^<>]*content\s*=\s*['"]([^'"<>]*)['"]"""
)
_SITE_CODE = re2.compile(r"网站标识码[^0-9a-z]{0,8}(\d{10}|bm\d{8})")
_HOPS = 3
_BREADTH = 4


@dataclass(slots=True, kw_only=True)
class Sample:
    """One page that the list calls a report, as it was served."""

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
    """Walks from the entry page to one channel and one report, and stores nothing but the archive's records."""

    name = "survey"

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        super().__init__(url, **kwargs)
        self.survey = Survey()

    async def start(self) -> AsyncIterator[Any]:
        yield self._request(self.portal.entry, self.look, role="page", hops=0)

    def look(self, response: Response, hops: int) -> Iterator[scrapy.Request]:
        """One navigation page: on to the first channel, or towards the disclosure pages."""
        page, family = self._page(response)
        if page is None:
            return
        self._note(page, family)
        own = self._own(family.anchors(page))
        channels = [a for a in own if self.is_channel(a, family)]
        for anchor in channels:
            self.survey.channels.setdefault(anchor.url, anchor.text)
        if channels:
            yield self._request(channels[0].url, self.look_at_list, role="list", priority=10, level=1)
        elif hops < _HOPS:
            further = [a for a in own if vocabulary.is_disclosure_title(a.text)]
            for anchor in further[:_BREADTH]:
                yield self._request(anchor.url, self.look, role="page", hops=hops + 1)

    def look_at_list(self, response: Response, level: int) -> Iterator[scrapy.Request]:
        """A list page: on to its first report, or to the first list below it."""
        page, family = self._page(response)
        if page is None:
            return
        self._note(page, family)
        own = self._own(family.anchors(page))
        report = next((a for a in own if self.is_report_link(a, family, in_channel=True)), None)
        if report is not None:
            yield self._request(report.url, self.look_at_report, role="report", priority=20, anchor=report.text)
            return
        below = [a for a in own if self._is_sub_channel(a, page, family)]
        if below and level < _HOPS:
            yield self._request(below[0].url, self.look_at_list, role="list", priority=10, level=level + 1)

    def look_at_report(self, response: Response, anchor: str) -> None:
        """The sample."""
        page, family = self._page(response)
        if page is None or response.status != 200:
            return
        self._note(page, family)
        media_type, charset = content_type(response)
        self.survey.sample = self.survey.sample or Sample(
            capture=response.meta["capture"],
            url=self.canonical(response.url),
            anchor=anchor,
            body=response.body,
            media_type=media_type,
            charset=charset,
        )

    def _note(self, page: Page, family: Family) -> None:
        self.survey.evidence.append((page.url, family.name, family.evidence(page)))
        metas = {name.lower(): value.strip() for name, value in _META.findall(page.html)}
        code = _SITE_CODE.search(page.html)
        self.survey.title = self.survey.title or metas.get("sitename") or None
        self.survey.site_code = self.survey.site_code or metas.get("siteidcode") or (code.group(1) if code else None)
