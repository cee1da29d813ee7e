"""The figures of versions as the JSON of a report holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.figures.numbers import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.engine import RowMapping

# What a table of cells shows, in this order.
CELL_COLUMNS = (
    "table", "layout", "row", "col", "row_label", "col_label", "raw", "value", "unit", "semantic", "verdict", "method",
    "attachment", "place",
)  # fmt: skip
_PLACE = {"grid": "grid", "grid_row": "row", "grid_col": "col", "start": "start", "end": "end"}


def figures_of(conn: Connection, row_ids: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """The keys tables, checks and indicators of `statutory.figures.figures_json`, by the row_id of the version.

    Checks have one key more, `against`: the report of the year before that E5, E6 and E7 compare with, else None.
    """
    made: dict[int, dict[str, list[dict[str, Any]]]] = {
        row_id: {"tables": [], "checks": [], "indicators": []} for row_id in row_ids
    }
    tables: dict[tuple[int, str, int], dict[str, Any]] = {}
    for row in _rows(conn, _CELLS, row_ids):
        key = (row["report_version_id"], row["table"], row["statement"])
        if key not in tables:
            tables[key] = {"table": row["table"], "layout": row["layout"], "cells": [], "omitted": []}
            made[key[0]]["tables"].append(tables[key])
        if row["reason"] is None:
            tables[key]["cells"].append(_cell(row))
        else:
            tables[key]["omitted"].append(_omission(row))
    for row in _rows(conn, _CHECKS, row_ids):
        made[row["report_version_id"]]["checks"].append(_check(row))
    for row in _rows(conn, _INDICATORS, row_ids):
        made[row["report_version_id"]]["indicators"].append(_indicator(row))
    return made


def _rows(conn: Connection, query: Any, row_ids: Sequence[int]) -> Iterator[RowMapping]:
    yield from conn.execute(query, {"versions": list(row_ids)}).mappings()


def _place(row: RowMapping) -> dict[str, int]:
    return {name: row[column] for column, name in _PLACE.items() if row[column] is not None}


def _cell(row: RowMapping) -> dict[str, Any]:
    return {
        "row": row["row"],
        "col": row["col"],
        "raw": row["raw"],
        "value": number(row["value"]),
        "unit": row["unit"],
        "semantic": row["semantic"],
        "place": _place(row),
        "method": row["method"],
        "attachment": row["attachment"],
        "row_label": row["row_label"],
        "col_label": row["col_label"],
        "verdict": row["verdict"],
    }


def _omission(row: RowMapping) -> dict[str, Any]:
    return {
        "row": row["row"],
        "raw": row["raw"],
        "place": _place(row),
        "reason": row["reason"],
        "attachment": row["attachment"],
    }


def _check(row: RowMapping) -> dict[str, Any]:
    return {
        "rule": row["rule"],
        "at": row["at"],
        "lhs": number(row["lhs"]),
        "rhs": number(row["rhs"]),
        "delta": number(row["delta"]),
        "status": row["status"],
        "severity": row["severity"],
        "against": row["against"],
    }


def _indicator(row: RowMapping) -> dict[str, Any]:
    return {
        "key": row["key"],
        "value": number(row["value"]),
        "unit": row["unit"],
        "evidence": {"text": row["evidence"], "start": row["start"], "end": row["end"]},
        "approximate": row["approximate"],
        "derived": row["derived"],
        "scope": row["scope"],
    }


_CELLS = text(
    """
    select report_version_id, position, "table", layout, statement, "row", col, raw, value, unit, semantic, method,
           attachment, row_label, col_label, verdict, grid, grid_row, grid_col, start, "end", null as reason
    from statutory_cell where report_version_id = any(:versions)
    union all
    select report_version_id, position, "table", layout, statement, "row", null, raw, null, null, null, null,
           attachment, null, null, null, grid, grid_row, grid_col, start, "end", reason
    from statutory_omission where report_version_id = any(:versions)
    order by report_version_id, position
    """
)
_CHECKS = text(
    """
    select k.report_version_id, k.rule, k.at, k.lhs, k.rhs, k.delta, k.status, k.severity, e.report_id as against
    from statutory_check k
    left join report_version e on e.id = k.against
    where k.report_version_id = any(:versions)
    order by k.report_version_id, k.position
    """
)
_INDICATORS = text(
    """
    select * from indicator where report_version_id = any(:versions) order by report_version_id, position
    """
)
