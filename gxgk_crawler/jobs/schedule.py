"""When a portal is crawled next: a pure function of its policy and its past crawls, the same on every machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from gxgk_crawler.outcomes import GOOD, LASTING, REFUSING
from gxgk_crawler.portal import PORTAL_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.outcomes import PastCrawl
    from gxgk_crawler.store.policies import Policy

MEMORY = 16  # how many past crawls can matter: after fewer failures in a row every pause has reached its longest

NIGHT = timedelta(hours=6)  # from midnight, when few people use a portal
# Reports are due on 31 January (departments) and 31 March (governments), 令711 articles 49 and 50; many come late.
_SEASON = range(1, 5)  # January to April

# At least these lie between two crawls at regular times, so that a crawl that began late or by hand counts for its day.
_LEAST = {"daily": timedelta(hours=6), "weekly": timedelta(days=2), "monthly": timedelta(days=10)}
_LONGEST = {"daily": timedelta(days=7), "weekly": timedelta(days=7), "monthly": timedelta(days=30)}
_SOON = timedelta(minutes=15)
_LONG = timedelta(days=1)


def next_due(portal: str, policy: Policy, past: Sequence[PastCrawl], now: datetime) -> datetime | None:
    """When `portal` is crawled next, in UTC; a time that is not after `now` means that it is due; None = never.

    past: its crawls, newest first; MEMORY of them are enough. A portal without any is due now. After a good crawl, and
    after one whose outcome needs a person (layout_changed, incomplete, no_reports, hacked, not_found), the next one comes at the next
    regular time, which lies in the night. A failure that may pass (dns, refused, timeout, tls, storage) is retried after 15 minutes,
    doubled by each failure in a row, at the latest at the regular time; a crawl that was killed or stopped is first retried
    at once. A portal that refuses (blocked, challenged) is left alone for a day, doubled up to a week (with the
    monthly policy, a month), and then asked at night.
    """
    if policy == "off":
        return None
    if not past:
        return now.astimezone(UTC)
    last = past[0]
    ended = last.finished_at or last.started_at
    regular = _regular(portal, policy, last.started_at)
    if last.outcome in REFUSING:
        longest = _LONGEST[_rhythm(policy, _local(ended).date())]
        due = _night(portal, ended + min(_LONG * 2 ** (_failures(past) - 1), longest))
    elif _is_passing(last):
        due = min(ended + _pause(past), regular)
    else:
        due = regular
    return due.astimezone(UTC)


def _failures(past: Sequence[PastCrawl]) -> int:
    """How many crawls in a row have failed, the newest included."""
    number = 0
    for crawl in past[:MEMORY]:
        if crawl.is_good:
            break
        number += 1
    return number


def _is_passing(crawl: PastCrawl) -> bool:
    """True when the crawl failed by something that may pass by itself. The outcome of an unfinished crawl says nothing of its portal."""
    return crawl.stopped or crawl.outcome not in GOOD | LASTING


def _pause(past: Sequence[PastCrawl]) -> timedelta:
    """How long to wait after a failure that may pass. A crawl that was cut short waits one step less than one that failed."""
    steps = _failures(past) - (past[0].stopped or past[0].outcome is None)
    return _SOON * 2 ** (steps - 1) if steps else timedelta()


def _regular(portal: str, policy: Policy, started: datetime) -> datetime:
    """The first regular time far enough after a crawl that began at `started`.

    The rhythm is that of each day looked at: a weekly crawl of late December is followed by one in the first night of the season.
    """
    day = _local(started).date()
    while True:
        rhythm = _rhythm(policy, day)
        begin = _begin(portal, day)
        if _is_day_of(portal, rhythm, day) and begin >= started + _LEAST[rhythm]:
            return begin
        day += timedelta(days=1)


def _night(portal: str, earliest: datetime) -> datetime:
    """The first time at or after `earliest` at which a crawl of `portal` may begin in any night."""
    day = _local(earliest).date()
    while (begin := _begin(portal, day)) < earliest:
        day += timedelta(days=1)
    return begin


def _rhythm(policy: Policy, day: date) -> str:
    if policy == "season":
        return "daily" if day.month in _SEASON else "weekly"
    return policy


def _is_day_of(portal: str, rhythm: str, day: date) -> bool:
    if rhythm == "weekly":
        return day.toordinal() % 7 == _digest(portal) % 7
    if rhythm == "monthly":
        return day.day == 1 + _digest(portal) % 28
    return True


def _begin(portal: str, day: date) -> datetime:
    """When a crawl of `portal` begins in the night of `day`. Start time is spread by a hash of portal and date."""
    seconds = _digest(f"{portal} {day.isoformat()}") % int(NIGHT.total_seconds())
    return datetime.combine(day, time(), PORTAL_TIME) + timedelta(seconds=seconds)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(PORTAL_TIME)


def _digest(of: str) -> int:
    return int.from_bytes(sha256(of.encode()).digest()[:8])
