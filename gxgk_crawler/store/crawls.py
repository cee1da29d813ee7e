"""Portals and their crawls: one row when a crawl starts, completed when it ends; a killed crawl keeps an open row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.entries import CrawlEnded, CrawlStarted
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.items import CrawlResult, Failure
from gxgk_crawler.outcomes import GOOD, PastCrawl
from gxgk_crawler.store import models
from gxgk_crawler.store.postgres.locks import IS_CRAWLED
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from gxgk_crawler.portal import Portal

# SQL about a row `c` of the table crawl: it ended before its work was done; it ended well, and did all its work.
STOPPED_CRAWL = "coalesce(cast(c.counts ->> 'stopped' as integer), 0) > 0"
ENDED_WELL = "coalesce(c.outcome in ('" + "', '".join(sorted(GOOD)) + "'), false)"
GOOD_CRAWL = f"({ENDED_WELL} and not {STOPPED_CRAWL})"

_STREAK = 100  # crawls in a row without storage that are still told to the archive


def register_portal(conn: Connection, name: str, portal: Portal, family: str) -> None:
    """Write down what the portal file says; repeatable. Raises ConfigError when its division code is not known."""
    if portal.division is not None:
        known = conn.execute(select(models.division.c.code).where(models.division.c.code == portal.division))
        if known.first() is None:
            raise ConfigError(f"portal {name}: division {portal.division} is not in rules/divisions.csv")
    values = {
        "title": portal.title,
        "family": family,
        "division": portal.division,
        "site_code": portal.site_code,
        "entry": portal.entry,
    }
    conn.execute(
        insert(models.portal).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )


def portal_id(conn: Connection, name: str) -> int:
    """Number of the portal. Raises NotFoundError."""
    number = conn.execute(select(models.portal.c.id).where(models.portal.c.name == name)).scalar()
    if number is None:
        raise NotFoundError(f"no portal {name} in the database")
    return int(number)


def start_crawl(
    conn: Connection,
    portal: str,
    started_at: datetime,
    *,
    software_version: str,
    settings_digest: str | None,
    host: str,
) -> int:
    """Number of the crawl of a portal that started at that moment; its row is inserted when there is none.

    software_version, settings_digest, host: how and on which machine it crawls. Raises NotFoundError for an unregistered portal.
    """
    number = crawl_id(conn, portal, started_at)
    if number is not None:
        return number
    row = {
        "portal_id": portal_id(conn, portal),
        "started_at": started_at,
        "software_version": software_version,
        "settings_digest": settings_digest,
        "host": host,
    }
    return int(conn.execute(insert(models.crawl).values(row).returning(models.crawl.c.id)).scalar_one())


def crawl_id(conn: Connection, portal: str, started_at: datetime | None) -> int | None:
    """Number of the crawl of a portal that started at that moment; None when there is none."""
    crawl = models.crawl.c
    query = (
        select(crawl.id)
        .join(models.portal, models.portal.c.id == crawl.portal_id)
        .where(models.portal.c.name == portal, crawl.started_at == started_at)
    )
    return conn.execute(query).scalar()


def finish_crawl(conn: Connection, number: int, result: CrawlResult, finished_at: datetime) -> None:
    """Complete the row of a crawl that ended at that moment. number: as `start_crawl` returns it."""
    row = {
        "finished_at": finished_at,
        "outcome": result.outcome,
        "cause": storable(result.cause),
        "evidence_url": storable(result.evidence_url),
        "counts": result.counts,
        "failures": storable([asdict(failure) for failure in result.failures]),
    }
    conn.execute(update(models.crawl).where(models.crawl.c.id == number).values(row))


def newest_crawl(conn: Connection, portal: str) -> int | None:
    """Number of the newest crawl of the portal, or None."""
    query = (
        select(func.max(models.crawl.c.id))
        .join(models.portal, models.portal.c.id == models.crawl.c.portal_id)
        .where(models.portal.c.name == portal)
    )
    return conn.execute(query).scalar()


def unarchived(conn: Connection, portal: str) -> list[CrawlStarted | CrawlEnded]:
    """Entries of the last crawls of a portal that ended for want of storage, oldest first: the archive may lack them.

    What it has may be archived again: taking an entry in twice changes nothing.
    """
    crawl = models.crawl.c
    query = (
        select(models.crawl, models.portal)
        .join(models.portal, models.portal.c.id == crawl.portal_id)
        .where(models.portal.c.name == portal)
        .order_by(crawl.started_at.desc(), crawl.id.desc())
        .limit(_STREAK)
    )
    entries: list[CrawlStarted | CrawlEnded] = []
    for row in conn.execute(query).mappings():
        if row[crawl.outcome] not in {"storage", None}:
            break
        if row[crawl.outcome] is not None:
            entries += [_ended(row), _started(row)]
    return entries[::-1]


def _started(row: RowMapping) -> CrawlStarted:
    crawl, portal = models.crawl.c, models.portal.c
    return CrawlStarted(
        at=row[crawl.started_at],
        portal=row[portal.name],
        title=row[portal.title],
        family=row[portal.family],
        entry=row[portal.entry],
        division=row[portal.division],
        site_code=row[portal.site_code],
        software_version=row[crawl.software_version],
        settings_digest=row[crawl.settings_digest],
        host=row[crawl.host],
    )


def _ended(row: RowMapping) -> CrawlEnded:
    crawl = models.crawl.c
    result = CrawlResult(
        outcome=row[crawl.outcome],
        cause=row[crawl.cause],
        evidence_url=row[crawl.evidence_url],
        counts=row[crawl.counts],
        failures=[Failure(**failure) for failure in row[crawl.failures]],
    )
    return CrawlEnded(
        at=row[crawl.finished_at],
        portal=row[models.portal.c.name],
        started_at=row[crawl.started_at],
        result=result,
    )


def last_crawls(conn: Connection, portal: str | None = None, *, each: int | None = None) -> list[dict[str, Any]]:
    """All crawls (of one portal), newest first; without a portal those of all that are not forgotten. each: of each so many.

    Keys: id, portal, started_at, finished_at, outcome, cause, evidence_url, counts, failures, software_version, host.
    outcome and finished_at are None while a crawl runs and for one that was killed.
    """
    return [dict(row) for row in conn.execute(_LAST, {"portal": portal, "each": each}).mappings()]


_LAST = text(
    """
    select c.id, p.name as portal, c.started_at, c.finished_at, c.outcome, c.cause, c.evidence_url, c.counts, c.failures,
           c.software_version, c.host
    from portal p
    cross join lateral (
        select * from crawl where portal_id = p.id order by started_at desc, id desc limit cast(:each as bigint)
    ) c
    where case when cast(:portal as text) is null then p.forgotten_at is null else p.name = :portal end
    order by c.started_at desc, c.id desc
    """
)


def forget(conn: Connection, name: str, *, undo: bool = False) -> None:
    """Leave the portal out of status and schedules from now on, or take it in again. Raises NotFoundError.

    Its crawls, reports and archive stay. It is a fact of the database alone: a reindex of the archive does not know it.
    """
    number = portal_id(conn, name)
    value = None if undo else func.now()
    conn.execute(update(models.portal).where(models.portal.c.id == number).values(forgotten_at=value))


def forgotten(conn: Connection) -> frozenset[str]:
    """Names of the portals that are forgotten."""
    table = models.portal.c
    return frozenset(conn.execute(select(table.name).where(table.forgotten_at.is_not(None))).scalars())


def list_portals(conn: Connection) -> list[dict[str, Any]]:
    """All portals that were ever crawled and are not forgotten, by name. Keys: name, title, division, family, entry, created_at."""
    portal = models.portal.c
    columns = (portal.name, portal.title, portal.division, portal.family, portal.entry, portal.created_at)
    query = select(*columns).where(portal.forgotten_at.is_(None)).order_by(portal.name)
    return [dict(row) for row in conn.execute(query).mappings()]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlHistory:
    """The crawls of one portal. running_since: start of the one that runs now, or None. over: all others, newest first."""

    running_since: datetime | None
    over: list[PastCrawl]


def past_crawls(conn: Connection, portals: Iterable[str], most: int) -> dict[str, CrawlHistory]:
    """The newest crawls of each of the portals, by name, in their order. most: how many of each portal.

    A killed crawl is over; only the newest crawl of a portal can be running.
    """
    names = list(portals)
    running: dict[str, datetime] = {}
    over: dict[str, list[PastCrawl]] = {name: [] for name in names}
    for row in conn.execute(_PAST, {"portals": names, "most": most}):
        is_newest = row.portal not in running and not over[row.portal]
        if is_newest and row.running and row.outcome is None:
            running[row.portal] = row.started_at
            continue
        crawl = PastCrawl(
            started_at=row.started_at, finished_at=row.finished_at, outcome=row.outcome, stopped=row.stopped
        )
        over[row.portal].append(crawl)
    return {name: CrawlHistory(running_since=running.get(name), over=over[name]) for name in names}


_PAST = text(
    f"""
    with asked as materialized (
        select p.id, p.name, {IS_CRAWLED} as running from portal p where p.name = any(:portals)
    )
    select asked.name as portal, asked.running, c.started_at, c.finished_at, c.outcome, {STOPPED_CRAWL} as stopped
    from asked
    cross join lateral (
        select id, started_at, finished_at, outcome, counts from crawl
        where portal_id = asked.id order by started_at desc, id desc limit :most
    ) c
    order by asked.name, c.started_at desc, c.id desc
    """  # noqa: S608 - constants of ours
)
