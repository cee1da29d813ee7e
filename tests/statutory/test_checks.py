from __future__ import annotations

import random
from dataclasses import replace

from gxgk_crawler.extract.document import extract
from gxgk_crawler.statutory.cell_reader import read_tables
from gxgk_crawler.statutory.checks import across_years, check
from gxgk_crawler.statutory.tables import Cell, Check, Evidence, Indicator, StatutoryTable
from tests.statutory.deformed import html_page, plain_form
from tests.statutory.forms import Truth, fill


def tables_of(truth: Truth) -> list[StatutoryTable]:
    return read_tables(extract(html_page(plain_form(truth, random.Random(1)))))


def by_place(checks: list[Check]) -> dict[tuple[str, str], Check]:
    return {(one.rule, one.at): one for one in checks}


def test_a_wrong_total_fails_where_it_stands() -> None:
    truth = fill(random.Random(3), "C")
    was = truth.values["T3", "granted", "total"]
    assert was is not None
    truth.put("T3", "granted", "total", was + 2)
    checks = by_place(check(tables_of(truth)))
    row, column = checks["E3", "granted"], checks["E2", "total"]
    assert (row.status, row.lhs, row.rhs, row.delta) == ("fail", was + 2, was, 2)
    assert (column.status, column.delta) == ("fail", -2)
    assert {place for place, one in checks.items() if one.status == "fail"} == {("E3", "granted"), ("E2", "total")}


def test_a_blank_counts_as_nothing_beside_figures_and_a_missing_total_is_no_equation() -> None:
    truth = fill(random.Random(3), "B")
    for col in ("research", "total"):
        truth.put("T3", "carried_in", col, None)
    truth.put("T4", "review", "total", None)
    checks = by_place(check(tables_of(truth)))
    assert checks["E3", "carried_in"].status == "not-evaluable"
    assert checks["E4", "review"].status == "not-evaluable"
    assert checks["E4", "review"].delta is None
    assert checks["E4", "litigation.direct"].status == "pass"


def test_words_instead_of_a_figure_make_no_equation() -> None:
    truth = fill(random.Random(3), "B")
    truth.put("T3", "granted", "natural", None, "详见附件")
    checks = by_place(check(tables_of(truth)))
    assert checks["E3", "granted"].status == "not-evaluable"
    assert checks["E2", "natural"].status == "not-evaluable"
    assert checks["E2", "enterprise"].status == "pass"


def test_pending_cases_are_part_of_the_total() -> None:
    truth = fill(random.Random(3), "C")
    for col, value in {"upheld": 8, "corrected": 0, "other": 1, "pending": 3, "total": 9}.items():
        truth.put("T4", "review", col, value)
    found = by_place(check(tables_of(truth)))["E4", "review"]
    assert (found.status, found.lhs, found.rhs) == ("fail", 9, 12)


def test_prose_is_held_against_the_table() -> None:
    tables = tables_of(fill(random.Random(5), "C"))
    total = next(
        cell.value for table in tables for cell in table.cells if (cell.row, cell.col) == ("processed_total", "total")
    )
    assert total is not None
    evidence = Evidence(text="已答复", start=0, end=3)
    stated = [Indicator(key="requests.answered", value=total - 1, unit="件", evidence=evidence)]
    found = by_place(check(tables, stated))["E8", "requests.answered"]
    assert (found.status, found.lhs, found.rhs, found.severity) == ("fail", total - 1, total, "soft")


def test_a_township_makes_no_regulations() -> None:
    truth = fill(random.Random(5), "C")
    truth.put("T2", "regulations", "issued", 6)
    tables = tables_of(truth)
    assert by_place(check(tables, issuer="样例县样例镇人民政府"))["E9", "regulations"].status == "fail"
    assert ("E9", "regulations") not in by_place(check(tables, issuer="样例市人民政府"))


def test_what_is_carried_over_arrives_the_next_year() -> None:
    first, second = (tables_of(fill(random.Random(seed), "C")) for seed in (1, 2))
    checks = by_place(across_years(first, second))
    t3 = {table.table: table.values() for table in first}["T3"], {table.table: table.values() for table in second}["T3"]
    for col in ("natural", "total"):
        sides = t3[0]["carried_out", col].value, t3[1]["carried_in", col].value
        assert (checks["E5", col].lhs, checks["E5", col].rhs) == sides
    stock = checks["E7", "regulations"]
    assert stock.severity == "soft"
    assert stock.lhs is not None


def test_a_stock_is_last_years_stock_and_its_change() -> None:
    first, second = (tables_of(fill(random.Random(seed), "B")) for seed in (1, 2))
    before = {table.table: table.values() for table in first}["T2"]
    known = before["licensing", "last_year_items"].value, before["licensing", "change"].value
    assert None not in known
    checks = by_place(across_years(first, second))
    assert checks["E6", "licensing"].rhs == sum(value for value in known if value is not None)
    assert all(rule != "E7" for rule, _ in checks)


def test_years_of_different_layouts_are_not_compared_in_t2() -> None:
    first, second = tables_of(fill(random.Random(1), "B")), tables_of(fill(random.Random(2), "C"))
    assert {one.rule for one in across_years(first, second)} == {"E5"}


def test_a_cell_that_was_not_read_makes_its_equations_not_evaluable() -> None:
    tables = tables_of(fill(random.Random(9), "C"))

    def without(cells: list[Cell]) -> list[Cell]:
        return [cell for cell in cells if (cell.row, cell.col) != ("partial", "natural")]

    tables = [replace(table, cells=without(table.cells)) for table in tables]
    checks = by_place(check(tables))
    assert checks["E3", "partial"].status == checks["E2", "natural"].status == "not-evaluable"
    assert checks["E1", "natural"].status == "pass"
