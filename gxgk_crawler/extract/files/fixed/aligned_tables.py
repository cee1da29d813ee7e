"""Tables without ruling lines: rows of figures whose columns stand below each other."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.files.fixed.ruled_tables import PlacedGrid
from gxgk_crawler.extract.page.text import join_lines
from gxgk_crawler.items import Grid, GridCell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.extract.files.fixed.glyphs import Chunk, TextLine

_FIGURE = re2.compile(
    r"^[-+增减]?[\d０-９][\d０-９,，.．]*\s*(?:%|％|件|条|次|个|人|人次|元|万元|亿元|宗|项)?$|^[-—–/]$"
)
_WIDEST_ROW_GAP = 3.0  # heights of a line
_MOST_BETWEEN = 3
_MOST_COLUMNS = 60
_WRAPPED = 0.75  # of the distance between rows: a line that is nearer goes on with the label above it


def aligned_tables(lines: Sequence[TextLine]) -> list[tuple[int, int, PlacedGrid]]:
    """The tables in lines that stand in no ruled one, each with the first line and the one behind its last."""
    found = []
    start = 0
    while start < len(lines):
        end = _run(lines, start)
        table = _table(lines, start, end)
        if table is not None:
            found.append(table)
        start = max(end, start + 1)
    return found


def _run(lines: Sequence[TextLine], start: int) -> int:
    """The end of the run of lines that stand in columns. Up to three between two of them may be words in front of the last column."""
    end = start
    for at in range(start, len(lines)):
        if at > start and lines[at].y0 - lines[at - 1].y1 > _WIDEST_ROW_GAP * lines[at].height:
            break
        if len(lines[at].chunks) > 1:
            end = at + 1
        elif at == start or at >= end + _MOST_BETWEEN or lines[at].x1 > lines[end - 1].chunks[-1].x0:
            break
    return end


def _table(lines: Sequence[TextLine], start: int, end: int) -> tuple[int, int, PlacedGrid] | None:
    """The table of a run; None unless it has rows of equal columns whose fields behind the first are mostly figures."""
    rows = [line for line in lines[start:end] if _is_row_of_figures(line)]
    width = max((len(line.chunks) for line in rows), default=0)
    whole = [line for line in rows if len(line.chunks) == width]
    columns = _columns(whole) if whole and width <= _MOST_COLUMNS else None
    if columns is None or len(whole) + (width > 2) < 3:
        return None
    laid: list[list[tuple[int, int, str]]] = []
    begin = start
    nearest = _WRAPPED * _pitch(lines[start:end])
    for at in range(start, end):
        placed = _placed(lines[at], columns)
        if placed is not None and laid and len(placed) == 1 and lines[at].y0 - lines[at - 1].y0 < nearest:
            col, stop, text = laid[-1][0]
            if (col, placed[0][0]) == (0, 0):  # the second line of a label
                laid[-1][0] = (col, stop, join_lines([text, placed[0][2]]))
                continue
        if placed is not None:
            laid.append(placed)
        elif any(_is_row_of_figures(line) for line in lines[begin:at]):
            end = at
            break
        else:  # words above the table
            laid, begin = [], at + 1
    edges = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    grid = Grid(cells=[cell for number, placed in enumerate(laid) for cell in _cells(number, placed, width)])
    return begin, end, PlacedGrid(edges[0], lines[begin].y0, edges[-1], lines[end - 1].y1, edges, grid, is_ruled=False)


def _pitch(lines: Sequence[TextLine]) -> float:
    """How far the rows of a table stand below each other; 0 for a single row."""
    tops = [line.y0 for line in lines if len(line.chunks) > 1]
    return median(below - above for above, below in pairwise(tops)) if len(tops) > 1 else 0.0


def _cells(row: int, placed: list[tuple[int, int, str]], width: int) -> list[GridCell]:
    taken = {col for start, end, _ in placed for col in range(start, end)}
    fields = sorted([*placed, *((col, col + 1, "") for col in range(width) if col not in taken)])
    return [GridCell(row=row, col=start, text=text, colspan=end - start) for start, end, text in fields]


def _is_row_of_figures(line: TextLine) -> bool:
    behind = line.chunks[1:]
    return bool(behind) and sum(1 for chunk in behind if _FIGURE.match(chunk.text)) * 2 > len(behind)


def _columns(rows: Sequence[TextLine]) -> list[tuple[float, float]] | None:
    """Where the columns stand by the rows that have them all; None when they run into each other."""
    columns = [
        (min(line.chunks[at].x0 for line in rows), max(line.chunks[at].x1 for line in rows))
        for at in range(len(rows[0].chunks))
    ]
    apart = all(a[1] < b[0] for a, b in pairwise(columns))
    return columns if apart else None


def _placed(line: TextLine, columns: list[tuple[float, float]]) -> list[tuple[int, int, str]] | None:
    """Each piece of a line with the columns that it stands over; None when two stand over the same."""
    placed: list[tuple[int, int, str]] = []
    for chunk in line.chunks:
        over = [at for at, (x0, x1) in enumerate(columns) if min(chunk.x1, x1) > max(chunk.x0, x0)]
        start, end = (over[0], over[-1] + 1) if over else (_nearest(chunk, columns),) * 2
        end = max(end, start + 1)
        if placed and start < placed[-1][1]:
            return None
        placed.append((start, end, chunk.text))
    return placed


def _nearest(chunk: Chunk, columns: list[tuple[float, float]]) -> int:
    middle = (chunk.x0 + chunk.x1) / 2
    return min(range(len(columns)), key=lambda at: abs(middle - (columns[at][0] + columns[at][1]) / 2))
