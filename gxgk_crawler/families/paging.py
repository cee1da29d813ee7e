"""From a list page to the next one: explicit links first, then what scripts say, then what the URL shape allows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import re2

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_NEXT = re2.compile("^[<>»›\\s]*(?:下一?页|后一?页|下页|next)[<>»›\\s]*$")
_NUMBERED = re2.compile(r"^(.*?[a-z][_-])(\d+)(\.\w+)$")
_QUERY_PAGE = re2.compile(r"(?i)([?&](?:page|pageno|pagenum|pageindex|currpage|currentpage|cur_page|pn|p)=)(\d+)")
# 拓尔思: createPageHTML(pages, current, "index", "html"), zero-based; other products put the id of a box before the figures.
_CREATE_PAGE = re2.compile(
    r"""createPageHTML\s*\(\s*(?:['"][\w-]+['"]\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*['"]([\w-]+)['"]\s*,\s*['"](\w+)['"]"""
)
_COUNT = re2.compile(
    r"(?i)(?:countPage|totalPages?|pageCount|page_count|maxPage)\s*[=:]\s*['\"]?(?:parseInt\(['\"]?)?(\d+)|parseInt\(['\"]?(\d+)['\"]?\)"
    r"|共\s*(?:<[^<>]*>)?\s*(\d+)\s*(?:<[^<>]*>)?\s*页"
)


def next_pages(page: Page) -> list[str]:
    """URLs that may be the page behind `page` in its list; empty on the last page.

    Only a page that says that there are more is followed: by a link 下一页, by a script that builds one, or by a count.
    Two URLs come back where a count is known but not whether the second page is called 1 or 2.
    """
    for anchor in page.anchors:
        if _NEXT.search(anchor.text.lower()):
            return [anchor.url] if _key(anchor.url) != _key(page.url) and _goes_forward(page.url, anchor.url) else []
    return _from_script(page) or _from_count(page)


def _from_script(page: Page) -> list[str]:
    found = _CREATE_PAGE.search(page.html)
    if found is None:
        return []
    count, current, name, extension = int(found.group(1)), int(found.group(2)), found.group(3), found.group(4)
    one_based = "createPageHTML('" in found.group(0) or 'createPageHTML("' in found.group(0)
    following = current + 1
    if following >= count + (1 if one_based else 0):
        return []
    return [urljoin(page.url, f"{name}_{following}.{extension}")]


def _from_count(page: Page) -> list[str]:
    found = _COUNT.search(page.html)
    if found is None:
        return []
    count = int(next(group for group in found.groups() if group is not None))
    query = _QUERY_PAGE.search(page.url)
    if query is not None:
        number = int(query.group(2))
        return [page.url[: query.start(2)] + str(number + 1) + page.url[query.end(2) :]] if number < count else []
    path = urlsplit(page.url).path
    numbered = _NUMBERED.match(path)
    if numbered is not None:
        number = int(numbered.group(2))
        following = f"{numbered.group(1)}{number + 1}{numbered.group(3)}"
        return [urljoin(page.url, following)] if number < count else []
    if count < 2:
        return []
    stem, dot, extension = (path.rpartition("/")[2] or "index.html").rpartition(".")
    return [urljoin(page.url, f"{stem}_{number}{dot}{extension}") for number in (1, 2)] if stem else []


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path, parts.query


def _goes_forward(current: str, following: str) -> bool:
    """False when both URLs carry page numbers and the number does not grow: the last page of some CMSs links back.

    博达 counts backwards, but in a directory of its own (`nb/5.htm`), which has no such number.
    """
    here, there = _NUMBERED.match(urlsplit(current).path), _NUMBERED.match(urlsplit(following).path)
    if here is None or there is None or here.group(1) != there.group(1):
        return True
    return int(there.group(2)) > int(here.group(2))
