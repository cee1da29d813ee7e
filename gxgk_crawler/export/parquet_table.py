"""A table as Parquet: zstd, proper types, a row group for every few megabytes of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import pyarrow as pa

    from gxgk_crawler.export.export_table import ExportTable, Kind

# A row group is what a reader must hold at once, and what we hold: this many characters, or this many rows.
_CHARACTERS_PER_GROUP = 4_000_000
_ROWS_PER_GROUP = 10_000


def arrow_schema(table: ExportTable) -> pa.Schema:
    """The columns as Arrow fields; their meanings are metadata of the fields."""
    import pyarrow as pa  # noqa: PLC0415 - 0.2 seconds that only this export should cost

    return pa.schema(
        [
            pa.field(
                column.name,
                _arrow_type(column.kind),
                nullable=column.nullable,
                metadata={"description": column.meaning},
            )
            for column in table.columns
        ]
    )


def _arrow_type(kind: Kind) -> pa.DataType:
    import pyarrow as pa  # noqa: PLC0415

    string = pa.string()
    types = {
        "string": string,
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "strings": pa.list_(string),
        "spans": pa.list_(pa.list_(pa.int64())),
        "dates": pa.list_(pa.struct([("value", string), ("source", string)])),
        "failures": pa.list_(pa.struct([("url", string), ("reason", string), ("kind", string)])),
        "strings by name": pa.map_(string, string),
        "integers by name": pa.map_(string, pa.int64()),
    }
    return types[kind]


class ParquetTable:
    """A file being written, row group by row group."""

    def __init__(self, path: Path, table: ExportTable) -> None:
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

        self._schema = arrow_schema(table)
        self._maps = [column.name for column in table.columns if column.kind.endswith("by name")]
        self._rows: list[dict[str, Any]] = []
        self._characters = 0
        self._writer = ParquetWriter(path, self._schema, compression="zstd")

    def write(self, row: dict[str, Any]) -> None:
        # Arrow takes a map as pairs.
        self._rows.append({**row, **{name: list(row[name].items()) for name in self._maps}})
        self._characters += sum(len(value) for value in row.values() if isinstance(value, str))
        if self._characters >= _CHARACTERS_PER_GROUP or len(self._rows) >= _ROWS_PER_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows.clear()
        self._characters = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None and self._rows:
                self._flush()
        finally:
            self._writer.close()
