"""Schedules: which portals are crawled when, and what the next time is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.jobs.schedule import MEMORY, next_due
from gxgk_crawler.outcomes import PastCrawl
from gxgk_crawler.store import models
from gxgk_crawler.store.postgres.locks import IS_CRAWLED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from gxgk_crawler.jobs.schedule import Policy

DEFAULT: Policy = "season"


def policies(conn: Connection, portals: Iterable[str]) -> dict[str, Policy]:
    """The policy of each of the portals, in their order."""
    rows = conn.execute(select(models.schedule.c.portal, models.schedule.c.policy))
    given: dict[str, Policy] = {row.portal: row.policy for row in rows}
    return {name: given.get(name, DEFAULT) for name in portals}


def set_policy(conn: Connection, portals: Iterable[str], policy: Policy) -> None:
    """Give the portals a policy; the default one leaves no row behind."""
    for name in portals:
        if policy == DEFAULT:
            conn.execute(delete(models.schedule).where(models.schedule.c.portal == name))
            continue
        changed = {"policy": policy, "changed_at": func.now()}
        conn.execute(
            insert(models.schedule)
            .values(portal=name, **changed)
            .on_conflict_do_update(index_elements=["portal"], set_=changed)
        )


def next_crawls(conn: Connection, portals: Iterable[str], now: datetime) -> dict[str, datetime | None]:
    """When each of the portals is crawled next, in their order; see `schedule.next_due`.

    A crawl that runs now is taken to end well, so its portal is not due.
    """
    names = list(portals)
    past: dict[str, list[PastCrawl]] = {name: [] for name in names}
    for row in conn.execute(_PAST, {"portals": names, "memory": MEMORY}):
        open_now = row.running and row.outcome is None and not past[row.portal]
        past[row.portal].append(
            PastCrawl(
                started_at=row.started_at,
                finished_at=row.finished_at,
                outcome="ok" if open_now else row.outcome,
                stopped=row.stopped,
            )
        )
    return {name: next_due(name, policy, past[name], now) for name, policy in policies(conn, names).items()}


def newest_crawl(conn: Connection, portal: str) -> int | None:
    """Number of the crawl of the portal that was begun last, or None."""
    query = (
        select(func.max(models.crawl.c.id))
        .join(models.portal, models.portal.c.id == models.crawl.c.portal_id)
        .where(models.portal.c.name == portal)
    )
    return conn.execute(query).scalar()


_PAST = text(
    f"""
    select p.name as portal, c.started_at, c.finished_at, c.outcome,
           coalesce(cast(c.counts ->> 'stopped' as integer), 0) > 0 as stopped,
           {IS_CRAWLED} as running
    from portal p
    cross join lateral (
        select id, started_at, finished_at, outcome, counts from crawl
        where portal_id = p.id order by started_at desc, id desc limit :memory
    ) c
    where p.name = any(:portals)
    order by p.name, c.started_at desc, c.id desc
    """  # noqa: S608 - a constant of ours
)
