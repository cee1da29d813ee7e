"""Finds the entries of a list that a script shows: arrays and calls in the page, the answer of an API, and the address of that API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import re2
from lxml import etree

from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.families.following import Following
from gxgk_crawler.families.scripts.json_data import json_at, json_of, object_in, objects_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARRAY = re2.compile(r"[=:(]\s*(\[\s*\{)")
_MOST_ARRAYS = 20  # of one page
_MOST_ENTRIES = 2_000
_DEEPEST = 5  # levels of an answer above its entries
_TITLES = ("title", "name", "doctitle", "infotitle", "text")
_URLS = ("url", "link", "href", "linkurl", "docpuburl", "pageurl", "infourl")
_URL_WORDS = ("url", "link", "href")
_TOTALS = ("total", "totalcount", "totalrecord", "totalrecords", "recordcount", "count")
_SIZES = ("size", "pagesize", "perpage", "limit", "rows")
# Calls and objects of a script, with the strings in them: d.add(7,0,'年报','list.jsp?id=7'), {id:1, name:"年报", url:"/nb/"}.
_SCRIPT = re2.compile(r"(?is)<script\b[^<>]*>(.*?)</script>")
_GROUP = re2.compile(r"[({]([^(){}]{5,600})[)}]")
_STRING = re2.compile(r"""'([^'\\\n<>]{1,300})'|"([^"\\\n<>]{1,300})\"""")
_MOST_GROUPS = 1_000  # of one page
_ADDRESS = re2.compile(r"^(?:https?://|\.{0,2}/)?[\w%.~:-]+(?:/[\w%.~:-]*)*/?(?:\?[^\s'\"<>]*)?$")
_NO_PAGE = re2.compile(r"(?i)\.(?:js|css|png|jpe?g|gif|svg|ico|bmp|webp|mp4|swf|woff2?)(?:[?#]|$)")
_PAGE_LIKE = re2.compile(r"(?i)[/?]|\.(?:[st]?html?|jspx?|aspx?|php|do|action)$")
_HAN = re2.compile(r"\p{Han}")
# What a script fetches to fill a page. Counters, searches and the like fill no list.
_FETCHED = re2.compile(
    r"""(?i)(?:\burl\s*:|\.(?:get|getJSON|load)\s*\(|\bfetch\s*\(|\baxios(?:\.get)?\s*\(|\.open\s*\(\s*['"]GET['"]\s*,)\s*['"]([^'"\s<>]{2,300})['"]\s*([,;)}\s])"""
)
_FILLS_NO_LIST = re2.compile(
    r"(?i)hit|count|click|visit|stat[./_]|/log|weather|captcha|user|login|search|comment|share"
)
_MOST_SOURCES = 3
_MOST_ELEMENTS = 20_000  # of an answer in XML
_API = re2.compile(
    r"""['"]([^'"\s<>]{1,300}[?&](?i:page|pageno|pagenum|pageindex|currpage|currentpage|current|cur_page|pn)=)['"]"""
)
_SIZE_OF_URL = re2.compile(r"(?i)[?&](?:size|page_?size|per_?page|limit|rows)=(\d{1,4})")
_PAGE_OF_URL = re2.compile(
    r"(?i)([?&](?:page|pageno|pagenum|pageindex|currpage|currentpage|current|cur_page|pn)=)(\d{1,6})"
)


def scripted_entries(html: str) -> Iterator[tuple[str, str]]:
    """(address, title) of the entries in the scripts of a page, or in a page that is an answer of an API, in JSON or XML."""
    start = html.lstrip()[:5]
    if start[:1] in {"{", "["}:
        yield from _entries(json_of(html), _DEEPEST)
        return
    if start == "<?xml":
        yield from xml_entries(html)
        return
    seen = set()
    for number, found in enumerate(_ARRAY.finditer(html)):
        if number >= _MOST_ARRAYS:
            break
        for entry in _entries(json_at(html, found.start(1)), 1):
            seen.add(entry)
            yield entry
    yield from (entry for entry in _paired(html) if entry not in seen)


def _paired(html: str) -> Iterator[tuple[str, str]]:
    """(address, words) of the calls and objects in the scripts of a page that hold one address and words in Chinese."""
    left = _MOST_GROUPS
    for script in _SCRIPT.finditer(html):
        for group in _GROUP.finditer(script.group(1)):
            left -= 1
            if left < 0:
                return
            strings = [one or other for one, other in _STRING.findall(group.group(1))]
            addresses = [string for string in strings if _is_address(string)]
            words = [string for string in strings if _HAN.search(string)]
            if len(addresses) == 1 and words:
                yield addresses[0], words[0].strip()


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.match(text) and _PAGE_LIKE.search(text)) and not _NO_PAGE.search(text)


def list_sources(html: str, url: str) -> list[str]:
    """What may hold the list that a script of the page at `url` fills: the first page of an API, else the files that it fetches."""
    paged = _API.search(html)
    if paged is not None:
        found = [paged.group(1).replace("&amp;", "&") + "1"]
    else:
        fetched = (address for address, _ in _FETCHED.findall(html))
        found = [a for a in fetched if not _FILLS_NO_LIST.search(a) and not _NO_PAGE.search(a)]
    urls = (web_url(address, url) for address in found)
    return list(dict.fromkeys(address for address in urls if address))[:_MOST_SOURCES]


def next_of_answer(html: str, url: str) -> Following | None:
    """The next page of an API whose answer is `html`, fetched from `url`; None for any other page and after the last entry.

    It is certain while the answer says that there are more entries than its pages so far could hold.
    """
    number = _PAGE_OF_URL.search(url)
    if number is None or html.lstrip()[:1] != "{":
        return None
    answer = json_of(html)
    held, total = len(list(_entries(answer, _DEEPEST))), _number(answer, _TOTALS, _DEEPEST)
    stated = _SIZE_OF_URL.search(url)
    size = int(stated.group(1)) if stated else _number(answer, _SIZES, _DEEPEST)
    if not held or (total is not None and int(number.group(2)) * max(size or 0, held) >= total):
        return None
    following = f"{url[: number.start(2)]}{int(number.group(2)) + 1}{url[number.end(2) :]}"
    return Following(urls=[following], certain=total is not None and size is not None)


def _entries(value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """The entries in an array of objects, or in the arrays inside an object, down to `depth` levels."""
    if depth <= 0:
        return
    if isinstance(value, dict):
        for part in value.values():
            yield from _entries(part, depth - 1)
    for entry in objects_in(value)[:_MOST_ENTRIES]:
        found = entry_of({key: text for key, text in entry.items() if isinstance(text, str)})
        if found is not None:
            yield found


def entry_of(fields: dict[str, str]) -> tuple[str, str] | None:
    """(address, title) of an object by the names of its fields; None when it lacks either."""
    given = {key.lower(): text for key, text in fields.items() if text.strip()}
    address = next((given[key] for key in _URLS if key in given), None) or next(
        (text for key, text in given.items() if any(word in key for word in _URL_WORDS) and _is_address(text)), None
    )
    title = next((given[key] for key in _TITLES if key in given), None) or next(
        (text for key, text in given.items() if "title" in key and _HAN.search(text)), None
    )
    return (address, title) if address and title else None


def _number(value: Any, names: tuple[str, ...], depth: int) -> int | None:
    """The first number under one of these names, in the object or an object inside it."""
    fields = object_in(value)
    for key, number in fields.items():
        if key.lower() in names and isinstance(number, int):
            return number
    inner = (_number(part, names, depth - 1) for part in fields.values() if isinstance(part, dict) and depth > 1)
    return next((found for found in inner if found is not None), None)


def xml_entries(xml: str) -> Iterator[tuple[str, str]]:
    """(address, title) of the elements whose own children name both, as a feed or a list in XML has them."""
    try:
        root = etree.fromstring(
            xml.partition("?>")[2].encode("utf-8", "replace"),
            etree.XMLParser(recover=True, resolve_entities=False, no_network=True),
        )
    except etree.XMLSyntaxError:
        return
    if root is None:
        return
    for number, element in enumerate(root.iter(etree.Element)):
        if number >= _MOST_ELEMENTS:
            return
        leaves = {
            etree.QName(leaf).localname: leaf.text or leaf.get("href") or ""
            for leaf in element.iterchildren(etree.Element)
        }
        found = entry_of(leaves) if leaves else None
        if found is not None:
            yield found
