"""The search index: the current version of every report, cut into sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.search.tokens import TOK_VERSION, index_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from gxgk_crawler.store.search.tokens import IndexedText

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


def rebuild(conn: Connection, *, everything: bool = False, progress: Callable[[int], None] | None = None) -> int:
    """Index anew every report whose index another tokenizer made, is of another version, or is missing; how many.

    everything: all reports, whatever made their index. progress: told the number of reports done.
    Call it in one transaction: until that is committed, people search the old index.
    """
    stale = conn.execute(_STALE, {"tok_version": TOK_VERSION, "everything": everything}).all()
    for number, row in enumerate(stale, 1):
        content = conn.execute(_TEXT, {"id": row.id, "version": row.current_version}).scalar_one()
        index_report(conn, row.id, row.current_version, content)
        if progress is not None:
            progress(number)
    return len(stale)


_STALE = text(
    """
    select r.id, r.current_version
    from report r
    where r.current_version is not null
      and (
          :everything
          or exists (
              select from section s
              where s.report_id = r.id and (s.tok_version <> :tok_version or s.version <> r.current_version)
          )
          or not exists (select from section s where s.report_id = r.id)
      )
    order by r.id
    """
)
_TEXT = text("select text from report_version where report_id = :id and number = :version")
