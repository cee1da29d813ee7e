"""What a person reads at the prompt after a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

URL = "https://www.hlbe.gov.cn/OpennessAnnualReport/show/727.html"


def test_reports_show_versions_and_diff_for_people(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    home.environ["COLUMNS"] = "200"
    listed = home.gxgk("reports", "--portal", "hlbe", "--year", "2020").out.splitlines()
    assert listed[0].split()[:3] == ["ID", "Portal", "Year"]
    assert len(listed) == 2
    number = listed[1].split()[0]

    shown = home.gxgk("show", number).out
    assert "呼伦贝尔市2020年政府信息公开工作年度报告" in shown
    assert "一、总体情况" in shown
    assert "Removed" in shown
    assert "网站支持IPv6访问" in shown.partition("Removed")[2]
    text = home.gxgk("show", number, "--text").out
    assert "网站支持IPv6访问" not in text
    assert text.strip().endswith("日")

    home.portals["hlbe"].correct(2020)
    assert home.crawl("hlbe", "-a", "recheck=all").code == 0
    versions = home.gxgk("versions", number).out.splitlines()
    assert [line.split()[0] for line in versions] == ["Version", "1", "2"]
    assert versions[2].rstrip().endswith("*")
    assert "{+，有关数字已于发布后更正+}" in home.gxgk("diff", number).out
    assert home.gxgk("diff", number, "1", "1").out.strip() == "versions 1 and 1 have the same text"

    portals = home.gxgk("portals").out
    assert "呼伦贝尔市人民政府" in portals
    assert "openness" in portals
    status = home.gxgk("status", "hlbe")
    assert status.code == 0
    assert "1 changed report(s)" in status.out


def test_errors_are_one_line(home: Home) -> None:
    assert home.gxgk("show", "999999").line == "gxgk: no report 999999"
    assert home.gxgk("versions", "999999").line == "gxgk: no report 999999"
    assert home.gxgk("status", "hlbe").line == "gxgk: hlbe was never crawled; `gxgk crawl hlbe` does it"
    assert home.gxgk("crawl").line.startswith("gxgk: name a portal")
    assert home.gxgk("reports", "--division", "nowhere").code == 1
    assert home.json("reports") == []
