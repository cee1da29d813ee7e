"""Gaps, late reports and gone ones, told from summaries."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.analysis.summaries import found, summary


def test_gaps_run_from_the_first_report_to_the_newest_one_due() -> None:
    got = found(summary(1, 2019), summary(2, 2021), summary(3, 2021))
    by_code = {row.division: row for row in got.rows}
    assert (by_code["150700"].name, by_code["150700"].within) == ("呼伦贝尔市", "内蒙古自治区")
    assert by_code["150700"].gaps == [2020, 2022, 2023]
    assert by_code["150700"].years[2021].reports == 2
    assert got.span == [2019, 2020, 2021, 2022, 2023]
    assert by_code["140900"].years == {}
    assert got.empty_portals == ["silent"]


def test_late_is_what_came_after_the_day_of_the_law() -> None:
    got = found(
        summary(1, 2020, published_on="2021-03-31"),
        summary(2, 2020, published_on="2021-04-02"),
        summary(3, 2020, published_on="2021-02-01", issuer="样本市教育局"),
        summary(4, 2015, published_on="2016-03-01", issuer="样本市教育局"),
        summary(5, 2020, published_on="2021-06-01", issuer="样本镇人民政府"),
        summary(6, 2020, published_on=None),
    )
    assert [(late.id, late.due, late.days) for late in got.late] == [(2, "2021-03-31", 2), (3, "2021-01-31", 1)]
    assert got.undated == 1
    assert got.rows[-1].years[2020].late == 2


def test_what_cannot_be_placed_is_counted() -> None:
    got = found(summary(1, None, division=None), summary(2, 2020, gone_at=datetime(2023, 1, 1, tzinfo=UTC)))
    assert got.yearless == 1
    assert got.gone[0]["id"] == 2
    assert got.rows[-1].division is None


def test_bodies_that_report_have_rows_of_their_own() -> None:
    bureau = {"name": "呼伦贝尔市教育局", "division": "150700", "evidence": "title: 市教育局"}
    got = found(
        summary(1, 2020, organ=bureau, issuer="市教育局"),
        summary(2, 2022, organ=bureau, issuer="呼伦贝尔市教育局办公室", published_on="2023-03-01"),
        summary(3, 2022, issuer="样本市人民政府"),
        summary(4, 2022, issuer=None),
    )
    rows = {row.organ: row for row in got.organs}
    assert list(rows) == ["呼伦贝尔市教育局", "样本市人民政府"]
    assert rows["呼伦贝尔市教育局"].gaps == [2021, 2023], "two spellings of one organ are one row"
    assert rows["呼伦贝尔市教育局"].years[2022].late == 1
    assert got.late[0].organ == "呼伦贝尔市教育局"
