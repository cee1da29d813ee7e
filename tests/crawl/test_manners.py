"""How a crawl behaves: robots.txt in all its states, pauses that a host asks for, an honest name."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler import settings
from tests.replica import Fault, Page

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

HOST = "www.hlbe.gov.cn"


def robots(home: Home, text: str, media_type: str = "text/plain") -> None:
    home.proxy.site(HOST).set("/robots.txt", Page(body=text.encode(), media_type=media_type))


def test_what_robots_txt_forbids_is_not_asked_for(home: Home) -> None:
    robots(home, "User-agent: *\nDisallow: /OpennessAnnualReport/show/1\n\nUser-agent: other\nDisallow: /\n")
    assert home.crawl("hlbe").code == 0
    assert not [url for url in home.asked if "/OpennessAnnualReport/show/1" in url]
    skipped = [f for f in home.json("status", "hlbe")["failures"] if f["reason"] == "Forbidden by robots.txt"]
    assert skipped, "what was left out is said"


def test_a_rule_for_us_by_name_counts(home: Home) -> None:
    robots(home, "User-agent: gxgk_crawler\nDisallow: /\n\nUser-agent: *\nDisallow:\n")
    ended = home.crawl("hlbe")
    assert (ended.code, ended.line.split(": ")[1]) == (1, "blocked")
    assert home.asked == [f"https://{HOST}/robots.txt"]


@pytest.mark.parametrize(
    "page",
    [
        Page(body=b"<html><body>welcome</body></html>"),
        Page(status=404, body=b"none"),
        Page(status=403, body=b"none"),
        Page(body="\ufeffUser-agent: *\nDisallow: /admin/".encode(), media_type="text/plain"),
        Page(body=b"\xff\xfe\x00garbage", media_type="text/plain"),
    ],
    ids=["page", "404", "403", "bom", "garbage"],
)
def test_no_rules_is_a_permission(home: Home, page: Page) -> None:
    home.proxy.site(HOST).set("/robots.txt", page)
    assert home.crawl("hlbe").code == 0


def test_a_crawl_delay_is_kept(home: Home) -> None:
    home.proxy.site(HOST).redraw({"/robots.txt": Page(body=b"User-agent: *\nCrawl-delay: 0.6\n", media_type="text/plain")} | {
        "/": Page(body='<a href="/nb/">政府信息公开年报</a>'.encode()),
        "/nb/": Page(body=b'<a href="/zwgk/zfxxgknb/1.html">a</a>'),
    })  # fmt: skip
    home.crawl("hlbe", "-s", "DOWNLOAD_DELAY_JITTER=0")
    times = [exchange.at for exchange in home.proxy.log if "robots" not in exchange.url]
    assert len(times) >= 2
    assert all(later - sooner >= 0.5 for sooner, later in pairwise(times))


def test_a_host_that_asks_for_a_pause_gets_it(home: Home) -> None:
    home.proxy.inject(Fault(effect="status", status=503, headers=(("Retry-After", "2"),), match="showList", times=1))
    assert home.crawl("hlbe").code == 0
    lists = [exchange.at for exchange in home.proxy.log if "showList/2/page_1" in exchange.url]
    assert lists[1] - lists[0] >= 1.9


def test_a_host_that_asks_for_an_hour_is_left_alone(home: Home) -> None:
    home.proxy.inject(
        Fault(effect="status", status=503, headers=(("Retry-After", "3600"),), match="AnnualReport/showList")
    )
    assert home.crawl("hlbe").code == 1
    assert len([url for url in home.asked if "AnnualReport/showList" in url]) == 1


def test_the_defaults_are_polite() -> None:
    assert settings.ROBOTSTXT_OBEY
    assert (settings.CONCURRENT_REQUESTS_PER_DOMAIN, settings.DOWNLOAD_DELAY) == (1, 2.0)
    assert settings.USER_AGENT.startswith("gxgk_crawler/")
    assert not settings.REMOTE_CONTROL_ENABLED
    assert not settings.TELNETCONSOLE_ENABLED
    assert settings.DEFAULT_REQUEST_HEADERS["Accept-Encoding"] == "gzip, deflate"
