"""Asking the archive at a prompt: search, the index made anew, coverage, a role that can only read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app, main
from gxgk_crawler.errors import QueryError
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.reports import save_report
from tests.store.samples import PORTAL, report

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database

TEXTS = {2015: "优化营商环境，处理申请", 2019: "优化營商環境，彩票", 2021: "依申请公开，营商环境"}


@pytest.fixture(autouse=True)
def reports(database: Database) -> dict[int, int]:
    """Number of the report by year."""
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        return {
            year: save_report(
                conn,
                report(said, url=f"https://www.sample.gov.cn/{year}", year=year, published_on=f"{year + 1}-04-10"),
                extractor_version="1",
            ).report_id
            for year, said in TEXTS.items()
        }


def printed(*arguments: str) -> str:
    ended = CliRunner().invoke(app, [*arguments], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def gxgk(*arguments: str) -> Any:
    return json.loads(printed(*arguments, "--json"))


@pytest.mark.parametrize(
    ("arguments", "years"),
    [
        (["营商环境"], {2015, 2019, 2021}),
        (["營商環境"], {2015, 2019, 2021}),
        (["营商环境 申请"], {2015, 2021}),
        (["营商环境 -申请"], {2019}),
        (["彩票 | 处理 营商"], {2015, 2019}),
        (["营商环境", "--since", "2016", "--until", "2020"], {2019}),
        (["营商环境", "--issuer", "样本市", "--year", "2021"], {2021}),
        (["营商环境", "--flag", "spam"], set()),
        (["营商环境", "--division", "内蒙古自治区"], {2015, 2019, 2021}),
    ],
)
def test_search(arguments: list[str], years: set[int]) -> None:
    hits = gxgk("search", *arguments)
    assert {hit["year"] for hit in hits} == years
    for hit in hits:
        said = TEXTS[hit["year"]]
        assert said[hit["start"] :].startswith(hit["snippet"])
        assert all(said[hit["start"] + start : hit["start"] + end] for start, end in hit["marks"])


def test_a_search_for_nothing_says_so() -> None:
    with pytest.raises(QueryError, match="only excludes"):
        CliRunner().invoke(app, ["search", "--", "-彩票"], catch_exceptions=False)


@pytest.mark.parametrize("arguments", [["reports", "--portal"], ["status"]])
def test_bytes_that_are_no_text_are_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["gxgk", *arguments, b"\xff".decode(errors="surrogateescape")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert told.startswith(("gxgk: no text in UTF-8: '\\udcff'", "gxgk: no division \\udcff: "))
    assert told.count("\n") == 1


def test_reindex_search(database: Database) -> None:
    assert gxgk("reindex", "--search") == {"reports": 0}
    with database.begin() as conn:
        conn.execute(text("delete from section"))
    assert gxgk("search", "营商环境") == []
    assert gxgk("reindex", "--search") == {"reports": 3}
    assert len(gxgk("search", "营商环境")) == 3


def test_coverage(reports: dict[int, int], tmp_path: Path) -> None:
    told = gxgk("coverage")
    (row,) = told["rows"]
    assert row["division"] == "150700"
    assert row["gaps"][:4] == [2016, 2017, 2018, 2020]
    assert [late["id"] for late in told["late"]] == [reports[2015], reports[2019], reports[2021]]
    page = tmp_path / "coverage.html"
    assert CliRunner().invoke(app, ["coverage", "--html", str(page)]).exit_code == 0
    assert "呼伦贝尔市" in page.read_text("utf-8")
    shown = CliRunner().invoke(app, ["coverage", "--division", "150000"])
    assert (shown.exit_code, "3 late" in shown.stdout) == (0, True)


def test_a_role_that_can_only_read(database: Database) -> None:
    role = f"reader_{uuid4().hex}"
    address = gxgk("db", "reader", role)["url"]
    with psycopg.connect(address) as connection:
        assert connection.execute("select count(*) from reports").fetchone() == (3,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("delete from section")
    with database.begin() as conn:
        conn.execute(text(f"drop owned by {role}"))
        conn.execute(text(f"drop role {role}"))


def test_a_search_without_quotes_takes_all_words(database: Database, reports: dict[int, int]) -> None:
    assert {row["id"] for row in gxgk("search", "处理申请", "优化")} == {reports[2015]}


def test_a_search_that_finds_nothing_says_how_it_was_read() -> None:
    said = CliRunner().invoke(app, ["search", "title:年报", "OR", "a*", "2021-01-20", "--since", "2900"]).stderr
    for word in ("title:", "OR is a word", "* and ?", "2021年1月20日", "no report is of 2900", "2015 to 2021"):
        assert word in said


def test_lists_in_a_pipe_are_neither_wrapped_nor_padded(reports: dict[int, int]) -> None:
    lines = printed("reports").splitlines()
    assert len(lines) == 1 + len(reports)
    assert lines == [line.rstrip() for line in lines]
    rows = printed("reports", "--csv").splitlines()
    assert rows[0].startswith("id,key,portal,year,title")
    assert len(rows) == 1 + len(reports)


def test_changes_are_listed_newest_first(reports: dict[int, int]) -> None:
    rows = gxgk("changes")
    assert {(row["kind"], row["report"]) for row in rows} == {("new", number) for number in reports.values()}
    assert gxgk("changes", "--kind", "gone") == []
    assert gxgk("changes", "--until", "1999-12-31") == []


def test_a_citation_names_page_capture_and_key(reports: dict[int, int]) -> None:
    shown = gxgk("show", str(reports[2021]))
    forms = gxgk("cite", shown["key"], "--room", "https://gxgk.example.org/")
    assert set(forms) == {"gbt7714", "chicago", "bibtex", "csl"}
    for form in ("gbt7714", "chicago", "bibtex"):
        for part in (
            shown["url"],
            shown["capture"]["record_id"],
            f"https://gxgk.example.org/reports/{shown['key']}/v/1",
        ):
            assert part in forms[form]
    assert printed("cite", shown["key"], "--form", "bibtex").startswith("@")
