"""The search index: the current version of every report, cut into sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.prepared import index_of
from gxgk_crawler.store.tokens import TOK_VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.store.prepared import IndexedText

# To stand alone or at the end of a statement; takes report_id, number (of the version) and `index_values`.
INSERT_SECTIONS = """
    insert into section (report_id, seq, version, heading, start, text, tsv, tok_version)
    select :report_id, seq - 1, :number, heading, start, content, cast(vector as tsvector), :tok_version
    from unnest(
        cast(:headings as text[]), cast(:starts as integer[]), cast(:contents as text[]), cast(:vectors as text[])
    ) with ordinality as cut (heading, start, content, vector, seq)
"""
_INSERT = text(INSERT_SECTIONS)


def index_values(index: IndexedText) -> dict[str, Any]:
    """The parameters of INSERT_SECTIONS that tell what was indexed."""
    return {
        "headings": index.headings,
        "starts": index.starts,
        "contents": index.texts,
        "vectors": index.vectors,
        "tok_version": TOK_VERSION,
    }


def clear_index(conn: Connection, report_id: int) -> None:
    """Forget the sections of a report."""
    conn.execute(text("delete from section where report_id = :id"), {"id": report_id})


def index_report(conn: Connection, report_id: int, version: int, content: str) -> None:
    """Replace the sections of a report by those of the version that is now current."""
    clear_index(conn, report_id)
    conn.execute(_INSERT, {"report_id": report_id, "number": version, **index_values(index_of(content))})
