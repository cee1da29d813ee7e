"""The table of reuse: compared when either text changes, and gone when a text is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.items import ReportingOrgan
from gxgk_crawler.maintenance.comparison import compare_texts
from gxgk_crawler.portal import Portal
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.figures.text_reuse import reuse_of
from gxgk_crawler.store.reports import save_report
from tests.store.samples import report

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database

SAME = "样例地区认真贯彻落实条例的各项规定和要求。"
CITIES = {"hailar": ("150702", "海拉尔区"), "yakeshi": ("150782", "牙克石市")}


@pytest.fixture(autouse=True)
def portals(database: Database, environment: None) -> None:
    with database.begin() as conn:
        for name, (division, title) in CITIES.items():
            place = Portal(title=f"{title}人民政府", entry=f"https://www.{name}.gov.cn/", division=division)
            register_portal(conn, name, place, "openness")


def save(database: Database, portal: str, year: int, said: str, day: float = 0) -> int:
    division, title = CITIES[portal]
    organ = ReportingOrgan(name=f"{title}人民政府", division=division, evidence="title")
    url = f"https://www.{portal}.gov.cn/{year}.html"
    found = report(said, day, url=url, portal=portal, year=year, organ=organ, issuer=organ.name)
    with database.begin() as conn:
        return save_report(conn, found, extractor_version="1").report_id


def shares(database: Database, report_id: int) -> dict[tuple[str, int], float]:
    with database.begin() as conn:
        return {(row["kind"], row["other"]["id"]): row["share"] for row in reuse_of(conn, report_id)}


def test_a_report_is_compared_with_its_own_past_and_its_neighbour(database: Database) -> None:
    this = save(database, "hailar", 2022, f"{SAME}\n今年海拉尔区新设了三个政府信息查阅点。")
    assert compare_texts(database) == 1
    assert shares(database, this) == {}
    last = save(database, "hailar", 2021, f"{SAME}\n去年的工作另有一份详细说明可供参考。")
    other = save(database, "yakeshi", 2022, f"{SAME}")
    assert compare_texts(database) == 2
    found = shares(database, this)
    assert found.keys() == {("year_before", last), ("same_year", other)}
    assert set(found.values()) == {round(21 / 40, 4)}
    assert shares(database, other) == {("same_year", this): 1}
    assert shares(database, last) == {}
    assert compare_texts(database) == 0, "nothing has changed"
    # The neighbour writes another text: both sides are compared again, and the old comparison is gone.
    save(database, "yakeshi", 2022, "牙克石市今年的报告完全是自己重新写成的。", day=5)
    assert compare_texts(database, portal="yakeshi") == 1
    assert shares(database, this)["same_year", other] == 0
    assert shares(database, other) == {("same_year", this): 0}
    with database.begin() as conn:
        assert conn.execute(text("select count(*) from reuse")).scalar_one() == 3
        assert conn.execute(text("select count(*) from reuses where kind = 'same_year'")).scalar_one() == 2


def test_the_command_shows_the_runs(database: Database) -> None:
    this = save(database, "hailar", 2022, f"前言\n{SAME}")
    save(database, "hailar", 2021, SAME)
    compare_texts(database)

    def gxgk(*arguments: str) -> Any:
        ended = CliRunner().invoke(app, ["reuse", str(this), *arguments], catch_exceptions=False)
        assert ended.exit_code == 0
        return ended.stdout

    [row] = json.loads(gxgk("--json"))
    assert row["spans"] == [{"start": 3, "end": 3 + len(SAME), "text": SAME}]
    assert (row["kind"], row["share"]) == ("year_before", 1)
    assert "100%" in gxgk()
