"""Tables by their ruling lines: where lines cross there are cells, and where a line is missing two cells are one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from gxgk_crawler.extract.files.fixed.glyphs import lines_of
from gxgk_crawler.extract.page.text import join_lines
from gxgk_crawler.items import Grid, GridCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gxgk_crawler.extract.files.fixed.glyphs import Glyph, RulingLine

_NEAR = 3.0  # points: lines closer than this are one, and such gaps are closed
_SHORTEST = 4.0  # what is shorter is a part of a drawn character
_MOST_RULES = 4000  # of a page; a drawing has more
_MOST_PLACES = 20_000  # of one table


@dataclass(frozen=True, slots=True)
class PlacedGrid:
    """A table on a page: its edges, the places of its columns, its cells. is_ruled: told by lines, not by alignment."""

    x0: float
    y0: float
    x1: float
    y1: float
    columns: list[float]
    grid: Grid
    is_ruled: bool = True


class _Drawn(NamedTuple):
    """Which pieces of the edges are drawn: walls by column edge and row, floors by row edge and column. width: in columns."""

    walls: set[tuple[int, int]]
    floors: set[tuple[int, int]]
    width: int


_Span = tuple[float, float, float]  # where a line lies, where it begins and ends


def _whole_lines(spans: Iterable[_Span]) -> list[_Span]:
    """The lines, sorted: those that lie nearly at one place are one, and gaps between their parts are closed."""
    groups: list[list[_Span]] = []
    for span in sorted(spans):
        if groups and span[0] - groups[-1][0][0] <= _NEAR:
            groups[-1].append(span)
        else:
            groups.append([span])
    whole: list[_Span] = []
    for group in groups:
        place = sum(span[0] for span in group) / len(group)
        _, begin, end = min(group, key=lambda span: span[1])
        for _, left, right in sorted(group, key=lambda span: span[1]):
            if left > end + _NEAR:
                whole.append((place, begin, end))
                begin, end = left, right
            end = max(end, right)
        whole.append((place, begin, end))
    return [span for span in whole if span[2] - span[1] >= _SHORTEST]


def ruled_tables(rules: Sequence[RulingLine], glyphs: Sequence[Glyph]) -> list[PlacedGrid]:
    """The tables that lines draw on a page, with the text in their cells; a part of one row may belong to a table of the page before.

    Frames and underlines are none.
    """
    if len(rules) > _MOST_RULES:
        return []
    level = _whole_lines((rule.y0, rule.x0, rule.x1) for rule in rules if rule.y0 == rule.y1)
    upright = _whole_lines((rule.x0, rule.y0, rule.y1) for rule in rules if rule.x0 == rule.x1)
    found = []
    for rows, columns in _connected(level, upright):
        table = _table(rows, columns, glyphs)
        if table is not None:
            found.append(table)
    return found


def _connected(level: list[_Span], upright: list[_Span]) -> list[tuple[list[_Span], list[_Span]]]:
    """Groups of lines that cross or touch each other."""
    parents = list(range(len(level) + len(upright)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    places = [span[0] for span in level]
    for number, (x, top, bottom) in enumerate(upright, len(level)):
        for at in range(bisect_left(places, top - _NEAR), bisect_right(places, bottom + _NEAR)):
            if level[at][1] - _NEAR <= x <= level[at][2] + _NEAR:
                parents[root(at)] = root(number)
    groups: dict[int, tuple[list[_Span], list[_Span]]] = defaultdict(lambda: ([], []))
    for at, span in enumerate(level):
        groups[root(at)][0].append(span)
    for at, span in enumerate(upright, len(level)):
        groups[root(at)][1].append(span)
    return [group for group in groups.values() if len(group[0]) > 1 and group[1]]


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _table(level: list[_Span], upright: list[_Span], glyphs: Sequence[Glyph]) -> PlacedGrid | None:
    xs = _edges([span[0] for span in upright] + [min(s[1] for s in level), max(s[2] for s in level)])
    ys = _edges([span[0] for span in level] + [min(s[1] for s in upright), max(s[2] for s in upright)])
    if len(xs) < 3 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > _MOST_PLACES:
        return None
    regions = _regions(xs, ys, level, upright)
    held: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        place = _place(xs, ys, (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2)
        if place is not None:
            held[regions[place]].append(glyph)
    cells = _cells(regions, held)
    if not any(cell.text for cell in cells):
        return None
    return PlacedGrid(xs[0], ys[0], xs[-1], ys[-1], xs, Grid(cells=cells))


def _place(xs: list[float], ys: list[float], x: float, y: float) -> tuple[int, int] | None:
    if not (xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]):
        return None
    row = min(bisect_right(ys, y), len(ys) - 1) - 1
    return row, min(bisect_right(xs, x), len(xs) - 1) - 1


def _regions(
    xs: list[float],
    ys: list[float],
    level: list[_Span],
    upright: list[_Span],
) -> dict[tuple[int, int], int]:
    """By place, the number of the cell that covers it: places without a line between them are one cell."""
    drawn = _Drawn(_pieces(xs, ys, upright), _pieces(ys, xs, level), len(xs) - 1)
    regions: dict[tuple[int, int], int] = {}
    number = 0
    for row in range(len(ys) - 1):
        for col in range(len(xs) - 1):
            if (row, col) in regions:
                continue
            right = col + 1
            while right < len(xs) - 1 and (right, row) not in drawn.walls and (row, right) not in regions:
                right += 1
            bottom = row + 1
            while bottom < len(ys) - 1 and _is_open(bottom, col, right, drawn):
                bottom += 1
            regions |= {(y, x): number for y in range(row, bottom) for x in range(col, right)}
            number += 1
    return regions


def _is_open(row: int, col: int, right: int, drawn: _Drawn) -> bool:
    """True when a cell of the columns reaches into this row: no line above it, none inside, and lines at both its sides."""
    if any((row, x) in drawn.floors for x in range(col, right)):
        return False
    if any((x, row) in drawn.walls for x in range(col + 1, right)):
        return False
    return all(edge in {0, drawn.width} or (edge, row) in drawn.walls for edge in (col, right))


def _pieces(places: list[float], steps: list[float], spans: list[_Span]) -> set[tuple[int, int]]:
    """(number of the edge, number of the step beside it) for every piece of an edge that is drawn."""
    drawn: set[tuple[int, int]] = set()
    for place, begin, end in spans:
        at = min(range(len(places)), key=lambda n: abs(places[n] - place))
        for step in range(len(steps) - 1):
            middle = (steps[step] + steps[step + 1]) / 2
            if begin - 1 <= middle <= end + 1:
                drawn.add((at, step))
    return drawn


def _cells(regions: dict[tuple[int, int], int], held: dict[int, list[Glyph]]) -> list[GridCell]:
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, number in regions.items():
        places[number].append(place)
    cells = []
    for number, covered in places.items():
        (top, left), (bottom, right) = min(covered), max(covered)
        text = join_lines([line.text for line in lines_of(held.get(number, ()))])
        cells.append(GridCell(row=top, col=left, text=text, rowspan=bottom - top + 1, colspan=right - left + 1))
    return sorted(cells, key=lambda cell: (cell.row, cell.col))


def continued(first: PlacedGrid, second: PlacedGrid) -> PlacedGrid | None:
    """Both parts of a table that a page break cut, as one; None when their edges differ."""
    if (
        first.is_ruled != second.is_ruled
        or abs(first.x0 - second.x0) > 2 * _NEAR
        or abs(first.x1 - second.x1) > 2 * _NEAR
    ):
        return None
    columns = _edges([*first.columns, *second.columns])
    rows = max((cell.row + cell.rowspan for cell in first.grid.cells), default=0)
    cells = [*_laid(first, columns, 0), *_laid(second, columns, rows)]
    return replace(second, columns=columns, grid=Grid(cells=cells))


def _laid(part: PlacedGrid, columns: list[float], down: int) -> list[GridCell]:
    """The cells of a part over the columns of the whole."""
    if part.columns == columns and not down:
        return part.grid.cells
    at = [min(range(len(columns)), key=lambda n, x=x: abs(columns[n] - x)) for x in part.columns]  # type: ignore[misc]
    return [
        replace(cell, row=cell.row + down, col=at[cell.col], colspan=max(at[cell.col + cell.colspan] - at[cell.col], 1))
        for cell in part.grid.cells
    ]
