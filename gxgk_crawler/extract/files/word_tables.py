"""Tables of Word's older formats, whose rows each say where their cells begin and end."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace

from gxgk_crawler.items import Grid, GridCell

_MOST_EDGES = 200  # of one table; no form has so many columns
_NEAR = 30  # twentieths of a point: edges that are closer are one


@dataclass(slots=True)
class RowLayout:
    """Where the cells of a row stand. edges: in twentieths of a point. joined: cells that continue the one before, or above."""

    edges: list[int] = field(default_factory=list)
    joined_left: set[int] = field(default_factory=set)
    joined_up: set[int] = field(default_factory=set)


@dataclass(slots=True)
class TableRow:
    """The texts of a row's cells; layout: None where the file does not say it."""

    cells: list[str]
    layout: RowLayout | None


def grid_of_rows(rows: list[TableRow]) -> Grid:
    """The rows over the columns of all their edges; a row without edges counts its cells."""
    edges: list[int] = []
    for edge in sorted({edge for row in rows if row.layout is not None for edge in row.layout.edges}):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    if len(edges) > _MOST_EDGES:  # rows that have nothing to do with each other: their cells are counted
        edges = []
    cells: list[GridCell] = []
    above: dict[int, int] = {}  # by column: the number of the cell that may reach down
    for number, row in enumerate(rows):
        layout = row.layout or RowLayout()
        below: dict[int, int] = {}
        behind = 0  # a cell never stands before the end of the one in front of it, whatever the edges say
        for at, text in enumerate(row.cells):
            col, span = _columns(layout, at, edges)
            col = max(col, behind)
            behind = col + span
            if at in layout.joined_left and cells and cells[-1].row == number:
                cells[-1] = replace(cells[-1], colspan=col + span - cells[-1].col)
                continue
            upper = above.get(col) if at in layout.joined_up else None
            if upper is not None:
                one = cells[upper]
                cells[upper] = replace(one, text=one.text or text, rowspan=number - one.row + 1)
            below[col] = len(cells) if upper is None else upper
            if upper is None:
                cells.append(GridCell(row=number, col=col, text=text, colspan=span))
        above = below
    return Grid(cells=cells)


def _columns(layout: RowLayout, at: int, edges: list[int]) -> tuple[int, int]:
    """The first column of a cell, and how many it covers."""
    if not edges or at + 1 >= len(layout.edges):
        return at, 1
    left, right = (_nearest(edges, edge) for edge in layout.edges[at : at + 2])
    return left, max(right - left, 1)


def _nearest(edges: list[int], edge: int) -> int:
    """The number of the edge that lies nearest."""
    at = bisect_left(edges, edge)
    if at == len(edges) or (at > 0 and edge - edges[at - 1] <= edges[at] - edge):
        return at - 1
    return at
