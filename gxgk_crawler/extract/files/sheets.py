"""Sheets of any spreadsheet: cells at their places to a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gxgk_crawler.items import Grid, GridCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gxgk_crawler.extract.files.file_content import FileContent

MOST_COLUMNS = 500  # what stands farther to the right is no table for readers
_AREA_PER_CELL = 4


class Area(NamedTuple):
    """Merged cells: the first and the last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


def sheet_grid(texts: Mapping[tuple[int, int], str], merged: Iterable[Area] = ()) -> Grid:
    """The grid of one sheet, begun at its first row and column with text. texts: of cells by row and column.

    Cells without text inside the table are cells of their own, so that a figure can be told by its column; not so in a sheet
    that is mostly empty.
    """
    filled = {place: text for place, text in texts.items() if text and place[1] < MOST_COLUMNS}
    if not filled:
        return Grid(cells=[])
    top, left = min(row for row, _ in filled), min(col for _, col in filled)
    width = max(col for _, col in filled) - left + 1
    rows = sorted({row for row, _ in filled})
    spans, covered = _spans(merged, filled, len(filled))
    is_dense = width * len(rows) <= _AREA_PER_CELL * len(filled) + 4096
    cells = []
    for row in rows:
        columns = range(left, left + width) if is_dense else sorted(col for at, col in filled if at == row)
        for col in columns:
            if (row, col) in covered:
                continue
            down, across = spans.get((row, col), (1, 1))
            cells.append(GridCell(row=row - top, col=col - left, text=filled.get((row, col), ""), rowspan=down,
                                  colspan=min(across, left + width - col)))  # fmt: skip
    return Grid(cells=cells)


def add_sheets(content: FileContent, sheets: list[tuple[str, Grid]]) -> None:
    """Add the grids of sheets in their order; where there are several, each below its name, unless that is a mere number."""
    written = [(name, grid) for name, grid in sheets if grid.cells]
    for name, grid in written:
        if len(written) > 1 and not name.lower().startswith("sheet"):
            content.add_text(name)
        content.add_grid(grid)


def _spans(
    merged: Iterable[Area], filled: Mapping[tuple[int, int], str], number: int
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """How far the anchors of merged cells reach, and which places they cover; hostile areas count no more than the cells do."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    left = 64 * number + 4096
    for area in merged:
        down, across = area.bottom - area.top + 1, min(area.right, MOST_COLUMNS) - area.left + 1
        left -= max(down, 1) * max(across, 1)
        if left < 0 or down < 1 or across < 1:
            break
        places = {
            (row, col) for row in range(area.top, area.top + down) for col in range(area.left, area.left + across)
        }
        anchor = (area.top, area.left)
        if any(place in filled for place in places - {anchor}) or places & covered:
            continue  # not merged after all: a covered cell holds words
        spans[anchor] = (down, across)
        covered |= places - {anchor}
    return spans, covered
