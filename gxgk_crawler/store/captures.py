"""Captures: where every archived response lies. Rows are written when its bytes are durable, never changed, never deleted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from gxgk_crawler.items import Capture, warc_host
from gxgk_crawler.store import models
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select


_ROWS_AT_ONCE = 1000


def save_captures(
    conn: Connection,
    captures: Iterable[Capture],
    *,
    portal: str | None = None,
    started_at: datetime | None = None,
) -> dict[str, int]:
    """Write the captures that are not there yet; the number of every capture by its record_id.

    portal, started_at: name of the portal and start of the crawl that fetched them. Repeatable, and safe while other crawls do the
    same. Raises NotFoundError for an unregistered portal.
    """
    rows = [_row(capture) for capture in captures]
    if not rows:
        return {}
    values = {"rows": json.dumps(rows), "portal": portal, "started_at": started_at}
    saved = {row.record_id: row.id for row in conn.execute(_SAVE, values)}
    if len(saved) < len({row["record_id"] for row in rows}):
        if portal is not None:
            portal_id(conn, portal)
        table = models.capture.c
        missing = {row["record_id"] for row in rows} - saved.keys()
        query = select(table.record_id, table.id).where(table.record_id.in_(missing))
        saved |= {row.record_id: row.id for row in conn.execute(query)}
    return saved


# One round trip, since every other way costs three. New files are inserted first and in order, or two crawls could wait for each
# other; `do update`, because a file that another crawl inserts at this moment must still be returned. A portal that is not
# registered joins with nothing, so nothing is written. Rows that another transaction has committed since this statement began
# are neither inserted nor seen; a second query finds them.
_SAVE = text(
    """
    with given as materialized (
        select *
        from jsonb_to_recordset(cast(:rows as jsonb)) as r (
            record_id text, warc_file text, host text, "offset" bigint, length bigint, url text, method text,
            status smallint, fetched_at timestamptz, payload_sha256 text, payload_length bigint, media_type text, ip text,
            truncated text, refers_to text, request_record_id text, reconstructed boolean, role text
        )
    ),
    made as (
        insert into warc_file (name, host)
        select distinct warc_file, host from given g
        where not exists (select from warc_file f where f.name = g.warc_file)
        order by warc_file
        on conflict (name) do update set name = excluded.name
        returning id, name
    ),
    file as (
        select id, name from made
        union all
        select id, name from warc_file where name in (select warc_file from given)
    ),
    owner as (
        select p.id, c.id as crawl_id
        from portal p
        left join crawl c on c.portal_id = p.id and c.started_at = cast(:started_at as timestamptz)
        where p.name = :portal
        union all
        select null, null where cast(:portal as text) is null
    ),
    saved as (
        insert into capture (
            record_id, warc_file_id, "offset", length, url, method, status, fetched_at, payload_sha256, payload_length,
            media_type, ip, truncated, refers_to, request_record_id, reconstructed, role, portal_id, crawl_id
        )
        select g.record_id, file.id, g."offset", g.length, g.url, g.method, g.status, g.fetched_at, g.payload_sha256,
               g.payload_length, g.media_type, g.ip, g.truncated, g.refers_to, g.request_record_id, g.reconstructed, g.role,
               owner.id, owner.crawl_id
        from given g
        join file on file.name = g.warc_file
        cross join owner
        on conflict do nothing
        returning id, record_id
    )
    select id, record_id from saved
    union all
    select id, record_id from capture where record_id in (select record_id from given)
    """
)


def captures_in(conn: Connection, warc_file: str) -> Iterator[Capture]:
    """The captures of a WARC file in the order of their bytes, streamed: memory does not grow with the file."""
    query = captures_query().where(models.warc_file.c.name == warc_file).order_by(models.capture.c.offset)
    for row in conn.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        yield capture_of(row)


_FIELDS = (
    "record_id",
    "offset",
    "length",
    "url",
    "method",
    "status",
    "fetched_at",
    "payload_sha256",
    "payload_length",
    "media_type",
    "ip",
    "truncated",
    "refers_to",
    "request_record_id",
    "reconstructed",
    "role",
)


def _row(capture: Capture) -> dict[str, Any]:
    fields = {name: storable(getattr(capture, name)) for name in _FIELDS}
    fields["fetched_at"] = capture.fetched_at.isoformat()
    return {**fields, "warc_file": capture.warc_file, "host": warc_host(capture.warc_file)}


def captures_query() -> Select[Any]:
    """All captures as rows that `capture_of` reads, for a condition to be added."""
    capture = models.capture
    return (
        select(models.warc_file.c.name.label("warc_file"), *(capture.c[name] for name in _FIELDS))
        .join(models.warc_file, models.warc_file.c.id == capture.c.warc_file_id)
        .join(models.portal, models.portal.c.id == capture.c.portal_id, isouter=True)
    )


def capture_of(row: Row[Any]) -> Capture:
    """The capture in a row of `captures_query`."""
    return Capture(**row._mapping)  # noqa: SLF001 - the documented way to a row as a mapping
