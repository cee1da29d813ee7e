"""A page rewritten to be shown: a fixed list of elements and attributes is kept, everything else goes.

A second wall stands behind this one: the page is served under a Content-Security-Policy that lets nothing run and nothing out. Either
is enough alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lxml import html

from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.grids import is_data_table
from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.extract.page.text import BLOCKS, SKIPPED, collapse
from gxgk_crawler.extract.page.tree import parse
from gxgk_crawler.replay.anchors import anchor_cells
from gxgk_crawler.replay.stylesheets import safe_css

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

REWRITER_VERSION = "1"
LARGEST_PAGE = 2 << 20  # bytes: a page of 4.8 MB took 11 s and 374 MB
_MOST_CELLS = 20_000
_MOST_LINKS = 2_000
_LONGEST_DATA = 100_000  # characters of an image inside the page

# fmt: off
_KEPT = BLOCKS | {
    "a", "abbr", "acronym", "area", "b", "bdi", "bdo", "big", "br", "cite", "code", "col", "colgroup", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "marquee", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "picture",
}
_ATTRIBUTES = frozenset({
    "abbr", "align", "alt", "bgcolor", "border", "bordercolor", "cellpadding", "cellspacing", "class", "clear", "color", "cols", "colspan",
    "compact", "dir", "face", "frame", "headers", "height", "hidden", "hspace", "lang", "noshade", "nowrap", "reversed", "role", "rows",
    "rowspan", "rules", "scope", "size", "span", "start", "summary", "title", "valign", "value", "vspace", "width",
})
_VOID = frozenset({"area", "base", "embed", "input", "link", "meta", "param", "source", "track", "basefont", "bgsound", "keygen"})
# fmt: on
_LIKE_DIV = frozenset({"form", "ucapcontent"})  # blocks that do something, or that no browser knows
# What is not in the text of a report either; the tags of all others go, or become a span.
_NEVER = SKIPPED - {"head", "link", "style", "title"}
_DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpeg|webp|bmp);base64,[A-Za-z0-9+/=\s]*")
_OUR_ID = re.compile(r"t\d+r\d+c\d+")
_STYLE = ":target{outline:3px solid #e6a100!important;outline-offset:2px;scroll-margin:30vh}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A link of the page, which does not work in it. text: on one line."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SafePage:
    """A page as it may be shown.

    html: whole document; empty when the page is too large or no page at all. too_large: it is not shown for its size or depth. links: in
    reading order. images: how many it shows. anchored: of each grid, how many of its cells were found in the page.
    """

    html: str = ""
    too_large: bool = False
    links: list[PageLink] = field(default_factory=list)
    images: int = 0
    anchored: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """What is rewritten.

    body: content-decoded. charset: what the HTTP header said. prefix: of the address under which the archive shows what the page loads;
    the absolute URL of it stands behind. grids: cells {row, col, text} of the data tables that extraction found; their elements get the
    ids `t0r1c2`.
    """

    body: bytes = field(repr=False)
    url: str
    charset: str | None
    prefix: str
    grids: Sequence[Sequence[Mapping[str, Any]]] = ()


def safe_page(page: ArchivedPage, mask: Callable[[HtmlElement], None] | None = None) -> SafePage:
    """The page with nothing in it that runs, loads from elsewhere or leads away. mask: changes texts of the tree."""
    if len(page.body) > LARGEST_PAGE:
        return SafePage(too_large=True)
    root, whole = parse(decode(page.body, page.charset).text)
    if root is None:
        return SafePage()
    if not whole or sum(1 for _ in root.iter("td", "th")) > _MOST_CELLS:
        return SafePage(too_large=True)
    base = root.find(".//base[@href]")
    rewriter = _Rewriter(page.url if base is None else web_url(base.get("href"), page.url) or page.url, page.prefix)
    anchored = anchor_cells([table for table in root.iter("table") if is_data_table(table)], page.grids)
    rewriter.clean(root)
    for cell, cell_id in anchored.ids:
        cell.set("id", cell_id)
    if mask is not None:
        mask(root)
    return SafePage(html=rewriter.document(root), links=rewriter.links, images=rewriter.images, anchored=anchored.found)


def archive_address(prefix: str, url: str) -> str:
    """Where the archive shows the resource of that URL: no character of it ends an attribute, a string or a token of CSS."""
    return prefix + quote(url, safe="/:?&=%~@,+;$*-._")


class _Rewriter:
    """Cleans one tree. base: of its addresses."""

    def __init__(self, base: str, prefix: str) -> None:
        self._base = base
        self._prefix = prefix
        self._sheets: list[HtmlElement] = []
        self.links: list[PageLink] = []
        self.images = 0

    def clean(self, root: HtmlElement) -> None:
        """Keep what is on the lists. Of void elements the tag goes: the parser lets them hold all that follows."""
        for element in list(root.iter()):
            if element is root:
                self._attributes(element)
                continue
            tag = element.tag if isinstance(element.tag, str) else ""
            if tag in {"style", "link"}:
                self._sheet(element, tag)
            if tag in _VOID or tag == "":
                element.drop_tag() if tag else _drop(element)
            elif tag in _NEVER or tag in {"style", "title"}:
                _drop(element)
            elif tag in {"head", "body"}:
                self._attributes(element)
            else:
                if tag not in _KEPT or tag in _LIKE_DIV:
                    element.tag = "div" if tag in _LIKE_DIV else "span"
                self._attributes(element)

    def _sheet(self, element: HtmlElement, tag: str) -> None:
        """Keep a style sheet of the page, and the link to an archived one."""
        if tag == "style":
            made = html.Element("style")
            made.text = safe_css(element.text or "", self._address)
            self._sheets.append(made)
            return
        kinds = (element.get("rel") or "").lower().split()
        address = self._address(element.get("href") or "")
        if "stylesheet" in kinds and "alternate" not in kinds and address is not None:
            made = html.Element("link")
            made.set("rel", "stylesheet")
            made.set("href", address)
            self._sheets.append(made)

    def _address(self, address: str) -> str | None:
        url = web_url(address, self._base)
        return None if url is None else archive_address(self._prefix, url)

    def _attributes(self, element: HtmlElement) -> None:
        given = dict(_readable(element))
        element.attrib.clear()
        for name, value in given.items():
            if name in _ATTRIBUTES:
                element.set(name, value)
        if (own := given.get("id")) and not _OUR_ID.fullmatch(own):
            element.set("id", own)
        if style := given.get("style"):
            element.set("style", safe_css(style, self._address))
        if (background := given.get("background")) and (address := self._address(background)):
            element.set("background", address)
        if element.tag == "img":
            self._image(element, given.get("src") or "")
        elif element.tag == "a":
            self._link(element, given.get("href"))

    def _image(self, element: HtmlElement, source: str) -> None:
        is_inside = len(source) <= _LONGEST_DATA and _DATA_IMAGE.fullmatch(source.strip()) is not None
        address = source.strip() if is_inside else self._address(source)
        if address is not None:
            element.set("src", address)
            self.images += 1

    def _link(self, element: HtmlElement, href: str | None) -> None:
        url = web_url(href, self._base)
        if url is None:
            return
        element.set("title", url)
        if len(self.links) < _MOST_LINKS:
            self.links.append(PageLink(url=url, text=collapse("".join(element.itertext()))[:200]))

    def document(self, root: HtmlElement) -> str:
        """The tree as a document of its own."""
        head = root.find("head")
        if head is None:
            head = html.Element("head")
            root.insert(0, head)
        for child in list(head):
            _drop(child)
        head.text = None
        charset = html.Element("meta")
        charset.set("charset", "utf-8")
        target = html.Element("style")
        target.text = _STYLE
        head.extend([charset, *self._sheets, target])
        return f"<!doctype html>\n{html.tostring(root, encoding='unicode', method='html')}"


def _readable(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """The attributes whose names lxml can name; a mutilated page has others, such as `<`."""
    for name in element.keys():  # noqa: SIM118 - an element is a list of its children
        try:
            value = element.get(name)
        except ValueError:
            continue
        if value is not None:
            yield name, value


def _drop(element: HtmlElement) -> None:
    """Take out an element with all in it; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()
