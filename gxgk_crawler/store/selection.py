"""Which reports and captures an export includes, and which a newer extractor reads again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.portal import Portal
from gxgk_crawler.store import models
from gxgk_crawler.store.captures import capture_of, captures_query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from gxgk_crawler.items import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A capture that a version of a report was read from. url: as captured. warc_file: where it lies."""

    url: str
    fetched_at: datetime
    title: str | None
    warc_file: str


def report_pages(conn: Connection, *, portal: str | None = None, year: int | None = None) -> Iterator[ReportPage]:
    """The captures behind all versions of the reports (of a portal, of a year), newest report first; streamed."""
    rows = conn.execute(_PAGES, {"portal": portal, "year": year}, execution_options={"yield_per": 500})
    for row in rows:
        yield ReportPage(url=row.url, fetched_at=row.fetched_at, title=row.title, warc_file=row.warc_file)


def report_captures(conn: Connection, *, portal: str | None = None, year: int | None = None) -> dict[str, str]:
    """Record ids of all that the reports (of a portal, of a year) need to be replayed, and the WARC files they lie in.

    The pages themselves with all their parts, style sheets and images, every capture of their attachments and of the images
    of their texts, and the originals of revisits.
    """
    return {row.record_id: row.warc_file for row in conn.execute(_CAPTURES, {"portal": portal, "year": year})}


def captures_read_by_others(conn: Connection, extractor_version: str, *, portal: str | None = None) -> dict[str, str]:
    """Captures that versions were read from, and this extractor has not read: record id -> URL of the report.

    Report by report, the newest capture of each first.
    """
    rows = conn.execute(_READ_BY_OTHERS, {"portal": portal, "extractor": extractor_version})
    return {row.record_id: row.url for row in rows}


def find_capture(conn: Connection, record_id: str) -> Capture | None:
    """The capture of that record, or None."""
    row = conn.execute(captures_query().where(models.capture.c.record_id == record_id)).first()
    return None if row is None else capture_of(row)


def portal_facts(conn: Connection, name: str) -> Portal:
    """The portal as its last crawl described it. Raises NotFoundError."""
    portal = models.portal.c
    query = select(portal.title, portal.entry, portal.division, portal.site_code).where(portal.name == name)
    row = conn.execute(query).first()
    if row is None:
        raise NotFoundError(f"no portal {name} in the database")
    return Portal(title=row.title, entry=row.entry, division=row.division, site_code=row.site_code)


def portals_with_reports(conn: Connection) -> list[str]:
    """Names of the portals of which there is a report, in their order."""
    query = text("select name from portal p where exists (select from report where portal_id = p.id) order by name")
    return list(conn.execute(query).scalars())


_READ_BY_OTHERS = text(
    """
    select c.record_id, r.url
    from report r
    join portal p on p.id = r.portal_id
    join report_version v on v.report_id = r.id
    join capture c on c.id = v.capture_id
    where cast(:portal as text) is null or p.name = :portal
    group by r.id, c.id
    having not bool_or(v.extractor_version = :extractor or v.reread_by is not distinct from :extractor)
    order by r.id, c.fetched_at desc, c.id desc
    """
)
_PAGES = text(
    """
    select c.url, c.fetched_at, v.title, f.name as warc_file
    from report r
    join portal p on p.id = r.portal_id
    join report_version v on v.report_id = r.id
    join capture c on c.id = v.capture_id
    join warc_file f on f.id = c.warc_file_id
    where (cast(:portal as text) is null or p.name = :portal) and (cast(:year as integer) is null or r.year = :year)
    order by r.year desc nulls last, r.id, v.number desc
    """
)
_CAPTURES = text(
    """
    with version as (
        select v.id, v.capture_id, v.images, r.portal_id
        from report r
        join portal p on p.id = r.portal_id
        join report_version v on v.report_id = r.id
        where (cast(:portal as text) is null or p.name = :portal) and (cast(:year as integer) is null or r.year = :year)
    ),
    requisite as (
        select version.portal_id, image ->> 'url' as url
        from version cross join lateral jsonb_array_elements(version.images) as image
        union
        select version.portal_id, a.url from attachment a join version on version.id = a.report_version_id
    ),
    chosen as (
        select capture_id as id from version
        union
        select a.capture_id from attachment a join version on version.id = a.report_version_id
        union
        select n.capture_id from version_capture n join version on version.id = n.report_version_id
        union
        select c.id from requisite q
        join capture c on md5(c.url) = md5(q.url) and c.url = q.url and c.portal_id = q.portal_id
    ),
    needed as (
        select c.id from capture c join chosen on chosen.id = c.id
        union
        select o.id from capture c join chosen on chosen.id = c.id join capture o on o.record_id = c.refers_to
    )
    select c.record_id, f.name as warc_file
    from capture c join needed on needed.id = c.id join warc_file f on f.id = c.warc_file_id
    """
)
