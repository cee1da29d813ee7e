"""Looking again: what has not changed is asked for by its validators, archived as a revisit, and read from the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

REPORT = "https://www.hlbe.gov.cn/OpennessAnnualReport/show/727.html"


def test_an_unchanged_page_is_a_revisit_and_no_version(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    before = home.json("show", str(home.reports("hlbe")[REPORT]["id"]))
    second = home.crawl("hlbe", "-a", "recheck=all")
    assert second.code == 0, second.err
    assert second.line.startswith("hlbe: unchanged")
    answers = {exchange.url: exchange for exchange in home.proxy.log}
    assert answers[REPORT].status == 304
    assert "if-none-match" in answers[REPORT].headers
    assert {row["version"] for row in home.reports("hlbe").values()} == {1}
    counts = home.json("status", "hlbe")["counts"]
    assert counts["reports_unchanged"] == len(home.portals["hlbe"].reports)
    after = home.json("show", str(before["id"]))
    assert after["last_seen"] > before["last_seen"]
    assert after["text"] == before["text"]
    assert home.json("verify")["ok"]


def test_a_list_that_says_304_is_read_from_the_archive(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    home.portals["hlbe"].publish()
    site = home.proxy.site("www.hlbe.gov.cn")
    assert site is not None
    third = home.crawl("hlbe")
    assert third.code == 0, third.err
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports), "a changed list is read anew"
    fourth = home.crawl("hlbe")
    lists = [exchange for exchange in home.proxy.log if "showList" in exchange.url]
    assert lists
    assert all(exchange.status == 304 for exchange in lists)
    assert fourth.line.startswith("hlbe: unchanged")


def test_an_archive_that_lost_a_file_is_fetched_again(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    for file in (home.directory / "archive").glob("*.warc.gz"):
        file.rename(file.with_suffix(".gone"))
    again = home.crawl("hlbe", "-a", "recheck=all")
    assert again.code == 0, again.err
    assert {exchange.status for exchange in home.proxy.log if exchange.url == REPORT} == {200}
    assert home.gxgk("verify").code == 1
