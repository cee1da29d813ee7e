"""When whoever is to know is told about a portal: pure judgement over its past crawls and its last alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from gxgk_crawler.outcomes import AT_ONCE, PASSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.outcomes import Outcome, PastCrawl

Turned = Literal["bad", "good"]

# What passes by itself more often than not is tried again within minutes (schedule.py), so several of it in one night are
# one outage. A maintenance page looks like layout_changed, a wall may stand for an hour: those are counted one by one.
_OUTAGE = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm. outcome, cause, evidence_url, started_at, host: of the crawl that turned it; outcome None = it was killed.

    last_success: start of the last crawl before that one that ended well. told: the receivers that have it already.
    """

    id: int
    portal: str
    title: str
    turned: Turned
    raised_at: datetime
    started_at: datetime
    outcome: Outcome | None
    cause: str | None
    evidence_url: str | None
    host: str
    last_success: datetime | None
    told: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The alarm in one line for a person, without control characters."""
        how = "the crawl was killed" if self.outcome is None else f"{self.outcome}: {self.cause}"
        place = f" ({self.evidence_url})" if self.evidence_url else ""
        if self.turned == "good":
            line = f"{self.portal} {self.title} is good again: {how}{place}"
        else:
            success = "never" if self.last_success is None else f"{self.last_success:%Y-%m-%d %H:%M} UTC"
            line = f"{self.portal} {self.title} needs a person: {how}{place}; last success: {success}"
        return "".join(sign if sign.isprintable() else " " for sign in line)

    @property
    def facts(self) -> dict[str, Any]:
        """What receivers are told: JSON values, times in ISO 8601 (docs/alarms.md)."""
        return {
            "alarm": self.id,
            "portal": self.portal,
            "title": self.title,
            "turned": self.turned,
            "outcome": self.outcome or "killed",
            "cause": self.cause,
            "evidence_url": self.evidence_url,
            "raised_at": self.raised_at.isoformat(),
            "crawl_started_at": self.started_at.isoformat(),
            "last_success": None if self.last_success is None else self.last_success.isoformat(),
            "host": self.host,
            "text": self.text,
        }


def turn(past: Sequence[PastCrawl], *, standing: bool, strikes: int) -> Turned | None:
    """What the newest of the past crawls (newest first) turns; None when nothing changes.

    standing: the last alarm said bad. Bad is turned by so many bad ends in a row, good by the first good end after that.
    A crawl that was killed or stopped ended badly. Ends that may pass by themselves count once within six hours.
    """
    if not past:
        return None
    if past[0].is_good:
        return "good" if standing else None
    if standing:
        return None
    return "bad" if past[0].outcome in AT_ONCE or _strikes(past) >= strikes else None


def _strikes(past: Sequence[PastCrawl]) -> int:
    """How many bad ends in a row there are, the outages counted once."""
    row: list[PastCrawl] = []
    for crawl in past:
        if crawl.is_good:
            break
        row.append(crawl)
    number = 0
    outage: datetime | None = None
    for crawl in reversed(row):
        if not _may_pass(crawl):
            number += 1
        elif outage is None or crawl.started_at - outage >= _OUTAGE:
            number += 1
            outage = crawl.started_at
    return number


def _may_pass(crawl: PastCrawl) -> bool:
    return crawl.stopped or crawl.outcome is None or crawl.outcome in PASSING
