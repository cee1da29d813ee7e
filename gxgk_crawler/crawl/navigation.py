"""What the walk makes of one page: its family, its links by kind, its next page. Pure: bytes and hooks in, links out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import re2

from gxgk_crawler.crawl.hooks import Hooks, SisterHosts
from gxgk_crawler.families import vocabulary
from gxgk_crawler.families.detection import detect
from gxgk_crawler.families.page import MOST_LINKS, Anchor, read_page
from gxgk_crawler.families.redirects import redirect_of
from gxgk_crawler.families.scripts.script_lists import list_sources
from gxgk_crawler.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.families.family import Family
    from gxgk_crawler.families.following import Following
    from gxgk_crawler.families.page import Page

BREADTH = 12  # disclosure links followed from one page
_MOST_FRAMES = 4
_MOST_DOORS = 3
_TITLE_SHOWN = 60  # characters
_MOST_ALONE = 500  # links of one page that are left alone and named
_YEARS_OF_A_LIST = 5  # reports of fewer years stand on home pages too
_TITLE_PARTS = re2.compile(r"\s*[-_|—–]+\s*")
CUT = f"the page has more than {MOST_LINKS} links; the others were not read"

Pair = tuple[str, str]


@dataclass(kw_only=True, eq=False)
class Seen:
    """What the walk makes of one page. Each attribute is computed when it is first read.

    page: the page as read. cms: the family that it is read by. evidence: the marks of that family on this page; empty when
    there are none, and `cms` is the portal's own family. hooks: those of the portal. Attributes that end in `_links` hold
    anchors in the order of the page, and only links to the portal itself; the others hold pairs (url, text), each once.
    """

    page: Page
    cms: Family
    evidence: list[str]
    hooks: Hooks

    @cached_property
    def own_links(self) -> list[Anchor]:
        """The links that stay on the portal."""
        return [anchor for anchor in self._all_links if self.hooks.is_own(anchor.url)]

    @cached_property
    def channel_links(self) -> list[Anchor]:
        """Links to channels of annual reports, as a navigation page has them."""
        return [anchor for anchor in self.own_links if self.hooks.is_channel(anchor, self.cms)]

    @cached_property
    def sub_channel_links(self) -> list[Anchor]:
        """Links to channels from a page that is a channel's list itself."""
        return [anchor for anchor in self.own_links if self._is_sub_channel(anchor)]

    @cached_property
    def disclosure_links(self) -> list[Anchor]:
        """Links to disclosure pages, which may lead to the channels; those to the channels themselves are left out."""
        channels = set(self.channel_links)
        further = [anchor for anchor in self.own_links if anchor not in channels]
        named = [anchor for anchor in further if vocabulary.is_disclosure_title(anchor.text)]
        others = (anchor for anchor in further if not vocabulary.is_disclosure_title(anchor.text))
        doors = (anchor for anchor in others if vocabulary.is_disclosure_door(anchor.url))
        return [*named, *islice(doors, _MOST_DOORS)]

    def report_links(self, *, in_channel: bool) -> list[Anchor]:
        """Links to reports; none of them is a channel too. in_channel: the page is the list of a channel, where a shorter
        title is enough.
        """
        return self._reports_of_list if in_channel else self._reports_elsewhere

    @cached_property
    def _reports_of_list(self) -> list[Anchor]:
        return self._reports(beside=self.sub_channel_links, in_channel=True)

    @cached_property
    def _reports_elsewhere(self) -> list[Anchor]:
        return self._reports(beside=self.channel_links, in_channel=False)

    def _reports(self, *, beside: list[Anchor], in_channel: bool) -> list[Anchor]:
        channels = {anchor.url for anchor in beside}
        return [
            anchor
            for anchor in self.own_links
            if anchor.url not in channels and self.hooks.is_report_link(anchor, self.cms, in_channel=in_channel)
        ]

    @cached_property
    def long_links(self) -> list[Anchor]:
        """Links to the portal itself that are too long to be requested; `url` is the beginning of their address."""
        return [anchor for anchor in self.page.long_links if self.hooks.is_own(anchor.url)]

    @property
    def is_cut(self) -> bool:
        """True when the page has more links than are read."""
        return self.page.is_cut or len(self._found_links) > MOST_LINKS

    @cached_property
    def outside_hosts(self) -> list[str]:
        """The host of each link to a report that leads to another government site."""
        hosts = (
            urlsplit(anchor.url).hostname or ""
            for anchor in self._all_links
            if vocabulary.is_report_title(anchor.text) and not self.hooks.is_own(anchor.url)
        )
        return [host for host in hosts if host.endswith(".gov.cn")]

    @cached_property
    def left_alone(self) -> list[Pair]:
        """Links that look like reports and are followed as nothing: URL and reason."""
        kinds = (self._reports_of_list, self._reports_elsewhere, self.channel_links, self.sub_channel_links)
        followed = {anchor.url for anchors in kinds for anchor in anchors}
        found: dict[str, str] = {}
        for anchor in self._all_links:
            reason = self._why_alone(anchor) if anchor.url not in followed and anchor.url not in found else ""
            if reason:
                found[anchor.url] = reason
            if len(found) >= _MOST_ALONE:
                break
        return list(found.items())

    def _why_alone(self, anchor: Anchor) -> str:
        """Why a link that looks like a report is not followed; empty for one that does not look so."""
        if not vocabulary.speaks_of_report(anchor.text):
            return ""
        if not self.hooks.is_own(anchor.url):
            return f"on a host outside the portal: {anchor.text[:_TITLE_SHOWN]}"
        if vocabulary.names_something_else(anchor.text):
            return f"not a report by its title: {anchor.text[:_TITLE_SHOWN]}"
        return (
            f"leads to a list, not to a report: {anchor.text[:_TITLE_SHOWN]}"
            if vocabulary.has_year(anchor.text)
            else ""
        )

    @cached_property
    def own_frames(self) -> list[str]:
        """URLs of the portal's own pages that the page shows in frames."""
        return [url for url in self.page.frames if self.hooks.is_own(url)][:_MOST_FRAMES]

    @cached_property
    def list_sources(self) -> list[str]:
        """What may hold the list that a script fills, where it is the portal's own; see script_lists.list_sources."""
        return [url for url in list_sources(self.page.html, self.page.url) if self.hooks.is_own(url)]

    @property
    def unopened_lists(self) -> list[str]:
        """Words of the years, bodies and groups of bodies whose lists only a script opens, without saying where."""
        return [
            words
            for words, asks in self.page.unopened.items()
            if asks == "asks" and (vocabulary.is_bare_year(words) or vocabulary.is_body_or_group(words))
        ]

    @property
    def gaps(self) -> list[str]:
        """What of this list cannot be read, each in a few words."""
        words = self.unopened_lists
        unopened = [f"{len(words)} list(s) are opened by a script alone: {'、'.join(words[:3])}"] if words else []
        return [CUT, *unopened] if self.is_cut else unopened

    @cached_property
    def is_list_itself(self) -> bool:
        """True when the page is a list of annual reports by its own title, its address, or reports of many years."""
        title = _TITLE_PARTS.split(self.page.title.strip(), 1)[0]
        itself = Anchor(url=self.page.url, text=title)
        if not self.cms.is_article(self.page.url) and self.hooks.is_channel(itself, self.cms):
            return True
        years = {year for anchor in self.report_links(in_channel=False) for year in vocabulary.years_in(anchor.text)}
        return len(years) >= _YEARS_OF_A_LIST

    @cached_property
    def is_report_itself(self) -> bool:
        """True when the page has the address of an article, or names itself a report of one year and lists none."""
        if self.page.html.lstrip()[:1] in {"{", "["} or self.page.html.lstrip()[:5] == "<?xml":  # an answer of an API
            return False
        title = _TITLE_PARTS.split(self.page.title.strip(), 1)[0]
        if vocabulary.is_collection_title(title) or self._shows_newest_year:
            return False
        lists_none = not self.report_links(in_channel=True)
        if vocabulary.is_report_title(title) and vocabulary.has_year(title):
            return lists_none or self.cms.is_article(self.page.url)
        return lists_none and self.cms.is_article(self.page.url) and not vocabulary.is_channel_title(title)

    @property
    def _shows_newest_year(self) -> bool:
        """True when the page shows the newest report below links to every year: the same address with the year added to its query."""
        here = urlsplit(self.page.url)
        given = set(parse_qsl(here.query))
        years = [urlsplit(anchor.url) for anchor in self.own_links if vocabulary.is_bare_year(anchor.text)]
        added = [year for year in years if year.path == here.path and given < set(parse_qsl(year.query))]
        return len(added) > 1

    @cached_property
    def following(self) -> Following | None:
        """The next page of the list; None on its last page."""
        return self.hooks.next_pages(self.page, self.cms)

    @property
    def is_fragment(self) -> bool:
        """True when the answer is a part of a page, as a script fetches it, rather than a page of its own."""
        return not self.page.title and "<body" not in self.page.html.lower()

    @property
    def family(self) -> str:
        """Name of the family."""
        return self.cms.name

    @property
    def anchors(self) -> list[Pair]:
        """All links, those of other sites included."""
        return _pairs(self._all_links)

    @property
    def own(self) -> set[str]:
        """URLs of the links that stay on the portal."""
        return {anchor.url for anchor in self.own_links}

    @property
    def channels(self) -> list[Pair]:
        return _pairs(self.channel_links)

    @property
    def sub_channels(self) -> list[Pair]:
        return _pairs(self.sub_channel_links)

    @property
    def followed(self) -> list[Pair]:
        """The disclosure links that are followed: the first BREADTH of them."""
        return _pairs(self.disclosure_links[:BREADTH])

    @property
    def uncut(self) -> set[str]:
        """URLs of all disclosure links, followed or not."""
        return {anchor.url for anchor in self.disclosure_links}

    @property
    def reports(self) -> list[Pair]:
        """Links to reports where the page is no channel's list."""
        return _pairs(self.report_links(in_channel=False))

    @property
    def reports_in_channel(self) -> list[Pair]:
        return _pairs(self.report_links(in_channel=True))

    @property
    def next_urls(self) -> list[str] | None:
        """URLs of which one is the next page of the list; None when the list ends here."""
        return self.following.urls if self.following is not None else None

    @cached_property
    def redirect(self) -> str | None:
        """Where the page sends its reader, by a meta refresh or a script; Scrapy follows the former before the spider sees it."""
        return redirect_of(self.page)

    @cached_property
    def _found_links(self) -> list[Anchor]:
        return self.cms.anchors(self.page)

    @property
    def _all_links(self) -> list[Anchor]:
        return self._found_links[:MOST_LINKS]

    def _is_sub_channel(self, anchor: Anchor) -> bool:
        """A list below the directory of this one (one per year, per department), or a channel by its own words."""
        if anchor.url == self.page.url:
            return False
        if vocabulary.is_bare_year(anchor.text) and not self.cms.is_article(anchor.url):
            return True
        if vocabulary.is_collection_title(anchor.text):
            return True
        if vocabulary.is_body_or_group(anchor.text) and (anchor.by_script or self._is_beside(anchor.url)):
            return True
        if not self.cms.is_list(anchor.url) or vocabulary.is_pager(anchor.text):
            return False
        here, there = (urlsplit(url) for url in (self.page.url, anchor.url))
        directory = here.path.rpartition("/")[0] + "/"
        below = here.netloc == there.netloc and directory != "/" and there.path.startswith(directory)
        deeper = there.path.rpartition("/")[0] + "/" != directory
        return (below and deeper) or self.hooks.is_channel(anchor, self.cms)

    def _is_beside(self, url: str) -> bool:
        """True when the URL is this page's with another value in its query, or lies in this page's directory where that is named
        after annual reports; in `/channels/` or `/info/` everything lies.
        """
        here, there = urlsplit(self.page.url), urlsplit(url)
        if here.netloc != there.netloc:
            return False
        if here.path == there.path and there.query:
            given, asked = dict(parse_qsl(here.query)), dict(parse_qsl(there.query))
            return given.keys() == asked.keys() or not given
        directory = here.path.rpartition("/")[0] + "/"
        return vocabulary.is_channel_slug(directory) and there.path.startswith(directory)


def look(
    body: bytes, url: str, *, charset: str | None = None, hooks: Hooks | None = None, otherwise: Family | None = None
) -> Seen:
    """What the walk makes of one page; the spider walks by this very function.

    body: content-decoded entity. url: absolute, where the page was served. charset: as the HTTP header states it.
    hooks: those of the portal; by default those of a portal that is entered at `url` and has no file.
    otherwise: the portal's family, used when the page carries no mark of any; by default the generic one.
    Raises ConfigError when there are no hooks and `url` is no http or https URL.
    """
    return seen_on(read_page(body, url, charset), hooks=hooks, otherwise=otherwise)


def seen_on(page: Page, *, hooks: Hooks | None = None, otherwise: Family | None = None) -> Seen:
    """What `look` gives, of a page that is read already."""
    if hooks is None:
        hooks = SisterHosts()
        hooks.portal = Portal.entered_at(page.url)
    family, evidence = detect(page)
    cms = family if evidence or otherwise is None else otherwise
    return Seen(page=page, cms=cms, evidence=evidence, hooks=hooks)


def _pairs(anchors: Iterable[Anchor]) -> list[Pair]:
    return list(dict.fromkeys((anchor.url, anchor.text) for anchor in anchors))
