"""The lines of a part of a page, each with what it is made of: links, a heading, cells of a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from gxgk_crawler.extract.page.grids import cells_of
from gxgk_crawler.extract.page.links import file_address
from gxgk_crawler.extract.page.text import BLOCKS, SKIPPED, collapse, is_hidden, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_NO_HEADINGS = frozenset({"a", "br", "li", "ul", "img", "td", "tr", "i", "em", "script"})
_TITLE_NAMES = ("title", "tit", "biaoti", "bt", "headline")
_LONGEST_CELL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLine:
    """One line. linked: how many characters of it are texts of links, links to files left out. files: it has such a link.

    heading: an element of a heading, or a block whose class or id says that it is a title.
    """

    text: str
    linked: int = 0
    files: bool = False
    heading: bool = False

    @property
    def is_link(self) -> bool:
        """True for a line that is mostly the text of links to other pages."""
        return self.linked * 2 > len(squeeze(self.text))


def lines_of(nodes: Iterable[HtmlElement], most: int = 1_000_000) -> list[BlockLine]:
    """The first lines of these subtrees, what the page hides left out."""
    reader = _Reader()
    for node in nodes:
        for part in _forwards(node):
            reader.take(part)
            if len(reader.lines) >= most:
                return reader.lines
        reader.end()
    return reader.lines


def lines_before(node: HtmlElement, most: int) -> list[BlockLine]:
    """The lines above a node, nearest last."""
    reader = _Reader(backwards=True)
    for parent in node.iterancestors():
        for sibling in node.itersiblings(preceding=True):
            reader.add(sibling.tail)
            for part in _backwards(sibling):
                reader.take(part)
                if len(reader.lines) >= most:
                    return reader.lines[::-1]
        reader.add(parent.text)
        reader.end()
        node = parent
    reader.end()
    return reader.lines[:most][::-1]


def lines_after(node: HtmlElement, most: int) -> list[BlockLine]:
    """The lines below a node, nearest first."""
    reader = _Reader()
    for above in (node, *node.iterancestors()):
        reader.add(above.tail)
        for sibling in above.itersiblings():
            for part in _forwards(sibling):
                reader.take(part)
                if len(reader.lines) >= most:
                    return reader.lines
            reader.add(sibling.tail)
        reader.end()
    return reader.lines[:most]


def _forwards(root: HtmlElement) -> Iterator[str | list[str] | tuple[HtmlElement, bool] | None]:
    """The parts of a subtree in document order, without its tail."""
    walk = etree.iterwalk(root, events=("start", "end"))
    left_out: HtmlElement | None = None
    for event, element in walk:
        if event == "start":
            if _is_skipped(element):
                left_out = element
                walk.skip_subtree()
            elif element.tag == "tr" and (cells := _record_cells(element)):
                left_out = element
                walk.skip_subtree()
                yield cells
            else:
                yield element, False
                yield element.text
            continue
        if element is not left_out:
            yield element, True
        left_out = None
        if element is not root:
            yield element.tail


def _backwards(root: HtmlElement) -> Iterator[str | list[str] | tuple[HtmlElement, bool] | None]:
    """The same parts from the last to the first."""
    pending: list[tuple[HtmlElement, bool]] = [(root, False)]
    while pending:
        element, is_done = pending.pop()
        if is_done:
            yield element.text
            yield element, True
        else:
            if element is not root:
                yield element.tail
            if _is_skipped(element):
                continue
            if element.tag == "tr" and (cells := _record_cells(element)):
                yield cells
                continue
            yield element, False
            pending.append((element, True))
            pending += [(child, False) for child in element]


class _Reader:
    """The line being read, ended by blocks and by `<br>`, with counts of what it holds."""

    def __init__(self, *, backwards: bool = False) -> None:
        self.lines: list[BlockLine] = []
        self._step = -1 if backwards else 1
        self._opened: list[bool] = []  # of the open elements: is it a heading
        self._headings = 0
        self._clear()

    def _clear(self) -> None:
        self._run: list[str] = []
        self._linked = 0
        self._files = False
        self._headed = self._headings > 0

    def add(self, text: str | None) -> None:
        if text:
            self._run.append(text)

    def end(self) -> None:
        if self._run:
            text = collapse("".join(self._run[:: self._step]))
            if text:
                line = BlockLine(text=text, linked=self._linked, files=self._files, heading=self._headed)
                self.lines.append(line)
        self._clear()

    def take(self, part: str | list[str] | tuple[HtmlElement, bool] | None) -> None:
        """Add one part of a walk."""
        if part is None:
            return
        if isinstance(part, str):
            self._run.append(part)
            return
        if isinstance(part, list):
            self.end()
            self._run.append(" | ".join(part))
            self.end()
            return
        element, is_left = part
        tag = element.tag
        if tag in BLOCKS or (tag == "br" and not is_left):
            self.end()
        if is_left:
            self._headings -= self._opened.pop()
            return
        self._opened.append(tag not in _NO_HEADINGS and _is_heading(element))
        if self._opened[-1]:
            self._headings += 1
            self._headed = True
        if tag == "a":
            self._see_link(element)

    def _see_link(self, link: HtmlElement) -> None:
        if file_address(link):
            self._files = True
        else:
            self._linked += len(squeeze("".join(link.itertext())))


def _is_skipped(element: HtmlElement) -> bool:
    return not isinstance(element.tag, str) or element.tag in SKIPPED or is_hidden(element)


def _record_cells(row: HtmlElement) -> list[str]:
    """The cells of a row of labels and values; [] for any other row."""
    cells = cells_of(row)
    if len(cells) < 2 or row.find(".//table") is not None or row.find(".//a") is not None:
        return []
    texts = [collapse("".join(cell.itertext())) for cell in cells]
    return texts if any(texts) and max(map(len, texts)) <= _LONGEST_CELL else []


def _is_heading(element: HtmlElement) -> bool:
    if element.tag in _HEADINGS:
        return True
    names = element.get("class")
    identity = element.get("id")
    if names is None and identity is None:
        return False
    return any(map(_names_title, f"{names or ''} {identity or ''}".lower().split()))


def _names_title(name: str) -> bool:
    return "title" in name or name.strip("0123456789_-").endswith(_TITLE_NAMES)
