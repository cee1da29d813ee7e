"""The closed list of outcomes: the one word for why a crawl ended as it did, and what the groups of them mean.

A new outcome is one line in `Outcome`, one in a group, one in docs/strictness.md, and one migration of the check constraint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Outcome = Literal[
    "ok",
    "unchanged",
    "dns",
    "refused",
    "timeout",
    "tls",
    "blocked",
    "challenged",
    "not_found",
    "layout_changed",
    "incomplete",
    "no_reports",
    "hacked",
    "storage",
    "stopped",
    "configuration",
]

# Every outcome is in exactly one of these four groups.
GOOD: frozenset[Outcome] = frozenset({"ok", "unchanged"})  # the outcomes with which a command exits 0
PASSING: frozenset[Outcome] = frozenset(
    {"dns", "refused", "timeout", "tls", "storage", "stopped"}
)  # tried again within minutes
REFUSING: frozenset[Outcome] = frozenset({"blocked", "challenged"})  # the portal said no, and is left alone for a day
LASTING: frozenset[Outcome] = frozenset(
    {"layout_changed", "incomplete", "no_reports", "hacked", "not_found", "configuration"}
)  # needs a person

# No outage looks like these: the advertising was read in an archived page. The first such crawl raises an alarm.
AT_ONCE: frozenset[Outcome] = frozenset({"hacked"})

WRONG_START = 2  # exit code of a crawl that cannot begin as it is configured; trying again changes nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCrawl:
    """A crawl that is over. finished_at and outcome are None when it was killed; stopped: it ended before its work was done."""

    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome | None
    stopped: bool

    @property
    def is_good(self) -> bool:
        """True when the crawl did all its work and ended well."""
        return self.outcome in GOOD and not self.stopped
