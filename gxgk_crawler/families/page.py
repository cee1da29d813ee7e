"""Reads a navigation or list page into its links, in the order of the page, with the dates beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.extract.page.tree import parse
from gxgk_crawler.families.script_lists import scripted_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

# What a click opens: window.open('...'), location.href = '...', location.assign('...').
_CLICKED = re2.compile(
    r"""(?:window\.open\s*\(|location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\()\s*['"]([^'"<>\s]{1,500})['"]"""
)
_ROWS = frozenset({"li", "tr", "dd", "p", "div"})
_DATE = re2.compile(r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_ROW_CHARS = 300  # a row longer than this is not a row but a whole list


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One link. url: absolute, without fragment. text: the title attribute when it is longer than the visible text, else that.

    date: YYYY-MM-DD that stands in the same row, or None.
    """

    url: str
    text: str
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A decoded and parsed page. html: the decoded source, which includes scripts. anchors: in document order.

    frames: URLs of the pages that its frames and iframes show.
    """

    url: str
    title: str
    html: str
    anchors: list[Anchor]
    frames: list[str] = field(default_factory=list)


def read_page(body: bytes, url: str, charset: str | None = None) -> Page:
    """The page in these bytes; one without markup has no anchors. charset: as the HTTP header states it."""
    html = decode(body, charset).text
    root, _ = parse(html)
    scripted = [
        Anchor(url=target, text=title)
        for address, title in scripted_entries(html)
        if (target := web_url(address, url)) is not None
    ]
    if root is None:
        return Page(url=url, title="", html=html, anchors=scripted)
    base = root.find(".//base[@href]")
    base_url = url if base is None else web_url(base.get("href"), url) or url
    title = root.find(".//title")
    return Page(
        url=url,
        title=_text(title) if title is not None else "",
        html=html,
        anchors=[*_anchors(root, base_url), *scripted],
        frames=list(_frames(root, base_url)),
    )


def anchors_of(html: str, base_url: str) -> list[Anchor]:
    """The links in a piece of markup from a script or from an API."""
    root, _ = parse(html)
    return [] if root is None else list(_anchors(root, base_url))


def _frames(root: HtmlElement, base_url: str) -> Iterator[str]:
    for element in root.iter("frame", "iframe"):
        url = web_url(element.get("src"), base_url)
        if url is not None:
            yield url


def _anchors(root: HtmlElement, base_url: str) -> Iterator[Anchor]:
    for element in root.iter("a", "area", "option"):
        url = web_url(_address(element), base_url)
        if url is None:
            continue
        visible, title = _text(element), (element.get("title") or "").strip()
        text = (title if len(title) > len(visible) else visible) or _picture_words(element)
        yield Anchor(url=url, text=text, date=_row_date(element))


def _address(element: HtmlElement) -> str | None:
    """The address of a link: its href, else the one that its onclick opens; of an option, its value when that is a path."""
    if element.tag == "option":
        value: str = (element.get("value") or "").strip()
        return value if value.startswith(("/", "http://", "https://", "./", "../")) else None
    href: str | None = element.get("href")
    if href is not None and not href.strip().lower().startswith(("javascript:", "#")):
        return href
    clicked = _CLICKED.search(element.get("onclick") or "")
    return str(clicked.group(1)) if clicked else href


def _picture_words(element: HtmlElement) -> str:
    """What the picture of a link without words says: the alt or title of an area, or of the first image inside the link."""
    pictures = (element, *element.iter("img"))
    words = (picture.get(name, "").strip() for picture in pictures for name in ("alt", "title"))
    return next(filter(None, words), "")


def _row_date(element: HtmlElement) -> str | None:
    """The date in the smallest row around the link; a CMS puts it before or after the link, in the same li, tr or div."""
    row = element.getparent()
    for _ in range(3):
        if row is None:
            return None
        if row.tag in _ROWS:
            text = _text(row)
            if len(text) > _ROW_CHARS:
                return None
            found = _DATE.search(text)
            if found:
                year, month, day = found.groups()
                return f"{year}-{int(month):02}-{int(day):02}"
        row = row.getparent()
    return None


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())
