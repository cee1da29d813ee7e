"""Capture rows: where every archived response lies. Written after its bytes are durable, never changed, never deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from gxgk_crawler.items import Capture
from gxgk_crawler.store import models
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

# A revisit record is about 1 KiB itself: smaller bodies are stored again.
SMALLEST_REVISITED = 1024

_FILE_NAME = re.compile(r"gxgk-\d{17}-\d{5}-(?P<host>.+)-\d+\.warc\.gz")
_ROWS_AT_ONCE = 1000


def save_captures(
    conn: Connection, captures: Iterable[Capture], *, crawl_id: int | None = None, portal: str | None = None
) -> None:
    """Write the captures that are not there yet; repeatable, and safe while other crawls do the same.

    Raises NotFoundError for an unregistered portal.
    """
    found = list(captures)
    if not found:
        return
    files = _file_ids(conn, {capture.warc_file for capture in found})
    owner = None if portal is None else portal_id(conn, portal)
    rows = [_row(capture, files[capture.warc_file], owner, crawl_id) for capture in found]
    conn.execute(insert(models.capture).on_conflict_do_nothing(), rows)


def capture_id(conn: Connection, capture: Capture) -> int:
    """Number of a capture that was saved before."""
    query = select(models.capture.c.id).where(models.capture.c.record_id == capture.record_id)
    return int(conn.execute(query).scalar_one())


def seal_warc_file(
    conn: Connection,
    name: str,
    *,
    directory: str,
    size: int,
    records: int,
    sha256: str,
    prev_sha256: str | None,
    sealed_at: datetime,
) -> None:
    """Write down that a file got its final bytes. directory: where it lies on this machine. size: in bytes."""
    number = _file_ids(conn, {name})[name]
    conn.execute(
        update(models.warc_file)
        .where(models.warc_file.c.id == number)
        .values(
            directory=directory,
            bytes=size,
            records=records,
            sha256=sha256,
            prev_sha256=prev_sha256,
            sealed_at=sealed_at,
        )
    )


def payloads(conn: Connection, portal: str) -> list[Capture]:
    """One capture per distinct payload of the portal that a revisit may refer to: 200, whole, at least 1 KiB."""
    capture = models.capture.c
    query = (
        _captures()
        .where(
            models.portal.c.name == portal,
            capture.status == 200,
            capture.payload_length >= SMALLEST_REVISITED,
            capture.refers_to.is_(None),
            capture.truncated.is_(None),
        )
        .ext(distinct_on(capture.payload_sha256))
        .order_by(capture.payload_sha256, capture.fetched_at)
    )
    return [_capture(row) for row in conn.execute(query)]


def iter_captures(
    conn: Connection, *, portal: str | None = None, role: str | None = None, warc_file: str | None = None
) -> Iterator[Capture]:
    """All captures, file by file in the order of their bytes, streamed: memory does not grow with the archive."""
    query = _captures().order_by(models.warc_file.c.name, models.capture.c.offset)
    if portal is not None:
        query = query.where(models.portal.c.name == portal)
    if role is not None:
        query = query.where(models.capture.c.role == role)
    if warc_file is not None:
        query = query.where(models.warc_file.c.name == warc_file)
    for row in conn.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        yield _capture(row)


def _file_ids(conn: Connection, names: set[str]) -> dict[str, int]:
    """Numbers of the WARC files by name, made where they are new (in order, or two crawls could wait for each other)."""
    table = models.warc_file
    query = select(table.c.name, table.c.id).where(table.c.name.in_(names))
    known = {row.name: row.id for row in conn.execute(query)}
    if missing := sorted(names - known.keys()):
        rows = [{"name": name, "host": _host(name)} for name in missing]
        conn.execute(insert(table).on_conflict_do_nothing(), rows)
        known = {row.name: row.id for row in conn.execute(query)}
    return known


def _host(name: str) -> str | None:
    match = _FILE_NAME.fullmatch(name)
    return match["host"] if match else None


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


def _row(capture: Capture, file_id: int, portal: int | None, crawl_id: int | None) -> dict[str, Any]:
    fields = {name: storable(getattr(capture, name)) for name in _FIELDS}
    return {**fields, "warc_file_id": file_id, "portal_id": portal, "crawl_id": crawl_id}


def _captures() -> Select[Any]:
    capture = models.capture
    return (
        select(models.warc_file.c.name.label("warc_file"), *(capture.c[name] for name in _FIELDS))
        .join(models.warc_file, models.warc_file.c.id == capture.c.warc_file_id)
        .join(models.portal, models.portal.c.id == capture.c.portal_id, isouter=True)
    )


def _capture(row: Row[Any]) -> Capture:
    return Capture(**row._mapping)  # noqa: SLF001 - the documented way to a row as a mapping
