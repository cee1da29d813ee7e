"""Figures of real and synthetic pages that lie beside the repository, at the keys where they stand in the standard's own grid."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from gxgk_crawler.sandbox.report import read_saved
from gxgk_crawler.statutory.cell_reader import read_tables
from gxgk_crawler.statutory.checks import check
from gxgk_crawler.statutory.layouts import T2_CELLS, T3_COLUMN_ORDER, T3_ROWS_B, T3_ROWS_C, T4_CELLS
from gxgk_crawler.statutory.tables import StatutoryTable

SHARED = Path(__file__).parents[3] / "shared"
PAGES = [
    *sorted((SHARED / "pages").glob("syn_*.html")),
    *(SHARED / "reports" / f"pingtan_{year}.html" for year in (2019, 2023, 2025)),
]
FORM_B = (("regulations", 2), ("normative_documents", 3), ("licensing", 6), ("other_services", 7), ("penalties", 10), ("coercion", 11),
          ("fees", 14), ("procurement", 17))  # fmt: skip
FORM_C = (
    ("regulations", 2),
    ("normative_documents", 3),
    ("licensing", 6),
    ("penalties", 9),
    ("coercion", 10),
    ("fees", 13),
)

pytestmark = pytest.mark.skipif(not PAGES[-1].exists(), reason="no pages beside the repository")


def tables_of(path: Path) -> list[StatutoryTable]:
    return read_tables(read_saved(path.read_bytes(), None).document)


def gold_of(path: Path) -> dict[tuple[str, str, str], str]:
    """The raw figures by key, told by their row and column in the grids that were read from the page by hand."""
    t2, t3, t4 = (
        {(row, col): text for row, col, text in table}
        for table in json.loads(path.with_suffix(".json").read_text("utf-8"))["tables"]
    )
    layout, rows = ("B", FORM_B) if "2019" in path.name else ("C", FORM_C)
    gold = {
        ("T2", key, col): t2.get((at, n + 1), "") for key, at in rows for n, col in enumerate(T2_CELLS[layout][key])
    }
    keys = T3_ROWS_B if layout == "B" else T3_ROWS_C
    gold |= {
        ("T3", key, col): t3.get((r + 3, c + 3), "")
        for r, key in enumerate(keys)
        for c, col in enumerate(T3_COLUMN_ORDER)
    }
    return gold | {("T4", *key): t4.get((3, at), "") for at, key in enumerate(T4_CELLS)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_figure_of_the_page_stands_at_its_key(path: Path) -> None:
    tables = tables_of(path)
    read = {(table.table, cell.row, cell.col): cell.raw for table in tables for cell in table.cells}
    assert read == gold_of(path)
    assert {cell.method for table in tables for cell in table.cells} == {"grid"}


@pytest.mark.parametrize(
    ("name", "equations"),
    [
        ("reports/pingtan_2019.html", 40),
        ("reports/pingtan_2023.html", 42),
        ("reports/pingtan_2025.html", 42),
        ("facts/huaian-2024.pdf", 42),
        ("seeds/002_44d6bdc10f146279.txt", 40),
    ],
)
def test_the_equations_of_real_reports_hold(name: str, equations: int) -> None:
    statuses = Counter(one.status for one in check(tables_of(SHARED / name)))
    assert statuses == {"pass": equations}


def test_every_cell_of_the_report_of_2020() -> None:
    gold = json.loads((SHARED / "seeds" / "002_44d6bdc10f146279.gold.json").read_text("utf-8"))["tables"]
    read = {
        (table.table, cell.row, cell.col): cell.value
        for table in tables_of(SHARED / "seeds" / "002_44d6bdc10f146279.txt")
        for cell in table.cells
    }
    t2 = [value for row in gold[0]["rows"] for value in row["cells"].values()]
    assert [value for (table, _, _), value in read.items() if table == "T2"] == [*t2[:-1], 31.17]
    for row in gold[1]["rows"]:
        assert [read["T3", row["key"], col] for col in T3_COLUMN_ORDER] == row["values"]
    assert [read["T4", *key] for key in T4_CELLS] == [value for row in gold[2]["rows"] for value in row["values"]]


@pytest.mark.parametrize(("year", "rows"), [(2011, 17), (2015, 16)])
def test_a_provinces_own_form_is_layout_a_with_its_labels(year: int, rows: int) -> None:
    path = SHARED / "reports" / f"pingtan_{year}.html"
    (table,) = tables_of(path)
    (gold,) = json.loads(path.with_suffix(".json").read_text("utf-8"))["tables"]
    cells = {(row, col): text for row, col, text in gold}
    wanted = {
        ("".join(cells[row, 0].split()), key): (cells[row, col], cells[row, 1])
        for row in range(1, rows + 1)
        for col, key in ((2, "value"), (3, "cumulative"))
    }
    assert (table.table, table.layout) == ("A", "A")
    assert {(cell.row, cell.col): (cell.raw, cell.unit) for cell in table.cells} == wanted
