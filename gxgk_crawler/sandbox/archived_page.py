"""What the child does for the reading room: archived pages and style sheets made safe to show, masked on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.extract.page.text import BLOCKS
from gxgk_crawler.redaction.redactor import Level, find
from gxgk_crawler.replay.rewriting import ArchivedPage, SafePage, archive_address, safe_page
from gxgk_crawler.replay.stylesheets import safe_css

if TYPE_CHECKING:
    from lxml.html import HtmlElement
_CELLS = frozenset({"td", "th"})
_BETWEEN_CELLS = " | "  # as in the text of a report, where a label in one cell is the label of the next


def show_page(page: ArchivedPage, *, masked: bool) -> SafePage:
    """The page as it may be shown; see `replay.rewriting.safe_page`. masked: contacts in its texts are covered."""
    return safe_page(page, _mask if masked else None)


def show_stylesheet(sheet: ArchivedPage) -> str:
    """The style sheet with addresses of the archive."""

    def address(given: str) -> str | None:
        absolute = web_url(given, sheet.url)
        return None if absolute is None else archive_address(sheet.prefix, absolute)

    return safe_css(decode(sheet.body, sheet.charset).text, address)


def _mask(root: HtmlElement) -> None:
    """Cover contacts in the texts of a tree, line by rendered line: a number may stand across several elements."""
    line: list[tuple[HtmlElement, str, str]] = []  # element, text or tail, what it says
    for element in root.iter("*"):
        for name in ("title", "alt", "value", "summary"):
            if given := element.get(name):
                element.set(name, _covered(given))
    _walk(root, line, in_row=False)
    _flush(line)


def _walk(root: HtmlElement, line: list[tuple[HtmlElement, str, str]], *, in_row: bool) -> None:
    """Collect the texts in the order of the page without recursion; a block or a row of a table is a line."""
    stack: list[tuple[HtmlElement, bool, bool]] = [(root, False, in_row)]
    while stack:
        element, is_end, inside = stack.pop()
        breaks = element.tag == "br" or (element.tag in BLOCKS and not (inside and element.tag != "tr"))
        if is_end:
            if breaks:
                _flush(line)
            elif element.tag in _CELLS:
                line.append((element, "", _BETWEEN_CELLS))
            if element.tail and element is not root:
                line.append((element, "tail", element.tail))
            continue
        if breaks:
            _flush(line)
        if element.tag in {"style", "script"}:
            stack.append((element, True, inside))
            continue
        if element.text:
            line.append((element, "text", element.text))
        stack.append((element, True, inside))
        stack.extend((child, False, inside or element.tag == "tr") for child in reversed(element))


def _flush(line: list[tuple[HtmlElement, str, str]]) -> None:
    whole = "".join(words for _, _, words in line)
    spans = find(whole, Level.CONTACTS) if whole.strip() else []
    if spans:
        at = 0
        for element, where, words in line:
            covered = "".join(
                "*"
                if any(span.start <= place < span.end for span in spans) and not words[place - at].isspace()
                else words[place - at]
                for place in range(at, at + len(words))
            )
            if where == "text":
                element.text = covered
            elif where == "tail":
                element.tail = covered
            at += len(words)
    line.clear()


def _covered(words: str) -> str:
    characters = list(words)
    for span in find(words, Level.CONTACTS):
        characters[span.start : span.end] = "*" * (span.end - span.start)
    return "".join(characters)
