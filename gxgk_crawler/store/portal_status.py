"""The state of portals and archive, for `gxgk status` and `gxgk metrics`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.crawls import ENDED_WELL
from gxgk_crawler.store.postgres.locks import IS_CRAWLED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalHealth:
    """One portal. last_success: start of the last crawl that ended ok or unchanged. running: a crawl holds the portal now.

    started_at, finished_at, outcome, counts: of the last crawl; finished_at and outcome are None while it runs and when it
    was killed. reports, gone: how many are known, and how many of those have left the portal.
    """

    portal: str
    last_success: datetime | None
    running: bool
    started_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    counts: dict[str, Any]
    reports: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveHealth:
    """Totals. flags: current versions by flag. warc_bytes: of the sealed files."""

    captures: int
    versions: int
    warc_files: int
    warc_bytes: int
    flags: dict[str, int]
    database_bytes: int


def portal_health(conn: Connection, portal: str | None = None) -> list[PortalHealth]:
    """All portals that are not forgotten, or one, by name."""
    rows = conn.execute(_PORTALS, {"portal": portal}).mappings()
    return [PortalHealth(**row) for row in rows]


def warc_bytes(conn: Connection) -> int:
    """Size of all sealed WARC files."""
    return int(conn.execute(text("select coalesce(sum(bytes), 0) from warc_file")).scalar_one())


def archive_health(conn: Connection) -> ArchiveHealth:
    """Totals of the whole database; counts every capture."""
    row = conn.execute(_ARCHIVE).mappings().one()
    flags = {found.flag: found.reports for found in conn.execute(_FLAGS)}
    return ArchiveHealth(**row, flags=flags)


_PORTALS = text(
    f"""
    select p.name as portal,
           (select max(started_at) from crawl c where portal_id = p.id and {ENDED_WELL}) as last_success,
           {IS_CRAWLED} as running,
           c.started_at, c.finished_at, c.outcome, coalesce(c.counts, cast('{{}}' as jsonb)) as counts,
           (select count(*) from report where portal_id = p.id) as reports,
           (select count(*) from report where portal_id = p.id and gone_at is not null) as gone
    from portal p
    left join lateral (
        select started_at, finished_at, outcome, counts from crawl
        where portal_id = p.id order by started_at desc, id desc limit 1
    ) c on true
    where case when cast(:portal as text) is null then p.forgotten_at is null else p.name = :portal end
    order by p.name
    """  # noqa: S608 - constants of ours
)
_ARCHIVE = text(
    """
    select (select count(*) from capture) as captures, (select count(*) from report_version) as versions,
           (select count(*) from warc_file) as warc_files,
           (select cast(coalesce(sum(bytes), 0) as bigint) from warc_file) as warc_bytes,
           pg_database_size(current_database()) as database_bytes
    """
)
_FLAGS = text(
    """
    select flag, count(*) as reports
    from report r
    join report_version v on v.report_id = r.id and v.number = r.current_version
    cross join lateral unnest(v.flags) as flag
    group by flag
    order by flag
    """
)
