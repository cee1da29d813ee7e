"""Portals and their crawls: what each is, how its crawls ended, and which needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gxgk_crawler.jobs.portal_states import portal_states
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.store.channels import channels
from gxgk_crawler.store.crawls import last_crawls
from gxgk_crawler.store.views import portal_views
from gxgk_crawler.web.answers import CsvRows, MissingError, RoomPage
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from gxgk_crawler.web.room import Ask

# What tells of the machines of the operator.
_OPERATOR = ("host", "settings_digest")
_CRAWLS = 30
_COLUMNS = (
    "portal", "started_at", "finished_at", "outcome", "cause", "evidence_url", "running", "last_success", "days_since_success",
    "reports", "reports_gone", "needs_person", "policy", "next_due",
)  # fmt: skip


def portals(ask: Ask) -> RoomPage:
    """All portals that were ever crawled, by division."""
    rows = portal_views.portal_rows(ask.conn)
    return RoomPage(
        template="portals",
        title=str(say(ask.language, "portals.title")),
        data=rows,
        rows=CsvRows(columns=tuple(rows[0]) if rows else ("name",), rows=lambda: rows),
        show={"rows": rows},
    )


def portal(ask: Ask) -> RoomPage:
    """One portal: what it is, its channels, its crawls, its reports by year."""
    name = ask.path["name"]
    found = portal_views.portal_row(ask.conn, name)
    crawls = last_crawls(ask.conn, name, each=_CRAWLS)
    state = next(iter(_states(ask, name)), None)
    data = {**found, "channels": channels(ask.conn, name), "crawls": [_public(ask, row) for row in crawls]}
    return RoomPage(
        template="portal",
        title=found["title"],
        data=data,
        show={
            "years": portal_views.portal_years(ask.conn, name),
            "state": state,
            "robots": portal_views.newest_robots(ask.conn, name),
            "good": GOOD,
        },
    )


def crawl(ask: Ask) -> RoomPage:
    """One crawl: how it ended, what it counted, what failed and what was skipped."""
    number = ask.path["number"]
    found = portal_views.crawl_row(ask.conn, int(number)) if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise MissingError("crawl")
    wanted = ask.text("q")
    failures = [one for one in found["failures"] if wanted is None or wanted in one["url"] or wanted in one["reason"]]
    return RoomPage(
        template="crawl",
        title=str(say(ask.language, "crawl.title", number=number)),
        data=_public(ask, found),
        rows=CsvRows(columns=("kind", "url", "reason"), rows=lambda: failures),
        show={"failures": failures, "most": 500},
    )


def health(ask: Ask) -> RoomPage:
    """Which portals need a person, worst first; then how many are well."""
    rows = _states(ask, None)
    needy = sorted((row for row in rows if row["needs_person"]), key=lambda row: -(row["days_since_success"] or 10**6))
    return RoomPage(
        template="health",
        title=str(say(ask.language, "health.title")),
        data=rows,
        rows=CsvRows(columns=_COLUMNS, rows=lambda: rows),
        show={
            "needy": needy,
            "running": [row for row in rows if row["running"]],
            "well": [row for row in rows if not row["needs_person"]],
            "never": [row for row in rows if row["last_success"] is None],
        },
    )


def _states(ask: Ask, name: str | None) -> list[dict[str, Any]]:
    return [_public(ask, row) for row in portal_states(ask.conn, ask.room.clock(), name=name)]


def _public(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    """The row without what tells of the operator's machines, in a public room."""
    return {name: value for name, value in row.items() if name not in _OPERATOR} if ask.room.is_public else row
