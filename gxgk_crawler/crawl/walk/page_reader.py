"""Keeps the event loop free while pages are read: a hostile page may hold half a million links."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from gxgk_crawler.crawl.navigation import seen_on
from gxgk_crawler.crawl.responses import content_type
from gxgk_crawler.families.page import read_page
from gxgk_crawler.sandbox.child import Child

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from scrapy.http import Response

    from gxgk_crawler.crawl.hooks import Hooks
    from gxgk_crawler.crawl.navigation import Seen
    from gxgk_crawler.families.family import Family
    from gxgk_crawler.families.page import Page

_T = TypeVar("_T")

_LARGE = 256 * 1024  # bytes of a page that is parsed in a child process: a tree takes thirty times as much memory
_STEP = 50  # results of a page after which the event loop gets its turn
# The attributes of Seen that cost time, by the role of the page that the walk reads them of.
_OF_EVERY_PAGE = ("redirect", "long_links", "own_frames")
_OF_A_LIST = ("sub_channel_links", "list_sources", "is_report_itself", "following", "outside_hosts", "left_alone")
_OF_NAVIGATION = ("channel_links", "disclosure_links", "is_list_itself", "outside_hosts", "left_alone")


class LinkReader:
    """Reads the pages that the walk goes by: in a thread, large ones in a child process, which starts with the first of them."""

    def __init__(self) -> None:
        self._child = Child()

    async def look(self, response: Response, *, hooks: Hooks, otherwise: Family) -> Seen:
        """What `navigation.look` gives, with all attributes computed. Raises ExtractionError for a page that cannot be read."""
        charset = content_type(response)[1]
        if len(response.body) > _LARGE:
            page = await self._child.run(read_page, response.body, response.url, charset)
        else:
            page = await asyncio.to_thread(read_page, response.body, response.url, charset)
        return await asyncio.to_thread(_judged, page, hooks, otherwise, response.meta.get("role", "page"))

    def close(self) -> None:
        """End the child process, if there is one."""
        self._child.close()


def judged(seen: Seen, role: str) -> Seen:
    """The page, with every attribute computed that the walk reads of one with this role."""
    for name in _OF_EVERY_PAGE:
        getattr(seen, name)
    if role == "page":
        for name in _OF_NAVIGATION:
            getattr(seen, name)
        seen.report_links(in_channel=False)
    if role == "list" or (role == "page" and seen.is_list_itself):
        for name in _OF_A_LIST:
            getattr(seen, name)
        seen.report_links(in_channel=True)
    return seen


def _judged(page: Page, hooks: Hooks, otherwise: Family, role: str) -> Seen:
    return judged(seen_on(page, hooks=hooks, otherwise=otherwise), role)


async def in_steps(found: Iterable[_T]) -> AsyncIterator[_T]:
    """The results of a callback, one after the other; between some of them the event loop does its other work."""
    for number, result in enumerate(found, 1):
        yield result
        if number % _STEP == 0:
            await asyncio.sleep(0)
