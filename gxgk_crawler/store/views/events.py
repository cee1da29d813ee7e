"""What happened to the reports: new, changed, gone, injected, restored. Newest first, by keyset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

EventKind = Literal["new", "changed", "gone", "injected", "restored"]
EVENT_KINDS: tuple[str, ...] = get_args(EventKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Which events. since, until: UTC, the end excluded. prefix: beginning of the division codes. report: number of one report."""

    since: datetime
    until: datetime
    kind: str | None = None
    prefix: str = ""
    portal: str | None = None
    report: int | None = None


def events(conn: Connection, happened: Happened, limit: int = 200) -> list[dict[str, Any]]:
    """The newest events. Keys: at, kind, report (its number), key, version, portal, title, issuer, division, year, url."""
    return [dict(row) for row in conn.execute(_EVENTS, {**_values(happened), "limit": limit}).mappings()]


def event_counts(conn: Connection, happened: Happened) -> dict[str, int]:
    """How many events there are by kind; every kind is named."""
    found = {row.kind: row.events for row in conn.execute(_COUNTS, _values(happened))}
    return {kind: found.get(kind, 0) for kind in EVENT_KINDS}


def all_of_report(conn: Connection, report_id: int) -> list[dict[str, Any]]:
    """Every event of one report, newest first."""
    ever = Happened(since=datetime.min.replace(tzinfo=UTC), until=datetime.max.replace(tzinfo=UTC), report=report_id)
    return events(conn, ever)


def _values(happened: Happened) -> dict[str, Any]:
    return {
        "since": happened.since,
        "until": happened.until,
        "kind": happened.kind,
        "prefix": happened.prefix,
        "portal": happened.portal,
        "report": happened.report,
    }


_WHERE = """
    from event e
    join report r on r.id = e.report_id
    join portal p on p.id = r.portal_id
    where e.at >= :since and e.at < :until
      and (cast(:kind as text) is null or e.kind = :kind)
      and (cast(:report as bigint) is null or e.report_id = :report)
      and (cast(:portal as text) is null or p.name = :portal)
      and coalesce(r.division, p.division, '') like :prefix || '%'
"""
_EVENTS = text(
    f"""
    select found.*, v.title
    from (
        select e.at, e.kind, e.report_id as report, r.key, e.version, p.name as portal, r.issuer,
               coalesce(r.division, p.division) as division, r.year, r.url, r.current_version
        {_WHERE}
        order by e.at desc, e.report_id desc, e.kind
        limit :limit
    ) found
    left join report_version v on v.report_id = found.report and v.number = coalesce(found.version, found.current_version)
    order by found.at desc, found.report desc, found.kind
    """  # noqa: S608 - a constant of ours
)
_COUNTS = text(f"select e.kind, count(*) as events {_WHERE} group by e.kind")
