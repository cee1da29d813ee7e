"""The figures of a report as rows for the database: pure, so that the child that reads a page can make them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gxgk_crawler.statutory.figures import read_figures
from gxgk_crawler.statutory.verdicts import verdicts
from gxgk_crawler.store.storable import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.items import Attachment, Document
    from gxgk_crawler.statutory.figures import Figures
    from gxgk_crawler.statutory.tables import Cell, Check, Omitted, Place

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFigures:
    """The figures of a report. tables: names of the statutory tables that have cells. rows: JSON of `figure_rows`."""

    tables: list[str]
    rows: str


def prepare_figures(document: Document, attachments: Sequence[Attachment] = ()) -> PreparedFigures:
    """The figures of a document and its attachments, as the database takes them."""
    figures = read_figures(document, attachments)
    held = sorted({table.table for table in figures.tables if table.cells})
    return PreparedFigures(tables=list(held), rows=json_text(figure_rows(figures)))


def figure_rows(figures: Figures) -> dict[str, list[Row]]:
    """Rows by cells, omissions, checks and indicators, with the columns of their tables but for the version.

    position: counts cells and omissions together, table by table. statement: 0 for the first table of its name.
    """
    cells: list[Row] = []
    omissions: list[Row] = []
    seen: Counter[str] = Counter()
    for table, judged in zip(figures.tables, verdicts(figures.tables, figures.checks), strict=True):
        shared = {"table": table.table, "layout": table.layout, "statement": seen[table.table]}
        seen[table.table] += 1
        for cell, verdict in zip(table.cells, judged, strict=True):
            cells.append({"position": len(cells) + len(omissions), **shared, **_cell(cell), "verdict": verdict})
        for row in table.omitted:
            omissions.append({"position": len(cells) + len(omissions), **shared, **_omission(row)})
    return {
        "cells": cells,
        "omissions": omissions,
        "checks": [check_row(check, position) for position, check in enumerate(figures.checks)],
        "indicators": [
            {
                "position": position,
                "key": one.key,
                "value": one.value,
                "unit": one.unit,
                "evidence": one.evidence.text,
                "start": one.evidence.start,
                "end": one.evidence.end,
                "approximate": one.approximate,
                "derived": one.derived,
                "scope": one.scope,
            }
            for position, one in enumerate(figures.indicators)
        ],
    }


def check_row(check: Check, position: int) -> Row:
    """The columns of a check."""
    return {
        "position": position,
        "rule": check.rule,
        "at": check.at,
        "lhs": check.lhs,
        "rhs": check.rhs,
        "delta": check.delta,
        "status": check.status,
        "severity": check.severity,
    }


def _cell(cell: Cell) -> Row:
    return {
        "row": cell.row,
        "col": cell.col,
        "raw": cell.raw,
        "value": cell.value,
        "unit": cell.unit,
        "semantic": cell.semantic,
        **_place(cell.place),
        "method": cell.method,
        "attachment": cell.attachment,
        "row_label": cell.row_label,
        "col_label": cell.col_label,
    }


def _omission(omitted: Omitted) -> Row:
    return {
        "row": omitted.row,
        "raw": omitted.raw,
        **_place(omitted.place),
        "reason": omitted.reason,
        "attachment": omitted.attachment,
    }


def _place(place: Place) -> Row:
    return {
        "grid": place.grid,
        "grid_row": place.row,
        "grid_col": place.col,
        "start": place.start,
        "end": place.end,
    }
