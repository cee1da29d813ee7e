"""The further pages of an article that is cut into several, by whatever pager it has; and an article that stands in a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import re2

from gxgk_crawler.extract.page.links import is_file

if TYPE_CHECKING:
    from gxgk_crawler.families.family import Family
    from gxgk_crawler.families.page import Page

_PAGE_KEYS = frozenset(
    {"page", "pageno", "pagenum", "pageindex", "currpage", "currentpage", "cur_page", "current", "pn", "p"}
)
# What every page of a cut article holds: a call that builds a pager, a link 下一页 in UTF-8 or GB 18030, a link to page 2.
_MARKS = (
    b"createPage",
    b"suffix",
    *(word.encode(encoding) for word in ("下一页", "下页", "后一页") for encoding in ("utf-8", "gb18030")),
    b">2</a>",
    b"[2]</a>",
)
_FRAMED = (b"<iframe", b"<frame", b"<IFRAME", b"<FRAME")
_HAN = re2.compile(r"\p{Han}")
_MOST_AROUND_A_FRAME = 500  # Chinese characters of a page whose article stands in a frame
_MOST_FRAMES = 3


def may_be_cut(body: bytes) -> bool:
    """True when the bytes of an article's page hold the mark of a pager. Parsing costs time, so a page without one is not parsed."""
    return any(mark in body for mark in _MARKS)


def may_be_framed(body: bytes) -> bool:
    """True when the bytes of an article's page hold a frame."""
    return any(mark in body for mark in _FRAMED)


def next_part(page: Page, family: Family, first: str) -> str | None:
    """The page of an article after `page`; None on the last one. first: URL of the article's first page.

    Only an address made of the first page's own and a number is one: t1_2.html or t1.html?page=2 beside t1.html. A link to
    another article is none, whatever its words.
    """
    following = family.next_pages(page)
    if following is None or len(following.urls) != 1:
        return None
    url = following.urls[0]
    return url if is_part_of(first, url) else None


def is_part_of(first: str, url: str) -> bool:
    """True when `url` is the address `first` of an article with the number of a further page."""
    here, there = urlsplit(first), urlsplit(url)
    if here.netloc != there.netloc:
        return False
    if here.path == there.path:
        given, asked = dict(parse_qsl(here.query)), dict(parse_qsl(there.query))
        return bool(asked) and {k for k in asked if asked[k] != given.get(k)} <= {
            k for k in asked if k.lower() in _PAGE_KEYS
        }
    stem, dot, ending = here.path.rpartition(".")
    numbered = re2.compile(rf"^{re2.escape(stem)}(?:[_-]\d{{1,3}}|/\d{{1,3}}){re2.escape(dot + ending)}$")
    return bool(stem) and numbered.match(there.path) is not None


def framed_parts(page: Page, own: list[str]) -> list[str]:
    """The frames that hold the article of a page which has hardly any words of its own. own: URLs of the portal's own frames."""
    if len(_HAN.findall(page.html)) > _MOST_AROUND_A_FRAME:
        return []
    return [url for url in own if not is_file(url) and ".pdf" not in url.lower()][:_MOST_FRAMES]
