"""Spreadsheets of other kinds than xlsx (.xls, .et of WPS Office, .xlsb, .ods), read with calamine."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import python_calamine

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.files.number_formats import shown
from gxgk_crawler.extract.files.ole import open_ole
from gxgk_crawler.extract.files.sheets import MOST_COLUMNS, Area, add_sheets, sheet_grid
from gxgk_crawler.extract.files.zipped import open_package
from gxgk_crawler.extract.limits import MOST_OF_AN_ATTACHMENT
from gxgk_crawler.extract.page.text import collapse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.items import Grid

_MOST_SHEETS = 2000
_FIRST_RECORDS = 10
_FILE_PASS = 0x2F


def read_spreadsheet(data: bytes) -> FileContent:
    """The text and tables of a spreadsheet; hidden sheets are left out. Shares are decimals: the format of numbers is not read.

    Raises ExtractionError for one that is damaged, locked or too large.
    """
    if data.startswith(b"PK"):
        open_package(data).close()  # the library has no limits of its own
    elif _is_locked(data):
        raise ExtractionError("the file is encrypted")
    try:
        return _content(data)
    except python_calamine.CalamineError as error:
        reason = "the file is encrypted" if isinstance(error, python_calamine.PasswordError) else str(error)
        raise ExtractionError(f"not a readable spreadsheet: {reason}") from error
    except (OSError, ValueError, OverflowError) as error:
        raise ExtractionError(f"not a readable spreadsheet: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a fault inside the library is raised as
            raise
        raise ExtractionError(f"not a readable spreadsheet: {error}") from error


def _is_locked(data: bytes) -> bool:
    """True when one of the first records of the workbook says that the others are encrypted. [MS-XLS] 2.4.117 (FilePass)"""
    ole = open_ole(data)
    stream = ole.read("Workbook") or ole.read("Book")
    at = 0
    for _ in range(_FIRST_RECORDS):
        kind, size = int.from_bytes(stream[at : at + 2], "little"), int.from_bytes(stream[at + 2 : at + 4], "little")
        if kind == _FILE_PASS:
            return True
        at += 4 + size
    return False


def _content(data: bytes) -> FileContent:
    content = FileContent()
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        visible = [
            sheet.name for sheet in book.sheets_metadata if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        if len(visible) > _MOST_SHEETS:
            raise ExtractionError(f"a spreadsheet of {len(visible)} sheets")
        add_sheets(content, list(_sheets(book, visible)))
    return content


def _sheets(book: Any, names: list[str]) -> Iterator[tuple[str, Grid]]:
    left = MOST_OF_AN_ATTACHMENT
    for name in names:
        sheet = book.get_sheet_by_name(name)
        cells = {}
        for row, values in enumerate(sheet.iter_rows()):
            for col, value in enumerate(values[:MOST_COLUMNS]):
                text = _text(value)
                if text:
                    cells[row, col] = text
                    left -= len(text) + 1
            if left < 0:
                raise ExtractionError(f"its text has more than {MOST_OF_AN_ATTACHMENT} characters")
        first = (sheet.start or (0, 0))[1]  # rows count from the top of the sheet, columns from the first with a value
        merged = [
            Area(top, left_edge - first, bottom, right - first)
            for (top, left_edge), (bottom, right) in sheet.merged_cell_ranges or []
        ]
        yield name, sheet_grid(cells, [area for area in merged if area.left >= 0])


def _text(value: Any) -> str:
    """A value as a cell without a format shows it; dates are YYYY-MM-DD."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return shown(repr(value), "")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return collapse(str(value))
