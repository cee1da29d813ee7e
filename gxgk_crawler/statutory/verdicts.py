"""What the equations within a report say about each cell of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.form_labels import FORM_SUMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gxgk_crawler.statutory.tables import Check, Status, StatutoryTable

_RULES = {"E1": "T3", "E2": "T3", "E3": "T3", "E4": "T4", "E9": "T2", "E10": "A"}
_BALANCE = frozenset({"new_received", "carried_in", "processed_total", "carried_out"})
_NO_RESULTS = _BALANCE - {"processed_total"}
_PARTS = {part: total for total, parts in FORM_SUMS.items() for part in parts}
_WORST: tuple[Status, ...] = ("fail", "pass", "not-evaluable")


def verdicts(tables: Sequence[StatutoryTable], checks: Iterable[Check]) -> list[list[Status | None]]:
    """For each table, for each of its cells the worst verdict of E1 to E4, E9 and E10; None for a cell in none of them.

    A second statement of a table has no verdicts: the equations are about the first one.
    """
    by_table: dict[str, dict[tuple[str, str], Status]] = {}
    for check in checks:
        if check.rule in _RULES:
            by_table.setdefault(_RULES[check.rule], {})[check.rule, check.at] = check.status
    return [_of_table(table, by_table.pop(table.table, {})) for table in tables]


def _of_table(table: StatutoryTable, known: dict[tuple[str, str], Status]) -> list[Status | None]:
    found: list[Status | None] = []
    for cell in table.cells:
        of_cell = {known.get(equation) for equation in _equations(table.table, cell.row, cell.col)}
        found.append(next((status for status in _WORST if status in of_cell), None))
    return found


def concerns(check: Check | Mapping[str, Any], table: str, row: str, col: str) -> bool:
    """Whether a cell stands in the equation of a check. check: as an object, or as the JSON of a report has it."""
    rule, at = (check["rule"], check["at"]) if isinstance(check, Mapping) else (check.rule, check.at)
    return (rule, at) in _equations(table, row, col)


def _equations(table: str, row: str, col: str) -> Iterator[tuple[str, str]]:
    """The rule and the place of every equation that the cell stands in."""
    if table == "T3" and col in layouts.T3_COLUMN_ORDER:
        yield "E3", row
        if row in _BALANCE:
            yield "E1", col
        if row not in _NO_RESULTS:
            yield "E2", col
    elif table == "T4" and col in layouts.T4_COLUMN_ORDER:
        yield "E4", row
    elif table == "T2":
        yield "E9", row
    elif table == "A" and col == "value":
        yield "E10", row
        if row in _PARTS:
            yield "E10", _PARTS[row]
