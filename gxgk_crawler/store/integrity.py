"""Whether the database agrees with itself: what foreign keys and constraints cannot check. archive/verify.py checks the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from gxgk_crawler.items import Finding
from gxgk_crawler.store import models
from gxgk_crawler.store.search.tokens import TOK_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from gxgk_crawler.items import FindingKind


def contradictions(conn: Connection) -> Iterator[Finding]:
    """Every contradiction in the database, with the URL of its report or capture. Streamed: memory does not grow with the archive."""
    for kind, query in _QUERIES.items():
        for row in conn.execute(text(query), {"tok_version": TOK_VERSION}):
            yield Finding(kind=kind, message=row.message, url=row.url)
    yield from _misplaced_edits(conn)


_QUERIES: dict[FindingKind, str] = {
    "digest": """
        select r.url, format('version %s of report %s is not the text that was stored', v.number, r.id) as message
        from report_version v join report r on r.id = v.report_id
        where v.text_sha256 <> encode(sha256(convert_to(v.text, 'UTF8')), 'hex')
        order by r.id, v.number
    """,
    "current": """
        select r.url, format('report %s: no version is current, or the search does not know it', r.id) as message
        from report r
        left join report_version v on v.report_id = r.id and v.number = r.current_version
        where v.id is null
           or exists (
               select from section s
               where s.report_id = r.id and (s.version <> v.number or s.tok_version <> :tok_version)
           )
           or (v.text <> '' and not exists (select from section s where s.report_id = r.id))
        order by r.id
    """,
    "revisit": """
        select c.url, format('capture %s repeats %s, which is not known', c.record_id, c.refers_to) as message
        from capture c
        where c.refers_to is not null and not exists (select from capture o where o.record_id = c.refers_to)
        order by c.id
    """,
}


def _misplaced_edits(conn: Connection) -> Iterator[Finding]:
    """Offsets count characters of a Python string, so Python looks them up."""
    version, report = models.report_version.c, models.report.c
    query = (
        select(report.id, report.url, version.number, version.extracted_text, version.edits)
        .join(models.report, report.id == version.report_id)
        .where(models.report_version.c.edits != [])
    )
    for row in conn.execute(query, execution_options={"yield_per": 100}):
        for edit in row.edits:
            if row.extracted_text[edit["start"] : edit["end"]] != edit["text"]:
                message = (
                    f"version {row.number} of report {row.id}: the edit at {edit['start']} is not what stands there"
                )
                yield Finding(kind="edit", message=message, url=row.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionText:
    """What a version says, in short, and where what it was read from lies."""

    row_id: int
    record_id: str
    warc_file: str
    text_sha256: str
    extractor_version: str


def version_texts(conn: Connection) -> Iterator[VersionText]:
    """All versions of all reports; streamed."""
    version, capture, file = models.report_version.c, models.capture.c, models.warc_file.c
    query = (
        select(
            version.id.label("row_id"),
            capture.record_id,
            file.name.label("warc_file"),
            version.text_sha256,
            version.extractor_version,
        )
        .join(models.capture, capture.id == version.capture_id)
        .join(models.warc_file, file.id == capture.warc_file_id)
    )
    for row in conn.execute(query, execution_options={"yield_per": 1000}).mappings():
        yield VersionText(**row)


def version_named(conn: Connection, row_id: int) -> tuple[int, int, str]:
    """Number of the report, number of the version, and URL, of the row of a version."""
    version, report = models.report_version.c, models.report.c
    query = (
        select(version.report_id, version.number, report.url)
        .join(models.report, report.id == version.report_id)
        .where(version.id == row_id)
    )
    row = conn.execute(query).one()
    return row.report_id, row.number, row.url
