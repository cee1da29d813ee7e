"""Word files of 1997 to 2003 (.doc, and .wps of WPS Office): text by the piece table, tables by their row definitions. [MS-DOC]"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.file_content import FileContent, is_table
from gxgk_crawler.extract.files.ole import open_ole
from gxgk_crawler.extract.files.word_properties import Properties
from gxgk_crawler.extract.files.word_tables import TableRow, grid_of_rows
from gxgk_crawler.extract.limits import MOST_CELLS
from gxgk_crawler.extract.page.grids import grid_lines
from gxgk_crawler.extract.page.text import collapse, join_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD_97 = 0x00C1
_MAGIC = (0xA5EC, 0xA5DC)
_ENCRYPTED, _TABLE_1, _OLD_CHINESE = 0x0100, 0x0200, "gb18030"
_PARAGRAPHS, _CHARACTERS, _PIECES = 0x0102, 0x00FA, 0x01A2
_MOST_PIECES = 200_000
_MARKS = {"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\x09": " "}
_DROPPED = frozenset("\x00\x01\x02\x03\x04\x05\x06\x08\x1f")


def read_doc(data: bytes) -> FileContent:
    """The text and tables of a Word file, and what is embedded in it. Raises ExtractionError for one that is damaged or locked."""
    ole = open_ole(data)
    document = ole.read("WordDocument")
    if len(document) < 0x20 or struct.unpack_from("<H", document)[0] not in _MAGIC:
        raise ExtractionError("not a readable Word file")
    version, flags = struct.unpack_from("<H", document, 2)[0], struct.unpack_from("<H", document, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise ExtractionError("the file is encrypted")
    try:
        if version < _WORD_97:
            content = _old_text(document)
        else:
            table = ole.read("1Table" if flags & _TABLE_1 else "0Table")
            content = _Reader(document, table, ole.read("Data")).read()
    except (struct.error, IndexError) as error:
        raise ExtractionError(f"not a readable Word file: {error}") from error
    embedded = ole.embedded()
    if embedded:
        content.reason = f"embedded objects are not read: {', '.join(embedded)}"
    return content


def _old_text(document: bytes) -> FileContent:
    """The text of a file of Word 6 or 95, whose bytes are those of the writer's code page."""
    start, end = struct.unpack_from("<II", document, 0x18)
    content = FileContent()
    for line in document[start:end].decode(_OLD_CHINESE, "replace").replace("\x07", " ").split("\r"):
        content.add_text("".join(char for char in line if char not in _DROPPED))
    return content


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text. start: its first character. place: its first byte. width: bytes for one character."""

    start: int
    end: int
    place: int
    width: int


@dataclass(slots=True)
class _Reader:
    """Goes through the characters. words: of the paragraph. lines: of the cell. cells: of the row. rows: of the table."""

    document: bytes
    table: bytes
    data: bytes
    content: FileContent = field(default_factory=FileContent)
    words: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    codes: list[bool] = field(default_factory=list)  # of the open fields: whether their code goes on
    left: int = MOST_CELLS * 4

    def read(self) -> FileContent:
        counts = struct.unpack_from("<8i", self.document, 0x4C)
        properties = Properties(
            self.document,
            self.table,
            self.data,
            paragraphs=self._pair(_PARAGRAPHS),
            characters=self._pair(_CHARACTERS),
        )
        text, notes, headers, macros, remarks, endnotes, boxes, _ = (max(count, 0) for count in counts)
        shown = [(0, text + notes)]  # then come headers, macros and remarks
        behind = text + notes + headers + macros + remarks
        shown.append((behind, behind + endnotes + boxes))
        pieces = list(self._pieces())
        for start, end in shown:
            for piece in pieces:
                self._read_piece(piece, max(start, piece.start), min(end, piece.end), properties)
            self._end_paragraph()
            self._end_table()
        return self.content

    def _pair(self, offset: int) -> tuple[int, int]:
        first, length = struct.unpack_from("<II", self.document, offset)
        return first, length

    def _pieces(self) -> Iterator[_Piece]:
        """The piece table: a file that was saved fast has its text in pieces, in any order."""
        first, length = self._pair(_PIECES)
        table = self.table[first : first + length]
        at = 0
        while at < len(table) and table[at] == 1:
            at += 3 + struct.unpack_from("<H", table, at + 1)[0]
        if at >= len(table) or table[at] != 2:
            raise ExtractionError("a Word file without a table of its pieces")
        (size,) = struct.unpack_from("<I", table, at + 1)
        number = min((size - 4) // 12, _MOST_PIECES)
        starts = struct.unpack_from(f"<{number + 1}I", table, at + 5)
        for n in range(number):
            (place,) = struct.unpack_from("<I", table, at + 5 + 4 * (number + 1) + 8 * n + 2)
            is_narrow = bool(place & 0x40000000)
            place &= 0x3FFFFFFF
            yield _Piece(starts[n], starts[n + 1], place // 2 if is_narrow else place, 1 if is_narrow else 2)

    def _read_piece(self, piece: _Piece, start: int, end: int, properties: Properties) -> None:
        if end <= start:
            return
        place = piece.place + (start - piece.start) * piece.width
        data = self.document[place : place + (end - start) * piece.width]
        text = data.decode("cp1252" if piece.width == 1 else "utf-16-le", "replace")
        if piece.width == 2 and len(text) * 2 != len(data):  # pairs of surrogates
            text = "".join(chr(unit) for (unit,) in struct.iter_unpack("<H", data[: len(data) // 2 * 2]))
        for number, char in enumerate(text):
            self._read_char(char, place + number * piece.width, properties)

    def _read_char(self, char: str, place: int, properties: Properties) -> None:
        if char in "\r\x07\x0c":
            self._end_of(char, place, properties)
        elif char == "\x13":
            self.codes.append(True)
        elif char in "\x14\x15":  # what a field shows begins; the field ends
            self.codes[-1:] = [False] if char == "\x14" and self.codes else []
        elif char == "\x01":
            self.content.has_pictures = True
        elif not any(self.codes) and char not in _DROPPED and properties.is_shown(place):
            self.words.append(_MARKS.get(char, char))

    def _end_of(self, mark: str, place: int, properties: Properties) -> None:
        """A paragraph ends, or a cell with it, or a row."""
        self.codes.clear()
        found = properties.at(place)
        if found.ends_row and found.depth <= 1:
            self.words.clear()
            self.rows.append(TableRow(self.cells, found.row))
            self.cells, self.lines = [], []
        elif found.depth == 0:
            self._end_table()
            self._end_paragraph()
            self._end_table()
        else:
            self._end_paragraph()
            if mark == "\x07" and found.depth == 1:
                self.left -= 1
                if self.left < 0:
                    raise ExtractionError(f"its tables have more than {MOST_CELLS * 4} cells")
                self.cells.append(join_lines(self.lines))
                self.lines = []

    def _end_paragraph(self) -> None:
        text = "".join(self.words)
        self.words.clear()
        if text.isspace() or not text:
            return
        self.lines += [line for part in text.split("\n") if (line := collapse(part))]

    def _end_table(self) -> None:
        """Write the table that ends here, and the paragraphs behind it."""
        if self.rows:
            grid = grid_of_rows(self.rows)
            self.content.lines += grid_lines(grid)
            self.content.grids += [grid] if is_table(grid) else []
            self.rows = []
        for line in [*self.cells, *self.lines]:
            self.content.add_text(line)
        self.cells, self.lines = [], []
