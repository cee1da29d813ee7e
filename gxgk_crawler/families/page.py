"""Reads a navigation or list page into its links, in the order of the page, with the dates beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.extract.page.tree import parse
from gxgk_crawler.families.scripts.clicks import Asks, asks_server, opened
from gxgk_crawler.families.scripts.script_lists import scripted_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_ROWS = frozenset({"li", "tr", "dd", "p", "div"})
_DATE = re2.compile(r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_FILE = re2.compile(r"^[\w./-]+\.\w{2,5}(?:\?[^\s<>]*)?$")  # an option's value that is an address
_CLICKABLE = "descendant::*[(@onclick or @data-url or @data-href) and not(self::a or self::area or self::option)]"
_MOST_CLICKS = 300  # elements of one page whose code is read
_LONGEST_WORDS = 60  # characters of a button or a tab
_ROW_CHARS = 300  # a row longer than this is not a row but a whole list
_ROW_ELEMENTS = 100  # the same, and what keeps the time that all links of one row take together linear

# Limits of one page, far above those of any portal seen (3,000 links, 600 KB).
MOST_LINKS = 10_000
LONGEST_ADDRESS = 2_000  # characters; no longer URL is requested (URLLENGTH_LIMIT)
LONGEST_TEXT = 1_000  # characters of a title, or of the words of a link
MOST_HTML = 1_000_000  # characters of source that is searched for scripts
_MOST_CHARACTERS = 4_000_000  # of all addresses and words together
_MOST_LONG_LINKS = 100
_MOST_FRAMES = 100
_LINK_ELEMENTS = 200  # a link with more elements inside has swallowed the page behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One link. url: absolute, without fragment. text: the title attribute when it is longer than the visible text, else that.

    date: YYYY-MM-DD that stands in the same row, or None. by_script: only the code of a click or a choice names the address.
    """

    url: str
    text: str
    date: str | None = None
    by_script: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A decoded and parsed page. html: the decoded source with its scripts, at most MOST_HTML of it. anchors: in document order.

    frames: URLs of the pages that its frames and iframes show. unopened: words of the buttons, tabs and options that a script opens
    without saying where -> what is known of that script; see clicks.asks_server. long_links: links whose address is longer than
    LONGEST_ADDRESS; their `url` is only its beginning. is_cut: it has more links than the limits let through.
    """

    url: str
    title: str
    html: str
    anchors: list[Anchor]
    frames: list[str] = field(default_factory=list)
    unopened: dict[str, Asks] = field(default_factory=dict)
    long_links: list[Anchor] = field(default_factory=list)
    is_cut: bool = False


def read_page(body: bytes, url: str, charset: str | None = None) -> Page:
    """The page in these bytes; one without markup has no anchors. charset: as the HTTP header states it."""
    html = decode(body, charset).text
    root, _ = parse(html)
    scripted = (
        Anchor(url=target, text=title[:LONGEST_TEXT])
        for address, title in scripted_entries(html)
        if (target := web_url(address, url)) is not None
    )
    html = html[:MOST_HTML]
    if root is None:
        anchors, is_cut = _limited(scripted)
        return Page(url=url, title="", html=html, anchors=anchors, is_cut=is_cut)
    base = root.find(".//base[@href]")
    base_url = url if base is None else web_url(base.get("href"), url) or url
    title = root.find(".//title")
    clicks, long_links = _Clicks(html, base_url), list[Anchor]()
    found = chain(_anchors(root, base_url, clicks, long_links), clicks.elsewhere(root), scripted)
    anchors, is_cut = _limited(found)
    return Page(
        url=url,
        title=_text(title) if title is not None else "",
        html=html,
        anchors=anchors,
        frames=list(islice(_frames(root, base_url), _MOST_FRAMES)),
        unopened=clicks.unopened,
        long_links=long_links,
        is_cut=is_cut,
    )


def anchors_of(html: str, base_url: str) -> list[Anchor]:
    """The links in a piece of markup from a script or from an API."""
    root, _ = parse(html)
    return [] if root is None else _limited(_anchors(root, base_url, _Clicks(html, base_url), []))[0]


def _limited(found: Iterable[Anchor]) -> tuple[list[Anchor], bool]:
    """The links within the limits, and whether there are more."""
    kept: list[Anchor] = []
    left = _MOST_CHARACTERS
    for anchor in found:
        left -= len(anchor.url) + len(anchor.text)
        if left < 0 or len(kept) == MOST_LINKS:
            return kept, True
        kept.append(anchor)
    return kept, False


def _frames(root: HtmlElement, base_url: str) -> Iterator[str]:
    for element in root.iter("frame", "iframe"):
        url = web_url(element.get("src"), base_url)
        if url is not None:
            yield url


class _Clicks:
    """Reads the events of one page. unopened: see Page."""

    def __init__(self, html: str, base_url: str) -> None:
        self._html = html
        self._base_url = base_url
        self._left = _MOST_CLICKS
        self.unopened: dict[str, Asks] = {}

    def link(self, element: HtmlElement, code: str, words: str, value: str | None = None) -> Anchor | None:
        """The link that the code of an event is; None when it opens nothing, or does not say what."""
        self._left -= 1
        if self._left < 0:
            return None
        url = web_url(opened(code, self._html, value), self._base_url)
        if url is not None:
            return Anchor(url=url, text=words, date=_row_date(element), by_script=True)
        asks = asks_server(code, self._html)
        if asks != "nothing" and 0 < len(words) <= _LONGEST_WORDS:
            self.unopened.setdefault(words, asks)
        return None

    def option(self, element: HtmlElement) -> Anchor | None:
        """The link that an option is: by the code of its choice, else by its value when that is an address."""
        value = (element.get("value") or "").strip()
        choice = next(element.iterancestors("select"), None)
        code = choice.get("onchange") if choice is not None else None
        words = _text(element)
        if code and value and (found := self.link(element, code, words, value)) is not None:
            return found
        is_address = value.startswith(("/", "http://", "https://", "./", "../")) or (code and _FILE.match(value))
        url = web_url(value, self._base_url) if is_address else None
        return Anchor(url=url, text=words) if url is not None else None

    def elsewhere(self, root: HtmlElement) -> Iterator[Anchor]:
        """The links that elements other than <a>, <area> and <option> are, by `onclick` or an attribute with an address."""
        for element in root.xpath(_CLICKABLE)[:_MOST_CLICKS]:
            words = _text(element)
            if len(words) > _LONGEST_WORDS:
                continue
            url = web_url(element.get("data-url") or element.get("data-href"), self._base_url)
            if url is not None:
                yield Anchor(url=url, text=words, by_script=True)
            elif element.get("onclick") and (found := self.link(element, element.get("onclick"), words)) is not None:
                yield found


def _is_cut(visible: str, title: str) -> bool:
    """True when the words of a link are its title cut short, also where a date behind them makes them longer."""
    for dots in ("…", "...", "．．．", "。。。"):
        beginning, cut, _ = visible.partition(dots)
        if cut and len(beginning) > 1:
            return title.startswith(beginning.strip()) and dots not in title
    return False


def _anchors(root: HtmlElement, base_url: str, clicks: _Clicks, long: list[Anchor]) -> Iterator[Anchor]:
    """The links of a page. Those whose address is too long are added to `long`."""
    for element in root.iter("a", "area", "option"):
        if element.tag == "option":
            chosen = clicks.option(element)
            if chosen is not None:
                yield chosen
            continue
        visible, title = _text(element), (element.get("title") or "")[:LONGEST_TEXT].strip()
        words = (title if len(title) > len(visible) or _is_cut(visible, title) else visible) or _picture_words(element)
        href, code = (element.get("href") or "").strip(), element.get("onclick")
        if href.lower().startswith("javascript:") or not href or href.startswith("#"):
            script = code or (href if href.lower().startswith("javascript:") else None)
            clicked = clicks.link(element, script, words) if script else None
            if clicked is not None:
                yield clicked
                continue
        url = web_url(href[:LONGEST_ADDRESS], base_url)
        if url is None:
            continue
        anchor = Anchor(url=url, text=words, date=_row_date(element))
        if len(href) <= LONGEST_ADDRESS:
            yield anchor
        elif len(long) < _MOST_LONG_LINKS:
            long.append(anchor)


def _picture_words(element: HtmlElement) -> str:
    """What the picture of a link without words says: the alt or title of an area, or of the first image inside the link."""
    pictures = (element, *(inner for inner in islice(element.iter(), _LINK_ELEMENTS) if inner.tag == "img"))
    words = (picture.get(name, "")[:LONGEST_TEXT].strip() for picture in pictures for name in ("alt", "title"))
    return next(filter(None, words), "")


def _row_date(element: HtmlElement) -> str | None:
    """The date in the smallest row around the link; a CMS puts it before or after the link, in the same li, tr or div."""
    row = element.getparent()
    for _ in range(3):
        if row is None or _has_more_than(_ROW_ELEMENTS, row):
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
    """The words of an element, at most LONGEST_TEXT; none for one that holds half a page, which would be read for each such link."""
    if _has_more_than(_LINK_ELEMENTS, element):
        return ""
    return " ".join("".join(element.itertext()).split())[:LONGEST_TEXT]


def _has_more_than(most: int, element: HtmlElement) -> bool:
    """True when there are more than `most` elements inside. It takes no longer for a whole page than for those."""
    return next(islice(element.iter(), most + 1, None), None) is not None
