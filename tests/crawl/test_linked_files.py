"""One result for all callers, and no more of them than memory is meant for."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from gxgk_crawler.crawl.linked_files import Shared, as_requested


def test_who_asks_at_the_same_time_shares_one_result() -> None:
    made: Counter[str] = Counter()

    async def make(url: str) -> str:
        made[url] += 1
        await asyncio.sleep(0.01)
        return url.upper()

    async def run() -> list[str]:
        shared = Shared[str]()
        together = await asyncio.gather(*(shared.get(url, make) for url in ["a", "b", "a", "a"]))
        return [*together, await shared.get("b", make)]

    assert asyncio.run(run()) == ["A", "B", "A", "A", "B"]
    assert made == {"a": 1, "b": 1}


def test_who_gives_up_waiting_takes_nothing_from_the_others() -> None:
    async def make(url: str) -> str:
        await asyncio.sleep(0.01)
        return url

    async def run() -> str:
        shared = Shared[str]()
        first = asyncio.ensure_future(shared.get("a", make))
        second = asyncio.ensure_future(shared.get("a", make))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(run()) == "a"


def test_the_oldest_results_are_forgotten_when_they_weigh_too_much() -> None:
    made: Counter[str] = Counter()

    async def make(url: str) -> str:
        made[url] += 1
        return url * 10

    async def run() -> None:
        shared = Shared[str](weigh=len, enough=25)
        for url in "abcab":
            await shared.get(url, make)
            await asyncio.sleep(0)
        await shared.get("b", make)

    asyncio.run(run())
    assert made == {"a": 2, "b": 2, "c": 1}


def test_an_address_is_a_file_however_it_is_written() -> None:
    assert as_requested("http://x.cn/年报.css#top") == as_requested("http://x.cn/%E5%B9%B4%E6%8A%A5.css")
    with pytest.raises(ValueError, match="Port"):
        as_requested("http://x.cn:99999/a.css")
