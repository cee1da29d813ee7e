"""Reports and their versions: one transaction writes a report whole; equal text makes no version."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store import models
from gxgk_crawler.store.captures import capture_id, save_captures
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.reading import get_report, list_reports, list_versions
from gxgk_crawler.store.search import index_report
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from gxgk_crawler.items import Attachment, Capture, Document, Report

__all__ = ["Saved", "get_report", "list_reports", "list_versions", "mark_gone", "save_report"]

Change = Literal["new", "changed", "unchanged"]
Reason = Literal["crawl", "reextract"]

# A version with one of these flags never takes the place of one without: somebody else's words, or none.
TAINTED = frozenset({"spam", "damaged", "foreign_host", "no_body"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a report. version: the number that holds its text. current: that version is the one that counts."""

    report_id: int
    change: Change
    version: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """What decides between versions. digest: of the text. capture: number of the capture it was read from."""

    row_id: int
    number: int
    digest: str
    flags: frozenset[str]
    capture: int
    fetched_at: datetime


def save_report(
    conn: Connection, report: Report, *, extractor_version: str, crawl_id: int | None = None, reason: Reason = "crawl"
) -> Saved:
    """Write a report with its captures, attachments, places, and a new version if there is anything new in it.

    Nothing is new when a crawl finds the text of the current or the latest version, or when reading a capture again
    (`reason="reextract"`) gives the text of any version, and no attachment has other content. Dates, tables, flags and
    edits that newer rules read out of the version's own capture then take the place of what the older rules had read.
    Safe while other transactions save the same report. Raises NotFoundError for an unregistered portal.
    """
    captures = [report.capture, *(a.capture for a in report.attachments if a.capture is not None)]
    save_captures(conn, captures, crawl_id=crawl_id, portal=report.portal)
    capture = capture_id(conn, report.capture)
    content = _content(report.document, extractor_version)
    report_id = _touch(conn, report)
    _save_places(conn, report_id, report.channels, report.capture.fetched_at)
    known = _versions(conn, report_id)
    equal = _equal(known, content["text_sha256"], capture, reason)
    if equal is not None and not _attachments_differ(conn, equal, report.attachments):
        _fill_attachments(conn, equal, report.attachments)
        current = max(known, key=_merit).number
        if reason == "reextract" and equal.capture == capture:
            table = models.report_version
            conn.execute(update(table).where(table.c.id == equal.row_id).values(content))
            current = _make_current(conn, report_id)
        return Saved(report_id=report_id, change="unchanged", version=equal.number, current=current == equal.number)
    number = len(known) + 1
    row_id = conn.execute(
        insert(models.report_version)
        .values(report_id=report_id, number=number, capture_id=capture, crawl_id=crawl_id, reason=reason, **content)
        .returning(models.report_version.c.id)
    ).scalar_one()
    _add_attachments(conn, row_id, report.attachments)
    current = _make_current(conn, report_id)
    return Saved(report_id=report_id, change="changed" if known else "new", version=number, current=current == number)


def mark_gone(conn: Connection, portal: str, url: str, at: datetime, capture: Capture) -> None:
    """Write down that a known report's URL answers 404 or 410, proved by `capture`; what it said stays.

    Raises NotFoundError when the report is not known.
    """
    save_captures(conn, [capture], portal=portal)
    table = models.report
    values = {
        "gone_at": func.coalesce(table.c.gone_at, at),
        "checked_at": func.greatest(table.c.checked_at, at),
    }
    conn.execute(update(table).where(table.c.id == _report_id(conn, portal, url)).values(values))


def _merit(version: _Version) -> tuple[bool, datetime, int]:
    """The current version is the one that is greatest by this: untampered first, then newest."""
    return not version.flags & TAINTED, version.fetched_at, version.number


def _touch(conn: Connection, report: Report) -> int:
    """Number of the report, made when it is new; its row stays locked, so that versions are numbered without gaps."""
    table = models.report
    seen = report.capture.fetched_at
    statement = upsert(table).values(
        portal_id=portal_id(conn, report.portal),
        url=storable(report.url),
        first_seen=seen,
        last_seen=seen,
        checked_at=seen,
    )
    changes = {
        "first_seen": func.least(table.c.first_seen, seen),
        "last_seen": func.greatest(table.c.last_seen, seen),
        "checked_at": func.greatest(table.c.checked_at, seen),
        "gone_at": case((table.c.gone_at > seen, table.c.gone_at)),
    }
    return int(
        conn.execute(
            statement.on_conflict_do_update(index_elements=["portal_id", "url"], set_=changes).returning(table.c.id)
        ).scalar_one()
    )


def _save_places(conn: Connection, report_id: int, places: Sequence[str], seen: Any) -> None:
    """seen: a time, or an expression of SQL for one."""
    table = models.report_place
    for place in sorted(set(places)):
        statement = upsert(table).values(report_id=report_id, url=storable(place), first_seen=seen, last_seen=seen)
        moved = {"last_seen": func.greatest(table.c.last_seen, statement.excluded.last_seen)}
        conn.execute(statement.on_conflict_do_update(index_elements=["report_id", "url"], set_=moved))


def _content(document: Document, extractor_version: str) -> dict[str, Any]:
    """The columns of a version that come from the document, in the form that Postgres can hold."""
    text = storable(document.text)
    flags = set(document.flags)
    if text != document.text:
        flags.add("replacement_characters")
    return {
        "title": storable(document.title),
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "extracted_text": storable(document.extracted_text),
        "edits": [storable(asdict(edit)) for edit in document.edits],
        "flags": sorted(flags),
        "published_on": date.fromisoformat(document.published_on) if document.published_on else None,
        "dates": [asdict(found) for found in document.dates],
        "year": document.year,
        "issuer": storable(document.issuer),
        "source": storable(document.source),
        "fields": storable(document.fields),
        "grids": [storable(asdict(grid)) for grid in document.grids],
        "images": [storable(asdict(image)) for image in document.images],
        "media_type": document.media_type,
        "encoding": document.encoding,
        "extractor_version": extractor_version,
    }


def _versions(conn: Connection, report_id: int) -> list[_Version]:
    version, capture = models.report_version.c, models.capture.c
    query = (
        select(version.id, version.number, version.text_sha256, version.flags, version.capture_id, capture.fetched_at)
        .join(models.capture, capture.id == version.capture_id)
        .where(version.report_id == report_id)
        .order_by(version.number)
    )
    return [
        _Version(
            row_id=row.id,
            number=row.number,
            digest=row.text_sha256,
            flags=frozenset(row.flags),
            capture=row.capture_id,
            fetched_at=row.fetched_at,
        )
        for row in conn.execute(query)
    ]


def _equal(known: list[_Version], digest: str, capture: int, reason: Reason) -> _Version | None:
    """The version that already holds this text, if there is one that counts; best the one read from the same capture."""
    if not known:
        return None
    pool = known if reason == "reextract" else [known[-1], max(known, key=_merit)]
    same = [version for version in pool if version.digest == digest]
    return max(same, key=lambda version: (version.capture == capture, _merit(version)), default=None)


def _make_current(conn: Connection, report_id: int) -> int:
    """Point the report at its best version, and have the search find that one; returns its number."""
    best = max(_versions(conn, report_id), key=_merit)
    report, version = models.report, models.report_version
    before = conn.execute(select(report.c.current_version).where(report.c.id == report_id)).scalar_one()
    row = conn.execute(
        select(version.c.year, version.c.issuer, version.c.text).where(version.c.id == best.row_id)
    ).one()
    values = {"current_version": best.number, "year": row.year, "issuer": row.issuer}
    conn.execute(update(report).where(report.c.id == report_id).values(values))
    if before != best.number:
        index_report(conn, report_id, best.number, row.text)
    return best.number


def _add_attachments(conn: Connection, row_id: int, attachments: Sequence[Attachment]) -> None:
    rows = [
        {"report_version_id": row_id, "position": position, **_attachment(conn, attachment)}
        for position, attachment in enumerate(attachments)
    ]
    if rows:
        conn.execute(insert(models.attachment), rows)


def _attachment(conn: Connection, attachment: Attachment) -> dict[str, Any]:
    capture = attachment.capture
    fields = {name: storable(getattr(attachment, name)) for name in ("name", "url", *_READ)}
    return {**fields, "capture_id": None if capture is None else capture_id(conn, capture)}


_READ = ("media_type", "sha256", "text", "status", "reason")


def _attachments_differ(conn: Connection, version: _Version, attachments: Sequence[Attachment]) -> bool:
    """True when a fetched attachment has content that the version's attachments do not have.

    The same text in other bytes is no other content: some portals make the file anew for every request. One that could
    not be fetched before is no change of the report.
    """
    known = _known_attachments(conn, version)
    contents = {row.sha256 for row in known} | {row.text for row in known}
    unfetched = {row.url for row in known if row.sha256 is None}
    return any(
        attachment.sha256 is not None
        and attachment.sha256 not in contents
        and (attachment.text is None or storable(attachment.text) not in contents)
        and attachment.url not in unfetched
        for attachment in attachments
    )


def _fill_attachments(conn: Connection, version: _Version, attachments: Sequence[Attachment]) -> None:
    """Complete the attachments that could not be fetched before."""
    fetched = {attachment.url: attachment for attachment in attachments if attachment.sha256 is not None}
    for row in _known_attachments(conn, version):
        if row.sha256 is None and row.url in fetched:
            table = models.attachment
            conn.execute(update(table).where(table.c.id == row.id).values(_attachment(conn, fetched[row.url])))


def _known_attachments(conn: Connection, version: _Version) -> Sequence[Row[Any, Any, Any, Any]]:
    table = models.attachment.c
    query = select(table.id, table.url, table.sha256, table.text).where(table.report_version_id == version.row_id)
    return conn.execute(query).all()


def _report_id(conn: Connection, portal: str, url: str) -> int:
    table = models.report
    query = select(table.c.id).where(table.c.portal_id == portal_id(conn, portal), table.c.url == url)
    number = conn.execute(query).scalar()
    if number is None:
        raise NotFoundError(f"no report {url} of portal {portal}")
    return int(number)
