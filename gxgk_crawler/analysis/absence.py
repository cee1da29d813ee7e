"""Why a division has no report for a year: what can be said depends on what the crawls could see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gxgk_crawler.statutory.deadlines import deadline

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Absence = Literal["not_due", "unregistered", "unreachable", "not_looked", "not_seen"]


def absence(year: int, seen: Iterable[tuple[date | None, bool]], today: date) -> Absence:
    """Why there is no report of a division for a year.

    seen: for each portal of the division, the day of its last crawl that ended well (None: none did), and whether its last crawl did.
    not_due: the legal day is still to come. unregistered: no portal of the division was ever crawled. unreachable: none could be read
    after that day, and the last attempt failed. not_looked: no portal was crawled after that day. not_seen: a portal was read after
    that day, and the report was not there.
    """
    due = deadline(year, "government")
    if due is None or today <= due:
        return "not_due"
    portals = list(seen)
    if not portals:
        return "unregistered"
    if any(day is not None and day > due for day, _ in portals):
        return "not_seen"
    return "not_looked" if any(well for _, well in portals) else "unreachable"
