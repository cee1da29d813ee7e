"""One list on the way: which page comes next, whether it brings anything new, and whether the list keeps its promises. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.families.following import Following
from gxgk_crawler.families.lists.script_pagers import printed_pages, printed_records

if TYPE_CHECKING:
    from gxgk_crawler.crawl.navigation import Seen


@dataclass(slots=True, kw_only=True)
class ListWalk:
    """One list of a channel. links: URLs that its pages link to so far. entries: those of them with the shape of an article.

    pages, records: the most that one of its pages says it has. pattern: how a script of its first page builds the addresses of the
    others, which are parts of a page without a script of their own. missing: known reports that its pages showed in an earlier crawl
    and have not shown yet. new: how many reports of its pages are new; so many may have moved to a later page.
    """

    links: set[str] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    pages: int = 0
    records: int = 0
    pattern: str | None = None
    missing: set[str] = field(default_factory=set)
    new: int = 0

    def take(self, seen: Seen) -> bool:
        """Add the links of one page; False when it shows nothing that the pages before it did not show."""
        links = {anchor.url for anchor in seen.own_links}
        news = not links <= self.links
        self.links |= links
        self.entries |= {url for url in links if seen.cms.is_article(url)}
        self.entries |= {anchor.url for anchor in seen.report_links(in_channel=True)}
        self.pages = max(self.pages, printed_pages(seen.page.html) or 0)
        self.records = max(self.records, printed_records(seen.page.html) or 0)
        return news

    def following(self, seen: Seen, number: int) -> Following | None:
        """The page after number `number` (from 1), which is `seen`: by the page itself, else as the first page builds addresses."""
        following = seen.following
        if following is not None:
            self.pattern = following.pattern or self.pattern
            return following
        if self.pattern is None or number >= self.pages or not seen.is_fragment:
            return None
        return Following(urls=[self.pattern.replace("{}", str(number + 1))])

    def broken_promise(self, number: int) -> str | None:
        """Why the list cannot have ended with page `number` (from 1), in a few words; None when it may have.

        Links of the site's frame with the shape of an article count as entries too, so only a clear lack is seen.
        """
        if self.records and len(self.entries) >= self.records:  # one answer may hold several pages
            return None
        if self.pages > number:
            return f"the list names {self.pages} pages, {number} could be read"
        if self.records > len(self.entries) and self.records > len(self.links):
            return f"the list names {self.records} entries, {len(self.entries)} were found"
        return None


@dataclass(slots=True, kw_only=True)
class Attempt:
    """A group of requests for guessed URLs of one list page, of which one should exist.

    left: how many have not answered 404 or 410 yet. certain: it is a failure when none exists. found: one was read.
    """

    left: int
    certain: bool
    found: bool = False

    def may_miss(self) -> bool:
        """Count one that answered 404 or 410; True when that is no failure: another was read, may still come, or none need exist."""
        self.left -= 1
        return self.found or self.left > 0 or not self.certain


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a list page stands. number: of the page in its list, from 1. level: of the channel below other channels, from 1.

    attempt: the group of requests that this one belongs to. walk: the pages of the list so far. shown_on: URL of the page that links
    to the list; empty for a known channel.
    """

    number: int = 1
    level: int = 1
    attempt: Attempt = field(default_factory=lambda: Attempt(left=1, certain=False))
    walk: ListWalk = field(default_factory=ListWalk)
    shown_on: str = ""
