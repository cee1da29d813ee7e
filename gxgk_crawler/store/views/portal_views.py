"""Portals and crawls as pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store.postgres.locks import IS_CRAWLED

if TYPE_CHECKING:
    from sqlalchemy import Connection


def portal_rows(conn: Connection) -> list[dict[str, Any]]:
    """All portals by division. Keys: name, title, division, family, site_code, entry, created_at, reports, gone, outcome, last_crawl,
    last_success.
    """
    return [dict(row) for row in conn.execute(_PORTALS).mappings()]


_PORTALS = text(
    """
    select p.name, p.title, p.division, p.family, p.site_code, p.entry, p.created_at,
           coalesce(sum(y.reports), 0) as reports, coalesce(sum(y.gone), 0) as gone,
           last.outcome, last.started_at as last_crawl, good.started_at as last_success
    from portal p
    left join coverage_year y on y.portal_id = p.id
    left join lateral (
        select outcome, started_at from crawl c where c.portal_id = p.id order by started_at desc limit 1
    ) last on true
    left join lateral (
        select started_at from crawl c
        where c.portal_id = p.id and c.outcome in ('ok', 'unchanged') order by started_at desc limit 1
    ) good on true
    group by p.id, last.outcome, last.started_at, good.started_at
    order by p.division nulls last, p.name
    """
)


def portal_row(conn: Connection, name: str) -> dict[str, Any]:
    """One portal: name, title, division, family, site_code, entry, created_at, policy, running. Raises NotFoundError."""
    row = conn.execute(_PORTAL, {"name": name}).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"no portal {name}")
    return dict(row)


_PORTAL = text(
    f"""
    select p.name, p.title, p.division, p.family, p.site_code, p.entry, p.created_at, s.policy, {IS_CRAWLED} as running
    from portal p left join schedule s on s.portal = p.name
    where p.name = :name
    """  # noqa: S608 - a constant of ours
)


def portal_years(conn: Connection, name: str) -> list[dict[str, Any]]:
    """How many reports the portal has by year, newest first: year (0: unknown), reports, late, gone, tampered."""
    return [dict(row) for row in conn.execute(_YEARS, {"name": name}).mappings()]


_YEARS = text(
    """
    select y.year, sum(y.reports) as reports, sum(y.late) as late, sum(y.gone) as gone, sum(y.tampered) as tampered
    from coverage_year y join portal p on p.id = y.portal_id
    where p.name = :name
    group by y.year
    order by y.year desc
    """
)


def crawl_row(conn: Connection, number: int) -> dict[str, Any] | None:
    """One crawl with the keys of `last_crawls`; None when there is none of that number."""
    row = conn.execute(_CRAWL, {"number": number}).mappings().one_or_none()
    return None if row is None else dict(row)


_CRAWL = text(
    """
    select c.id, p.name as portal, c.started_at, c.finished_at, c.outcome, c.cause, c.evidence_url, c.counts, c.failures,
           c.software_version, c.host
    from crawl c join portal p on p.id = c.portal_id
    where c.id = :number
    """
)


def newest_robots(conn: Connection, name: str) -> dict[str, Any] | None:
    """The newest archived robots.txt of the portal: record_id, url, fetched_at, status; None when there is none."""
    row = conn.execute(_ROBOTS, {"name": name}).mappings().one_or_none()
    return None if row is None else dict(row)


_ROBOTS = text(
    """
    select c.record_id, c.url, c.fetched_at, c.status
    from capture c join portal p on p.id = c.portal_id
    where p.name = :name and c.role = 'robots'
    order by c.fetched_at desc
    limit 1
    """
)
