"""The organ that reports, by its full name, of every version; reports count for the division of their organ.

Rows that are there are filled here, by the same pure function of what is stored that reads new reports, because `gxgk reextract`
reaches only what lies in the archive of its own machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

from gxgk_crawler.extract.facts.organ import organ_in
from gxgk_crawler.items import Document, Edit
from gxgk_crawler.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import RowMapping

revision = "0006"
down_revision = "0005"

_AT_ONCE = 200  # texts in memory
_ORGAN = "the body that reports 行政机关, by its full name"
_DIVISION = "GB/T 2260 code of the organ's division; null where the table has none"
_EVIDENCE = "where the organ is named, and the words there"


def upgrade() -> None:
    op.add_column("report", sa.Column("organ", sa.Text(), comment=f"{_ORGAN}, as the current version says"))
    op.add_column("report_version", sa.Column("organ", sa.Text(), comment=_ORGAN))
    op.add_column("report_version", sa.Column("organ_division", sa.Text(), comment=_DIVISION))
    op.add_column("report_version", sa.Column("organ_evidence", sa.Text(), comment=_EVIDENCE))
    op.execute("comment on column report.division is 'division of the organ; null: that of the portal'")
    _fill(op.get_bind())
    _widen_views()


def _fill(conn: sa.Connection) -> None:
    for rows in _versions(conn):
        found = [named for row in rows if (named := _organ_of(row)) is not None]
        if found:
            conn.execute(_PUT, found)
    conn.execute(_POINT)


def _versions(conn: sa.Connection) -> Iterator[list[RowMapping]]:
    """All versions with what names their organ, some at a time."""
    last = 0
    while rows := list(conn.execute(_READ, {"last": last, "most": _AT_ONCE}).mappings()):
        yield rows
        last = rows[-1]["id"]


def _organ_of(row: RowMapping) -> dict[str, Any] | None:
    document = Document(
        url=row["url"],
        media_type=row["media_type"],
        encoding=None,
        title=row["title"],
        text=row["text"],
        extracted_text="",
        year=row["year"],
        source=row["source"],
        fields=row["fields"],
        edits=[Edit(**edit) for edit in row["edits"]],
    )
    organ = organ_in(document, Portal(title=row["portal_title"], entry=row["entry"], division=row["portal_division"]))
    if organ is None:
        return None
    return {"id": row["id"], "organ": organ.name, "division": organ.division, "evidence": organ.evidence}


_READ = sa.text(
    """
    select v.id, r.url, v.media_type, v.title, v.text, v.year, v.source, v.fields, v.edits,
           p.title as portal_title, p.entry, p.division as portal_division
    from report_version v
    join report r on r.id = v.report_id
    join portal p on p.id = r.portal_id
    where v.id > :last
    order by v.id
    limit :most
    """
)
_PUT = sa.text(
    """
    update report_version set organ = :organ, organ_division = :division, organ_evidence = :evidence where id = :id
    """
)
_POINT = sa.text(
    """
    update report
    set organ = v.organ, division = (select code from division where code = v.organ_division)
    from report_version v
    where v.report_id = report.id and v.number = report.current_version and v.organ is not null
    """
)


def _widen_views() -> None:
    """Columns of views are only ever added, at the end."""
    op.execute(
        """
        create or replace view reports as
        select r.id, p.name as portal, r.url, v.title, r.issuer, coalesce(r.division, p.division) as division,
               n.name as division_name, r.year, v.published_on,
               (select max(number) from report_version where report_id = r.id) as versions,
               v.flags, v.source, length(v.text) as characters, r.first_seen, r.last_seen, r.gone_at,
               r.key, r.organ, v.organ_division, v.organ_evidence
        from report r
        join portal p on p.id = r.portal_id
        left join report_version v on v.report_id = r.id and v.number = r.current_version
        left join lateral (
            select name from division_name
            where code = coalesce(r.division, p.division)
            order by greatest(valid_from - r.year, r.year - valid_to, 0), valid_from desc
            limit 1
        ) n on true
        """
    )
    op.execute(
        """
        create or replace view report_texts as
        select v.report_id, p.name as portal, r.url, v.year, v.issuer, v.number as version,
               v.number = r.current_version as is_current, v.title, v.text, v.extracted_text, v.published_on, v.flags,
               v.reason, v.extractor_version, c.fetched_at, c.record_id, w.name as warc_file, v.created_at, r.key,
               v.organ, v.organ_division, v.organ_evidence
        from report_version v
        join report r on r.id = v.report_id
        join portal p on p.id = r.portal_id
        join capture c on c.id = v.capture_id
        join warc_file w on w.id = c.warc_file_id
        """
    )
    for view in ("reports", "report_texts"):
        op.execute(f"comment on column {view}.organ is '{_ORGAN}'")
        op.execute(f"comment on column {view}.organ_division is '{_DIVISION.replace(chr(39), chr(39) * 2)}'")
        op.execute(f"comment on column {view}.organ_evidence is '{_EVIDENCE}'")
    op.execute("comment on column reports.division is 'GB/T 2260 code of the organ''s division, else of the portal''s'")
