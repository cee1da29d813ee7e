"""Decides from earlier crawls which pages a crawl fetches, and which it reads from the archive. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from gxgk_crawler.items import Capture, Channel
    from gxgk_crawler.store.known import FetchedPage, KeptFile

UNLISTED = "no list shows the report any more, though its page answers"
RECHECK = timedelta(days=30)  # every known report is fetched again within this time, and no file more often
_MISSING = frozenset({404, 410})
_RETRY_MISSING = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class KnownPages:
    """The pages of one portal as earlier crawls left them.

    channels: its lists of reports. complete: the last crawl ended well and missed nothing, so a list page of known reports
    means that all pages behind it are known too. reports: canonical URL -> when it was last fetched or found unchanged.
    addresses: canonical URL of a report that was read from a mobile copy -> URL of the copy; the page itself may not exist.
    tampered: canonical URLs of reports that carry foreign advertising. fetched: canonical URL of any page -> time and status
    of its last fetch. originals: URL -> the capture that holds its last whole answer. files: URL -> attachment, image or
    style sheet that was fetched within RECHECK. interval: from the start of the last crawl to the start of this one.
    listed_on: canonical URL of a report that is not gone -> URLs of the lists that showed it last. unlisted: canonical URL of a
    report that no list showed, while its page answered -> in how many of the last crawls in a row.
    """

    channels: list[Channel] = field(default_factory=list)
    complete: bool = False
    reports: dict[str, datetime] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    tampered: set[str] = field(default_factory=set)
    fetched: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    originals: dict[str, Capture] = field(default_factory=dict)
    files: dict[str, KeptFile] = field(default_factory=dict)
    interval: timedelta = timedelta()
    listed_on: dict[str, frozenset[str]] = field(default_factory=dict)
    unlisted: dict[str, int] = field(default_factory=dict)

    def knows(self, url: str) -> bool:
        """True when the report with this canonical URL was in the database when the crawl began."""
        return url in self.reports

    def stood_on(self, url: str) -> set[str]:
        """Canonical URLs of the reports that the list page at `url` showed when a list last showed them."""
        return {report for report, places in self.listed_on.items() if url in places}

    def wants(self, url: str, recheck: str, now: datetime) -> bool:
        """True when the page must be fetched: it is new, or `recheck` (all, due or none) asks for it.

        url: canonical. A page that was no report last time counts as known. A page that answered 404 or 410 is tried again
        after a day.
        """
        if url in self.reports:
            return self._is_known_due(url, recheck, now)
        if url not in self.fetched:
            return True
        when, status = self.fetched[url]
        missing = status in _MISSING and now - when > _RETRY_MISSING
        return self._is_due(when, recheck, now) or (missing and recheck != "none")

    def due(self, recheck: str, now: datetime) -> list[str]:
        """Canonical URLs of the known reports to fetch again, longest unseen first."""
        return sorted(
            (url for url in self.reports if self._is_known_due(url, recheck, now)), key=self.reports.__getitem__
        )

    def original(self, url: str, canonical: str) -> Capture | None:
        """The capture that holds the last whole answer of `url`; None when there is none, or for a tampered report.

        Whether a tampered report is clean again must be read in its bytes, which a 304 does not bring.
        """
        return None if canonical in self.tampered else self.originals.get(url)

    def kept(self, url: str) -> KeptFile | None:
        """The attachment, image or style sheet that the archive has from within RECHECK, or None."""
        return self.files.get(url)

    def _is_known_due(self, url: str, recheck: str, now: datetime) -> bool:
        """A tampered report is always due: else the crawl after the one that found it would end with a good outcome."""
        return self._is_due(self.reports[url], recheck, now) or url in self.tampered

    def _is_due(self, seen: datetime, recheck: str, now: datetime) -> bool:
        """Due is what would pass the limit before the next crawl, taken to come after the same interval as this one."""
        if recheck != "due":
            return recheck == "all"
        return now - seen + self.interval > RECHECK


def last_fetches(pages: Iterable[FetchedPage], canonical: Callable[[str], str]) -> dict[str, tuple[datetime, int]]:
    """Canonical URL -> time and status of the last fetch, without the pages that their crawl could not read.

    canonical: the portal's rule that makes one URL of a page's many.
    """
    found = {}
    for page in pages:
        url = canonical(page.url)
        if page.status in _MISSING or url not in page.failed:
            found[url] = (page.fetched_at, page.status)
    return found


def unlisted_in_a_row(crawls: Sequence[Iterable[Mapping[str, str]]]) -> dict[str, int]:
    """Canonical URL of a report -> in how many of the last crawls, one after the other, no list showed it.

    crawls: the failures of each crawl, newest first, as its row holds them.
    """
    found: dict[str, int] = {}
    for number, failures in enumerate(crawls):
        for failure in failures:
            if failure["reason"] == UNLISTED and found.get(failure["url"], 0) == number:
                found[failure["url"]] = number + 1
    return found
