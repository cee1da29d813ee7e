"""Where the bytes of a page come from: captures by record, by URL, and by the version that was read from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_COLUMNS = """
    c.record_id, p.name as portal, c.crawl_id, c.role, c.method, c.url, c.status, c.fetched_at, c.media_type, c.payload_sha256,
    c.payload_length, c.ip, c.truncated, c.refers_to, c.request_record_id, c.reconstructed, w.name as warc_file,
    c."offset" as record_offset, c.length as record_length, w.host, w.directory
"""
_FROM = "from capture c join warc_file w on w.id = c.warc_file_id left join portal p on p.id = c.portal_id"


def capture_row(conn: Connection, record_id: str) -> dict[str, Any]:
    """A capture with the keys of the view `captures`, the facts of its WARC file (sealed_at, bytes, sha256) and the reports read from it.

    reports: [{report, key, version}]. Raises NotFoundError.
    """
    row = conn.execute(_CAPTURE, {"record": record_id}).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"no capture {record_id}")
    readers = conn.execute(_READERS, {"capture": row["id"]}).mappings()
    return {**{name: value for name, value in row.items() if name != "id"}, "reports": [dict(one) for one in readers]}


_CAPTURE = text(
    f"""
    select c.id, {_COLUMNS}, w.sealed_at, w.bytes as file_bytes, w.sha256 as file_sha256, w.prev_sha256 as file_prev_sha256
    {_FROM}
    where c.record_id = :record
    """
)
_READERS = text(
    """
    select r.id as report, r.key, found.version
    from (
        select v.report_id, v.number as version from report_version v where v.capture_id = :capture
        union
        select v.report_id, v.number from version_capture n join report_version v on v.id = n.report_version_id
        where n.capture_id = :capture
        union
        select v.report_id, v.number from attachment a join report_version v on v.id = a.report_version_id
        where a.capture_id = :capture
    ) found
    join report r on r.id = found.report_id
    order by r.id, found.version
    limit 200
    """
)


def captures_of_url(conn: Connection, url: str, limit: int = 2000) -> list[dict[str, Any]]:
    """All captures of a URL, oldest first: record_id, url, fetched_at, status, media_type, payload_sha256, refers_to."""
    return [dict(row) for row in conn.execute(_OF_URL, {"url": url, "limit": limit}).mappings()]


_OF_URL = text(
    """
    select c.record_id, c.url, c.fetched_at, c.status, c.media_type, c.payload_sha256, c.refers_to
    from capture c
    where md5(c.url) = md5(:url) and c.url = :url and c.method = 'GET'
    order by c.fetched_at, c.id
    limit :limit
    """
)


def nearest_capture(conn: Connection, url: str, at: datetime) -> dict[str, Any] | None:
    """The capture of a URL that answered 200 and lies nearest to a time; None when there is none."""
    row = conn.execute(_NEAREST, {"url": url, "at": at}).mappings().one_or_none()
    return None if row is None else dict(row)


_NEAREST = text(
    """
    select c.record_id, c.url, c.fetched_at, c.status, c.media_type
    from capture c
    where md5(c.url) = md5(:url) and c.url = :url and c.method = 'GET' and c.status = 200
    order by abs(extract(epoch from c.fetched_at - :at)), c.id
    limit 1
    """
)


def captures_near(conn: Connection, urls: list[str], at: datetime) -> dict[str, dict[str, Any]]:
    """For each of these URLs the capture that answered 200 and lies nearest to a time; URLs without one are left out."""
    rows = conn.execute(_NEAR, {"urls": urls, "at": at}).mappings()
    return {row["asked"]: {name: value for name, value in row.items() if name != "asked"} for row in rows}


_NEAR = text(
    """
    select asked.url as asked, near.record_id, near.fetched_at, near.media_type
    from unnest(cast(:urls as text[])) as asked (url)
    cross join lateral (
        select c.record_id, c.fetched_at, c.media_type
        from capture c
        where md5(c.url) = md5(asked.url) and c.url = asked.url and c.method = 'GET' and c.status = 200
        order by abs(extract(epoch from c.fetched_at - :at)), c.id
        limit 1
    ) near
    """
)


def reports_of_urls(conn: Connection, urls: list[str]) -> dict[str, str]:
    """The keys of the reports that have these canonical URLs, by URL."""
    rows = conn.execute(_REPORTS, {"urls": urls})
    return {row.url: row.key for row in rows}


_REPORTS = text(
    """
    select asked.url, min(r.key) as key
    from unnest(cast(:urls as text[])) as asked (url)
    join report r on url_key(r.url) = url_key(asked.url) and r.url = asked.url
    group by asked.url
    """
)


def version_captures(conn: Connection, report_id: int, version: int) -> list[dict[str, Any]]:
    """The captures behind a version: its page, then further pages, then style sheets and images. Keys: record_id, url, fetched_at,
    status, media_type, role, part, payload_sha256, payload_length.
    """
    return [dict(row) for row in conn.execute(_OF_VERSION, {"report": report_id, "version": version}).mappings()]


_OF_VERSION = text(
    """
    select c.record_id, c.url, c.fetched_at, c.status, c.media_type, c.role, found.part, c.payload_sha256, c.payload_length
    from (
        select v.capture_id, 1 as part from report_version v where v.report_id = :report and v.number = :version
        union all
        select n.capture_id, n.part from report_version v join version_capture n on n.report_version_id = v.id
        where v.report_id = :report and v.number = :version
    ) found
    join capture c on c.id = found.capture_id
    order by found.part nulls last, c.id
    """
)
