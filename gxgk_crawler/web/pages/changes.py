"""What happened: new, changed and vanished reports, injected and restored ones, week by week, as a page and as Atom."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.portal import PORTAL_TIME
from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.store.portal_status import portal_health
from gxgk_crawler.store.views import events
from gxgk_crawler.web.address import address_of
from gxgk_crawler.web.answers import CsvRows, MissingError, RoomPage
from gxgk_crawler.web.masking import masked_rows
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from gxgk_crawler.web.room import Ask

_WEEK = timedelta(days=7)
_MOST = 500
COLUMNS = ("at", "kind", "report", "key", "version", "portal", "title", "issuer", "division", "year", "url")
_FOLDED = 6  # events of one portal, kind and day that are shown before they are folded


def changes(ask: Ask) -> RoomPage:
    """The events of one week, by default of the last seven days."""
    division = ask.text("division") or ask.text("place")
    try:
        prefix = code_prefixes(division)[0] if division else ""
    except NotFoundError:
        raise MissingError("division") from None
    kind = ask.text("kind")
    since, until = _week(ask)
    happened = events.Happened(
        since=since,
        until=until,
        kind=kind if kind in events.EVENT_KINDS else None,
        prefix=prefix,
        portal=ask.text("portal"),
    )
    rows = masked_rows(ask, events.events(ask.conn, happened, _MOST + 1))
    health = portal_health(ask.conn)
    days = [
        (day, [(key, list(group)) for key, group in groupby(found, key=lambda row: (row["kind"], row["portal"]))])
        for day, found in groupby(rows[:_MOST], key=lambda row: row["at"].astimezone(PORTAL_TIME).date())
    ]
    week = ask.text("week")
    title = str(say(ask.language, "changes.title"))
    return RoomPage(
        template="changes",
        title=title,
        data=rows[:_MOST],
        rows=CsvRows(columns=COLUMNS, rows=lambda: rows[:_MOST]),
        feed={"title": title, "path": "/changes", "events": rows[:100]},
        show={
            "days": days,
            "kinds": events.event_counts(ask.conn, happened),
            "cut": len(rows) > _MOST,
            "most": _MOST,
            "folded": _FOLDED,
            "since": since,
            "until": until,
            "earlier": _named(since - _WEEK),
            "later": _named(since + _WEEK) if week and since + _WEEK <= ask.room.clock() else None,
            "portals": len(health),
            "well": sum(1 for one in health if one.outcome in {"ok", "unchanged"}),
            "last": max((one.finished_at for one in health if one.finished_at), default=None),
            "week": week or _named(ask.room.clock()),
            "atom": address_of(
                "/changes", ask.language, "atom", kind=kind, division=division, portal=ask.text("portal")
            ),
        },
    )


def _week(ask: Ask) -> tuple[datetime, datetime]:
    """The week that `week=2026-48` names, from Monday to Sunday in China; the last seven days when it names none."""
    now = ask.room.clock()
    week = ask.text("week")
    if week is None:
        return now - _WEEK, now
    try:
        year, number = week.split("-")
        first = datetime.fromisocalendar(int(year), int(number), 1).replace(tzinfo=PORTAL_TIME)
        return first, first + _WEEK
    except (ValueError, OverflowError):
        raise MissingError("week") from None


def _named(at: datetime) -> str:
    year, number, _ = at.astimezone(PORTAL_TIME).isocalendar()
    return f"{year}-{number:02d}"
