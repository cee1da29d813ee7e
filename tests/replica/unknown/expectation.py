"""What a complete crawl of a portal without a file must store, in a form that a test can read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.replica.site import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.replica.prose import Sample
    from tests.replica.site import Answer, Page, Site

_SESSION = re.compile(r";jsessionid=[0-9A-F]+|(?<=[?&])sid=[0-9a-f]+&?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A report that a complete crawl stores once.

    twins: other addresses of the same page (mobile site, other scheme, inside of a frame); either may be stored, not both.
    channels: how many lists show it. attached: the words stand in a file that the page shows or links, not in its HTML.
    """

    url: str
    sample: Sample
    twins: frozenset[str] = frozenset()
    channels: int = 1
    attached: bool = False

    def is_at(self, url: str) -> bool:
        """Whether `url` is this report's, a session's number aside."""
        return without_session(url) in {self.url, *self.twins}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownPortal:
    """An invented portal that has no file, and what is odd about it.

    home, channel: the two addresses from which it is crawled; from either all reports can be reached.
    way: what a browser asks for on the way from home to channel, both included.
    lists: everything a browser asks for that shows links of reports (pages, fragments, answers of an API).
    others: pages that are no report -> what they are. Some stand among the reports, some have channels of their own.
    """

    name: str
    kind: str
    home: str
    channel: str
    way: tuple[str, ...]
    lists: tuple[str, ...]
    reports: tuple[Expected, ...]
    others: Mapping[str, str]
    sites: Sequence[Site] = field(default_factory=tuple)

    def site(self, url: str) -> Site:
        """The site that answers for `url`. Raises StopIteration when none does."""
        return next(site for site in self.sites if site.host == urlsplit(url).hostname)

    def shown(self, url: str) -> Page:
        """What the portal answers for `url`."""
        return self.site(url).answer(Request(method="GET", url=url))

    def set(self, url: str, answer: Answer) -> None:
        """Put another answer at an absolute URL."""
        parts = urlsplit(url)
        self.site(url).set(parts.path + (f"?{parts.query}" if parts.query else ""), answer)


def without_session(url: str) -> str:
    """The address without a session's number in its path or query."""
    return _SESSION.sub("", url).rstrip("?&")
