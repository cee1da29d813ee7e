"""What the equations within a report say about each cell of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.form_labels import FORM_SUMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gxgk_crawler.statutory.tables import Check, Status, StatutoryTable

_BALANCE = frozenset({"new_received", "carried_in", "processed_total", "carried_out"})
_NO_RESULTS = _BALANCE - {"processed_total"}
_WORST: tuple[Status, ...] = ("fail", "pass", "not-evaluable")
# Whether a cell (row, column) stands in the equation of a rule at a place, by the table that the rule is about.
_STANDS: dict[str, tuple[str, Callable[[str, str, str], bool]]] = {
    "E1": ("T3", lambda row, col, at: col == at and row in _BALANCE),
    "E2": ("T3", lambda row, col, at: col == at and row not in _NO_RESULTS),
    "E3": ("T3", lambda row, col, at: row == at and col in layouts.T3_COLUMN_ORDER),
    "E4": ("T4", lambda row, col, at: row == at and col in layouts.T4_COLUMN_ORDER),
    "E9": ("T2", lambda row, _, at: row == at),
    "E10": ("A", lambda row, col, at: col == "value" and (row == at or row in FORM_SUMS.get(at, ()))),
}


def verdicts(tables: Sequence[StatutoryTable], checks: Iterable[Check]) -> list[list[Status | None]]:
    """For each table, for each of its cells the worst verdict of E1 to E4, E9 and E10; None for a cell in none of them.

    A second statement of a table has no verdicts: the equations are about the first one.
    """
    by_table: dict[str, list[Check]] = {}
    for check in checks:
        if check.rule in _STANDS:
            by_table.setdefault(_STANDS[check.rule][0], []).append(check)
    return [_of_table(table, by_table.pop(table.table, [])) for table in tables]


def _of_table(table: StatutoryTable, checks: Sequence[Check]) -> list[Status | None]:
    at_row: dict[str, list[Check]] = {}
    at_col: dict[str, list[Check]] = {}
    others: list[Check] = []
    for check in checks:
        kept = {"E1": at_col, "E2": at_col, "E3": at_row, "E4": at_row}.get(check.rule)
        if kept is None:
            others.append(check)
        else:
            kept.setdefault(check.at, []).append(check)
    found: list[Status | None] = []
    for cell in table.cells:
        near = (*at_row.get(cell.row, ()), *at_col.get(cell.col, ()), *others)
        of_cell = {check.status for check in near if _STANDS[check.rule][1](cell.row, cell.col, check.at)}
        found.append(next((status for status in _WORST if status in of_cell), None))
    return found


def concerns(check: Check | Mapping[str, Any], table: str, row: str, col: str) -> bool:
    """Whether a cell stands in the equation of a check. check: as an object, or as the JSON of a report has it."""
    rule, at = (check["rule"], check["at"]) if isinstance(check, Mapping) else (check.rule, check.at)
    if rule not in _STANDS:
        return False
    of_table, stands = _STANDS[rule]
    return of_table == table and stands(row, col, at)
