"""When an alarm about a portal is raised or cleared: pure judgement over its past crawls."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from gxgk_crawler.outcomes import AT_ONCE, PASSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.outcomes import PastCrawl

Transition = Literal["raised", "cleared"]

# A failure that usually passes is retried within minutes (jobs/schedule.py), so several of them in one night are one outage.
# All others count one by one: a maintenance page looks like layout_changed, and a wall may stand for an hour.
_OUTAGE = timedelta(hours=6)


def transition(past: Sequence[PastCrawl], *, active: bool, failures_in_a_row: int) -> Transition | None:
    """Whether the newest crawl raises or clears the alarm of its portal; None when it changes nothing.

    past: crawls that are over, newest first, back to the last good one or further.
    active: an alarm was raised and not cleared since.
    failures_in_a_row: how many bad crawls raise an alarm. A crawl that was killed or stopped is a bad one; failures that may pass
    by themselves count once in six hours.
    """
    if not past:
        return None
    if past[0].is_good:
        return "cleared" if active else None
    if active:
        return None
    return "raised" if past[0].outcome in AT_ONCE or _failures(past) >= failures_in_a_row else None


def _failures(past: Sequence[PastCrawl]) -> int:
    """How many bad crawls there are since the last good one, each outage counted once."""
    bad: list[PastCrawl] = []
    for crawl in past:
        if crawl.is_good:
            break
        bad.append(crawl)
    number = 0
    outage: datetime | None = None
    for crawl in reversed(bad):
        if not _may_pass(crawl):
            number += 1
        elif outage is None or crawl.started_at - outage >= _OUTAGE:
            number += 1
            outage = crawl.started_at
    return number


def _may_pass(crawl: PastCrawl) -> bool:
    return crawl.stopped or crawl.outcome is None or crawl.outcome in PASSING
