"""`gxgk tables`, `series` and `checks`: the figures at a prompt."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app, main
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.reports import save_report
from tests.store.figure_samples import form, with_tables
from tests.store.samples import PORTAL

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database

FORMS = {2019: form("B", 1), 2020: form("B", 2), 2021: form("C", 3)}


@pytest.fixture(autouse=True)
def reports(database: Database, environment: None) -> dict[Any, int]:
    """Numbers of the reports by year, and of a second one for 2021; one total of 2020 is wrong."""
    wrong = form("B", 2)
    was = wrong.values["T3", "granted", "total"]
    assert was is not None
    wrong.put("T3", "granted", "total", was + 1)
    found: dict[Any, Any] = {
        2019: with_tables(FORMS[2019], year=2019),
        2020: with_tables(wrong, year=2020),
        2021: with_tables(FORMS[2021], year=2021),
        "again": with_tables(FORMS[2021], year=2021, url="https://www.sample.gov.cn/again", published_on="2022-03-30"),
    }
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        return {name: save_report(conn, one, extractor_version="1").report_id for name, one in found.items()}


def gxgk(*arguments: str) -> str:
    ended = CliRunner().invoke(app, [*arguments], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["gxgk", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    return capsys.readouterr().err.strip()


def test_a_table_is_shown_with_its_verdicts(reports: dict[Any, int]) -> None:
    shown = gxgk("tables", str(reports[2020]))
    granted = shown[shown.index("granted") : shown.index("partial")]
    assert granted.count("!") == 7, "every figure of the row whose total is wrong"
    assert "E3 granted" in shown
    assert "denied.process" not in gxgk("tables", str(reports[2020]), "--table", "T4")
    told = json.loads(gxgk("tables", str(reports[2020]), "--json"))
    assert [table["table"] for table in told["tables"]] == ["T2", "T3", "T4"]
    rows = list(csv.DictReader(gxgk("tables", str(reports[2020]), "--csv").splitlines()))
    assert len(rows) == sum(len(table["cells"]) for table in told["tables"]) == 198
    assert {row["verdict"] for row in rows} == {"pass", "fail", ""}
    assert json.loads(rows[0]["place"]).keys() == {"grid", "row", "col"}


def test_a_series_has_each_organ_and_year_once(reports: dict[Any, int]) -> None:
    arguments = ("series", "--cell", "T3.new_received.total", "--year", "2019-2021", "--division", "15")
    rows = json.loads(gxgk(*arguments, "--json"))
    wanted = {year: truth.values["T3", "new_received", "total"] for year, truth in FORMS.items()}
    assert {row["year"]: row["value"] for row in rows} == wanted
    assert len(rows) == 3
    assert rows[-1]["stands_for"] == [reports[2021]]
    everything = json.loads(gxgk(*arguments, "--all", "--json"))
    assert [(row["id"], row["stood_by"]) for row in everything if row["year"] == 2021] == [
        (reports[2021], reports["again"]),
        (reports["again"], None),
    ]
    assert json.loads(gxgk("series", "--cell", "t3.new_received.total", "--year", "2020", "--json"))[0]["year"] == 2020
    assert json.loads(gxgk("series", "--cell", "T2.regulations.in_force", "--json"))[0]["layout"] == "C"
    shown = gxgk(*arguments)
    assert f"also {reports[2021]}" in shown
    assert len(gxgk(*arguments, "--csv").splitlines()) == 4


def test_a_blank_of_a_series_is_no_zero(database: Database, reports: dict[Any, int]) -> None:
    truth = form("C", 9)
    truth.put("T3", "new_received", "ngo", None)
    with database.begin() as conn:
        save_report(conn, with_tables(truth, year=2023), extractor_version="1")
    [row] = json.loads(gxgk("series", "--cell", "T3.new_received.ngo", "--year", "2023", "--json"))
    assert (row["value"], row["semantic"]) == (None, "blank")


def test_failed_checks_name_what_does_not_agree(reports: dict[Any, int]) -> None:
    rows = json.loads(gxgk("checks", "--failed", "--year", "2020", "--json"))
    assert {
        (row["rule"], row["at"], row["delta"]) for row in rows if row["severity"] == "hard" and row["against"] is None
    } == {
        ("E3", "granted", 1),
        ("E2", "total", -1),
    }
    broken = json.loads(gxgk("checks", "--failed", "--rule", "e5", "--json"))
    assert {row["against"] for row in broken} <= {reports[2019], reports[2020]}
    assert {row["id"] for row in broken} == {reports[2020], reports["again"]}, "the report that stands for its year"
    assert gxgk("checks", "--report", str(reports[2019]), "--csv").count("\n") == 1 + 37 + 3 + 3
    assert "E3" in gxgk("checks", "--failed")
    assert gxgk("checks", "--rule", "e11", "--csv").count("\n") == 1, "a known rule that no report has broken or kept"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["series", "--cell", "T3.new_recieved.total"], "did you mean T3.new_received.total"),
        (["series", "--cell", "applications"], "such as T3.new_received.total"),
        (["series", "--cell", "T3.granted.total", "--year", "2024-2019"], "ends before it begins"),
        (["series", "--cell", "T3.granted.total", "--year", "all"], "give 2023 or 2019-2024"),
        (["series", "--cell", "T3.granted.total", "--year", "2020", "--since", "2019"], "exclude each other"),
        (["series", "--cell", "T3.granted.total", "--division", "99"], "no division 99"),
        (["checks", "--rule", "E12"], "the rules are E1"),
        (["tables", "1", "--csv", "--json"], "exclude each other"),
        (["tables", "99"], "no report 99"),
    ],
)
def test_wrong_input_is_one_helpful_line(
    arguments: list[str], line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(monkeypatch, capsys, *arguments)
    assert line in told
    assert "\n" not in told


def test_what_finds_nothing_says_why() -> None:
    ended = CliRunner().invoke(app, ["series", "--cell", "A.3.1.value"], catch_exceptions=False)
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert "none of the chosen reports has the cell A.3.1.value" in ended.stderr
