"""Alarms: decided from the crawls in the database, once, whichever machine looks first; and who has been told."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.alarms.transition import Alarm, turn
from gxgk_crawler.outcomes import GOOD, PastCrawl
from gxgk_crawler.store import models
from gxgk_crawler.store.postgres.locks import IS_CRAWLED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from gxgk_crawler.alarms.transition import Turned

_DECIDING = 0x67786761  # key of the lock, any constant: "gxga" in ASCII
_MEMORY = 500  # past crawls of one portal that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAlarm:
    """The last alarm of a portal. delivered_at: None while somebody is still to be told; error: why that failed."""

    portal: str
    turned: Turned
    raised_at: datetime
    delivered_at: datetime | None
    error: str | None


def decide(conn: Connection, *, strikes: int, receivers: Collection[str]) -> list[int]:
    """Raise the alarms that are due, of all portals; their numbers. Who calls it at the same time waits, and finds nothing.

    A crawl that runs is no verdict. Without receivers nobody is told later either: such an alarm counts as delivered.
    """
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _DECIDING})
    raised: list[int] = []
    crawls = conn.execute(_TURNING, {"good": list(GOOD), "memory": _MEMORY}).all()
    for portal_id, group in groupby(crawls, key=lambda row: row.portal_id):
        run = list(group)
        past = [
            PastCrawl(started_at=row.started_at, finished_at=row.finished_at, outcome=row.outcome, stopped=row.stopped)
            for row in run
        ]
        turned = turn(past, standing=run[0].standing, strikes=strikes)
        if turned is None:
            continue
        values = {
            "portal_id": portal_id,
            "crawl_id": run[0].id,
            "turned": turned,
            "raised_at": func.clock_timestamp(),
            "delivered_at": None if receivers else func.clock_timestamp(),
        }
        statement = insert(models.alarm).values(values).on_conflict_do_nothing().returning(models.alarm.c.id)
        raised += conn.execute(statement).scalars()
    return raised


def next_undelivered(conn: Connection, after: int) -> Alarm | None:
    """The oldest alarm numbered above `after` that somebody is still to be told of, held until the transaction ends.

    None when there is none; one that another machine holds just now is left to it.
    """
    row = conn.execute(_UNDELIVERED, {"after": after, "good": list(GOOD)}).mappings().first()
    return None if row is None else Alarm(**{**row, "told": tuple(row["told"])})


def note_delivery(conn: Connection, alarm: int, *, told: Iterable[str], error: str | None) -> None:
    """Write down who has the alarm now. error: why somebody has not; without one the alarm is delivered."""
    values = {"told": list(told), "error": error, "delivered_at": None if error else func.clock_timestamp()}
    conn.execute(update(models.alarm).where(models.alarm.c.id == alarm).values(values))


def last_alarms(conn: Connection, portal: str | None = None) -> dict[str, LastAlarm]:
    """The last alarm of each portal (or of one) that ever had one, by the portal's name."""
    rows = conn.execute(_LAST, {"portal": portal}).mappings()
    return {row["portal"]: LastAlarm(**row) for row in rows}


def newest_alarms(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """So many alarms, newest first.

    Keys: id, portal, turned, raised_at, delivered_at, told, error, crawl, outcome, cause, evidence_url (of that crawl).
    """
    alarm, crawl = models.alarm.c, models.crawl.c
    query = (
        select(
            alarm.id,
            models.portal.c.name.label("portal"),
            alarm.turned,
            alarm.raised_at,
            alarm.delivered_at,
            alarm.told,
            alarm.error,
            alarm.crawl_id.label("crawl"),
            crawl.outcome,
            crawl.cause,
            crawl.evidence_url,
        )
        .join(models.portal, models.portal.c.id == alarm.portal_id)
        .join(models.crawl, crawl.id == alarm.crawl_id)
        .order_by(alarm.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in conn.execute(query).mappings()]


def undelivered(conn: Connection) -> int:
    """How many alarms somebody is still to be told of."""
    query = select(func.count()).select_from(models.alarm).where(models.alarm.c.delivered_at.is_(None))
    return int(conn.execute(query).scalar_one())


# Crawls that are over, newest first, back to the last good one, of the portals whose newest says another thing than their
# last alarm. Only the newest crawl of a portal can be running.
_TURNING = text(
    f"""
    with over as (
        select p.id as portal_id, c.started_at, coalesce(a.turned = 'bad', false) as standing,
               coalesce(c.outcome = any(:good), false) and not c.stopped as good
        from portal p
        cross join lateral (
            select started_at, outcome, coalesce(cast(counts ->> 'stopped' as integer), 0) > 0 as stopped
            from crawl
            where portal_id = p.id and not (
                outcome is null
                and started_at = (select max(started_at) from crawl where portal_id = p.id)
                and {IS_CRAWLED}
            )
            order by started_at desc limit 1
        ) c
        left join lateral (select turned from alarm where portal_id = p.id order by id desc limit 1) a on true
    )
    select o.portal_id, o.standing, run.*
    from over o
    cross join lateral (
        select id, started_at, finished_at, outcome, coalesce(cast(counts ->> 'stopped' as integer), 0) > 0 as stopped
        from crawl
        where portal_id = o.portal_id and started_at <= o.started_at and started_at > coalesce((
            select started_at from crawl
            where portal_id = o.portal_id and started_at < o.started_at
              and outcome = any(:good) and coalesce(cast(counts ->> 'stopped' as integer), 0) = 0
            order by started_at desc limit 1
        ), '-infinity')
        order by started_at desc limit :memory
    ) run
    where o.good = o.standing
    order by o.portal_id, run.started_at desc
    """  # noqa: S608 - a constant of ours
)
_LAST = text(
    """
    select distinct on (a.portal_id) p.name as portal, a.turned, a.raised_at, a.delivered_at, a.error
    from alarm a join portal p on p.id = a.portal_id
    where cast(:portal as text) is null or p.name = :portal
    order by a.portal_id, a.id desc
    """
)
_UNDELIVERED = text(
    """
    select a.id, p.name as portal, p.title, a.turned, a.raised_at, a.told,
           c.started_at, c.outcome, c.cause, c.evidence_url, c.host,
           (select max(s.started_at) from crawl s
            where s.portal_id = c.portal_id and s.started_at < c.started_at
              and s.outcome = any(:good) and coalesce(cast(s.counts ->> 'stopped' as integer), 0) = 0) as last_success
    from alarm a
    join crawl c on c.id = a.crawl_id
    join portal p on p.id = a.portal_id
    where a.delivered_at is null and a.id > :after
    order by a.id limit 1
    for update of a skip locked
    """
)
