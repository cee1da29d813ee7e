"""Writes the figures of a version: all of them in one statement, in the transaction that writes the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

_PLACE = {"grid": "integer", "grid_row": "integer", "grid_col": "integer", "start": "integer", "end": "integer"}
_OF_TABLE = {
    "position": "integer",
    **_PLACE,
    "attachment": "smallint",
    "statement": "smallint",
    "table": "text",
    "layout": "text",
    "row": "text",
}
_CHECKS = {
    "position": "integer",
    **dict.fromkeys(("rule", "at"), "text"),
    **dict.fromkeys(("lhs", "rhs", "delta"), "numeric"),
    **dict.fromkeys(("status", "severity"), "text"),
}
# Tables of figures: the key of their rows in the JSON, and their columns but for the version.
_COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "statutory_cell": (
        "cells",
        {
            **_OF_TABLE,
            "col": "text",
            "raw": "text",
            "value": "numeric",
            **dict.fromkeys(("unit", "semantic", "method", "row_label", "col_label", "verdict"), "text"),
        },
    ),
    "statutory_omission": ("omissions", {**_OF_TABLE, "raw": "text", "reason": "text"}),
    "statutory_check": ("checks", _CHECKS),
    "indicator": (
        "indicators",
        {
            "position": "integer",
            "key": "text",
            "value": "numeric",
            "unit": "text",
            "evidence": "text",
            "start": "integer",
            "end": "integer",
            "approximate": "boolean",
            "derived": "boolean",
            "scope": "text",
        },
    ),
}


def _insert(table: str, key: str, columns: Mapping[str, str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    types = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    return f"""
        insert into {table} (report_version_id, {names})
        select version.id, {names}
        from version cross join given cross join lateral jsonb_to_recordset(given.figures -> '{key}') as r ({types})
    """  # noqa: S608 - names of ours


_WRITE = text(
    f"""
    with given as materialized (select cast(:figures as jsonb) as figures),
    version as (select id from report_version where report_id = :report_id and number = :number),
    {", ".join(f"w_{table} as ({_insert(table, key, columns)})" for table, (key, columns) in _COLUMNS.items())}
    select id from version
    """  # noqa: S608 - names of ours
)
_CLEAR = text(
    f"""
    with version as (select id from report_version where report_id = :report_id and number = :number),
    {
        ", ".join(
            f"d_{table} as (delete from {table} where report_version_id in (select id from version))"
            for table in _COLUMNS
        )
    }
    select id from version
    """  # noqa: S608 - names of ours
)
_MARK = text(
    """
    update report_version set statutory_version = :statutory_version, statutory_tables = :statutory_tables
    where report_id = :report_id and number = :number
    """
)
_INSERT_AGAINST = text(
    f"""
    insert into statutory_check (report_version_id, against, {", ".join(_CHECKS)})
    select r.report_version_id, r.against, {", ".join(f"r.{name}" for name in _CHECKS)}
    from jsonb_to_recordset(cast(:rows as jsonb)) as r (
        report_version_id bigint, against bigint, {", ".join(f"{name} {kind}" for name, kind in _CHECKS.items())}
    )
    """  # noqa: S608 - names of ours
)
_CLEAR_AGAINST = text(
    """
    delete from statutory_check k using report_version v
    where v.report_id = any(:reports) and k.report_version_id = v.id and k.against is not null
    """
)


def write_figures(conn: Connection, report_id: int, number: int, rows: str) -> None:
    """Write the figures of a version that has none. rows: JSON of `prepared_rows.figure_rows`."""
    conn.execute(_WRITE, {"report_id": report_id, "number": number, "figures": rows})


def replace_figures(conn: Connection, report_id: int, number: int, rows: str) -> None:
    """Write the figures of a version in place of those that it has, its checks against other years too."""
    conn.execute(_CLEAR, {"report_id": report_id, "number": number})
    write_figures(conn, report_id, number, rows)


def mark_read(conn: Connection, report_id: int, number: int, values: Mapping[str, Any]) -> None:
    """Write which rules have read the figures of a version, and which tables they found.

    values: those of the columns statutory_version and statutory_tables.
    """
    conn.execute(
        _MARK,
        {
            "report_id": report_id,
            "number": number,
            "statutory_version": values["statutory_version"],
            "statutory_tables": values["statutory_tables"],
        },
    )


def replace_checks_against(conn: Connection, reports: Sequence[int], rows: str) -> None:
    """Write checks against the year before, in place of all that the versions of these reports have.

    rows: JSON of checks as in `prepared_rows.check_row`, with report_version_id and against.
    """
    conn.execute(_CLEAR_AGAINST, {"reports": list(reports)})
    if rows != "[]":
        conn.execute(_INSERT_AGAINST, {"rows": rows})
