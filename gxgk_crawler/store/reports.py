"""Reports and their versions: one transaction writes a report whole; equal text makes no version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, text

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store import models
from gxgk_crawler.store.attachments import attachment_columns, differ, fill, read_again
from gxgk_crawler.store.captures import save_captures
from gxgk_crawler.store.figures.organs import organ_and_year
from gxgk_crawler.store.figures.write import mark_read, replace_figures, write_figures
from gxgk_crawler.store.figures.years import settle
from gxgk_crawler.store.identity.current_version import NEVER_CURRENT, point_to
from gxgk_crawler.store.identity.equal_texts import link_equal
from gxgk_crawler.store.prepared import CONTENT, prepare
from gxgk_crawler.store.search.sections import INSERT_SECTIONS, clear_index, index_report, index_values
from gxgk_crawler.store.search.tokens import IndexedText
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from gxgk_crawler.items import Report
    from gxgk_crawler.store.prepared import Prepared

Change = Literal["new", "changed", "unchanged"]
Reason = Literal["crawl", "reextract"]


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
    conn: Connection,
    report: Report,
    *,
    extractor_version: str,
    prepared: Prepared | None = None,
    reason: Reason = "crawl",
    started_at: datetime | None = None,
    read_at: datetime | None = None,
) -> Saved:
    """Write a report with its captures, attachments and lists, and a new version when there is anything new in it.

    Nothing is new when a crawl finds the text of the current or the latest version and no attachment has other content; nor when
    a capture is read again (reason `reextract`), or after a younger one, and gives the text of any version. A version that was
    stored without what it needs to be shown gets it then. What newer rules read out of a version's own capture replaces what
    older rules had read: dates, tables, flags, edits, attachments.

    extractor_version: version of the rules that read the document. prepared: the document as `prepare` makes it; made here
    without it. started_at: start of the crawl that found the report. read_at: when the page was read; now by default.
    Safe while other transactions save the same report. Raises NotFoundError for an unregistered portal.
    """
    prepared = prepared or prepare(report.document, report.attachments)
    found = [report.capture, *report.parts, *(a.capture for a in report.attachments if a.capture is not None)]
    captures = save_captures(conn, found, portal=report.portal, started_at=started_at)
    capture = captures[report.capture.record_id]
    content = prepared.content | {"extractor_version": extractor_version}
    files = [attachment_columns(attachment, captures) for attachment in report.attachments]
    needed = _needed(report)
    report_id, before, is_late = _touch(conn, report)
    known = [] if before is None else _versions(conn, report_id)
    pool = known if is_late or reason == "reextract" else _comparable(known, capture)
    equal = _equal(pool, content["text_sha256"], capture)
    is_read_again = equal is not None and reason == "reextract" and equal.capture == capture
    if equal is not None and (is_read_again or not differ(conn, equal.row_id, files)):
        completed = not is_read_again and bool(files) and fill(conn, equal.row_id, files)
        if needed != "[]":
            conn.execute(_FILL_NEEDED, {"row_id": equal.row_id, "needed": needed})
        current = max(known, key=_merit).number
        if is_read_again or completed:
            was = organ_and_year(conn, report_id)
            replace_figures(conn, report_id, equal.number, prepared.figures)
            if is_read_again:
                read_again(conn, equal.row_id, files)
                conn.execute(_REPLACE, {"row_id": equal.row_id, **content})
                current = _make_current(conn, report_id, before)
                link_equal(conn, report_id)
            else:
                mark_read(conn, report_id, equal.number, content)
            settle(conn, report_id, was)
        elif reason == "reextract":
            conn.execute(_SETTLE, {"report_id": report_id, "capture": capture, "extractor": extractor_version})
        return Saved(report_id=report_id, change="unchanged", version=equal.number, current=current == equal.number)
    version = _Version(
        row_id=0,
        number=len(known) + 1,
        digest=content["text_sha256"],
        flags=frozenset(content["flags"]),
        capture=capture,
        fetched_at=report.capture.fetched_at,
    )
    is_best = max([*known, version], key=_merit) is version
    was = organ_and_year(conn, report_id) if is_best and before is not None else None
    if is_best and before is not None:
        clear_index(conn, report_id)
    index = prepared.index if is_best else IndexedText(headings=[], starts=[], texts=[], vectors=[])
    numbers = {"report_id": report_id, "number": version.number, "capture_id": capture}
    times = {"started_at": started_at, "read_at": read_at}
    flow = {
        "reason": reason,
        "is_best": is_best,
        "files": json.dumps(files),
        "needed": needed,
        **times,
        **index_values(index),
    }
    conn.execute(_ADD, {**numbers, **flow, **content})
    if is_best:
        link_equal(conn, report_id)
    write_figures(conn, report_id, version.number, prepared.figures)
    if is_best:
        settle(conn, report_id, was)
    return Saved(report_id=report_id, change="changed" if known else "new", version=version.number, current=is_best)


# What is named and not there lies in a file that the archive has lost.
_NEEDED = """
    select c.id as capture_id, min(n.part) as part
    from jsonb_to_recordset(cast(:needed as jsonb)) as n (record_id text, part smallint)
    join capture c on c.record_id = n.record_id
    group by c.id
"""
_FILL_NEEDED = text(
    f"""
    insert into version_capture (report_version_id, capture_id, part)
    select :row_id, n.capture_id, n.part from ({_NEEDED}) as n
    where not exists (select from version_capture v where v.report_version_id = :row_id)
    """  # noqa: S608 - two texts of ours
)
# The text that newer rules read out of this capture is that of another version: its own versions are not read again.
_SETTLE = text(
    "update report_version set reread_by = :extractor where report_id = :report_id and capture_id = :capture"
)
# What a reading of a capture writes: columns and their parameters. Those that arrive as JSON text or a list are cast.
_CASTS = {"edits": "jsonb", "dates": "jsonb", "fields": "jsonb", "grids": "jsonb", "images": "jsonb", "flags": "text[]",
          "statutory_tables": "text[]"}  # fmt: skip
_READ = {
    name: f"cast(:{name} as {_CASTS[name]})" if name in _CASTS else f":{name}"
    for name in (*CONTENT, "extractor_version")
}
# One statement each, because a crawl pays for every round trip with a wait for the interpreter lock.
_ADD = text(
    f"""
    with made as (
        insert into report_version (report_id, number, capture_id, crawl_id, reason, {", ".join(_READ)}, created_at)
        values (
            :report_id, :number, :capture_id,
            (
                select c.id from crawl c join report r on r.portal_id = c.portal_id
                where r.id = :report_id and c.started_at = cast(:started_at as timestamptz)
            ),
            :reason, {", ".join(_READ.values())}, coalesce(cast(:read_at as timestamptz), now())
        )
        returning id
    ),
    attached as (
        insert into attachment (
            report_version_id, position, name, url, media_type, sha256, text, status, reason, capture_id
        )
        select made.id, f.place - 1, f.name, f.url, f.media_type, f.sha256, f.text, f.status, f.reason, f.capture_id
        from made
        cross join rows from (
            jsonb_to_recordset(cast(:files as jsonb)) as (
                name text, url text, media_type text, sha256 text, text text, status text, reason text, capture_id bigint
            )
        ) with ordinality as f (name, url, media_type, sha256, text, status, reason, capture_id, place)
    ),
    needed as (
        insert into version_capture (report_version_id, capture_id, part)
        select made.id, n.capture_id, n.part from made cross join ({_NEEDED}) as n
    ),
    pointed as (
        update report
        set current_version = :number, year = :year, issuer = :issuer, organ = :organ,
            division = (select code from division where code = :organ_division)
        where id = :report_id and :is_best
    )
    {INSERT_SECTIONS}
    """  # noqa: S608 - texts of ours
)
_REPLACE = text(
    f"update report_version set {', '.join(f'{name} = {value}' for name, value in _READ.items())} where id = :row_id"  # noqa: S608
)


def _merit(version: _Version) -> tuple[bool, datetime, int]:
    """The current version is the one that is greatest by this: untampered first, then newest."""
    return not version.flags & NEVER_CURRENT, version.fetched_at, version.number


def _touch(conn: Connection, report: Report) -> tuple[int, int | None, bool]:
    """Write the row of the report and the lists that it is on.

    Returns the number of the report, the number of its current version (None when it has none), and true when its URL was
    requested after this capture. The row stays locked, so that versions are numbered without gaps. The versions are read by
    another statement, because this one sees the database as it was before it waited for the lock.
    """
    values = {
        "portal": report.portal,
        "url": storable(report.url),
        "seen": report.capture.fetched_at,
        "listed_on": sorted({storable(url) for url in report.channels}),
    }
    row = conn.execute(_TOUCH, values).one_or_none()
    if row is None:
        raise NotFoundError(f"no portal {report.portal} in the database")
    return row.id, row.current_version, row.checked_at > report.capture.fetched_at


_TOUCH = text(
    """
    with addressed as (
        select p.id as portal_id, p.name as portal, coalesce(former.url, :url) as url
        from portal p
        left join lateral (
            select r.url from report_alias a join report r on r.id = a.report_id
            where a.portal_id = p.id and url_key(a.url) = url_key(:url) and a.url = :url
        ) former on true
        where p.name = :portal
    ),
    touched as (
        insert into report (portal_id, url, key, first_seen, last_seen, checked_at)
        select portal_id, url, new_report_key(portal, url), :seen, :seen, :seen from addressed
        on conflict (portal_id, url_key(url)) do update
        set first_seen = least(report.first_seen, excluded.first_seen),
            last_seen = greatest(report.last_seen, excluded.last_seen),
            checked_at = greatest(report.checked_at, excluded.checked_at),
            gone_at = case when report.gone_at > excluded.first_seen then report.gone_at end
        returning id, current_version, checked_at
    ),
    placed as (
        insert into report_place (report_id, url, first_seen, last_seen)
        select touched.id, list.url, :seen, :seen from touched, unnest(cast(:listed_on as text[])) as list (url)
        order by list.url
        on conflict (report_id, url_key(url)) do update set last_seen = greatest(report_place.last_seen, excluded.last_seen)
    )
    select id, current_version, checked_at from touched
    """
)


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


def _comparable(known: list[_Version], capture: int) -> list[_Version]:
    """The versions that a crawled page is compared with: the newest, the best, and those read from the same capture.

    The latter come when the archive is taken in again after a re-extraction.
    """
    return [known[-1], max(known, key=_merit), *(v for v in known if v.capture == capture)] if known else []


def _equal(pool: list[_Version], digest: str, capture: int) -> _Version | None:
    """The version of the pool with this text; the one read from the same capture where there are several."""
    same = [version for version in pool if version.digest == digest]
    return max(same, key=lambda version: (version.capture == capture, _merit(version)), default=None)


def _make_current(conn: Connection, report_id: int, before: int | None) -> int:
    """Make the best version the current one, and index its text for the search; returns its number.

    before: number of the version that is indexed; None when none is.
    """
    best = max(_versions(conn, report_id), key=_merit)
    number, words = point_to(conn, report_id, best.row_id)
    if before != number:
        index_report(conn, report_id, number, words)
    return number


def _needed(report: Report) -> str:
    """What the version needs besides its first page, as JSON: further pages, numbered from 2, style sheets and images."""
    rows: list[dict[str, Any]] = [
        {"record_id": capture.record_id, "part": number} for number, capture in enumerate(report.parts, start=2)
    ]
    rows += [{"record_id": record_id, "part": None} for record_id in report.requisites]
    return json.dumps(rows)
