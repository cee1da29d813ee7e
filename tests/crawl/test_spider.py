"""What holds for every spider: it starts, it takes only arguments it knows, it sends its requests as its portal says."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from gxgk_crawler.crawl.known_pages import KnownPages
from gxgk_crawler.crawl.monitor import CrawlMonitor
from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.crawl.url_spider import UrlSpider
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.families.page import Anchor
from gxgk_crawler.items import Sighting
from gxgk_crawler.portal import Portal

LOADER = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["gxgk_crawler.spiders"]}))


@pytest.mark.parametrize("name", sorted(set(LOADER.list()) - {"portal"}))
def test_every_spider_begins_at_its_entry_page(name: str) -> None:
    spider = LOADER.load(name)()
    assert isinstance(spider, PortalSpider)
    request = spider._entry_request(spider.portal.entry)
    assert request.url == spider.portal.entry
    assert "proxy" not in request.meta
    assert not hasattr(spider, "start_requests"), "Scrapy does not call it any more"


def test_a_named_spider_without_a_portal_is_refused_at_import() -> None:
    with pytest.raises(ConfigError, match="names no Portal"):
        type("BadSpider", (PortalSpider,), {"name": "bad"})


def test_a_portal_may_have_a_proxy_of_its_own() -> None:
    portal = Portal(title="样例", entry="https://www.example.gov.cn/", proxy="http://proxy.example.org:8080")
    spider = type("ProxiedSpider", (PortalSpider,), {"name": "proxied", "portal": portal})()
    assert spider._entry_request(portal.entry).meta["proxy"] == "http://proxy.example.org:8080"
    assert spider._report_request("https://www.example.gov.cn/1.html", "").meta["proxy"] == portal.proxy


def settings_of(portal: Portal, *, command_line: dict[str, object] | None = None) -> Settings:
    """The settings of a crawl of this portal, as Scrapy makes them."""
    settings = Settings()
    settings.setmodule("gxgk_crawler.settings", priority="project")
    settings.setdict(command_line or {}, priority="cmdline")
    spider: type[PortalSpider] = type("PoliteSpider", (PortalSpider,), {"name": "polite", "portal": portal})
    spider.update_settings(settings)
    return settings


SLOW = Portal(title="样例", entry="https://www.example.gov.cn/", delay=7.5, concurrency=2, why="样例")


def test_a_portal_is_crawled_at_the_pace_it_asks_for() -> None:
    settings = settings_of(SLOW)
    assert settings.getfloat("DOWNLOAD_DELAY") == 7.5
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 2
    assert settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY") == 2
    usual = settings_of(Portal(title="样例", entry="https://www.example.gov.cn/"))
    assert (usual.getfloat("DOWNLOAD_DELAY"), usual.getint("CONCURRENT_REQUESTS_PER_DOMAIN")) == (2.0, 1)


def test_the_command_line_wins_over_the_portal() -> None:
    settings = settings_of(SLOW, command_line={"DOWNLOAD_DELAY": "0"})
    assert settings.getfloat("DOWNLOAD_DELAY") == 0
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 2


@pytest.mark.parametrize(
    "url", ["", "example.gov.cn", "ftp://example.gov.cn/", "http://", "http://[", "http://a:99999/"]
)
def test_a_portal_without_a_file_wants_a_url(url: str) -> None:
    with pytest.raises(ConfigError):
        UrlSpider(url)


def test_a_portal_without_a_file_is_named_after_its_host_and_knows_its_sisters() -> None:
    spider = LOADER.load("portal")("https://www.example.gov.cn/zwgk/")
    assert isinstance(spider, UrlSpider)
    assert spider.name == "www.example.gov.cn"
    assert spider.is_own("https://zwgk.example.gov.cn/a.html")
    assert not spider.is_own("https://www.example.com/a.html")
    assert not spider.is_own("https://www.notexample.gov.cn/a.html")


SITE = "https://www.example.gov.cn"


def spider_that_knows(**known: Any) -> PortalSpider:
    values = {"name": "known", "portal": Portal(title="样例", entry=f"{SITE}/"), "known": KnownPages(**known)}
    spider: PortalSpider = type("KnownSpider", (PortalSpider,), values)(recheck="all")
    return spider


async def started(spider: PortalSpider) -> list[str]:
    return [request.url async for request in spider.start()]


def test_a_report_known_by_its_mobile_copy_is_fetched_by_the_copy() -> None:
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    spider = spider_that_knows(
        reports={f"{SITE}/nb/1.html": seen, f"{SITE}/nb/2.html": seen},
        addresses={f"{SITE}/nb/1.html": f"{SITE}/wap/nb/1.html"},
    )
    assert asyncio.run(started(spider))[1:] == [f"{SITE}/wap/nb/1.html", f"{SITE}/nb/2.html"]


def test_of_several_spellings_of_a_report_one_is_fetched_and_every_list_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    spider = spider_that_knows()
    monkeypatch.setattr(PortalSpider, "monitor", Mock())
    page, mobile = f"{SITE}/nb/t20210120_11.html", f"{SITE}/wap/nb/t20210120_11.html"

    def found(channel: str, *urls: str) -> list[Any]:
        anchors = [Anchor(url=url, text="样例市2020年政府信息公开工作年度报告") for url in urls]
        seen = Mock(page=Mock(url=channel))
        seen.report_links.return_value = anchors
        return list(spider._reports(seen, in_channel=True))

    first, sighting = found(f"{SITE}/nb/", page, mobile)
    assert (first.url, sighting) == (page, Sighting(url=page, channel=f"{SITE}/nb/"))
    assert found(f"{SITE}/bm/", mobile) == [Sighting(url=page, channel=f"{SITE}/bm/")]
    assert spider._listed_on[page] == [f"{SITE}/nb/", f"{SITE}/bm/"]


def test_a_page_that_links_to_more_channels_than_any_is_followed_so_far_and_told() -> None:
    monitor = Mock()
    made: type[PortalSpider] = type("ManySpider", (PortalSpider,), {"name": "many", "portal": SLOW, "monitor": monitor})
    anchors = [Anchor(url=f"https://www.example.gov.cn/{n}/", text="政府信息公开年报") for n in range(600)]
    found = list(made()._channels(anchors, Mock(), level=1))
    assert sum(isinstance(one, Request) for one in found) == 500
    (told,) = monitor.hole.call_args_list
    assert told.args[1] == "the page links to 600 channels, 500 were read"


def test_a_link_that_is_too_long_is_counted_once() -> None:
    monitor = CrawlMonitor(SLOW)
    for _ in range(3):
        monitor.too_long("https://www.example.gov.cn/" + "a" * 1900)
    assert len(monitor.facts.skipped) == 1
