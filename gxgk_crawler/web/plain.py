"""Data as JSON and CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import TYPE_CHECKING, Any

from gxgk_crawler.export.csv_table import csv_cell
from gxgk_crawler.logs import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.web.answers import CsvRows

_AT_ONCE = 64 << 10  # characters that are sent together


def as_json(value: Any) -> bytes:
    """The value as the commands print it with `--json`: dataclasses are objects, times ISO strings, Chinese stays readable."""
    return f"{escaped(json.dumps(value, ensure_ascii=False, default=_plain))}\n".encode("utf-8", "backslashreplace")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_csv(table: CsvRows) -> Iterator[bytes]:
    """The rows as CSV with a line of names, in pieces. Cells that a spreadsheet takes for formulas are escaped."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows():
        writer.writerow([csv_cell(row.get(name), escape=True) for name in table.columns])
        if buffer.tell() > _AT_ONCE:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")
