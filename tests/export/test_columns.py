"""The columns are said once; views, files and documentation say the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.export.columns import LINES, OF_THE_REPORT, REPORT_OBJECTS, TABLES
from gxgk_crawler.export.export_table import ExportTable

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database

DOCS = Path(__file__).parents[2] / "docs" / "export.md"
VIEWS = {"reports": "reports", "versions": "report_texts", "edits": "edits", "crawls": "crawls", "captures": "captures"}
# Where the operator keeps his files is nobody's business.
LEFT_OUT = {"crawls": {"host"}, "captures": {"host", "directory"}}
EVERY = [*TABLES, REPORT_OBJECTS]


@pytest.mark.parametrize("table", [table for table in TABLES if table.name in VIEWS], ids=lambda table: table.name)
def test_names_and_meanings_are_those_of_the_views(database: Database, table: ExportTable) -> None:
    query = """
        select a.attname, col_description(a.attrelid, a.attnum)
        from pg_attribute a where a.attrelid = cast(:view as regclass) and a.attnum > 0 order by a.attnum
    """
    with database.begin() as conn:
        view = {row[0]: row[1] for row in conn.execute(text(query), {"view": VIEWS[table.name]})}
        comment = conn.execute(text("select obj_description(cast(:v as regclass))"), {"v": VIEWS[table.name]}).scalar()
    assert table.meaning == comment
    expected = {name: meaning for name, meaning in view.items() if name not in LEFT_OUT.get(table.name, ())}
    said = {column.name: column.meaning for column in table.columns}
    assert [name for name in said if name in expected] == list(expected)
    assert {name: said[name] for name in expected} == expected


@pytest.mark.parametrize("table", EVERY, ids=lambda table: f"{table.name}-{len(table.columns)}")
def test_keys_and_references_name_columns(table: ExportTable) -> None:
    tables = {one.name: one for one in TABLES}
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    for reference in table.references:
        assert set(reference.columns) <= set(table.names)
        assert reference.of == tables[reference.table].key
    assert set(OF_THE_REPORT) <= set(REPORT_OBJECTS.names)
    assert all(
        not column.said_by_page or column.kind not in {"integer", "date", "datetime"} for column in table.columns
    )


def as_documented(table: ExportTable) -> str:
    """The table of docs/export.md about a table of an export."""
    lines = ["| column | type | meaning |", "|---|---|---|"]
    for column in table.columns:
        kind = column.kind if not column.nullable else f"{column.kind}, may be empty"
        lines.append(f"| `{column.name}` | {kind} | {column.meaning} |")
    return "\n".join(lines)


@pytest.mark.parametrize("table", EVERY, ids=lambda table: f"{table.name}-{len(table.columns)}")
def test_the_documentation_has_every_column(table: ExportTable) -> None:
    assert as_documented(table) in DOCS.read_text("utf-8"), f"docs/export.md should hold:\n{as_documented(table)}"


def test_lines_and_tables_share_what_they_can() -> None:
    assert {table.name for table in LINES} <= {table.name for table in TABLES}
