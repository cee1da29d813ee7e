"""The table grid: anchored cells with their spans, laid out as HTML does (WHATWG, 4.9.12 Processing model)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.items import Grid, GridCell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

# The standard's own limits are 1,000 and 65,534; no government form is wider than 100 columns, and a hostile page
# must not make a few bytes cost a million cells.
_MAX_COLSPAN = 100
_MAX_ROWSPAN = 2000
_AREA_PER_CELL = 64


@dataclass(slots=True)
class _Columns:
    """Which columns of the current row are still covered by a cell of a row above."""

    budget: int
    until: dict[int, int] = field(default_factory=dict)

    def free_from(self, col: int, row: int) -> int:
        start = col
        while self.until.get(col, 0) > row:
            col += 1
        self._spend(col - start)
        return col

    def cover(self, row: int, col: int, rowspan: int, colspan: int) -> None:
        self._spend(colspan)
        if self.budget > 0:
            self.until.update(dict.fromkeys(range(col, col + colspan), row + rowspan))

    def _spend(self, steps: int) -> None:
        self.budget -= steps
        if self.budget <= 0:
            self.until.clear()


def rows_of(table: HtmlElement) -> Iterator[HtmlElement]:
    """The rows of this table, not of tables inside it; `<tr>` may stand bare or in thead, tbody or tfoot."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from (row for row in child if row.tag == "tr")


def cells_of(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def is_data_table(table: HtmlElement) -> bool:
    """True for a table that holds data, False for one that only lays out the page.

    A layout table has a single row or column, or carries another table of at least two rows and columns that makes up
    much of it, or puts most of its text, in several paragraphs, into one cell.
    """
    rows = [cells_of(row) for row in rows_of(table)]
    rows = [row for row in rows if row]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    if table.get("role") == "presentation":
        return False
    if any(_carries_table(cell) for row in rows for cell in row) and not _is_mostly_plain(rows):
        return False
    return not _has_dominant_cell(rows)


def _carries_table(cell: HtmlElement) -> bool:
    return any(_has_two_by_two(inner) for inner in cell.iterdescendants("table"))


def _has_two_by_two(table: HtmlElement) -> bool:
    rows = [len(cells_of(row)) for row in rows_of(table)]
    return len(rows) > 1 and max(rows) > 1


def _is_mostly_plain(rows: list[list[HtmlElement]]) -> bool:
    """A form of three rows or more in which hardly a cell holds a table of its own."""
    cells = [cell for row in rows for cell in row]
    carrying = sum(1 for cell in cells if _carries_table(cell))
    return len(rows) > 2 and carrying * 8 <= len(cells)


def _has_dominant_cell(rows: list[list[HtmlElement]]) -> bool:
    if len(rows) > 12:
        return False  # data forms are long; a page laid out by a table has a handful of rows
    sizes = [(len("".join(cell.itertext()).strip()), cell) for row in rows for cell in row]
    size, cell = max(sizes, key=lambda pair: pair[0])
    if size < 300 or size * 2 < sum(one for one, _ in sizes):
        return False
    return sum(1 for tag in ("p", "br", "div") for _ in cell.iterdescendants(tag)) >= 3


def read_grid(table: HtmlElement, text_of: Callable[[HtmlElement], str]) -> Grid:
    """Lay out a data table. text_of: the text of one cell, on one line.

    Rows without cells keep their number. Spans that would reach below the last row are cut there, a rowspan of 0 runs
    to the last row, as in the standard. When the spans claim far more area than there are cells (a hostile page), the
    remaining ones count as 1.
    """
    rows = [cells_of(row) for row in rows_of(table)]
    columns = _Columns(budget=_budget(sum(map(len, rows))))
    cells: list[GridCell] = []
    for number, row in enumerate(rows):
        col = 0
        for cell in row:
            col = columns.free_from(col, number)
            left = len(rows) - number
            within = columns.budget > 0
            colspan = min(_span(cell, "colspan"), _MAX_COLSPAN) if within else 1
            rowspan = min(_span(cell, "rowspan") or left, left, _MAX_ROWSPAN) if within else 1
            colspan = max(colspan, 1)
            columns.cover(number, col, rowspan, colspan)
            cells.append(GridCell(row=number, col=col, text=text_of(cell), rowspan=rowspan, colspan=colspan))
            col += colspan
    return Grid(cells=cells)


def grid_lines(grid: Grid) -> list[str]:
    """The rows of a grid as text: cells joined by ` | `, an empty string where a cell is empty or merged away.

    Every row has as many fields as the grid has columns, so that a figure stands in the same field on every line.
    Rows without any text are left out. A hostile grid, far wider than it has cells, is not padded to its width.
    """
    if not grid.cells:
        return []
    width = max(cell.col + cell.colspan for cell in grid.cells)
    by_row: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    padded = width * len(by_row) <= _budget(len(grid.cells))
    lines = []
    for row in sorted(by_row):
        if not any(cell.text for cell in by_row[row]):
            continue
        fields = [""] * (width if padded else max(cell.col for cell in by_row[row]) + 1)
        for cell in by_row[row]:
            fields[cell.col] = cell.text
        lines.append(" | ".join(fields).rstrip())
    return lines


def _budget(cells: int) -> int:
    """How many grid positions a table of so many cells may claim; the official forms need less than two per cell."""
    return _AREA_PER_CELL * cells + 4096


def _span(cell: HtmlElement, name: str) -> int:
    """The value of rowspan or colspan; 1 when missing or not a number. 0 is kept: it has a meaning for rowspan."""
    value = cell.get(name)
    if value is None:
        return 1
    digits = value.strip()[:6]
    end = next((i for i, char in enumerate(digits) if char not in "0123456789"), len(digits))
    return int(digits[:end]) if end else 1
