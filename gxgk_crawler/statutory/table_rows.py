"""Rows of any source, grid or text, in one form: fields with the columns they cover and their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gxgk_crawler.statutory.amounts import Amount, amount_of
from gxgk_crawler.statutory.tables import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.items import Grid, GridCell

# columns: fields stand in the columns of their headers. blanks: blank cells are fields, but columns mean nothing.
# figures: only what is printed is a field, so a row says which figure is which only when all are there.
Certainty = Literal["columns", "blanks", "figures"]


@dataclass(slots=True)
class Field:
    """One cell of a row. col, end: the columns that it covers, end-exclusive. above: it reaches down from a row above.

    reach: where the columns end that a header in text may stand over; 0 where `end` says it.
    """

    text: str
    col: int
    end: int
    place: Place
    above: bool = False
    reach: int = 0
    amount: Amount = field(init=False)

    def __post_init__(self) -> None:
        self.amount = amount_of(self.text)

    @property
    def is_blank(self) -> bool:
        return self.amount.semantic == "blank"

    @property
    def is_figure(self) -> bool:
        return self.amount.semantic in {"number", "zero"}

    @property
    def is_words(self) -> bool:
        return self.amount.semantic == "text"


@dataclass(slots=True)
class Row:
    """The fields of one row from left to right."""

    fields: list[Field]
    certainty: Certainty = "columns"
    own: list[Field] = field(init=False)

    def __post_init__(self) -> None:
        self.own = [one for one in self.fields if not one.above]

    @property
    def has_figures(self) -> bool:
        return any(one.is_figure for one in self.own)


def grid_rows(grid: Grid, index: int) -> Iterator[Row]:
    """The rows of a grid; cells that reach down from rows above come along in each row that they cover."""
    by_row: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    reaching: list[tuple[int, Field]] = []  # and the row before which each ends
    for row in sorted(by_row):
        reaching = [(end, one) for end, one in reaching if end > row]
        fields = [one for _, one in reaching]
        fields += [_field(cell, index) for cell in by_row[row]]
        yield Row(sorted(fields, key=lambda one: one.col))
        reaching += [
            (cell.row + cell.rowspan, _field(cell, index, above=True)) for cell in by_row[row] if cell.rowspan > 1
        ]


def _field(cell: GridCell, index: int, *, above: bool = False) -> Field:
    place = Place(grid=index, row=cell.row, col=cell.col)
    return Field(cell.text, cell.col, cell.col + cell.colspan, place, above)
