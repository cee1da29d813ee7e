"""Known reports that no list shows any more: found when the lists have been read, and asked for once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gxgk_crawler.crawl.known_pages import KnownPages
    from gxgk_crawler.crawl.verdict import CrawlFacts
    from gxgk_crawler.crawl.walk.list_walk import ListWalk

_MOST_ASKED = 20  # reports of one crawl


@dataclass(slots=True, kw_only=True)
class LeftLists:
    """The reports of one crawl that may have left their lists.

    asked: canonical URLs of those whose page is asked for. cut_short: a list was left before its end, because its page showed
    nothing new; what it does not show may stand on a page that was not read. missing: of the lists that were read to the end.
    led_to: URLs of reports that a list reached under another address. others: URLs in lists that are no known report and have not shown
    a page of their own; each may be the other address of a report. Scrapy drops a redirect to a page that is asked for anyway, so
    the others are asked for once more before a report counts as left. tried: those that were.
    """

    asked: set[str] = field(default_factory=set)
    cut_short: bool = False
    missing: set[str] = field(default_factory=set)
    led_to: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)

    def goes_on(self, walk: ListWalk, stood_here: set[str], facts: CrawlFacts) -> bool:
        """True when reports that stood on a page of the list are on none so far, and new ones before them do not explain it.

        stood_here: the reports that the page showed in an earlier crawl.
        """
        walk.missing |= stood_here
        return len(walk.missing - facts.listed) > walk.new

    def answered(self, url: str, asked: str) -> None:
        """Take in that a page of a report answered. url: its own, canonical. asked: the canonical URL that redirected to it, or its own."""
        if url != asked:
            self.led_to.add(url)
        self.others -= {url, asked}

    def ended(self, walk: ListWalk, *, cut_short: bool) -> None:
        """Take in a list that is left. cut_short: it has further pages."""
        if cut_short:
            self.cut_short = True
        else:
            self.missing |= walk.missing

    def to_ask(self, known: KnownPages, facts: CrawlFacts) -> list[str]:
        """URLs to ask for now that all lists are read, each once: first the others, where they may lead to what no list shows, then
        the reports that no list shows.
        """
        if not facts.listed or facts.storage or any(failed.role == "list" for failed in facts.failed):
            return []
        left = self.missing if self.cut_short else set(known.listed_on)
        left = left - facts.listed - self.led_to
        if len(left) <= len(self.others):
            return []
        untried = sorted(self.others - self.tried)[:_MOST_ASKED]
        if untried:
            self.tried |= set(untried)
            return untried
        found = sorted(left - self.asked)[: _MOST_ASKED - len(self.asked)]
        self.asked |= set(found)
        return found
