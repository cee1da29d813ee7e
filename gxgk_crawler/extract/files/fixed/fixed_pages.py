"""Pages of fixed layout to one text: tables out of the lines, page numbers left out, lines that the page width broke joined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import re2

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.file_content import FileContent, is_table
from gxgk_crawler.extract.files.fixed.aligned_tables import aligned_tables
from gxgk_crawler.extract.files.fixed.glyphs import Glyph, RulingLine, TextLine, lines_of
from gxgk_crawler.extract.files.fixed.ruled_tables import PlacedGrid, continued, ruled_tables
from gxgk_crawler.extract.limits import MOST_CELLS
from gxgk_crawler.extract.page.grids import grid_lines
from gxgk_crawler.extract.page.text import collapse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")

_NUMBER = re2.compile(r"^(\d{1,3})(?:\s*/\s*\d{1,3})?$")
_DRESSED_NUMBER = re2.compile(
    r"^(?:[\-–—−－·]+\s*\d{1,3}\s*[\-–—−－·]+|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?)$"
)
_ENDS_A_BLOCK = tuple("。；：！？;:!?…）)》】")
_BEGINS_A_BLOCK = re2.compile(
    "^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\\d]{1,3}[)）]|\\d{1,2}[、.．]|第[一二三四五六七八九十]{1,3}[章节条])"
)
_TABLE_ROW = re2.compile(r"(?:\s[\d.,/%-]+){2,}$")  # figures at the end: the next line belongs to the next row
_SHORT_OF_MARGIN = 1.8  # heights of a line: what ends so far before the margin was not broken by the page
_FAR_BELOW = 1.4  # heights of a line: no paragraph is set so wide
_INDENTED = 1.2  # heights of a line: what begins so far behind the margin begins a paragraph


@dataclass(slots=True)
class FixedPage:
    """What stands on one page. pictures: shares of the page that pictures cover. is_chart: much of it is drawn.

    is_unreadable: its characters cannot be told, because the file does not say what its glyphs mean.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[RulingLine] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    is_chart: bool = False
    is_unreadable: bool = False


@dataclass(slots=True)
class _Margins:
    left: float
    right: float


@dataclass(slots=True)
class _Row:
    """A line of text or a table, where it stands on its page, and the margins of that page."""

    what: TextLine | PlacedGrid
    margins: _Margins

    @property
    def text(self) -> str:
        return collapse(self.what.text) if isinstance(self.what, TextLine) else "\x00"


def read_pages(pages: Sequence[FixedPage]) -> FileContent:
    """The text and tables of all pages, and what of them is a picture, drawn or cannot be read.

    Raises ExtractionError when the tables are too large.
    """
    content = FileContent()
    shown: list[list[_Row]] = []
    left = 4 * MOST_CELLS
    for page in pages:
        shown.append([] if page.is_unreadable else _rows(page))
        left -= sum(len(row.what.grid.cells) for row in shown[-1] if isinstance(row.what, PlacedGrid))
        if left < 0:
            raise ExtractionError(f"its tables have more than {4 * MOST_CELLS} cells")
    rows = list(_with_whole_tables(without_page_numbers(shown, lambda row: row.text)))
    for part in _paragraphs(rows):
        if isinstance(part, PlacedGrid):
            # What no lines divide is printed as words between spaces, and stays so in the text.
            content.lines += grid_lines(part.grid) if part.is_ruled else _printed(part)
            content.grids += [part.grid] if is_table(part.grid) else []
        else:
            content.add_text(part)
    _tell_doubts(pages, content)
    return content


def _printed(table: PlacedGrid) -> list[str]:
    rows: dict[int, list[str]] = {}
    for cell in table.grid.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return [" ".join(filter(None, texts)) for texts in rows.values()]


def _tell_doubts(pages: Sequence[FixedPage], content: FileContent) -> None:
    pictures = [n for n, page in enumerate(pages, 1) if len(page.glyphs) < 5 and sum(page.pictures) > 0.2]
    unreadable = [n for n, page in enumerate(pages, 1) if page.is_unreadable]
    reasons = []
    if pictures:
        reasons.append(f"{_named(pictures)} of {len(pages)} is a picture")
        content.flags.add("needs_ocr")
    if unreadable:
        reasons.append(f"{_named(unreadable)} of {len(pages)}: its characters cannot be told")
        content.flags.add("mojibake")
    if any(page.is_chart for page in pages):
        content.flags.add("chart")
    content.reason = "; ".join(reasons) or None
    content.has_pictures = any(share > 0.05 for page in pages for share in page.pictures)


def _named(numbers: list[int]) -> str:
    return f"page {', '.join(map(str, numbers[:20]))}"


def _rows(page: FixedPage) -> list[_Row]:
    """The lines and tables of a page from top to bottom."""
    tables = ruled_tables(page.rules, page.glyphs)
    outside = [glyph for glyph in page.glyphs if not any(_holds(table, glyph) for table in tables)]
    lines = lines_of(outside)
    margins = _margins(lines)
    placed: list[tuple[float, TextLine | PlacedGrid]] = [(table.y0, table) for table in tables]
    placed += [(line.y0, line) for line in lines]
    return [_Row(what, margins) for _, what in sorted(placed, key=lambda one: one[0])]


def _holds(table: PlacedGrid, glyph: Glyph) -> bool:
    return table.x0 <= (glyph.x0 + glyph.x1) / 2 <= table.x1 and table.y0 <= (glyph.y0 + glyph.y1) / 2 <= table.y1


def _margins(lines: Sequence[TextLine]) -> _Margins:
    """Where the text of a page begins and ends; where there are many lines, the few that stand out do not count."""
    if not lines:
        return _Margins(0.0, 0.0)
    lefts, rights = sorted(line.x0 for line in lines), sorted(line.x1 for line in lines)
    return _Margins(lefts[len(lefts) // 10], rights[-1 - len(rights) // 20])


def _with_whole_tables(rows: Sequence[_Row]) -> Iterator[_Row]:
    """The rows, with tables in place of the lines that stand in columns, and the parts of a table that pages cut as one."""
    held: _Row | None = None
    for row in _with_aligned(rows):
        if held is not None and isinstance(held.what, PlacedGrid):
            joined = continued(held.what, row.what) if isinstance(row.what, PlacedGrid) else None
            if joined is not None:
                held = _Row(joined, row.margins)
                continue
            yield held
        elif held is not None:
            yield held
        held = row
    if held is not None:
        yield held


def _with_aligned(rows: Sequence[_Row]) -> Iterator[_Row]:
    run: list[_Row] = []
    for row in [*rows, None]:
        if row is not None and isinstance(row.what, TextLine) and not (run and row.what.y0 < run[-1].what.y0):
            run.append(row)
            continue
        yield from _aligned(run)
        run = []
        if row is not None and isinstance(row.what, TextLine):  # the first line of a further page
            run.append(row)
        elif row is not None:
            yield row


def _aligned(run: Sequence[_Row]) -> Iterator[_Row]:
    lines = [row.what for row in run if isinstance(row.what, TextLine)]
    at = 0
    for start, end, table in aligned_tables(lines):
        yield from run[at:start]
        yield _Row(table, run[start].margins)
        at = end
    yield from run[at:]


def _paragraphs(rows: Sequence[_Row]) -> Iterator[str | PlacedGrid]:
    block: list[str] = []
    is_indented = False
    for row, following in zip(rows, [*rows, None][1:], strict=True):
        if isinstance(row.what, PlacedGrid):
            yield row.what
            continue
        if not block:
            is_indented = row.what.x0 > row.margins.left + _INDENTED * row.what.height
        block.append(row.text)
        if following is None or _ends(row, row.what, following, is_indented=is_indented):
            yield _joined([one for one in block if one])
            block = []


def _ends(row: _Row, line: TextLine, following: _Row, *, is_indented: bool) -> bool:
    """True when a line is the last of its paragraph."""
    after = following.what
    if isinstance(after, PlacedGrid) or _BEGINS_A_BLOCK.match(following.text) or _TABLE_ROW.search(row.text):
        return True
    if len(line.chunks) > 1 or len(after.chunks) > 1 or abs(after.height - line.height) > 0.25 * line.height:
        return True
    if line.x1 < row.margins.right - _SHORT_OF_MARGIN * line.height:
        return True
    if after.y0 - line.y1 > _FAR_BELOW * line.height:
        return True
    if after.x0 > following.margins.left + _INDENTED * after.height:
        return True
    return row.text.endswith(_ENDS_A_BLOCK) and not is_indented


def _joined(lines: Sequence[str]) -> str:
    """The lines of a paragraph. Only between two Latin letters does the end of a line stand for a space."""
    text = ""
    for line in lines:
        both_latin = text[-1:].isascii() and text[-1:].isalpha() and line[:1].isascii() and line[:1].isalpha()
        text += f" {line}" if both_latin else line
    return text


def without_page_numbers(pages: Sequence[Sequence[T]], text_of: Callable[[T], str]) -> list[T]:
    """The lines of all pages without the page numbers. text_of: the text of a line.

    A bare figure is a page number only as the first or last line of its page, and only when on at least half of the pages,
    and on two, such a figure counts up with the pages. One between dashes, or 第 3 页, is one on any edge of a page.
    """
    kept = [list(lines) for lines in pages]
    for edge in (-1, 0):
        texts = [text_of(lines[edge]) if lines else "" for lines in kept]
        first = _first_number(texts)
        for number, (lines, text) in enumerate(zip(kept, texts, strict=True)):
            if _DRESSED_NUMBER.match(text) or (first is not None and _figure(text) == first + number):
                del lines[edge]
    return [line for lines in kept for line in lines]


def _first_number(texts: Sequence[str]) -> int | None:
    """The number of the first page, when the lines at this edge of the pages count up."""
    starts = Counter(figure - number for number, text in enumerate(texts) if (figure := _figure(text)) is not None)
    if not starts:
        return None
    start, times = starts.most_common(1)[0]
    return start if times >= max(2, len(texts) // 2) else None


def _figure(text: str) -> int | None:
    found = _NUMBER.match(text)
    return int(found[1]) if found is not None else None
