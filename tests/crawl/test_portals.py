"""Every portal and every family: all reports, nothing else, and no request too many the second time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.replica import Fault, Page, ReplicaProxy, Site

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

PORTALS = ["hlbe", "sxxz", "scdongqu", "panzhihua", "lincang", "gaoming"]
UNKNOWN = {
    "jcms": "https://www.ceshishi.gov.cn/",
    "gkmlpt": "https://www.yangbenxian.gov.cn/",
    "handmade": "http://www.shouzuozhen.gov.cn/",
}


def prose(text: str) -> list[str]:
    """The lines of a report without white space, table rows left out."""
    return [squeezed for line in text.splitlines() if (squeezed := "".join(line.split())) and "|" not in line]


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_over_time(home: Home, name: str) -> None:
    """All reports at first; nothing but lists the same day; then a correction, a deletion and two new reports are seen."""
    replica = home.portals[name]
    first = home.crawl(name)
    assert first.code == 0, first.err
    shown = home.shown(name)
    assert set(shown) == set(replica.reports)
    for url, sample in replica.reports.items():
        assert prose(shown[url]["text"]) == prose(sample.text), url
        assert (shown[url]["year"], shown[url]["issuer"]) == (sample.year, sample.issuer), url
        assert shown[url]["places"], url

    second = home.crawl(name)
    assert second.code == 0, second.err
    assert second.line.startswith(f"{name}: unchanged")
    assert not set(home.asked) & set(replica.reports), "a known report was fetched again"
    assert {row["version"] for row in home.reports(name).values()} == {1}

    years = sorted({sample.year for sample in replica.reports.values()})
    corrected, removed, published = replica.correct(years[-2]), replica.remove(years[1]), replica.publish()
    third = home.crawl(name, "-a", "recheck=all")
    assert third.code == 0, third.err
    after = home.reports(name)
    assert {url for url, row in after.items() if row["version"] == 2} == {corrected}
    assert {url for url, row in after.items() if row["gone_at"]} == {removed}
    assert set(after) - set(replica.reports) == {removed}
    assert set(published) <= set(after)
    changes = home.json("diff", str(after[corrected]["id"]))["changes"]
    assert any("更正" in piece["text"] for change in changes for piece in change["pieces"] if piece["kind"] == "new")


@pytest.mark.parametrize(("name", "url"), UNKNOWN.items())
def test_a_portal_without_a_file(home: Home, name: str, url: str) -> None:
    ended = home.crawl("portal", "-a", f"url={url}")
    assert ended.code == 0, ended.err
    assert set(home.reports(urlsplit(url).hostname or "")) == set(home.portals[name].reports)


def test_gxgk_crawls_several_portals_at_once(home: Home) -> None:
    ended = home.gxgk(
        "crawl", "hlbe", "lincang", "-j", "2", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"
    )
    assert ended.code == 0, ended.err
    for name in ("hlbe", "lincang"):
        assert set(home.reports(name)) == set(home.portals[name].reports)
    assert [row["outcome"] for row in home.json("status")] == ["ok", "ok"]
    assert home.gxgk("crawl", "nowhere").line == "gxgk: unknown portal nowhere; `gxgk portals --registry` lists them"


def test_a_report_in_two_channels_is_one_row_with_two_places(home: Home) -> None:
    host = "www.liangchu.gov.cn"
    body = (
        "<p>本年度报告根据《中华人民共和国政府信息公开条例》编制。</p>"
        + "<p>全年主动公开信息12条,受理申请3件,均按时答复。</p>" * 20
    )
    link = '<li><a href="/nb/100001.html">样例区2020年政府信息公开工作年度报告</a></li>'
    pages = {
        "/": '<a href="/zwgk/zfxxgknb/">政府信息公开年报</a> <a href="/gk/ndbg/">年度报告</a>',
        "/zwgk/zfxxgknb/": f"<ul>{link}</ul>",
        "/gk/ndbg/": f"<ul>{link}</ul>",
        "/nb/100001.html": f"<h1>样例区2020年政府信息公开工作年度报告</h1><div id='zoom'>{body}</div>",
    }
    made = {path: Page(body=f"<html><body>{html}</body></html>".encode()) for path, html in pages.items()}
    with ReplicaProxy([Site(host, made)]) as proxy:
        home.environ.update(proxy.environ)
        ended = home.crawl("portal", "-a", f"url=https://{host}/")
    assert ended.code == 0, ended.err
    (report,) = home.shown(host).values()
    assert sorted(report["places"]) == [f"https://{host}/gk/ndbg/", f"https://{host}/zwgk/zfxxgknb/"]


def test_a_portal_is_entered_by_a_side_door_and_by_http_when_the_front_is_shut(home: Home) -> None:
    """www.sxxz.gov.cn is down, and zwgk.sxxz.gov.cn answers http alone: every report is found all the same."""
    home.proxy.inject(Fault(effect="reset", match="//www.sxxz.gov.cn/"))
    home.proxy.inject(Fault(effect="reset", match="^https://zwgk.sxxz.gov.cn/"))
    site = home.proxy.site("zwgk.sxxz.gov.cn")
    site.schemes = ("http",)
    for recheck in ("due", "all"):
        ended = home.crawl("sxxz", "-s", "RETRY_TIMES=0", "-a", f"recheck={recheck}")
        assert ended.code == 0, ended.err
        assert set(home.reports("sxxz")) == set(home.portals["sxxz"].reports)


def test_a_host_whose_http_sends_back_to_https_is_asked_by_https(home: Home) -> None:
    home.proxy.inject(Fault(effect="reset", match="^https://www.hlbe.gov.cn/robots", times=1))
    ended = home.crawl("hlbe", "-s", "RETRY_TIMES=0")
    assert ended.code == 0, ended.err
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)
