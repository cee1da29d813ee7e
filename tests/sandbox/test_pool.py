"""Several children at work over many items."""

from __future__ import annotations

import os

import pytest

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.sandbox.child import Child
from gxgk_crawler.sandbox.pool import work_through


@pytest.mark.process
def test_every_item_is_worked_on_once_by_no_more_children_than_asked_for() -> None:
    done: dict[int, int] = {}
    told: list[tuple[int, int]] = []

    async def work(item: int, child: Child) -> None:
        assert await child.run(abs, -item) == item
        done[item] = await child.run(os.getpid)

    work_through(range(10), work, jobs=2, progress=lambda count, total: told.append((count, total)))
    assert sorted(done) == list(range(10))
    assert len(set(done.values())) == 2
    assert told == [(count, 10) for count in range(1, 11)]


def test_nothing_to_do_starts_nothing() -> None:
    async def work(item: int, child: Child) -> None:
        raise AssertionError

    work_through([], work, jobs=2)


@pytest.mark.process
def test_an_error_of_the_work_ends_it() -> None:
    async def work(item: str, child: Child) -> None:
        await child.run(int, item)

    with pytest.raises(ExtractionError, match="ValueError"):
        work_through(["1", "no number"], work, jobs=1)
