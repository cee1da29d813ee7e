"""Text of PDF files: a block per line, page numbers left out, lines that the page width broke joined again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import re2

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.limits import limited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_PAGES = 500
_PAGE_NUMBER = re2.compile(r"^[\s\-–—−－第]*\d{1,3}[\s\-–—−－页]*(?:/\s*\d{1,3})?$")
_ENDS_A_BLOCK = tuple("。；：！？;:!?…）)》】")
_BEGINS_A_BLOCK = re2.compile(
    "^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\\d]{1,3}[)）]|\\d{1,2}[、.．]|第[一二三四五六七八九十]{1,3}[章节条])"
)
_TABLE_ROW = re2.compile(r"(?:\s[\d.,/%-]+){2,}$")  # figures at the end: the next line belongs to the next row
_FULL = 0.85  # a line of this share of the width was broken by the page, a shorter one ended by itself


def read_pdf(data: bytes) -> str:
    """The text layer of a PDF; empty when its pages are images. Raises ExtractionError for a damaged or locked file."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ExtractionError(f"not a readable PDF: {error}") from error
    try:
        if len(document) > _MAX_PAGES:
            raise ExtractionError(f"a PDF of {len(document)} pages")
        lines = list(limited(_lines(document)))
    finally:
        document.close()
    return "\n".join(_joined(lines))


def _lines(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """The lines of all pages, blanks squeezed, without page numbers."""
    for number in range(len(document)):
        page = document[number]
        for raw in page.get_textpage().get_text_range().splitlines():
            line = " ".join(raw.split())
            if line and not _PAGE_NUMBER.match(line):
                yield line
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
