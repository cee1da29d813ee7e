"""Pages of every shape that we could think of: each figure at its key or left out, never at another's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from gxgk_crawler.extract.document import extract
from gxgk_crawler.statutory.cell_reader import read_tables
from gxgk_crawler.statutory.checks import check
from gxgk_crawler.statutory.tables import Cell, StatutoryTable
from tests.statutory.deformed import HTML_SHAPES, TEXT_SHAPES, Page, pages

PAGES = pages()
SHAPES = [*(shape.__name__ for shape in HTML_SHAPES), *TEXT_SHAPES]


@dataclass
class Score:
    """right, missing: knowable cells. wrong: what was read and is not there."""

    right: int = 0
    missing: list[object] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)
    blank_as_zero: list[object] = field(default_factory=list)


def tables_of(page: Page) -> list[StatutoryTable]:
    return read_tables(extract(page.body, media_type="text/plain" if page.kind == "text" else None))


def score(page: Page, tables: list[StatutoryTable]) -> Score:
    read: dict[tuple[str, str, str], Cell] = {}
    for table in tables:
        for cell in table.cells:
            read.setdefault((table.table, cell.row, cell.col), cell)
    result = Score(wrong=[(page.name, key) for key in read.keys() - page.truth.values.keys()])
    for key, value in page.truth.values.items():
        if key not in read:
            if value is not None and key not in page.unknowable:
                result.missing.append((page.name, key))
            continue
        cell = read[key]
        if cell.value != value:
            result.wrong.append((page.name, key, cell.raw))
        elif value is None and cell.semantic != "blank":
            result.blank_as_zero.append((page.name, key, cell.raw))
        else:
            result.right += 1
    return result


def test_there_are_enough_pages() -> None:
    assert len(PAGES) >= 150


@pytest.mark.parametrize("shape", SHAPES)
def test_every_figure_stands_at_its_key(shape: str) -> None:
    of_shape = [page for page in PAGES if page.name.rsplit(" ", 2)[0] == shape]
    assert len(of_shape) == 6
    for page in of_shape:
        tables = tables_of(page)
        result = score(page, tables)
        assert result.wrong == []
        assert result.blank_as_zero == []
        assert len(result.missing) <= 0.005 * len(page.truth.values)
        assert {table.layout for table in tables} == {page.truth.layout}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_equations_of_a_true_form_hold(shape: str) -> None:
    for page in PAGES:
        if page.name.rsplit(" ", 2) == [shape, page.truth.layout, "0.0"]:
            found = Counter((one.rule, one.status) for one in check(tables_of(page)))
            rows = 23 if page.truth.layout == "B" else 25
            assert found == {("E1", "pass"): 7, ("E2", "pass"): 7, ("E3", "pass"): rows, ("E4", "pass"): 3}
