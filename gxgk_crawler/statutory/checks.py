"""The equations 勾稽关系 of the statutory tables: within one report, against its prose, and from one year to the next.

Sources: the head of T3 states E1 in the form's own words (国办公开办函〔2019〕60号, 〔2021〕30号); E2 to E4 follow from its totals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import re2

from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.form_labels import FORM_SUMS
from gxgk_crawler.statutory.tables import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gxgk_crawler.statutory.tables import Cell, Indicator, Status, StatutoryTable

Number = int | float
_Values = dict[tuple[str, str], "Cell"]

_BELOW_CITY = re2.compile(r"(?:[乡镇](?:人民)?政府|街道办事处|街道办|县人民政府|县政府|旗人民政府)$")
# All rules, as docs/variables.md explains them.
RULES = tuple(f"E{number}" for number in range(1, 12))
# Rules whose failure has honest reasons: other sources, rounding, repeals that nobody counted.
_SOFT = frozenset({"E7", "E8", "E9", "E10", "E11"})
_MOST_DIFFERENCES = 200  # of one report that are told
_FEWEST_SHARED = 3  # figures other than zero that two tables must share to be twins
# What the prose states, by the cell of the table that states it too.
_STATED = {
    "requests.received": ("T3", ("new_received",), "total"),
    "requests.answered": ("T3", ("processed_total",), "total"),
    "requests.carried_out": ("T3", ("carried_out",), "total"),
    "requests.carried_in": ("T3", ("carried_in",), "total"),
    "review.total": ("T4", ("review",), "total"),
    "litigation.total": ("T4", ("litigation.direct", "litigation.after_review"), "total"),
}


def check(
    tables: Sequence[StatutoryTable], indicators: Iterable[Indicator] = (), issuer: str | None = None
) -> list[Check]:
    """Every equation that holds within one report, with its verdict.

    A blank counts as 0 beside figures. An equation with a side that is not stated, or that holds words instead of a
    figure, is not evaluable. at: a column of T3 for E1 and E2, a row of T3 for E3, a row of T4 for E4, the key of an
    indicator for E8, a row of T2 for E9, a row of layout A for E10, a cell and a file for E11. issuer: whose name tells E9
    which organs make no regulations.
    """
    checks: list[Check] = []
    stated = set()
    for table in tables:
        if table.table in stated:
            continue  # a second statement of the same table is data, not part of these equations
        stated.add(table.table)
        checks += {"T2": _plausible, "T3": _t3, "T4": _t4, "A": _parts_of_form}[table.table](table, issuer)
    return [*checks, *_against_prose(tables, indicators), *_twins(tables)]


def across_years(earlier: Sequence[StatutoryTable], later: Sequence[StatutoryTable]) -> list[Check]:
    """E5, E6 and E7 over the tables of two years that follow each other, of one organ and scope."""
    checks: list[Check] = []
    for name in ("T3", "T2"):
        pair = [next((table for table in tables if table.table == name), None) for tables in (earlier, later)]
        first, second = pair
        if first is None or second is None:
            continue
        if name == "T3":
            checks += _carried(first.values(), second.values())
        elif first.layout == second.layout:
            checks += _stocks(first.values(), second.values(), first.layout)
    return checks


def _t3(table: StatutoryTable, _issuer: str | None) -> Iterator[Check]:
    cells = table.values()
    rows = layouts.T3_ROWS_C if table.layout == "C" else layouts.T3_ROWS_B
    for col in layouts.T3_COLUMN_ORDER:
        left, right = [("new_received", col), ("carried_in", col)], [("processed_total", col), ("carried_out", col)]
        yield _equation("E1", col, cells, left, right, stated=[("processed_total", col)])
    for col in layouts.T3_COLUMN_ORDER:
        total = ("processed_total", col)
        yield _equation("E2", col, cells, [total], [(row, col) for row in rows[2:-2]], stated=[total])
    for row in rows:
        if any((row, col) in cells for col in layouts.T3_COLUMN_ORDER):
            parts = [(row, col) for col in layouts.T3_COLUMN_ORDER[:-1]]
            yield _equation("E3", row, cells, [(row, "total")], parts, stated=[(row, "total")])


def _t4(table: StatutoryTable, _issuer: str | None) -> Iterator[Check]:
    cells = table.values()
    for row in layouts.T4_ROW_ORDER:
        parts = [(row, col) for col in layouts.T4_COLUMN_ORDER[:-1]]
        if any(cell in cells for cell in (*parts, (row, "total"))):
            yield _equation("E4", row, cells, [(row, "total")], parts, stated=[(row, "total")])


def _plausible(table: StatutoryTable, issuer: str | None) -> Iterator[Check]:
    """E9: only provinces and cities with districts make 规章 (立法法, articles 82 and 93 of 2023)."""
    below = bool(issuer) and _BELOW_CITY.search((issuer or "").strip()) is not None
    values = [
        cell.value for (row, _), cell in table.values().items() if row == "regulations" and cell.value is not None
    ]
    if below and values:
        yield _verdict("E9", "regulations", max(values), 0)


def _parts_of_form(table: StatutoryTable, _issuer: str | None) -> Iterator[Check]:
    cells = table.values()
    for total, parts in FORM_SUMS.items():
        if (total, "value") in cells and any((part, "value") in cells for part in parts):
            sides = [(part, "value") for part in parts if (part, "value") in cells]
            yield _equation("E10", total, cells, [(total, "value")], sides, stated=[(total, "value")])


def _against_prose(tables: Sequence[StatutoryTable], indicators: Iterable[Indicator]) -> Iterator[Check]:
    cells: dict[tuple[str, str, str], Cell] = {
        (table.table, *key): cell for table in reversed(tables) for key, cell in table.values().items()
    }
    seen = set()
    for indicator in indicators:
        if indicator.key not in _STATED or indicator.key in seen:
            continue
        seen.add(indicator.key)
        name, rows, col = _STATED[indicator.key]
        values = [cell.value for row in rows if (cell := cells.get((name, row, col))) is not None]
        known = [value for value in values if value is not None]
        if len(values) == len(rows) == len(known):
            yield _verdict("E8", indicator.key, indicator.value, sum(known))


def _carried(first: _Values, second: _Values) -> Iterator[Check]:
    for col in layouts.T3_COLUMN_ORDER:
        if ("carried_out", col) in first and ("carried_in", col) in second:
            yield _of_sides("E5", col, _amount(first, ("carried_out", col)), _amount(second, ("carried_in", col)))


def _stocks(first: _Values, second: _Values, layout: str) -> Iterator[Check]:
    for label in layouts.T2_ROWS:
        row = label.key
        if layout == "B" and (row, "last_year_items") in second and (row, "change") in first:
            before = _sum(first, [(row, "last_year_items"), (row, "change")])
            yield _of_sides("E6", row, _amount(second, (row, "last_year_items")), before)
        if layout == "C" and (row, "in_force") in second and (row, "in_force") in first:
            parts = [
                _amount(first, (row, "in_force")),
                _amount(second, (row, "issued")),
                _amount(second, (row, "repealed")),
            ]
            total = (
                None
                if None in parts
                else _plain(sum(p * s for p, s in zip(parts, (1, 1, -1), strict=True) if p is not None))
            )
            yield _of_sides("E7", row, _amount(second, (row, "in_force")), total)


def _equation(
    rule: str,
    at: str,
    cells: Mapping[tuple[str, str], Cell],
    left: Sequence[tuple[str, str]],
    right: Sequence[tuple[str, str]],
    *,
    stated: Sequence[tuple[str, str]],
) -> Check:
    """stated: the totals that the page must give, for an equation says nothing about a total that nobody wrote."""
    lhs, rhs = _sum(cells, left), _sum(cells, right)
    if any((cell := cells.get(key)) is None or cell.value is None for key in stated):
        return _not_evaluable(rule, at, lhs, rhs)
    return _of_sides(rule, at, lhs, rhs)


def _sum(cells: Mapping[tuple[str, str], Cell], keys: Sequence[tuple[str, str]]) -> Number | None:
    """The sum of the cells, blanks as 0; None when one is missing or holds words, or when all are blank."""
    total: Number = 0
    filled = False
    for key in keys:
        cell = cells.get(key)
        if cell is None or cell.semantic == "text":
            return None
        if cell.value is not None:
            filled = True
            total += cell.value
    return _plain(total) if filled or len(keys) > 2 else None


def _amount(cells: Mapping[tuple[str, str], Cell], key: tuple[str, str]) -> Number | None:
    cell = cells.get(key)
    return None if cell is None else cell.value


def _plain(value: Number) -> Number:
    value = round(value, 6)
    return int(value) if value == int(value) else value


def _of_sides(rule: str, at: str, lhs: Number | None, rhs: Number | None) -> Check:
    if lhs is None or rhs is None:
        return _not_evaluable(rule, at, lhs, rhs)
    return _verdict(rule, at, lhs, rhs)


def _not_evaluable(rule: str, at: str, lhs: Number | None, rhs: Number | None) -> Check:
    return Check(rule=rule, at=at, lhs=lhs, rhs=rhs, delta=None, status="not-evaluable", severity=_severity(rule))


def _verdict(rule: str, at: str, lhs: Number, rhs: Number) -> Check:
    delta = _plain(lhs - rhs)
    status: Status = "fail" if delta else "pass"
    return Check(rule=rule, at=at, lhs=lhs, rhs=rhs, delta=delta, status=status, severity=_severity(rule))


def _severity(rule: str) -> Literal["hard", "soft"]:
    return "soft" if rule in _SOFT else "hard"


def _twins(tables: Sequence[StatutoryTable]) -> list[Check]:
    """E11: a table that stands in two files, or in the body and a file, says the same in both.

    Two statements are twins when at least half of the figures that are not zero in one of them are the same in the other: another
    organ's table is no twin. at: `T3.granted.total @0` for a cell that differs (@ the number of the attachment, @body), with
    both figures as its sides; `T3 @0` with the number of equal cells, where none does.
    """
    checks: dict[str, Check] = {}
    for number, first in enumerate(tables):
        for second in tables[number + 1 :]:
            if (second.table, second.layout) == (first.table, first.layout) and _file(first) != _file(second):
                for check in _compared(first, second):
                    checks.setdefault(check.at, check)
    return list(checks.values())[:_MOST_DIFFERENCES]


def _file(table: StatutoryTable) -> str:
    attachment = table.cells[0].attachment if table.cells else None
    return "body" if attachment is None else str(attachment)


def _compared(first: StatutoryTable, second: StatutoryTable) -> Iterator[Check]:
    ours, theirs = first.values(), second.values()
    pairs = [(key, ours[key].value, theirs[key].value) for key in ours if key in theirs]
    known = [(key, left, right) for key, left, right in pairs if left is not None and right is not None]
    telling = [(left, right) for _, left, right in known if left or right]
    same = sum(1 for left, right in telling if left == right)
    if same < _FEWEST_SHARED or same * 2 < len(telling):
        return
    different = [(key, left, right) for key, left, right in known if left != right]
    if not different:
        yield _verdict("E11", f"{first.table} @{_file(second)}", len(known), len(known))
    for (row, col), left, right in different:
        yield _verdict("E11", f"{first.table}.{row}.{col} @{_file(second)}", left, right)
