"""Finds the next page of a list: by explicit links, else by scripts, else by a page count and the shape of the URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import re2

from gxgk_crawler.families.following import Following
from gxgk_crawler.families.lists.script_pagers import next_by_script, place_in_list, unfollowable
from gxgk_crawler.families.scripts.script_lists import next_of_answer

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_NEXT = re2.compile("^[<>»›\\s]*(?:下一?页|后一?页|下页|next)[<>»›\\s]*$")
_NUMBER = re2.compile(r"^(?:[\[(（【]?\s*(\d{1,3})\s*[\])）】]?|第\s*(\d{1,3})\s*页)$")
_NUMBERED = re2.compile(r"^(.*?[a-z0-9][_-])(\d{1,6})(\.\w+)$")
_QUERY_PAGE = re2.compile(r"(?i)([?&](?:page|pageno|pagenum|pageindex|currpage|currentpage|cur_page|pn|p)=)(\d+)")
_COUNT = re2.compile(
    r"(?i)(?:countPage|totalPages?|pageCount|page_count|maxPage)\s*[=:]\s*['\"]?(?:parseInt\(['\"]?)?(\d{1,9})|parseInt\(['\"]?(\d{1,9})['\"]?\)"
    r"|共\s*(?:<[^<>]*>)?\s*(\d{1,9})\s*(?:<[^<>]*>)?\s*页"
)


def next_pages(page: Page) -> Following | None:
    """The page after `page` in its list; None on the last page.

    The page must show that there are more: by a link 下一页, by a script that builds one, or by a count. With a count alone the
    name of the second page is unknown (`_1` or `_2`, .html or .shtml), so several candidates come back.
    """
    for anchor in page.anchors:
        if not _NEXT.search(anchor.text.lower()):
            continue
        forward = _key(anchor.url) != _key(page.url) and _goes_forward(page.url, anchor.url)
        number, pages = place_in_list(page) if anchor.by_script else (None, None)
        if not forward or (number is not None and pages is not None and number >= pages):  # a script may count too far
            return None
        known = not anchor.by_script or (number is not None and pages is not None)
        return Following(urls=[anchor.url], certain=known)
    numbers = _numbers(page)
    if numbers:
        following = numbers.get(_current(numbers, page) + 1)
        return Following(urls=[following]) if following else None
    return next_of_answer(page.html, page.url) or next_by_script(page) or unfollowable(page) or _from_count(page)


def _numbers(page: Page) -> dict[int, str]:
    """Page number -> URL of the links of a pager like [1] [2] [3]. All lead to the directory of the page itself."""
    directory = _key(page.url)[0].rpartition("/")[0]
    found: dict[int, str] = {}
    for anchor in page.anchors:
        number = _NUMBER.match(anchor.text)
        if number and _key(anchor.url)[0].rpartition("/")[0] == directory:
            found.setdefault(int(number.group(1) or number.group(2)), anchor.url)
    return found


def _current(numbers: dict[int, str], page: Page) -> int:
    """The number of the page itself, which a pager either links to itself or does not link."""
    for number, url in numbers.items():
        if _key(url) == _key(page.url):
            return number
    first, last = min(numbers), max(numbers)
    unlinked = (number for number in range(first, last) if number not in numbers)
    return next(unlinked, first - 1 if first > 1 else last + 1)


def _from_count(page: Page) -> Following | None:
    found = _COUNT.search(page.html)
    if found is None:
        return None
    count = int(next(group for group in found.groups() if group is not None))
    query = _QUERY_PAGE.search(page.url)
    if query is not None:
        following = page.url[: query.start(2)] + str(int(query.group(2)) + 1) + page.url[query.end(2) :]
        return _numbered(following, int(query.group(2)), count)
    path = urlsplit(page.url).path
    numbered = _NUMBERED.match(path)
    if numbered is not None:
        number = int(numbered.group(2))
        return _numbered(urljoin(page.url, f"{numbered.group(1)}{number + 1}{numbered.group(3)}"), number, count)
    if count < 2:
        return None
    stem, _, extension = path.rpartition("/")[2].rpartition(".")
    extensions = [extension] if stem else ["shtml", "html"]
    return Following(
        urls=[urljoin(page.url, f"{stem or 'index'}_{number}.{end}") for end in extensions for number in (1, 2)]
    )


def _numbered(url: str, number: int, count: int) -> Following | None:
    """The page after page `number` of `count`; not certain at the end, because some pagers count from zero."""
    return Following(urls=[url], certain=number + 1 < count) if number < count else None


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path, parts.query


def _goes_forward(current: str, following: str) -> bool:
    """False when both URLs hold page numbers and the number does not grow: on the last page of some CMSs 下一页 leads back.

    博达 counts backwards, but in a directory of its own (`nb/5.htm`), so its first page holds no number.
    """
    if urlsplit(current).path == urlsplit(following).path:
        now, then = _QUERY_PAGE.search(current), _QUERY_PAGE.search(following)
        return now is None or then is None or int(then.group(2)) > int(now.group(2))
    here, there = _NUMBERED.match(urlsplit(current).path), _NUMBERED.match(urlsplit(following).path)
    if here is None or there is None or here.group(1) != there.group(1):
        return True
    return int(there.group(2)) > int(here.group(2))
