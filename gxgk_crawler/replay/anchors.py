"""Which elements of a page are the cells of its data tables, as extraction has read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gxgk_crawler.extract.page.grids import read_grid
from gxgk_crawler.extract.page.text import join_lines, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.html import HtmlElement

_LEAST_SHARE = 0.5  # of the cells of a grid that must be found in a table for it to be that table


@dataclass(frozen=True, slots=True)
class AnchoredCells:
    """ids: elements and their ids `t0r1c2`: grid, row and column from 0. found: of each grid, how many cells were found."""

    ids: list[tuple[HtmlElement, str]] = field(default_factory=list)
    found: list[int] = field(default_factory=list)


def anchor_cells(tables: Sequence[HtmlElement], grids: Sequence[Sequence[Mapping[str, Any]]]) -> AnchoredCells:
    """The elements of the cells of the grids. tables: data tables of the page in its order. grids: their cells {row, col, text}.

    A cell is only found where its row, column and text are those of an element: the rules may have changed since it was read.
    """
    anchored = AnchoredCells()
    if not grids:
        return anchored
    laid_out = [_cells(table) for table in tables]
    begin = 0
    for number, cells in enumerate(grids):
        wanted = {(cell["row"], cell["col"]): cell["text"] for cell in cells}
        best: list[tuple[HtmlElement, str]] = []
        at = begin
        for index in range(begin, len(laid_out)):
            found = [
                (element, f"t{number}r{row}c{col}")
                for row, col, words, element in laid_out[index]
                if wanted.get((row, col)) == words
            ]
            if len(found) > len(best):
                best, at = found, index
            if len(best) == len(wanted):
                break
        if len(best) >= _LEAST_SHARE * len(wanted) and best:
            anchored.ids.extend(best)
            anchored.found.append(len(best))
            begin = at + 1
        else:
            anchored.found.append(0)
    return anchored


def _cells(table: HtmlElement) -> list[tuple[int, int, str, HtmlElement]]:
    elements: list[HtmlElement] = []

    def text_of(cell: HtmlElement) -> str:
        elements.append(cell)
        part = render([cell])
        return " ".join(part.lines) if part.grids else join_lines(part.lines)

    grid = read_grid(table, text_of)
    return [(cell.row, cell.col, cell.text, element) for cell, element in zip(grid.cells, elements, strict=True)]
