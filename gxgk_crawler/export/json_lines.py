"""A table as JSON Lines: one object per line, UTF-8."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from gxgk_crawler.export.csv_table import instant

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from gxgk_crawler.export.export_table import ExportTable


class JsonLines:
    """A file being written; a row becomes an object with the columns of its table, in their order."""

    def __init__(self, path: Path, table: ExportTable) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._names = table.names

    def write(self, row: dict[str, Any]) -> None:
        json.dump({name: row[name] for name in self._names}, self._file, ensure_ascii=False, default=_plain)
        self._file.write("\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _plain(value: date) -> str:
    return instant(value) if isinstance(value, datetime) else value.isoformat()
