"""Element tree to lines: what a reader of the page would call one line, with no character lost between tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

import re2
from lxml import etree

from gxgk_crawler.extract.page.grids import grid_lines, is_data_table, read_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

    from gxgk_crawler.items import Grid

# fmt: off
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ucapcontent", "ul",
})
SKIPPED = frozenset({
    "script", "style", "noscript", "template", "head", "select", "option", "datalist", "button", "input", "iframe", "object", "embed",
    "applet", "audio", "video", "canvas", "svg", "map", "link", "meta", "title",
})
# fmt: on

# Zero-width characters and soft hyphens: Word and copy-and-paste leave them inside words, where no search finds them.
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))

# `&amp;nbsp;` reads `&nbsp;`: an editor escaped what was escaped before.
_ENTITY = re2.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});")

_STRUCK = frozenset({"s", "strike", "del"})
_LONGEST_STRUCK = 200  # what is longer was not struck out by hand: its end tag is missing

_COLONS = frozenset(":：")
_LONGEST_LABEL = 8
# Tables inside cells of tables inside cells: nothing real goes deeper, and recursion must end.
_MAX_DEPTH = 4


@dataclass(slots=True)
class Rendered:
    """Lines of a subtree, the data tables in it in document order, and whether hidden text was left out."""

    lines: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def render(nodes: Iterable[HtmlElement]) -> Rendered:
    """Render body nodes: one block per line, `<br>` ends a line, one line per row of a data table.

    White space is collapsed as a browser does, U+00A0 and U+3000 included; lines without text are left out, and so are words that
    are struck out. What the page hides (`display:none`, `visibility:hidden`, `hidden`) no reader has seen: it goes to `hidden`.
    """
    rendered = Rendered()
    for node in nodes:
        if node.tag == "table" and is_data_table(node):
            _render_table(rendered, node, depth=0)
        else:
            _render_into(rendered, node, depth=0)
    return rendered


def is_hidden(element: HtmlElement) -> bool:
    """True when the element itself says that it is not displayed."""
    if element.tag in {"html", "body"}:  # shown by a script once the page is laid out
        return False
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    if not style:
        return False
    compact = style.lower().replace(" ", "")
    return "display:none" in compact or "visibility:hidden" in compact


def collapse(text: str) -> str:
    """White space runs to one space, none at the ends, invisible characters and entities that were written twice gone."""
    if "&" in text and ";" in text:
        text = str(_ENTITY.sub(lambda found: unescape(found[0]), text))
    if not text.isprintable():  # plain words, the most common case, hold nothing invisible
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def squeeze(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def is_han(text: str) -> bool:
    """True for one character or more, all of the basic block of Chinese characters."""
    return bool(text) and all("\u4e00" <= char <= "\u9fff" for char in text)


def _render_into(rendered: Rendered, root: HtmlElement, *, depth: int) -> None:
    """Walk a subtree without recursion; only cells of data tables begin a walk of their own."""
    line = _Line(rendered.lines)
    walk = etree.iterwalk(root, events=("start", "end"))
    left_out: HtmlElement | None = None
    for event, element in walk:
        if event == "start":
            if element is root or not _is_left_out(rendered, element, line, depth):
                line.open(element)
                continue
            left_out = element
            walk.skip_subtree()
            continue
        if element is not left_out:
            line.close(element)
        left_out = None
        if element is not root:
            line.add(element.tail)
    line.end()


def _is_left_out(rendered: Rendered, element: HtmlElement, line: _Line, depth: int) -> bool:
    """True for a subtree that is not walked: scripts and forms, hidden ones, and data tables, which are laid out here."""
    if element.tag in SKIPPED or (element.tag in _STRUCK and _is_struck_out(element)):
        return True
    if is_hidden(element):
        rendered.hidden += filter(None, [collapse("".join(element.itertext()))])
        return True
    if element.tag == "table" and depth < _MAX_DEPTH and is_data_table(element):
        line.end()
        _render_table(rendered, element, depth=depth)
        return True
    return False


def _is_struck_out(element: HtmlElement) -> bool:
    """True for words that their author took back; a block inside shows that the markup is broken."""
    return len("".join(element.itertext())) <= _LONGEST_STRUCK and not any(
        inner.tag in BLOCKS for inner in element.iter()
    )


def join_lines(lines: Sequence[str]) -> str:
    """The lines of a cell on one line: Chinese goes on without a space, as between two paragraphs of one word."""
    joined = ""
    for line in lines:
        joined += line if not joined or (is_wide(joined[-1]) and is_wide(line[0])) else f" {line}"
    return joined


def _without_breaks(text: str) -> str:
    """The text without the line breaks of the source between two wide characters, which are no space (CSS Text 3, 4.1.3).

    One before a label (`浏览次数：`) stays: editors set the facts about an article one below the other.
    """
    pieces: list[str] = []
    for piece in text.split("\n"):
        before, after = pieces[-1].rstrip(" \t\r") if pieces else "", piece.lstrip(" \t\r")
        if (
            before
            and after
            and is_wide(before[-1])
            and is_wide(after[0])
            and _COLONS.isdisjoint(after[:_LONGEST_LABEL])
        ):
            pieces[-1] = before
            pieces.append(after)
        else:
            pieces.append(f"\n{piece}" if pieces else piece)
    return "".join(pieces)


def is_wide(char: str) -> bool:
    return is_han(char) or "\u3000" < char <= "\u303f" or "\uff00" <= char <= "\uffef"


class _Line:
    """The line being read, ended by blocks and by `<br>`."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._run: list[str] = []
        self._preformatted = 0

    def open(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS or element.tag == "br":
            self.end()
        if element.tag == "pre":
            self._preformatted += 1
        self.add(element.text)

    def close(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self.end()
        if element.tag == "pre":
            self._preformatted -= 1

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._preformatted and "\n" in text:
            *whole, text = text.split("\n")
            for piece in whole:
                self._run.append(piece)
                self.end()
        elif "\n" in text and not text.isspace():
            text = _without_breaks(text)
        self._run.append(text)

    def end(self) -> None:
        if self._run:
            line = collapse("".join(self._run))
            self._run.clear()
            if line:
                self._lines.append(line)


def _render_table(rendered: Rendered, table: HtmlElement, *, depth: int) -> None:
    place = len(rendered.grids)
    inner: list[Grid] = []

    def text_of(cell: HtmlElement) -> str:
        if not len(cell):  # the common case, and the only one in a table of 100,000 rows
            text = cell.text or ""
            return collapse(_without_breaks(text) if "\n" in text else text)
        part = Rendered()
        _render_into(part, cell, depth=depth + 1)
        inner.extend(part.grids)
        rendered.hidden.extend(part.hidden)
        return " ".join(part.lines) if part.grids else join_lines(part.lines)

    caption = table.find("caption")
    if caption is not None and (title := collapse("".join(caption.itertext()))):
        rendered.lines.append(title)
    grid = read_grid(table, text_of)
    rendered.grids[place:] = [grid, *inner]
    if depth:  # a separator here would read as a column of the outer table
        rendered.lines.extend(line.replace(" | ", " ") for line in grid_lines(grid))
    else:
        rendered.lines.extend(grid_lines(grid))
