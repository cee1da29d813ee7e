"""The whole vocabulary of a portal file: what a portal is, and how politely it wants to be crawled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from gxgk_crawler.errors import ConfigError

# Asia/Shanghai, the time of all of China: UTC+8 all year, without summer time since 1991.
PORTAL_TIME = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
_LONGEST_DELAY = 3600.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a portal's article page keeps its body (a CSS selector), when no family's container is it.

    A redesign adds a Layout and puts `until=` on the old one, so that pages fetched before that day are still read
    with the old selectors.
    """

    body: str
    until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a healthy crawl of a portal yields at least; a crawl that yields less does not end well.

    since: first reporting year that the portal has (the duty begins with 2008: 令492 in force 2008-05-01); the years since
    then without a report are named in the crawl's cause.
    min_reports: fewest reports a full crawl must have stored.
    min_chars: shortest believable report text, in characters.
    """

    since: int = 2008
    min_reports: int = 1
    min_chars: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One government portal 门户网站.

    title: its official name. division: GB/T 2260 code (6 digits) of the government it belongs to.
    site_code: 政府网站标识码 as printed in the footer, 10 digits or `bm` and 8 digits. entry: the URL a crawl begins at.
    hosts: further hosts of the same portal, with pages of their own; the entry's host is always one of them.
    mirrors: hosts that serve the very pages of the entry's host, so that one report stays one row.
    side_doors: further entry pages on the portal's hosts, such as a disclosure index; tried when the entry page leads to no
    report. layouts: newest first.
    proxy: proxy URL for this portal alone (most portals answer only mainland addresses).
    delay: seconds between two requests to one host. concurrency: requests to one host at a time. why: the reason for either;
    without them the portal is crawled as settings.py says.
    """

    title: str
    entry: str
    division: str | None = None
    site_code: str | None = None
    hosts: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    side_doors: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    expect: Expect = field(default_factory=Expect)
    proxy: str | None = None
    delay: float | None = None
    concurrency: int | None = None
    why: str | None = None

    def __post_init__(self) -> None:
        _refuse_credentials(self.entry)
        if not _is_web_url(self.entry):
            raise ConfigError(f"portal {self.title}: entry must be an http or https URL, not {self.entry!r}")
        if self.division is not None and not (len(self.division) == 6 and self.division.isdecimal()):
            raise ConfigError(f"portal {self.title}: division must be 6 digits, not {self.division!r}")
        if (self.delay is None and self.concurrency is None) == bool(self.why):
            raise ConfigError(
                f"portal {self.title}: why belongs to delay and concurrency: give it with them, and only then"
            )
        if self.delay is not None and not 0 <= self.delay <= _LONGEST_DELAY:
            raise ConfigError(
                f"portal {self.title}: delay must be 0 to {_LONGEST_DELAY:.0f} seconds, not {self.delay!r}"
            )
        if self.concurrency is not None and self.concurrency < 1:
            raise ConfigError(f"portal {self.title}: concurrency must be at least 1, not {self.concurrency!r}")

    @classmethod
    def entered_at(cls, url: str) -> Portal:
        """A portal of which nothing is known but one URL.

        Raises ConfigError when that is no http or https URL, or holds a user name or password.
        """
        _refuse_credentials(url)
        if not _is_web_url(url):
            raise ConfigError(f"an http or https URL is wanted, such as https://www.example.gov.cn/, not {url!r}")
        return cls(title=urlsplit(url).hostname or url, entry=url)

    @property
    def host(self) -> str:
        """The host of the entry URL, lower case, without port."""
        return urlsplit(self.entry).hostname or ""

    @property
    def entry_pages(self) -> list[str]:
        """URLs at which a crawl can begin, best first: the entry, the further entry pages, the other hosts."""
        scheme = urlsplit(self.entry).scheme
        return [self.entry, *self.side_doors, *(f"{scheme}://{host}/" for host in self.hosts)]

    def owns(self, host: str) -> bool:
        """True when `host` is one of the portal's hosts, with or without a leading `www.`."""
        bare = host.lower().removeprefix("www.")
        return any(bare == h.lower().removeprefix("www.") for h in (self.host, *self.hosts, *self.mirrors))

    def is_main(self, host: str) -> bool:
        """True when `host` is the entry's own, with or without `www.`, or a mirror of it."""
        bare = host.lower().removeprefix("www.")
        return any(bare == h.lower().removeprefix("www.") for h in (self.host, *self.mirrors))

    def trusts(self, url: str) -> bool:
        """True when the portal's own files may lie at `url`: on one of its hosts or on a host below its domain."""
        host = (urlsplit(url).hostname or "").lower()
        domain = self.host.removeprefix("www.")
        return self.owns(host) or host.endswith(f".{domain}")

    def layout_at(self, day: dt.date) -> Layout | None:
        """The layout that was in force on `day`, or None when the portal describes none for it.

        Of the layouts whose `until` is not before `day`, the one that ends first; one without `until` ends last.
        """
        in_force = [layout for layout in self.layouts if layout.until is None or day <= layout.until]
        return min(in_force, key=lambda layout: layout.until or dt.date.max, default=None)


def _refuse_credentials(url: str) -> None:
    """Raises ConfigError, without the URL, when it holds a user name or password: the archive would keep it for good."""
    authority = url.partition("://")[2].partition("/")[0]
    if "@" in authority:
        raise ConfigError("a URL with a user name or password would be archived with it: give it without")


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
