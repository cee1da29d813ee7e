"""Word files (docx): paragraphs with their automatic numbers, tables with merged cells, text boxes and footnotes.

ECMA-376 part 1. What Word shows is read: no deleted, moved-away, hidden or struck-out words, no field codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.file_content import FileContent, is_table
from gxgk_crawler.extract.files.word_numbering import WX, Numbering, W
from gxgk_crawler.extract.files.zipped import open_package, read_xml
from gxgk_crawler.extract.limits import MOST_CELLS
from gxgk_crawler.extract.page.grids import grid_lines
from gxgk_crawler.extract.page.text import collapse, join_lines
from gxgk_crawler.items import Grid, GridCell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Wrappers whose content stands where they stand: content controls, tracked insertions, custom markup.
_WRAPPERS = frozenset(
    f"{W}{name}"
    for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")
) | {f"{WX}sect", f"{WX}sub-section"}
_TEXT_BOX = f"{W}txbxContent"
_MOST_COLUMNS = 100
_DEEPEST = 4  # tables in cells of tables
_OFF = frozenset({"0", "false", "off"})


def read_docx(data: bytes) -> FileContent:
    """The text and tables of a docx file. Raises ExtractionError for one that is damaged, a bomb, or carries entities."""
    with open_package(data) as archive:
        names = set(archive.namelist())
        parts = {
            name: read_xml(archive, f"word/{name}.xml")
            for name in ("document", "numbering", "styles", "footnotes", "endnotes")
            if f"word/{name}.xml" in names
        }
    return read_word_parts(parts)


def read_word_parts(parts: dict[str, _Element]) -> FileContent:
    """The text and tables of a Word document. parts: the root of `document`, and of what else there is, by its name."""
    body = parts["document"].find(f"{W}body")
    content = FileContent()
    if body is None:
        return content
    content.has_pictures = next(body.iter("{*}blip", "{*}imagedata"), None) is not None
    reader = _Reader(Numbering(parts.get("numbering"), parts.get("styles")))
    reader.read(body, content, depth=0)
    for name in ("footnotes", "endnotes"):
        if name in parts:
            for note in parts[name]:
                if note.get(f"{W}type") is None:  # the others are the lines that separate notes from text
                    reader.read(note, content, depth=0)
    return content


@dataclass(slots=True)
class _Reader:
    """Walks blocks. cells: how many more may be read."""

    numbering: Numbering
    cells: int = MOST_CELLS * 4

    def read(self, parent: _Element, content: FileContent, *, depth: int) -> None:
        for block in _unwrapped(parent):
            if block.tag == f"{W}p":
                self._paragraph(block, content, depth)
            elif block.tag == f"{W}tbl":
                self._table(block, content, depth)

    def _paragraph(self, paragraph: _Element, content: FileContent, depth: int) -> None:
        boxes: list[_Element] = []
        lines = [line for part in "".join(_runs(paragraph, boxes)).split("\n") if (line := collapse(part))]
        label = collapse(self.numbering.label(paragraph))
        for number, line in enumerate(lines):
            content.add_text(line if number else join_label(label, line))
        if depth <= _DEEPEST:
            for box in boxes:
                self.read(box, content, depth=depth + 1)

    def _table(self, table: _Element, content: FileContent, depth: int) -> None:
        rows = [row for row in _unwrapped(table) if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None]
        width = max((sum(1 for cell in _unwrapped(row) if cell.tag == f"{W}tc") for row in rows), default=0)
        if width < 2 or depth >= _DEEPEST:  # a frame around paragraphs
            for row in rows:
                for cell in _unwrapped(row):
                    self.read(cell, content, depth=depth + 1)
            return
        laid = _Layout()
        inner: list[Grid] = []
        for row in rows:
            laid.begin_row(row)
            for cell in (one for one in _unwrapped(row) if one.tag == f"{W}tc"):
                self.cells -= 1
                if self.cells < 0:
                    raise ExtractionError(f"its tables have more than {MOST_CELLS * 4} cells")
                part = FileContent()
                self.read(cell, part, depth=depth + 1)
                inner += part.grids
                laid.add(cell, " ".join(part.lines) if part.grids else join_lines(part.lines))
        grid = laid.grid()
        content.lines += grid_lines(grid) if not depth else [line.replace(" | ", " ") for line in grid_lines(grid)]
        content.grids += [grid] if is_table(grid) else []
        content.grids += inner


@dataclass(slots=True)
class _Layout:
    """Lays out the cells of a table. open: the anchors that cells of the row below may continue, by column."""

    cells: list[GridCell] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    row: int = -1
    col: int = 0

    def begin_row(self, row: _Element) -> None:
        self.row += 1
        self.col = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)

    def add(self, cell: _Element, text: str) -> None:
        properties = cell.find(f"{W}tcPr")
        span = max(_number(properties.find(f"{W}gridSpan"), 1), 1) if properties is not None else 1
        if self._continues(properties, "hMerge", "hmerge") and self.cells and self.cells[-1].row == self.row:
            last = self.cells[-1]
            self.cells[-1] = replace(last, colspan=min(last.colspan + span, _MOST_COLUMNS))
        elif self._continues(properties, "vMerge", "vmerge") and self._reach_down(span, text):
            pass
        else:
            self.open[self.col] = len(self.cells)
            self.cells.append(GridCell(row=self.row, col=self.col, text=text, colspan=span))
        self.col = min(self.col + span, _MOST_COLUMNS * 10)

    @staticmethod
    def _continues(properties: _Element | None, *names: str) -> bool:
        """names: of the mark as Word 2007 and as Word 2003 write it."""
        marks = [properties.find(f"{W}{name}") for name in names] if properties is not None else []
        merge = next((mark for mark in marks if mark is not None), None)
        return merge is not None and merge.get(f"{W}val", "continue") == "continue"

    def _reach_down(self, span: int, text: str) -> bool:
        """Let the cell above reach into this row; False when none of this width ends above."""
        at = self.open.get(self.col)
        if at is None:
            return False
        above = self.cells[at]
        if above.row + above.rowspan != self.row or above.colspan != span:
            return False
        self.cells[at] = replace(
            above, rowspan=above.rowspan + 1, text=join_lines([one for one in (above.text, text) if one])
        )
        return True

    def grid(self) -> Grid:
        return Grid(cells=self.cells)


def join_label(label: str, text: str) -> str:
    """A paragraph with its automatic number: a space between only where two Latin words would run together."""
    gap = " " if label and label[-1].isascii() and text[0].isascii() and text[0].isalnum() else ""
    return f"{label}{gap}{text}"


def _unwrapped(parent: _Element) -> Iterator[_Element]:
    """The children, and those of wrappers in their place; of alternatives the first. Without recursion: files nest at will."""
    stack = list(reversed(parent))
    while stack:
        child = stack.pop()
        if child.tag in _WRAPPERS:
            stack += reversed(child)
        elif child.tag == f"{_MC}AlternateContent":
            stack += reversed(_alternative(child))
        else:
            yield child


def _runs(paragraph: _Element, boxes: list[_Element]) -> Iterator[str]:
    """The text of a paragraph; text boxes that are anchored in it go to `boxes`, each once."""
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        tag = node.tag
        if tag == f"{W}t":
            yield (node.text or "").replace("\n", " ")
        elif tag in _MARKS:
            yield _MARKS[tag]
        elif tag == _TEXT_BOX:
            boxes.append(node)
        elif tag == f"{_MC}AlternateContent":
            stack += reversed(_alternative(node))
        elif tag not in _LEFT_OUT and not (tag == f"{W}r" and _is_unseen(node)):
            stack += reversed(node)


_MARKS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
_LEFT_OUT = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt", "instrText", "delText"))


def _alternative(node: _Element) -> _Element:
    """Of the same thing written twice, for new and old programs, the first that holds words; else the first."""
    holding = (one for one in node if any((text.text or "").strip() for text in one.iter(f"{W}t")))
    return next(holding, node[0] if len(node) else node)


def _is_unseen(run: _Element) -> bool:
    """True for a run that is hidden or struck out."""
    for name in ("vanish", "strike", "dstrike"):
        mark = run.find(f"{W}rPr/{W}{name}")
        if mark is not None and mark.get(f"{W}val") not in _OFF:
            return True
    return False


def _number(element: _Element | None, default: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return min(int(value[:4]), _MOST_COLUMNS) if value.isascii() and value[:4].isdecimal() else default
