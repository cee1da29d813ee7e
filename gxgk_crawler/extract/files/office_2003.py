"""Office files of 2003 in one XML document (SpreadsheetML, WordprocessingML), and newer ones written flat (Flat OPC)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.docx import read_word_parts
from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.files.number_formats import shown
from gxgk_crawler.extract.files.sheets import MOST_COLUMNS, Area, add_sheets, sheet_grid
from gxgk_crawler.extract.files.word_numbering import W
from gxgk_crawler.extract.files.zipped import parse_xml
from gxgk_crawler.extract.limits import MOST_OF_AN_ATTACHMENT
from gxgk_crawler.extract.page.text import collapse

if TYPE_CHECKING:
    from lxml.etree import _Element

    from gxgk_crawler.items import Grid

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_WORD_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_WORD_2007 = W[1:-1].encode()
_NAMED_FORMATS = {
    "Percent": "0.00%", "Fixed": "0.00", "Standard": "#,##0.00", "Short Date": "yyyy-mm-dd", "General Date": "yyyy-mm-dd",
    "Medium Date": "yyyy-mm-dd", "Long Date": 'yyyy"年"m"月"d"日"', "Short Time": "h:mm", "Long Time": "h:mm:ss",
}  # fmt: skip
_FURTHEST = 1 << 20


def read_spreadsheet_2003(data: bytes) -> FileContent:
    """The text and tables of an Excel 2003 file in XML; hidden sheets, rows and columns are left out. Raises ExtractionError."""
    root = parse_xml(data, "the workbook")
    formats = {
        style.get(f"{_SS}ID", ""): style.find(f"{_SS}NumberFormat").get(f"{_SS}Format", "")  # type: ignore[union-attr]
        for style in root.iterfind(f"{_SS}Styles/{_SS}Style")
        if style.find(f"{_SS}NumberFormat") is not None
    }
    sheets: list[tuple[str, Grid]] = []
    left = MOST_OF_AN_ATTACHMENT
    for sheet in root.iterfind(f"{_SS}Worksheet"):
        visible = sheet.find("{urn:schemas-microsoft-com:office:excel}WorksheetOptions/{*}Visible")
        table = sheet.find(f"{_SS}Table")
        if table is None or (visible is not None and visible.text != "SheetVisible"):
            continue
        cells, merged = _cells(table, formats)
        left -= sum(map(len, cells.values()))
        if left < 0:
            raise ExtractionError(f"its text has more than {MOST_OF_AN_ATTACHMENT} characters")
        sheets.append((sheet.get(f"{_SS}Name", ""), sheet_grid(cells, merged)))
    content = FileContent()
    add_sheets(content, sheets)
    return content


def _cells(table: _Element, formats: dict[str, str]) -> tuple[dict[tuple[int, int], str], list[Area]]:
    """The texts of a sheet by row and column, and its merged cells."""
    hidden = _hidden_columns(table)
    cells: dict[tuple[int, int], str] = {}
    merged: list[Area] = []
    row_number = 0
    for row in table.iterfind(f"{_SS}Row"):
        row_number = _number(row, "Index", row_number + 1)
        col = 0
        for cell in row.iterfind(f"{_SS}Cell"):
            col = _number(cell, "Index", col + 1)
            if not len(cell) and len(cell.keys()) < 2:  # blank, as programs write thousands of them
                continue
            across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
            if row.get(f"{_SS}Hidden") != "1" and col not in hidden and col <= MOST_COLUMNS:
                cells[row_number - 1, col - 1] = _text(cell, formats)
                if across or down:
                    merged.append(Area(row_number - 1, col - 1, row_number - 1 + down, col - 1 + across))
            col += across
    return cells, merged


def _hidden_columns(table: _Element) -> set[int]:
    hidden: set[int] = set()
    number = 0
    for column in table.iterfind(f"{_SS}Column"):
        number = _number(column, "Index", number + 1)
        last = min(number + _number(column, "Span", 0), MOST_COLUMNS)
        if column.get(f"{_SS}Hidden") == "1":
            hidden |= set(range(number, last + 1))
        number = max(number, last)
    return hidden


def _text(cell: _Element, formats: dict[str, str]) -> str:
    data = cell.find(f"{_SS}Data")
    if data is None:
        return ""
    text = collapse("".join(str(part) for part in data.itertext()))
    kind = data.get(f"{_SS}Type")
    if kind == "DateTime":
        day, _, time = text.partition("T")
        return day if time.startswith("00:00:00") else f"{day} {time[:5]}".strip()
    if kind == "Number":
        pattern = formats.get(cell.get(f"{_SS}StyleID", ""), "")
        return shown(text, _NAMED_FORMATS.get(pattern, pattern))
    return text


def _number(element: _Element, name: str, default: int) -> int:
    value = element.get(f"{_SS}{name}", "")
    return min(int(value), _FURTHEST) if value.isascii() and value.isdecimal() and len(value) < 9 else default


def read_word_2003(data: bytes) -> FileContent:
    """The text and tables of a Word 2003 file in XML, whose elements are nearly those of docx. Raises ExtractionError."""
    return read_word_parts({"document": parse_xml(data.replace(_WORD_2003, _WORD_2007), "the document")})


def read_flat_word(data: bytes) -> FileContent:
    """The text and tables of a docx file that was written as one XML document. Raises ExtractionError."""
    parts: dict[str, _Element] = {}
    for part in parse_xml(data, "the package").iterfind(f"{_PKG}part"):
        root = part.find(f"{_PKG}xmlData/*")
        name = part.get(f"{_PKG}name", "")
        if root is not None and name.startswith("/word/") and name.endswith(".xml"):
            parts[name.removeprefix("/word/").removesuffix(".xml")] = root
    if "document" not in parts:
        raise ExtractionError("a package without a Word document")
    return read_word_parts(parts)
