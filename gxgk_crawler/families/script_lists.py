"""Finds the entries of a list that a script shows: an array in the page, the answer of an API, and the address of that API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import re2

from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.families.following import Following
from gxgk_crawler.families.json_data import json_at, json_of, object_in, objects_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARRAY = re2.compile(r"[=:(]\s*(\[\s*\{)")
_MOST_ARRAYS = 20  # of one page
_MOST_ENTRIES = 2_000
_DEEPEST = 4  # levels of an answer above its entries
_TITLES = ("title", "name", "doctitle", "infotitle", "text")
_URLS = ("url", "link", "href", "linkurl", "docpuburl", "pageurl", "infourl")
_TOTALS = ("total", "totalcount", "totalrecord", "totalrecords", "recordcount", "count")
_API = re2.compile(
    r"""['"]([^'"\s<>]{1,300}[?&](?i:page|pageno|pagenum|pageindex|currpage|currentpage|current|pn)=)['"]"""
)
_PAGE_OF_URL = re2.compile(r"(?i)([?&](?:page|pageno|pagenum|pageindex|currpage|currentpage|current|pn)=)(\d{1,6})")


def scripted_entries(html: str) -> Iterator[tuple[str, str]]:
    """(address, title) of the entries in the arrays of a page's scripts, or in a page that is an answer of an API."""
    if html.lstrip()[:1] in {"{", "["}:
        yield from _entries(json_of(html), _DEEPEST)
        return
    for number, found in enumerate(_ARRAY.finditer(html)):
        if number >= _MOST_ARRAYS:
            return
        yield from _entries(json_at(html, found.start(1)), 1)


def list_api(html: str, url: str) -> str | None:
    """The first page of the API by whose answers a script of the page at `url` fills a list; None when it names none."""
    found = _API.search(html)
    return web_url(found.group(1).replace("&amp;", "&") + "1", url) if found else None


def next_of_answer(html: str, url: str) -> Following | None:
    """The next page of an API whose answer is `html`, fetched from `url`; None for any other page and after the last entry.

    It is certain while the answer says that there are more entries than its pages so far could hold.
    """
    number = _PAGE_OF_URL.search(url)
    if number is None or html.lstrip()[:1] != "{":
        return None
    answer = json_of(html)
    held, total = len(list(_entries(answer, _DEEPEST))), _total(answer, _DEEPEST)
    if not held or (total is not None and int(number.group(2)) * held >= total):
        return None
    following = f"{url[: number.start(2)]}{int(number.group(2)) + 1}{url[number.end(2) :]}"
    return Following(urls=[following], certain=total is not None)


def _entries(value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """The entries in an array of objects, or in the arrays inside an object, down to `depth` levels."""
    if depth <= 0:
        return
    if isinstance(value, dict):
        for part in value.values():
            yield from _entries(part, depth - 1)
    for entry in objects_in(value)[:_MOST_ENTRIES]:
        fields = {key.lower(): text for key, text in entry.items() if isinstance(text, str)}
        address = next((fields[key] for key in _URLS if fields.get(key)), None)
        title = next((fields[key] for key in _TITLES if fields.get(key)), None)
        if address and title:
            yield address, title


def _total(value: Any, depth: int) -> int | None:
    fields = object_in(value)
    for key, number in fields.items():
        if key.lower() in _TOTALS and isinstance(number, int):
            return number
    inner = (_total(part, depth - 1) for part in fields.values() if isinstance(part, dict) and depth > 1)
    return next((found for found in inner if found is not None), None)
