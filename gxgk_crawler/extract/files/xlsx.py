"""Excel files (xlsx): the sheets that a reader sees, in their order, cells as they are shown. ECMA-376 part 1, 18."""

from __future__ import annotations

from dataclasses import dataclass, field
from posixpath import normpath
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.files.number_formats import BUILTIN, shown
from gxgk_crawler.extract.files.sheets import MOST_COLUMNS, Area, add_sheets, sheet_grid
from gxgk_crawler.extract.files.zipped import open_package, read_xml
from gxgk_crawler.extract.limits import MOST_OF_AN_ATTACHMENT
from gxgk_crawler.extract.page.text import collapse

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml.etree import _Element

    from gxgk_crawler.items import Grid

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_HIDDEN = frozenset({"hidden", "veryHidden"})
_TRUE = frozenset({"1", "true"})
_MOST_ROWS = 1 << 20


def read_xlsx(data: bytes) -> FileContent:
    """The text and tables of an xlsx file; hidden sheets, rows and columns are left out.

    Raises ExtractionError for one that is damaged, a bomb, or carries entities.
    """
    content = FileContent()
    with open_package(data) as archive:
        workbook = read_xml(archive, "xl/workbook.xml")
        properties = workbook.find("{*}workbookPr")
        book = _Book(
            texts=list(_shared_texts(archive)),
            formats=_formats(archive),
            since_1904=properties is not None and properties.get("date1904") in _TRUE,
        )
        sheets = [(name, book.grid(read_xml(archive, part))) for name, part in _sheets(archive, workbook)]
    add_sheets(content, sheets)
    return content


def _sheets(archive: zipfile.ZipFile, workbook: _Element) -> Iterator[tuple[str, str]]:
    """The name and the member of every sheet that is shown, in their order; without a list of them all that there are."""
    members = set(archive.namelist())
    targets = {}
    if "xl/_rels/workbook.xml.rels" in members:
        for relation in read_xml(archive, "xl/_rels/workbook.xml.rels"):
            target = relation.get("Target", "")
            targets[relation.get("Id")] = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
    listed = list(workbook.iterfind("{*}sheets/{*}sheet"))
    for sheet in listed:
        part = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION))
        if part in members and "sheets/" in part and sheet.get("state") not in _HIDDEN:
            yield sheet.get("name", ""), part
    if not listed:
        parts = [name for name in members if name.startswith("xl/worksheets/sheet")]
        yield from (("", name) for name in sorted(parts, key=lambda name: (len(name), name)))


def _shared_texts(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in archive.namelist():
        for item in read_xml(archive, "xl/sharedStrings.xml").iterfind("{*}si"):
            yield _rich_text(item)


def _rich_text(item: _Element) -> str:
    """The text of a string with formatted runs, without its phonetic ones (readings that stand above the characters)."""
    return "".join(text.text or "" for path in ("{*}t", "{*}r/{*}t") for text in item.iterfind(path))


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = read_xml(archive, "xl/styles.xml")
    own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
    numbers = [one.get("numFmtId", "0") for one in root.iterfind("{*}cellXfs/{*}xf")]
    return [own.get(one) or (BUILTIN.get(int(one), "") if one.isdecimal() and len(one) < 6 else "") for one in numbers]


@dataclass(slots=True)
class _Book:
    """What the cells of all sheets refer to. left: characters that may still be read: one text may be shown many times."""

    texts: list[str]
    formats: list[str]
    since_1904: bool
    left: int = field(default=MOST_OF_AN_ATTACHMENT)

    def grid(self, root: _Element) -> Grid:
        """The grid of one sheet."""
        hidden = {
            col
            for one in root.iterfind("{*}cols/{*}col")
            if one.get("hidden") in _TRUE
            for col in range(_count(one.get("min")) - 1, min(_count(one.get("max")), MOST_COLUMNS))
        }
        cells: dict[tuple[int, int], str] = {}
        at = -1
        for row in root.iterfind("{*}sheetData/{*}row"):
            at = _count(row.get("r")) - 1 if row.get("r") else at + 1
            if row.get("hidden") in _TRUE:
                continue
            col = -1
            for cell in row.iterfind("{*}c"):
                place = _place(cell.get("r") or "")
                col = place[1] if place is not None else col + 1
                if col not in hidden and col < MOST_COLUMNS:
                    cells[at, col] = self._text(cell)
        merged = (_area(one.get("ref", "")) for one in root.iterfind("{*}mergeCells/{*}mergeCell"))
        return sheet_grid(cells, [area for area in merged if area is not None])

    def _text(self, cell: _Element) -> str:
        text = collapse(self._value(cell))
        self.left -= len(text) + 1
        if self.left < 0:
            raise ExtractionError(f"its text has more than {MOST_OF_AN_ATTACHMENT} characters")
        return text

    def _value(self, cell: _Element) -> str:
        kind = cell.get("t", "n")
        value = (cell.findtext("{*}v") or "").strip()
        if kind == "s":
            return self.texts[int(value)] if value.isdecimal() and int(value[:9]) < len(self.texts) else ""
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return _rich_text(inline) if inline is not None else ""
        if kind == "b":
            return "TRUE" if value in _TRUE else "FALSE" if value else ""
        if kind == "d":
            return value.removesuffix("T00:00:00")
        style = cell.get("s", "0")
        number = int(style[:6]) if style.isdecimal() else 0
        pattern = self.formats[number] if number < len(self.formats) else ""
        return shown(value, pattern, since_1904=self.since_1904) if kind == "n" and value else value


def _place(reference: str) -> tuple[int, int] | None:
    """(6, 27) for AB7; None when a cell carries no reference."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not letters or len(letters) > 3 or not digits or not (letters.isascii() and letters.isupper()):
        return None
    column = 0
    for char in letters:
        column = column * 26 + ord(char) - ord("A") + 1
    return _count(digits) - 1, column - 1


def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    start, end = _place(first), _place(last or first)
    return Area(*start, *end) if start is not None and end is not None else None


def _count(text: str | None) -> int:
    return min(int(text), _MOST_ROWS) if text and text.isdecimal() and len(text) < 9 else 1
