"""Figures: the statutory tables of a report, the card of a cell, series over years and organs, and equations that fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gxgk_crawler.analysis.pivot import FORM_CHANGES, series_table
from gxgk_crawler.charts.line_chart import line_chart
from gxgk_crawler.errors import GxgkError, NotFoundError
from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.cell_keys import cell_key
from gxgk_crawler.statutory.checks import RULES
from gxgk_crawler.statutory.verdicts import concerns
from gxgk_crawler.store.figures.of_version import CELL_COLUMNS
from gxgk_crawler.store.figures.series import CHECK_COLUMNS, SERIES_COLUMNS, read_checks, read_series
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.views.check_counts import failed_by_rule
from gxgk_crawler.store.views.provenance import version_captures
from gxgk_crawler.web.address import report_address
from gxgk_crawler.web.answers import CsvRows, MissingError, RoomPage
from gxgk_crawler.web.masking import masked_rows
from gxgk_crawler.web.pages.reports import read_version
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gxgk_crawler.analysis.pivot import SeriesTable
    from gxgk_crawler.web.room import Ask

_DEFAULT_CELL = "T3.new_received.total"
_MOST = 3000  # rows of a series on one page; the CSV has all
_MOST_CHECKS = 500


def tables(ask: Ask) -> RoomPage:
    """The statutory tables of one version with the verdicts of their equations, and what the prose states."""
    found = read_version(ask)
    wanted = ask.path.get("table")
    chosen = [one for one in found["tables"] if wanted in {None, one["table"]}]
    if wanted is not None and not chosen:
        raise MissingError("table")
    kept = ("id", "key", "portal", "url", "title", "year", "version")
    rows = [{"table": one["table"], "layout": one["layout"], **cell} for one in chosen for cell in one["cells"]]
    return RoomPage(
        template="tables",
        title=str(say(ask.language, "tables.title")),
        data={
            **{name: found[name] for name in kept},
            "tables": chosen,
            "checks": found["checks"],
            "indicators": found["indicators"],
        },
        rows=CsvRows(columns=CELL_COLUMNS, rows=lambda: rows),
        show={
            "report": found,
            "grids": [(one, *_grid(one["cells"])) for one in chosen],
            "failed": [check for check in found["checks"] if check["status"] == "fail"],
            "statuses": _statuses(found["checks"]),
        },
    )


def _grid(cells: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[str, str]], list[tuple[str, str, dict[str, Any]]]]:
    """Columns as (key, label), and rows as (key, label, cells by column), both in the order of the table."""
    columns: dict[str, str] = {}
    rows: dict[str, tuple[str, dict[str, Any]]] = {}
    for cell in cells:
        columns.setdefault(
            cell["col"], cell["col_label"] or _official(layouts.T3_COLUMNS).get(cell["col"], cell["col"])
        )
        rows.setdefault(cell["row"], (cell["row_label"] or cell["row"], {}))[1].setdefault(cell["col"], cell)
    return [*columns.items()], [(key, label, by_column) for key, (label, by_column) in rows.items()]


def _official(labels: Sequence[layouts.Label]) -> dict[str, str]:
    return {label.key: label.official for label in labels}


def _statuses(checks: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many equations hold, fail, and cannot be judged."""
    return {status: sum(check["status"] == status for check in checks) for status in ("pass", "fail", "not-evaluable")}


def cell(ask: Ask) -> RoomPage:
    """The card of one cell: what is printed, what it means, its equations, and its place in the archived page."""
    found = read_version(ask)
    name, row, col = ask.path["table"], ask.path["row"], ask.path["col"]
    table = next((one for one in found["tables"] if one["table"] == name), None)
    one = next((c for c in table["cells"] if (c["row"], c["col"]) == (row, col)), None) if table else None
    if table is None or one is None:
        raise MissingError("table")
    place = one["place"]
    version = f"{report_address(found['key'])}/v/{found['version']}"
    is_on_page = "grid" in place and one["attachment"] is None
    anchor = f"t{place['grid']}r{place['row']}c{place['col']}" if is_on_page else None
    captures = version_captures(ask.conn, found["id"], found["version"])
    checks = [check for check in found["checks"] if concerns(check, name, row, col)]
    data = {
        "report": found["key"],
        "version": found["version"],
        "table": name,
        "layout": table["layout"],
        **one,
        "original": f"{version}/original?cell={anchor}" if anchor else f"{version}/original",
        "checks": checks,
        "record_id": captures[0]["record_id"],
        "payload_sha256": captures[0]["payload_sha256"],
        "fetched_at": captures[0]["fetched_at"],
        "cite": f"{version}/cite",
    }
    return RoomPage(
        template="cell",
        title=str(say(ask.language, "cell.title")),
        data=data,
        show={"report": found, "anchor": anchor, "address": f"{ask.url}{ask.address}"},
    )


def series(ask: Ask) -> RoomPage:
    """One cell over organs and years, as chart and table; every value leads to its cell."""
    wanted, rows, error = ask.text("cell") or _DEFAULT_CELL, [], None
    if ask.text("row"):
        wanted = f"T3.{ask.text('row')}.{ask.text('col') or 'total'}"
    filters = Filters(
        since=ask.number("since", 1990, 2100),
        until=ask.number("until", 1990, 2100),
        division=ask.text("division") or ask.text("places"),
        portal=ask.text("portal"),
        organ=ask.text("organ"),
    )
    try:
        limit = None if ask.format == "csv" else _MOST
        rows = read_series(ask.conn, cell_key(wanted), filters, limit=limit)
    except NotFoundError:
        error = str(say(ask.language, "search.no_division"))
    except GxgkError as refused:
        error = str(refused)
    rows = masked_rows(ask, rows)
    made = series_table(rows)
    return RoomPage(
        template="series",
        title=str(say(ask.language, "series.title")),
        data=rows,
        rows=CsvRows(columns=SERIES_COLUMNS, rows=lambda: rows),
        show={
            "cell": wanted,
            "error": error,
            "made": made,
            "chart": _chart(made),
            "breaks": FORM_CHANGES,
            "cut": len(rows) == _MOST,
            "filters": filters,
            "row_labels": layouts.T3_ROWS,
            "col_labels": layouts.T3_COLUMNS,
            "parts": wanted.split("."),
        },
    )


def _chart(made: SeriesTable) -> Any:
    lines = []
    for organ, _, points in made.rows:
        values = {p.year: (float(p.row["value"]), p.row["key"]) for p in points if p.row and p.row["value"] is not None}
        lines.append((organ, values))
    lines.sort(key=lambda line: -max((value for value, _ in line[1].values()), default=0))
    return line_chart(lines, FORM_CHANGES)


def checks(ask: Ask) -> RoomPage:
    """Equations that do not hold, or with `status=all` every one."""
    rule = ask.text("rule")
    rule = rule if rule in RULES else None
    filters = Filters(
        year=ask.number("year", 1990, 2100),
        division=ask.text("division"),
        portal=ask.text("portal"),
        organ=ask.text("organ"),
    )
    failed = ask.text("status") != "all"
    limit = None if ask.format == "csv" else _MOST_CHECKS
    try:
        rows = masked_rows(ask, read_checks(ask.conn, filters, failed=failed, rule=rule, limit=limit))
    except NotFoundError:
        raise MissingError("division") from None
    return RoomPage(
        template="checks",
        title=str(say(ask.language, "checks.title")),
        data=rows,
        rows=CsvRows(columns=CHECK_COLUMNS, rows=lambda: rows),
        show={"rows": rows, "rule": rule, "rules": failed_by_rule(ask.conn), "cut": len(rows) == _MOST_CHECKS},
    )


def compare(ask: Ask) -> RoomPage:
    """One statutory table of several reports side by side. `reports=KEY,KEY`, at most thirty."""
    keys = list(dict.fromkeys((ask.text("reports") or "").split(",")))[:30]
    name = ask.text("table") or "T3"
    found = [read_version(_of_key(ask, key)) for key in keys if key]
    columns = ask.text("col") or "total"
    values: dict[str, tuple[str, list[Any]]] = {}
    for number, one in enumerate(found):
        table = next((t for t in one["tables"] if t["table"] == name), None)
        for c in table["cells"] if table else ():
            if c["col"] == columns:
                values.setdefault(c["row"], (c["row_label"] or c["row"], [None] * len(found)))[1][number] = c
    rows = [
        {"row": row, **{one["key"]: c and c["value"] for one, c in zip(found, cells, strict=True)}}
        for row, (_, cells) in values.items()
    ]
    return RoomPage(
        template="compare",
        title=str(say(ask.language, "compare.title")),
        data=rows,
        rows=CsvRows(columns=("row", *(one["key"] for one in found)), rows=lambda: rows),
        show={"found": found, "values": values, "table": name, "col": columns},
    )


def _of_key(ask: Ask, key: str) -> Ask:
    return replace(ask, path={"key": key})
