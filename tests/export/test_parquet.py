"""Parquet, read back by pyarrow, is the database row by row, with proper types."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gxgk_crawler.export import parquet_table
from gxgk_crawler.export.columns import TABLES
from tests.export.conftest import export, rows_of_database

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database


def test_every_row_is_what_the_database_holds(
    archive: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_table, "_ROWS_PER_GROUP", 5)
    told = export(tmp_path / "out", "--format", "parquet", "--redact", "none")
    for table in TABLES:
        path = tmp_path / "out" / f"{table.name}.parquet"
        read = pq.read_table(path).to_pylist(maps_as_pydicts="strict")
        assert read == rows_of_database(archive, table), table.name
        assert len(read) == told["tables"][table.name]
        facts = pq.ParquetFile(path)
        assert facts.metadata.num_row_groups == -(-len(read) // 5)
        assert facts.metadata.row_group(0).column(0).compression == "ZSTD"


def test_types_are_proper(archive: Database, tmp_path: Path) -> None:
    export(tmp_path / "out", "--format", "parquet")
    versions = pq.read_schema(tmp_path / "out" / "versions.parquet")
    assert versions.field("fetched_at").type == pa.timestamp("us", tz="UTC")
    assert versions.field("published_on").type == pa.date32()
    assert versions.field("flags").type == pa.list_(pa.string())
    assert versions.field("fields").type == pa.map_(pa.string(), pa.string())
    assert versions.field("dates").type.value_type == pa.struct([("value", pa.string()), ("source", pa.string())])
    assert versions.field("is_current").type == pa.bool_()
    assert versions.field("text").metadata == {b"description": b"clean text, one block per line"}
    crawls = pq.read_schema(tmp_path / "out" / "crawls.parquet")
    assert crawls.field("counts").type == pa.map_(pa.string(), pa.int64())
    for table in TABLES:
        schema = pq.read_schema(tmp_path / "out" / f"{table.name}.parquet")
        assert schema.names == table.names
        assert [schema.field(column.name).nullable for column in table.columns] == [c.nullable for c in table.columns]


@pytest.mark.process
def test_other_commands_do_not_wait_for_arrow() -> None:
    script = "import sys, gxgk_crawler.cli.main; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_an_empty_table_is_a_file_with_its_columns(archive: Database, tmp_path: Path) -> None:
    export(tmp_path / "out", "--format", "parquet", "--portal", "other")
    read = pq.read_table(tmp_path / "out" / "attachments.parquet")
    assert (read.num_rows, read.column_names[0]) == (0, "report_id")
