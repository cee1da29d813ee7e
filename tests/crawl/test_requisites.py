"""What a report's page needs to be shown: archived, fetched once, kept with the version, and never a reason for a bad outcome."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.replica import Fault, Page, ReplicaProxy, Site
from tests.replica.files import png
from tests.replica.hlbe import EXPLANATION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawl.conftest import Home

SITE = "https://www.hlbe.gov.cn"
AROUND = {
    f"{SITE}/{path}"
    for path in (
        "static/css/site.css",
        "static/css/base.css",
        "static/css/colour.css",
        "static/images/top.png",
        "static/images/back.png",
        "static/images/badge.png",
        "upload/images/logo.png",
    )
}


def needed(home: Home, year: int) -> list[tuple[str, str, int, int | None]]:
    """(URL, role, status, part) of what the first version of that year's reports needs."""
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        return conn.execute(
            "select c.url, c.role, c.status, n.part from version_capture n join capture c on c.id = n.capture_id"
            " join report_version v on v.id = n.report_version_id where v.year = %s and v.number = 1",
            [year],
        ).fetchall()


def counts(home: Home, name: str = "hlbe") -> dict[str, int]:
    told: dict[str, int] = home.json("status", name)["counts"]
    return told


def test_each_file_is_fetched_once_and_every_version_has_what_it_needs(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    asked = Counter(home.asked)
    assert asked.keys() >= AROUND
    assert asked[SITE + EXPLANATION] == 1, "two reports link to it"
    assert {url: times for url, times in asked.items() if times > 1} == {}
    assert not any("/js/" in url or "yangshi" in url or "never" in url or url.endswith(".eot") for url in asked)
    told = counts(home)
    assert (told["requisites"], told["requisites_missing"]) == (len(AROUND), 2), "a sheet is gone, one is foreign"
    failures = {failure["url"] for failure in home.json("status", "hlbe")["failures"]}
    assert not any(".css" in url for url in failures)
    for year in (2009, 2010):
        [explained] = [report for report in home.shown("hlbe").values() if report["year"] == year]
        assert [(file["status"], file["url"]) for file in explained["attachments"]] == [("ok", SITE + EXPLANATION)]
        assert {url for url, *_ in needed(home, year)} == AROUND
    assert {(role, status, part) for _, role, status, part in needed(home, 2010)} == {
        ("stylesheet", 200, None),
        ("image", 200, None),
    }
    assert {url.rpartition("/")[2] for url, *_ in needed(home, 2013)} > {"chart_2013.png", "site.css"}

    home.portals["hlbe"].publish()
    assert home.crawl("hlbe").code == 0
    assert not set(home.asked) & AROUND, "the archive has them, and fresh"
    assert {url for url, *_ in needed(home, 2025)} == AROUND
    assert counts(home)["requisites"] == len(AROUND)


def test_what_is_older_than_a_month_is_asked_for_again(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        conn.execute("update capture set fetched_at = fetched_at - interval '31 days' where role = 'stylesheet'")
    home.portals["hlbe"].publish()
    assert home.crawl("hlbe").code == 0
    statuses = {exchange.url: exchange.status for exchange in home.proxy.log if "/css/" in exchange.url}
    assert statuses == {url: 304 for url in AROUND if "/css/" in url} | {f"{SITE}/static/css/print.css": 404}
    assert {status for url, _, status, _ in needed(home, 2025) if "/css/" in url} == {304}
    assert home.json("verify")["ok"]
    home.portals["hlbe"].correct(2024)
    assert home.crawl("hlbe", "-a", "recheck=all").code == 0
    assert not set(home.asked) & {url for url in AROUND if "/css/" in url}, "not modified is as good as fetched"


CIRCLE = b"@import 'site.css'; @import 'a.css'; @import 'b.css';\xff{background:url("


@pytest.mark.parametrize(
    ("fault", "had", "missing"),
    [
        (Fault(effect="reset", match="/static/css"), 2, 3),
        (Fault(effect="status", status=503, match="/css", headers=(("Retry-After", "3600"),)), 2, 3),
        (Fault(effect="status", status=521, body=b"__jsl_clearance", match="/static/css"), 2, 3),
        (Fault(effect="status", status=200, body=CIRCLE, match="/static/css/"), 6, 1),
    ],
    ids=["reset", "503", "challenge", "itself"],
)
def test_what_cannot_be_had_is_no_failure(home: Home, fault: Fault, had: int, missing: int) -> None:
    home.proxy.inject(fault)
    ended = home.crawl("hlbe", "-s", "RETRY_TIMES=1")
    assert (ended.code, ended.line.split(": ")[1].split(",")[0]) == (0, "ok"), ended.err
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)
    told = counts(home)
    assert (told["requisites"], told["requisites_missing"]) == (had, missing)
    assert not any("/static/" in failure["url"] for failure in home.json("status", "hlbe")["failures"])
    assert "Traceback" not in ended.err


def test_a_host_that_fails_is_left_alone(home: Home) -> None:
    images = "".join(f"<img src=https://tu.fenye.gov.cn/{number}.png>" for number in range(9))
    pages = split()
    pages["/nb/202101/t20210120_1.html"] = article("一、总体情况。", "</head><body>" + images)
    with ReplicaProxy([Site(HOST, pages), Site("tu.fenye.gov.cn", {})]) as proxy:
        proxy.inject(Fault(effect="reset", match=r"tu\.fenye.*png"))
        home.environ.update(proxy.environ)
        assert home.crawl("portal", "-a", f"url=https://{HOST}/", "-s", "RETRY_TIMES=3").code == 0
        asked = Counter(
            exchange.url for exchange in proxy.log if exchange.url.endswith(".png") and "tu." in exchange.url
        )
    assert len(asked) == 3, "the others not at all"
    assert counts(home, HOST)["requisites_missing"] == 9


def test_robots_txt_counts_for_them_too(home: Home) -> None:
    rules = Page(body=b"User-agent: *\nDisallow: /static/\n", media_type="text/plain")
    home.proxy.site("www.hlbe.gov.cn").set("/robots.txt", rules)
    assert home.crawl("hlbe").code == 0
    assert not any("/static/" in url for url in home.asked)
    assert {url for url, *_ in needed(home, 2010)} == {f"{SITE}/upload/images/logo.png"}


HOST = "www.fenye.gov.cn"
PARAGRAPH = "<p>全年主动公开信息12条,受理申请3件,均按时答复。</p>" * 20


def article(text: str, head: str) -> Page:
    pager = '<script>createPageHTML(2, 0, "t20210120_1", "html")</script>'
    return Page(
        body=f"<html><head>{head}</head><body><h1>样例区2020年政府信息公开工作年度报告</h1>"
        f"<div class='TRS_Editor'><p>{text}</p>{PARAGRAPH}</div>{pager}</body></html>".encode()
    )


def split() -> dict[str, Page]:
    """A portal with one report of two pages, whose style sheet has moved."""
    link = '<a href="202101/t20210120_1.html">样例区2020年政府信息公开工作年度报告</a>'
    sheet = Page(media_type="text/css", body=b"p{background:url(first.png)}")
    return {
        "/": Page(body='<a href="/nb/">政府信息公开年报</a>'.encode()),
        "/nb/": Page(body=f"<html><body><ul><li>{link}</li></ul></body></html>".encode()),
        "/nb/202101/t20210120_1.html": article("一、总体情况。", "<link rel=stylesheet href=/old.css>"),
        "/nb/202101/t20210120_1_1.html": article("二、存在问题。", "<style>p{background:url(second.png)}</style>"),
        "/old.css": Page.redirect("/new/all.css", 301),
        "/new/all.css": sheet,
        "/new/first.png": Page(media_type="image/png", body=png([1, 2], (9, 9, 9))),
        "/nb/202101/second.png": Page(media_type="image/png", body=png([2, 1], (9, 9, 9))),
    }


def test_a_crawl_that_is_told_to_stop_keeps_its_reports_and_asks_for_no_more_images(home: Home) -> None:
    images = "".join(f"<img src=/img/{number}.png>" for number in range(150))
    pages = split() | {
        f"/img/{number}.png": Page(media_type="image/png", body=png([number], (9, 9, 9))) for number in range(150)
    }
    pages["/nb/202101/t20210120_1.html"] = Page(
        body=f"<html><body>{images}<h1>样例区2020年政府信息公开工作年度报告</h1><div id=zoom>{PARAGRAPH}</div></body></html>".encode()
    )
    with ReplicaProxy([Site(HOST, pages)]) as proxy:
        home.environ.update(proxy.environ)
        address = f"url=https://{HOST}/"
        crawl = home.start("portal", "-a", address, "-s", "DOWNLOAD_DELAY=0.1", stderr=subprocess.PIPE)
        while sum("/img/" in exchange.url for exchange in proxy.log) < 5:
            time.sleep(0.02)
            assert crawl.poll() is None
        crawl.send_signal(signal.SIGINT)
        _, log = crawl.communicate(timeout=120)
        had = sum("/img/" in exchange.url for exchange in proxy.log)
    assert "stopped early" in log
    assert had < 100
    assert 4 <= len(needed(home, 2020)) <= had


def test_all_pages_of_a_split_article_and_what_they_need_go_with_its_year(home: Home, tmp_path: Path) -> None:
    with ReplicaProxy([Site(HOST, split())]) as proxy:
        home.environ.update(proxy.environ)
        ended = home.crawl("portal", "-a", f"url=https://{HOST}/")
    assert ended.code == 0, ended.err
    parts: dict[str, Any] = {url.removeprefix(f"https://{HOST}"): part for url, _, _, part in needed(home, 2020)}
    assert parts == {
        "/nb/202101/t20210120_1_1.html": 2,
        "/old.css": None,
        "/new/all.css": None,
        "/new/first.png": None,
        "/nb/202101/second.png": None,
    }
    assert home.json("export", str(tmp_path / "out"), "--format", "wacz", "--year", "2020")["captures"] == 6
