"""Properties of paragraphs and characters in Word 97 files: which text stands in tables, where rows end, what is not shown.

[MS-DOC] 2.6 (single property modifiers), 2.9.174 (PapxFkp), 2.9.33 (ChpxFkp), 2.9.317 (TDefTableOperand).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.extract.files.word_tables import RowLayout

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = 512
_MOST_PAGES = 20_000
_MOST_COLUMNS = 100
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes of an operand by the three upper bits of its code
_IN_TABLE, _ROW_END, _DEPTH, _HUGE, _HUGE_OLD = 0x2416, 0x2417, 0x6649, 0x6646, 0x6645
_DEFINITION, _MERGE, _UPRIGHT_MERGE = 0xD608, 0x5624, 0xD62B
_CHANGED_TABS = 0xC615
_NOT_SHOWN = frozenset({0x0800, 0x0837, 0x083C, 0x2A53})  # deleted, struck out, hidden, struck out twice


@dataclass(slots=True)
class ParagraphProperties:
    """What a paragraph mark says. depth: in how many tables it stands. row: of the row that it ends."""

    depth: int = 0
    ends_row: bool = False
    row: RowLayout | None = None


_PLAIN = ParagraphProperties()


class Properties:
    """The properties of a whole file by the byte where a character stands.

    document, table, data: the streams. paragraphs, characters: (offset, length) of the page lists in the table stream.
    """

    def __init__(
        self, document: bytes, table: bytes, data: bytes, *, paragraphs: tuple[int, int], characters: tuple[int, int]
    ) -> None:
        self._data = data
        self._starts: list[int] = []
        self._found: list[ParagraphProperties] = []
        for start, modifiers in sorted(
            _runs(document, table, paragraphs, step=13, is_paragraph=True), key=lambda one: one[0]
        ):
            self._starts.append(start)
            self._found.append(self._paragraph(modifiers))
        self._unseen: list[tuple[int, bool]] = sorted(
            (start, _is_unseen(modifiers))
            for start, modifiers in _runs(document, table, characters, step=1, is_paragraph=False)
        )
        self._places = [start for start, _ in self._unseen]

    def at(self, place: int) -> ParagraphProperties:
        """Of the paragraph whose mark stands at this byte."""
        number = bisect_right(self._starts, place) - 1
        return self._found[number] if number >= 0 else _PLAIN

    def is_shown(self, place: int) -> bool:
        """False for a character that is deleted, hidden or struck out."""
        number = bisect_right(self._places, place) - 1
        return number < 0 or not self._unseen[number][1]

    def _paragraph(self, modifiers: bytes) -> ParagraphProperties:
        made = ParagraphProperties()
        for code, operand in _modifiers(modifiers):
            if code in {_HUGE, _HUGE_OLD} and len(operand) == 4:
                (place,) = struct.unpack("<I", operand)
                size = int.from_bytes(self._data[place : place + 2], "little")
                for far_code, far_operand in _modifiers(self._data[place + 2 : place + 2 + size]):
                    _apply(made, far_code, far_operand)
            _apply(made, code, operand)
        return made


def _apply(made: ParagraphProperties, code: int, operand: bytes) -> None:
    if code == _IN_TABLE and operand[:1] != b"\0":
        made.depth = max(made.depth, 1)
    elif code == _ROW_END and operand[:1] != b"\0":
        made.ends_row = True
    elif code == _DEPTH:
        made.depth = min(int.from_bytes(operand[:4], "little"), 50)
    elif code == _DEFINITION:
        made.row = _definition(operand)
    elif code == _MERGE and made.row is not None and len(operand) == 2:
        made.row.joined_left |= set(range(operand[0] + 1, min(operand[1], _MOST_COLUMNS)))
    elif code == _UPRIGHT_MERGE and made.row is not None and len(operand) >= 2 and operand[1] == 1:
        made.row.joined_up.add(operand[0])


def _definition(operand: bytes) -> RowLayout | None:
    """The edges and merged cells of a row."""
    count = operand[0] if operand else 0
    if not 0 < count <= _MOST_COLUMNS or len(operand) < 1 + 2 * (count + 1):
        return None
    row = RowLayout(list(struct.unpack_from(f"<{count + 1}h", operand, 1)))
    for number in range(count):
        at = 1 + 2 * (count + 1) + 20 * number
        flags = int.from_bytes(operand[at : at + 2], "little")
        if flags & 3 == 1:
            row.joined_left.add(number)
        if flags >> 5 & 3 == 1:
            row.joined_up.add(number)
    return row


def _is_unseen(modifiers: bytes) -> bool:
    return any(code in _NOT_SHOWN and operand[:1] in {b"\1", b"\x81"} for code, operand in _modifiers(modifiers))


def _modifiers(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(code, operand) of each modifier; ends where the bytes make no sense."""
    at = 0
    while at + 2 <= len(data):
        code = int.from_bytes(data[at : at + 2], "little")
        at += 2
        size = _SIZES[code >> 13]
        if code == _DEFINITION:
            size = int.from_bytes(data[at : at + 2], "little") - 1
            at += 2
        elif size == 0:
            size = data[at] if at < len(data) else 0
            at += 1
            if code == _CHANGED_TABS and size == 255:
                return
        if size < 0:
            return
        yield code, data[at : at + size]
        at += size


def _runs(
    document: bytes, table: bytes, pages: tuple[int, int], *, step: int, is_paragraph: bool
) -> Iterator[tuple[int, bytes]]:
    """(first byte, modifiers) of each run, from the pages that the list in the table stream names."""
    offset, length = pages
    listed = table[offset : offset + length]
    count = min((len(listed) - 4) // 8, _MOST_PAGES)
    for number in range(count):
        at = 4 * (count + 1) + 4 * number
        page = (int.from_bytes(listed[at : at + 4], "little") & 0x3FFFFF) * _PAGE
        block = document[page : page + _PAGE]
        if len(block) == _PAGE:
            yield from _of_page(block, step, is_paragraph=is_paragraph)


def _of_page(block: bytes, step: int, *, is_paragraph: bool) -> Iterator[tuple[int, bytes]]:
    runs = block[-1]
    first = 4 * (runs + 1)
    if first + runs * step > _PAGE:
        return
    for number in range(runs):
        start = int.from_bytes(block[4 * number : 4 * number + 4], "little")
        at = block[first + number * step] * 2
        if at == 0:
            yield start, b""
            continue
        size = block[at] if at < _PAGE else 0
        if is_paragraph:
            at, size = (at + 1, 2 * size - 1) if size else (at + 2, 2 * block[at + 1] if at + 1 < _PAGE else 0)
            yield start, block[at + 2 : at + size]  # the first two bytes name the style
        else:
            yield start, block[at + 1 : at + 1 + size]
