"""Element tree to lines: what a reader of the page would call one line, with no character lost between tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from gxgk_crawler.extract.tables import grid_lines, is_data_table, read_grid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from gxgk_crawler.items import Grid

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ucapcontent",
        "ul",
    ]
)
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "option",
        "datalist",
        "button",
        "input",
        "iframe",
        "object",
        "embed",
        "applet",
        "audio",
        "video",
        "canvas",
        "svg",
        "map",
        "link",
        "meta",
        "title",
    ]
)

# Zero-width characters and soft hyphens: Word and copy-and-paste leave them inside words, where no search finds them.
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))

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

    White space is collapsed as a browser does, U+00A0 and U+3000 included; lines without text are left out. What the
    page hides (`display:none`, `visibility:hidden`, `hidden`) no reader has seen: it goes to `hidden`.
    """
    rendered = Rendered()
    for node in nodes:
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
    """White space runs to one space, none at the ends, invisible characters gone."""
    return " ".join(text.translate(_INVISIBLE).split())


def _render_into(rendered: Rendered, root: HtmlElement, *, depth: int) -> None:
    lines = rendered.lines
    run: list[str] = []
    preformatted = 0

    def flush() -> None:
        if run:
            line = collapse("".join(run))
            run.clear()
            if line:
                lines.append(line)

    def add(text: str | None) -> None:
        if not text:
            return
        if preformatted and "\n" in text:
            *whole, last = text.split("\n")
            for piece in whole:
                run.append(piece)
                flush()
            run.append(last)
        else:
            run.append(text)

    walk = etree.iterwalk(root, events=("start", "end"))
    skipped: HtmlElement | None = None
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if element is not root and (tag in SKIPPED or is_hidden(element)):
                if tag not in SKIPPED and (hidden := collapse("".join(element.itertext()))):
                    rendered.hidden.append(hidden)
                skipped = element
                walk.skip_subtree()
                continue
            if tag == "table" and element is not root and depth < _MAX_DEPTH and is_data_table(element):
                flush()
                _render_table(rendered, element, depth=depth)
                skipped = element
                walk.skip_subtree()
                continue
            if tag == "br" or tag in BLOCKS:
                flush()
            if tag == "pre":
                preformatted += 1
            add(element.text)
            continue
        if element is skipped:
            skipped = None
        elif tag in BLOCKS:
            flush()
            if tag == "pre":
                preformatted -= 1
        if element is not root:
            add(element.tail)
    flush()


def _render_table(rendered: Rendered, table: HtmlElement, *, depth: int) -> None:
    place = len(rendered.grids)
    inner: list[Grid] = []

    def text_of(cell: HtmlElement) -> str:
        if not len(cell):  # the common case, and the only one in a table of 100,000 rows
            return collapse(cell.text or "")
        part = Rendered()
        _render_into(part, cell, depth=depth + 1)
        inner.extend(part.grids)
        rendered.hidden.extend(part.hidden)
        return " ".join(part.lines)

    caption = table.find("caption")
    if caption is not None and (title := collapse("".join(caption.itertext()))):
        rendered.lines.append(title)
    grid = read_grid(table, text_of)
    rendered.grids[place:] = [grid, *inner]
    if depth:  # a separator here would read as a column of the outer table
        rendered.lines.extend(line.replace(" | ", " ") for line in grid_lines(grid))
    else:
        rendered.lines.extend(grid_lines(grid))
