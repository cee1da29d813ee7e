"""A table as CSV: RFC 4180 in UTF-8, lists and objects as JSON.

A spreadsheet takes a cell that begins with one of BEGINS_FORMULA for a formula, and pages decide how their texts begin. Such a cell
gets ESCAPE in front, and so does one that begins with ESCAPE and then one of these, so that removing one ESCAPE gives the text back.
"""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from gxgk_crawler.export.export_table import ExportTable


ESCAPE = "'"
BEGINS_FORMULA = "=+-@\t\r\n＝＋－＠"
_NEEDS_ESCAPE = re.compile(rf"{ESCAPE}*[{re.escape(BEGINS_FORMULA)}]")


class CsvTable:
    """A file being written: a line of names, then a line per row. None and, where a column may be None, '' are empty."""

    def __init__(self, path: Path, table: ExportTable, *, escape: bool) -> None:
        """path: of the file. table: its columns. escape: whether texts that a spreadsheet takes for formulas are escaped."""
        self._escape = escape
        # newline: the writer ends lines by \r\n, and line breaks inside texts stay as they are.
        self._file = path.open("w", encoding="utf-8", newline="")
        self._names = table.names
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(self._names)

    def write(self, row: dict[str, Any]) -> None:
        self._writer.writerow([csv_cell(row[name], escape=self._escape) for name in self._names])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def csv_cell(value: Any, *, escape: bool) -> str | int | float | None:
    """A value as the writer of the standard library takes it. escape: as of CsvTable."""
    if isinstance(value, str):
        return f"{ESCAPE}{value}" if escape and _NEEDS_ESCAPE.match(value) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def instant(value: datetime) -> str:
    """A time in UTC as text, always with microseconds: 2026-01-01T00:00:00.000000Z."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
