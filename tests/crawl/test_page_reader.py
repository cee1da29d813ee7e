"""Pages are read beside the event loop, which does its other work meanwhile."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec
from scrapy import Request
from scrapy.http import HtmlResponse

from gxgk_crawler.crawl import navigation
from gxgk_crawler.crawl.hooks import Hooks, SisterHosts
from gxgk_crawler.crawl.walk import page_reader
from gxgk_crawler.crawl.walk.page_reader import LinkReader, in_steps
from gxgk_crawler.entries import decode_json
from gxgk_crawler.families.family import Family
from gxgk_crawler.families.page import read_page
from gxgk_crawler.families.scripts.script_lists import list_sources
from gxgk_crawler.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from gxgk_crawler.families.page import Page

URL = "https://www.sample.gov.cn/"
LINK = "<li><a href=/nb/>政府信息公开年报</a></li>".encode()


def hooks() -> Hooks:
    made = SisterHosts()
    made.portal = Portal.entered_at(URL)
    return made


def look(reader: LinkReader, body: bytes, role: str = "list") -> navigation.Seen:
    response = HtmlResponse(URL, body=body, request=Request(URL, meta={"role": role}))
    return asyncio.run(reader.look(response, hooks=hooks(), otherwise=Family()))


def test_no_page_is_read_or_judged_in_the_thread_of_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def noted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            threads.append(threading.current_thread())
            return function(*args, **kwargs)

        return call

    monkeypatch.setattr(page_reader, "read_page", noted(read_page))
    monkeypatch.setattr(Family, "is_list", noted(Family.is_list))
    monkeypatch.setattr(navigation, "list_sources", noted(list_sources))
    seen, home = look(LinkReader(), LINK), look(LinkReader(), LINK, "page")
    used = len(threads)
    assert used >= 5
    assert threading.main_thread() not in threads
    assert [anchor.url for anchor in home.channel_links] == [URL + "nb/"]
    assert (home.is_list_itself, home.redirect, home.disclosure_links) == (False, None, [])
    assert (seen.following, seen.redirect, seen.list_sources, seen.is_report_itself) == (None, None, [], False)
    assert home.report_links(in_channel=False) == seen.report_links(in_channel=True) == []
    assert len(threads) == used, "all that the walk asks for is known already"


def test_a_large_page_is_parsed_in_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    class Child:
        async def run(self, function: Callable[..., Page], *args: Any) -> Page:
            sizes.append(len(args[0]))
            return function(*args)

        def close(self) -> None:
            pass

    monkeypatch.setattr(page_reader, "Child", Child)
    reader = LinkReader()
    body = LINK * 20_000
    assert look(reader, body).is_cut
    look(reader, LINK)
    assert sizes == [len(body)]


def test_a_page_comes_back_from_the_child_as_it_was_read() -> None:
    tab = '<span onclick="show(2)">2023年</span><a href="/' + "a" * 3000 + '">b</a><iframe src="/c"></iframe>'
    page = read_page(LINK + tab.encode(), URL)
    assert page.unopened
    assert page.long_links
    assert decode_json(msgspec.json.encode(page), get_type_hints(read_page)["return"]) == page


def test_the_results_of_a_page_leave_the_loop_its_turns() -> None:
    turns = 0

    def turn(loop: asyncio.AbstractEventLoop) -> None:
        nonlocal turns
        turns += 1
        loop.call_soon(turn, loop)

    async def go() -> list[int]:
        loop = asyncio.get_running_loop()
        loop.call_soon(turn, loop)
        return [number async for number in in_steps(range(1000))]

    assert asyncio.run(go()) == list(range(1000))
    assert turns >= 15
