"""The name of a cell: `T3.new_received.total` is the column `total` of the row `new_received` of table T3."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from gxgk_crawler.errors import QueryError
from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.form_labels import FORM_OUTCOMES, FORM_ROWS

_LONGEST = 80  # characters of a name that is compared with those that there are
_FORM_COLUMNS = ("value", "cumulative", "year_to_date")


@dataclass(frozen=True, slots=True)
class CellKey:
    """A cell of the layouts. table: T2, T3, T4 or A."""

    table: str
    row: str
    col: str

    def __str__(self) -> str:
        return f"{self.table}.{self.row}.{self.col}"


def cell_key(name: str) -> CellKey:
    """The cell of that name. Rows of local forms of layout A are named by their labels, so each of these is a cell.

    Raises QueryError with the names that are most like one that no layout has.
    """
    table, _, rest = name.strip().partition(".")
    row, _, col = rest.rpartition(".")
    key = CellKey(table.upper(), row, col)
    if str(key) in _known() or (key.table == "A" and row and col in _FORM_COLUMNS):
        return key
    near = get_close_matches(str(key), _known(), n=3, cutoff=0.6) if len(name) <= _LONGEST else []
    like = f"did you mean {' or '.join(near)}?" if near else "a cell is TABLE.ROW.COLUMN, such as T3.new_received.total"
    raise QueryError(f"there is no cell {name[:_LONGEST]!r}: {like}")


@cache
def _known() -> tuple[str, ...]:
    """Every cell of T2, T3 and T4 in both layouts, and of the national form of layout A."""
    t2 = {("T2", row, col) for rows in layouts.T2_CELLS.values() for row, cols in rows.items() for col in cols}
    t2 |= {("T2", row, "count_this_year") for row in layouts.T2_CELLS["B"]}
    t3 = {("T3", row, col) for row in {*layouts.T3_ROWS_B, *layouts.T3_ROWS_C} for col in layouts.T3_COLUMN_ORDER}
    t4 = {("T4", row, col) for row, col in layouts.T4_CELLS}
    outcomes = {f"{chapter}.{label.key}" for chapter in ("4", "5") for label in FORM_OUTCOMES}
    form = {("A", row, col) for row in {*outcomes, *(label.key for label in FORM_ROWS)} for col in _FORM_COLUMNS}
    return tuple(sorted(".".join(cell) for cell in t2 | t3 | t4 | form))
