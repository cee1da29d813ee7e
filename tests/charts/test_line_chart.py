"""Lines over years: what is missing is a gap, and no line crosses a change of the form."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.analysis.pivot import series_table
from gxgk_crawler.charts.line_chart import MOST_LINES, line_chart


def test_gaps_and_changes_of_the_form_break_a_line() -> None:
    chart = line_chart([("甲", {year: (float(year), "k") for year in (2018, 2019, 2020, 2021, 2023)})], (2019, 2021))
    assert chart is not None
    (line,) = chart.lines
    assert len(line.points) == 5
    assert len(line.paths) == 1  # 2019 to 2020
    assert [year for _, year in chart.years] == list(range(2018, 2024))
    assert [year for _, year in chart.breaks] == [2019, 2021]


def test_nothing_is_no_chart() -> None:
    assert line_chart([]) is None
    assert line_chart([("甲", {})]) is None


@given(st.lists(st.dictionaries(st.integers(2008, 2030), st.tuples(st.floats(0, 1e12), st.just("k"))), max_size=12))
def test_every_point_is_inside(series: list[dict[int, tuple[float, str]]]) -> None:
    chart = line_chart([(str(number), points) for number, points in enumerate(series)])
    if chart is None:
        return
    assert len(chart.lines) <= MOST_LINES
    for line in chart.lines:
        for point in line.points:
            assert chart.left <= point.x <= chart.right
            assert 0 <= point.y <= chart.bottom + 0.1


def test_a_series_as_a_table() -> None:
    row = {"organ": "甲", "division": "150700", "semantic": "number", "verdict": "pass", "raw": "1"}
    made = series_table(
        [
            {**row, "year": 2020, "value": 1},
            {**row, "year": 2022, "value": 2, "verdict": "fail"},
            {**row, "year": 2023, "value": None, "semantic": "blank"},
        ]
    )
    ((_, _, points),) = made.rows
    assert [point.state for point in points] == ["ok", "missing", "check_failed", "blank"]
    assert (made.missing, made.failed) == (1, 1)
