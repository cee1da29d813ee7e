"""Several children at work over many items."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from gxgk_crawler.sandbox.child import Child

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

T = TypeVar("T")


def work_through(
    items: Sequence[T],
    work: Callable[[T, Child], Awaitable[None]],
    *,
    jobs: int,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Call `work` for every item, with the child that reads for it; return when all are done.

    items: begun in this order. jobs: most children; each has one item at a time. progress: called with how many are done, and of
    how many. The first exception of `work` ends it and is raised.
    """
    asyncio.run(_all(items, work, jobs, progress))


async def _all(
    items: Sequence[T],
    work: Callable[[T, Child], Awaitable[None]],
    jobs: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    waiting = iter(items)
    done = count(1)

    async def some(child: Child) -> None:
        for item in waiting:
            await work(item, child)
            if progress is not None:
                progress(next(done), len(items))

    with ExitStack() as stack:
        children = [stack.enter_context(Child()) for _ in range(min(jobs, len(items)))]
        await asyncio.gather(*(some(child) for child in children))
