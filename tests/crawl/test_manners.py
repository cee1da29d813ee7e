"""How a crawl behaves: robots.txt in all its states, pauses that a host asks for, an honest name."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from gxgk_crawler import settings
from gxgk_crawler.crawl.middlewares import retry_after
from gxgk_crawler.crawl.middlewares.retry_after import PauseMiddleware
from gxgk_crawler.crawl.middlewares.robots import RobotsMiddleware
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
    ended = home.crawl("hlbe")
    assert f"robots.txt of {HOST} asks for 0.6 s between requests; they get 0.6 s" in ended.err
    assert len([url for url in home.asked if "robots" not in url]) >= 2


@pytest.mark.parametrize(("asked", "given"), [("7.5", 7.5), ("1", 2.0), ("3600", 60.0), ("-4", 2.0), ("x", 2.0)])
def test_the_longer_delay_counts_up_to_a_minute(asked: str, given: float) -> None:
    slot = Slot(concurrency=1, delay=2.0)
    crawler = get_crawler(settings_dict={"ROBOTSTXT_OBEY": True})
    crawler.engine = SimpleNamespace(downloader=SimpleNamespace(_get_slot=lambda _: (HOST, slot)))  # type: ignore[assignment]
    rules = ProtegoRobotParser(f"User-agent: *\nCrawl-delay: {asked}\n".encode(), None)
    RobotsMiddleware(crawler)._obey_delay(rules, Request(f"https://{HOST}/"))
    assert slot.delay == given


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(
    ("status", "asked", "slept"),
    [(503, "2", [2.0]), (429, "120", [120.0]), (503, "121", []), (503, "0", []), (503, "soon", []), (404, "2", [])],
)
def test_a_pause_lasts_as_long_as_the_host_asks_for(
    status: int, asked: str, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(retry_after, "time", clock)
    monkeypatch.setattr(retry_after, "asyncio", clock)
    middleware = PauseMiddleware()
    request, other = Request(f"https://{HOST}/a"), Request("https://other.gov.cn/a")
    middleware.process_response(request, Response(request.url, status=status, headers={"Retry-After": asked}))
    for one in (other, request, request):
        asyncio.run(middleware.process_request(one))
    assert clock.slept == slept


def test_a_host_that_asks_for_a_pause_gets_it(home: Home) -> None:
    home.proxy.inject(Fault(effect="status", status=503, headers=(("Retry-After", "1"),), match="showList", times=1))
    ended = home.crawl("hlbe")
    assert ended.code == 0
    assert f"{HOST} asks for a pause of 1 s" in ended.err
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)


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
