"""Text of PDF files: a block per line, page numbers left out, lines that the page width broke joined again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pypdfium2
import re2

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.limits import limited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MAX_PAGES = 500
_NUMBER = re2.compile(r"^(\d{1,3})(?:\s*/\s*\d{1,3})?$")
_DRESSED_NUMBER = re2.compile(
    r"^(?:[\-–—−－·]+\s*\d{1,3}\s*[\-–—−－·]+|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?)$"
)
_ENDS_A_BLOCK = tuple("。；：！？;:!?…）)》】")
_BEGINS_A_BLOCK = re2.compile(
    "^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\\d]{1,3}[)）]|\\d{1,2}[、.．]|第[一二三四五六七八九十]{1,3}[章节条])"
)
_TABLE_ROW = re2.compile(r"(?:\s[\d.,/%-]+){2,}$")  # figures at the end: the next line belongs to the next row
_FULL = 0.85  # a line of this share of the width was broken by the page, a shorter one ended by itself


def read_pdf(data: bytes) -> FileContent:
    """The text layer of a PDF; empty when its pages are images. Raises ExtractionError for a damaged or locked file."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ExtractionError(f"not a readable PDF: {error}") from error
    try:
        if len(document) > _MAX_PAGES:
            raise ExtractionError(f"a PDF of {len(document)} pages")
        pages = [[line for line in text.split("\n") if line] for text in limited(_pages(document))]
    finally:
        document.close()
    return FileContent(lines=list(_joined(without_page_numbers(pages))))


def without_page_numbers(pages: Sequence[Sequence[str]]) -> list[str]:
    """The lines of all pages without the page numbers.

    A bare figure is a page number only as the first or last line of its page, and only when on at least half of the pages,
    and on two, such a figure counts up with the pages. One between dashes, or 第 3 页, is one on any edge of a page.
    """
    kept = [list(lines) for lines in pages]
    for edge in (-1, 0):
        first = _first_number(kept, edge)
        for number, lines in enumerate(kept):
            if lines and (
                _DRESSED_NUMBER.match(lines[edge]) or (first is not None and _figure(lines, edge) == first + number)
            ):
                del lines[edge]
    return [line for lines in kept for line in lines]


def _first_number(pages: Sequence[Sequence[str]], edge: int) -> int | None:
    """The number of the first page, when the lines at this edge of the pages count up."""
    starts = Counter(
        figure - number for number, lines in enumerate(pages) if (figure := _figure(lines, edge)) is not None
    )
    if not starts:
        return None
    start, times = starts.most_common(1)[0]
    return start if times >= max(2, len(pages) // 2) else None


def _figure(lines: Sequence[str], edge: int) -> int | None:
    found = _NUMBER.match(lines[edge]) if lines else None
    return int(found[1]) if found is not None else None


def _pages(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """The text of each page, blanks squeezed, a line per line."""
    for number in range(len(document)):
        page = document[number]
        yield "\n".join(" ".join(raw.split()) for raw in page.get_textpage().get_text_range().splitlines())
        page.close()


def _joined(lines: list[str]) -> Iterable[str]:
    """The blocks of the text: a full line that does not end a sentence goes on in the next one, across pages too."""
    width = sorted(map(len, lines))[int(len(lines) * 0.9)] if lines else 0
    block = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        block += line
        ended = line.endswith(_ENDS_A_BLOCK) or _TABLE_ROW.search(line) or _BEGINS_A_BLOCK.match(following)
        if ended or len(line) < _FULL * width:
            yield block
            block = ""
    if block:
        yield block
