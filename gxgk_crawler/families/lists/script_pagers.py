"""Finds the next page of a list in the scripts that build its pager.

Each function knows one way of writing it, seen on portals of several makers; the values are read, no script is run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.families.following import Following

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

# createPageHTML(pages, current, "index", "html"), createPage(...): zero-based; after the id of a box ('page_div', ...) one-based.
_CALL = re2.compile(
    r"""(?i)create\w*Page\w*\s*\(\s*(['"][\w#.-]+['"]\s*,\s*)?(\d{1,9})\s*,\s*(\d{1,9})\s*,\s*['"]([\w/.-]+)['"]\s*,\s*['"](\w+)['"]"""
)
_OBJECT = re2.compile(r"\{[^{}]{10,400}\}")
_PAIR = re2.compile(r"""['"]?(\w+)['"]?\s*:\s*['"]?([\w/.-]*)""")
_COUNTS = ("size", "count", "pagecount", "pages", "totalpage", "totalpages", "total")
_CURRENTS = ("current", "curr", "currpage", "currentpage", "index", "pageindex")
_PREFIXES = ("prefix", "pagename", "filename", "name")
_SUFFIXES = ("suffix", "ext", "extension", "fileext", "pageext")
_MOST_OBJECTS = 400  # of one page; each is at most 400 characters long

# A path, a number and an ending, joined: "/nb/" + (data.pageIndex + 1) + ".html".
_JOINED_PATH = re2.compile(
    r"""['"]([^'"\s<>]{0,200}[/_-])['"]\s*\+\s*\(?\s*[\w.]*(?i:page|index|curr|num)\w*\s*(?:\+\s*1\s*)?\)?\s*\+\s*['"](\.s?html?)['"]"""
)
# A query and a number, joined: "/content/column/17?pageIndex=" + pageIndex.
_JOINED_QUERY = re2.compile(
    r"""['"]([^'"\s<>]{0,200}[?&](?i:page|pageno|pagenum|pageindex|currpage|currentpage|cur_page|current|pn|p)=)['"]\s*\+\s*\(?\s*[\w.]+"""
)
# A button or link that a script follows: onclick="location.href=encodeURI('index_2.jhtml')", then 下一页.
_NEXT_CLICK = re2.compile(
    r"""(?:location(?:\.href)?\s*=\s*|encodeURI\s*\(\s*|location\.(?:assign|replace)\s*\(\s*)['"]([^'"\s<>]{1,300})['"][^<>]{0,80}>\s*(?:<[^<>]{0,80}>\s*){0,2}(?:下一?页|后一?页)"""
)
_PAGES = re2.compile(
    r"""(?i)\b(?:countPage|totalPages?|pageCount|page_count|maxPage)['"]?\s*[=:]\s*['"]?(?:parseInt\(['"]?)?(\d{1,9})"""
    r"|共\s*(?:<[^<>]*>)?\s*(\d{1,9})\s*(?:<[^<>]*>)?\s*页"
)
_RECORDS = re2.compile(
    r"""(?i)\b(?:total_?records?|recordCount|record_count|totalCount|rowCount|post_count)['"]?\s*[=:]\s*['"]?(\d{1,9})"""
    r"|共\s*(?:<[^<>]*>)?\s*(\d{1,9})\s*(?:<[^<>]*>)?\s*(?:条|篇|个记录)"
)
_TOTAL = re2.compile(r"""(?i)\btotal['"]?\s*[=:]\s*['"]?(\d{1,9})""")  # too common a word to judge a list by
_PER_PAGE = re2.compile(r"""(?i)\b(?:page_?size|per_?page|prepage|rows|limit)['"]?\s*[=:]\s*['"]?(\d{1,4})""")
_SIZE = re2.compile(r"""(?i)['"]size['"]?\s*:\s*(\d{1,4})""")  # likewise
# 福建: listModel({maxStaticIndex: 3, ..., pagebar: {prepage: 10, recordCount: '45'}}): further pages come from a search service.
_STATIC_PAGES = re2.compile(r"""maxStaticIndex['"]?\s*:\s*['"]?(\d{1,4})""")
_NUMBER_AT_END = re2.compile(r"_(\d{1,6})\.\w+$")
_NUMBER_ASKED = re2.compile(
    r"(?i)[?&](?:page|pageno|pagenum|pageindex|currpage|currentpage|cur_page|current|pn|p)=(\d{1,6})"
)
_NUMBER_HERE = re2.compile(r"第\s*(?:<[^<>]*>)?\s*(\d{1,9})\s*(?:<[^<>]*>)?\s*(?:页|/)")
_OF_PAGES = re2.compile(
    r"(?:^|[^\d/.-])(\d{1,4})\s*(?:<[^<>]*>\s*){0,2}/\s*(?:<[^<>]*>\s*){0,2}共?\s*(?:<[^<>]*>\s*)?(\d{1,4})\s*(?:<[^<>]*>\s*)?页"
)
_MORE = re2.compile(r"^[<>»›\s]*(?:下一?页|后一?页|加载更多|查看更多|显示更多|点击加载更?多?)[<>»›.…+\s]*$")
_NEXT_BY_FORM = re2.compile(
    r"""(?:ms-click|@click|ng-click|v-on:click)[^<>]{0,200}>\s*(?:<[^<>]{0,80}>\s*){0,2}(?:下一?页|后一?页|加载更多)"""
    r"""|<input\b[^<>]*type=['"]?(?:submit|button|image)[^<>]*value=['"]?\s*(?:下一?页|后一?页)"""
)


def printed_pages(html: str) -> int | None:
    """How many pages a list says it has, by its own count or by its records and the size of a page; None when it says neither."""
    pages = _first(_PAGES, html)
    if pages is not None:
        return pages
    here = _OF_PAGES.search(html)
    if here is not None:
        return int(here.group(2))
    records, size = printed_records(html), _first(_PER_PAGE, html)
    return -(-records // size) if records is not None and size else None


def _pages_to_build(html: str) -> int | None:
    """How many pages there may be, where a script builds their URLs; looser than printed_pages."""
    pages = printed_pages(html)
    total, size = _first(_TOTAL, html), _first(_PER_PAGE, html) or _first(_SIZE, html)
    return pages if pages is not None or total is None or not size else -(-total // size)


def printed_records(html: str) -> int | None:
    """How many entries a list says it has; None when it does not say."""
    return _first(_RECORDS, html)


def next_by_script(page: Page) -> Following | None:
    """The next page as a script on `page` would build it; None when none is found or the list ends here."""
    return (
        _from_call(page)
        or _from_static_pages(page)
        or _from_object(page)
        or _from_click(page)
        or _from_joined_path(page)
        or _from_joined_query(page)
    )


def unfollowable(page: Page) -> Following | None:
    """A Following without URL when only a form or a script that does not say its address could fetch the next page.

    Forms are never sent: they may do more than read. A page that counts itself as the last has no next page.
    """
    number, pages = place_in_list(page)
    by_click = any(_MORE.search(words) and asks != "unknown" for words, asks in page.unopened.items())
    if not by_click and not (pages is not None and pages > 1 and _NEXT_BY_FORM.search(page.html)):
        return None
    if pages is not None and (number or 1) >= pages:
        return None
    return Following(urls=[], blocked="its next page is fetched by a form or a script")


def place_in_list(page: Page) -> tuple[int | None, int | None]:
    """(number of the page, how many there are) as the page or its address says it; None for what neither says."""
    of, here = _OF_PAGES.search(page.html), _NUMBER_HERE.search(page.html)
    parts = urlsplit(page.url)
    named, asked = _NUMBER_AT_END.search(parts.path), _NUMBER_ASKED.search(f"?{parts.query}")
    number = (
        int(of.group(1))
        if of
        else int(here.group(1))
        if here
        else int(asked.group(1))
        if asked
        else int(named.group(1)) + 1
        if named
        else None
    )
    return number, printed_pages(page.html)


def _from_call(page: Page) -> Following | None:
    found = _CALL.search(page.html)
    if found is None:
        return None
    box, count, current, name, extension = found.groups()
    following = int(current) + 1
    if following >= int(count) + (1 if box else 0):
        return None
    return _to(page, f"{name}_{following}.{extension}")


def _from_object(page: Page) -> Following | None:
    """By an object {size: 3, current: 0, prefix: 'index', suffix: 'html'}."""
    for number, found in enumerate(_OBJECT.finditer(page.html)):
        if number >= _MOST_OBJECTS:
            return None
        pairs = {key.lower(): value for key, value in _PAIR.findall(found.group(0))}
        prefix, suffix = (_named(pairs, names) for names in (_PREFIXES, _SUFFIXES))
        count, current = (_named(pairs, names) for names in (_COUNTS, _CURRENTS))
        if not (prefix and suffix and count and current and count.isdecimal() and current.isdecimal()):
            continue
        return _after(page, int(current), int(count), f"{prefix}_{{}}.{suffix.lstrip('.')}")
    return None


def _after(page: Page, current: int, count: int, name: str) -> Following | None:
    """The page after number `current` of `count`. Some count from 0, some from 1, so whether the last but one is the last is open.

    name: file name of a page, with {} for its number.
    """
    if current >= count:
        return None
    found = _to(page, name.format(current + 1))
    return replace(found, certain=current + 1 < count) if found else None


def _from_click(page: Page) -> Following | None:
    found = _NEXT_CLICK.search(page.html)
    following = _to(page, found.group(1)) if found else None
    return following if following and following.urls != [page.url] else None


def _from_joined_query(page: Page) -> Following | None:
    found = _JOINED_QUERY.search(page.html)
    pages = _pages_to_build(page.html)
    if found is None or pages is None:
        return None
    key = found.group(1).replace("&amp;", "&")
    here = re2.search(
        rf"[?&]{re2.escape(key.rpartition('=')[0].rpartition('&')[2].rpartition('?')[2])}=(\d{{1,6}})", page.url
    )
    number = int(here.group(1)) if here else 1
    return _built(page, f"{key}{{}}", number, pages)


def _from_joined_path(page: Page) -> Following | None:
    found = _JOINED_PATH.search(page.html)
    pages = _pages_to_build(page.html)
    if found is None or pages is None:
        return None
    before, after = found.groups()
    here = re2.search(rf"{re2.escape(before)}(\d{{1,6}}){re2.escape(after)}$", urlsplit(page.url).path)
    number = int(here.group(1)) if here else 1
    return _built(page, f"{before}{{}}{after}", number, pages)


def _from_static_pages(page: Page) -> Following | None:
    static, pages = _first(_STATIC_PAGES, page.html), printed_pages(page.html)
    if static is None or pages is None:
        return None
    here = _NUMBER_AT_END.search(urlsplit(page.url).path)
    number = int(here.group(1)) + 1 if here else 1
    if number >= pages:
        return None
    if number > static:  # counted from zero: static pages are index, index_1 ... index_<static>
        return Following(urls=[], blocked=f"its pages from {static + 2} on come from a search service")
    name, _, extension = urlsplit(page.url).path.rpartition("/")[2].rpartition(".")
    stem = _NUMBER_AT_END.sub("", f"{name}.{extension}").removesuffix(f".{extension}") if name else "index"
    return _to(page, f"{stem or 'index'}_{number}.{extension if name else 'htm'}")


def _built(page: Page, pattern: str, number: int, pages: int) -> Following | None:
    """The page after number `number` of `pages`, at an address made of the pattern and its number."""
    found = _to(page, pattern.format(number + 1)) if number < pages else None
    whole = web_url(pattern.replace("{}", "GXGKPAGE"), page.url)
    return replace(found, pattern=whole.replace("GXGKPAGE", "{}")) if found and whole else found


def _to(page: Page, address: str) -> Following | None:
    url = web_url(address, page.url)
    return Following(urls=[url]) if url else None


def _named(pairs: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((pairs[name] for name in names if pairs.get(name)), None)


def _first(pattern: re2._Regexp, text: str) -> int | None:
    found = pattern.search(text)
    return int(next(group for group in found.groups() if group is not None)) if found else None
