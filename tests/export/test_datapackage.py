"""A data package that others can judge: frictionless validates it, and every text in it is exactly what the database holds."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler import __version__
from gxgk_crawler.export.columns import PORTALS, TABLES
from gxgk_crawler.export.csv_table import CsvTable
from gxgk_crawler.export.export_table import Column
from tests.export.conftest import HOSTILE, export, rows_of_database

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database


@pytest.fixture
def package(archive: Database, tmp_path: Path) -> Path:
    told = export(tmp_path / "out", "--format", "datapackage", "--redact", "none")
    assert told["redaction"] == {"level": "none", "masked": {}}
    assert told["tables"]["versions"] == len(HOSTILE) + 3
    return tmp_path / "out"


def descriptor_of(package: Path) -> Any:
    return json.loads((package / "datapackage.json").read_text("utf-8"))


def cells_of(path: Path) -> list[dict[str, str]]:
    """The rows with their cells as they stand in the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows with their texts, read as the descriptor says."""
    escaping = descriptor_of(path.parent)["escaping"]
    if escaping is None:
        return cells_of(path)
    mark, before = escaping["character"], tuple(escaping["before"])
    return [
        {
            name: cell[1:] if cell.startswith(mark) and cell.lstrip(mark).startswith(before) else cell
            for name, cell in row.items()
        }
        for row in cells_of(path)
    ]


def test_it_is_valid(package: Path) -> None:
    judged = frictionless.validate(str(package / "datapackage.json"))
    assert judged.valid, judged.flatten(["title", "rowNumber", "fieldName", "message"])
    assert judged.stats["tasks"] == len(TABLES)


def test_no_cell_begins_a_formula(package: Path) -> None:
    cells = [
        row[column.name]
        for table in TABLES
        for row in cells_of(package / f"{table.name}.csv")
        for column in table.columns
        if column.kind != "number"  # -11 is a number for a spreadsheet too
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))]
    assert {"'=1+1", "'-2+3", "'@SUM(A1)", "'+86"} <= set(cells)


def test_texts_are_bare_when_that_is_asked_for(archive: Database, tmp_path: Path) -> None:
    export(tmp_path / "out", "--format", "datapackage", "--redact", "none", "--no-escape")
    assert descriptor_of(tmp_path / "out")["escaping"] is None
    assert {row["text"] for row in cells_of(tmp_path / "out" / "versions.csv")} >= set(HOSTILE)


@given(st.text(st.sampled_from("'=+-@a1 ＝\t\n\r\""), max_size=6))
def test_an_escaped_text_can_be_had_back(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "portals.csv"
    row = {"name": "a", "title": said, "division": None, "site_code": None, "entry": "https://a/"}
    with CsvTable(path, PORTALS, escape=True) as table:
        table.write(row)
    (read,) = cells_of(path)
    back = re.sub(r"^'(?='*[=+\-@\t\r\n＝＋－＠])", "", read["title"])
    assert back == said
    assert not read["title"].startswith(tuple("=+-@\t\r\n＝＋－＠"))


def test_a_changed_byte_is_seen(package: Path) -> None:
    path = package / "edits.csv"
    path.write_bytes(path.read_bytes().replace("打印".encode(), "打卬".encode(), 1))
    assert not frictionless.validate(str(package / "datapackage.json")).valid


def test_a_reference_to_nothing_is_seen(package: Path) -> None:
    path = package / "captures.csv"
    path.write_bytes(b"\r\n".join(path.read_bytes().split(b"\r\n")[:3]) + b"\r\n")
    judged = frictionless.validate(str(package / "datapackage.json"))
    assert "foreign-key" in {error[0] for error in judged.flatten(["type"])}


def _value(cell: str, column: Column) -> Any:
    if cell == "" and column.nullable:
        return None
    match column.kind:
        case "string":
            return cell
        case "integer":
            return int(cell)
        case "number":
            return float(cell)
        case "boolean":
            return {"true": True, "false": False}[cell]
        case "date":
            return date.fromisoformat(cell)
        case "datetime":
            return datetime.fromisoformat(cell)
        case _:
            return json.loads(cell)


def test_every_cell_is_what_the_database_holds(package: Path, archive: Database) -> None:
    for table in TABLES:
        read = [
            {column.name: _value(row[column.name], column) for column in table.columns}
            for row in read_csv(package / f"{table.name}.csv")
        ]
        held = rows_of_database(archive, table)
        for row in held:
            # In a column that may be empty, an empty text and no text look the same.
            row.update(
                {
                    column.name: row[column.name] or None
                    for column in table.columns
                    if column.nullable and row[column.name] == ""
                }
            )
        assert read == held
        assert read, table.name
    texts = {row["text"] for row in read_csv(package / "versions.csv")}
    assert texts >= set(HOSTILE)


def test_it_says_what_it_is(package: Path) -> None:
    told = descriptor_of(package)
    assert told["profile"] == "tabular-data-package"
    assert told["software"] == f"gxgk_crawler/{__version__}"
    assert datetime.fromisoformat(told["created"]).tzinfo is not None
    assert told["filters"] == {}
    assert told["redaction"] == {"level": "none", "masked": {}}
    assert told["sources"] == [
        {"title": "别样县人民政府", "path": "https://www.other.gov.cn/"},
        {"title": "样本市人民政府", "path": "https://www.sample.gov.cn/"},
    ]
    assert "licenses" not in told, "nobody has licensed these texts"
    assert "Article 5" in told["rights"]
    for resource in told["resources"]:
        data = (package / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        assert resource["rows"] == len(read_csv(package / resource["path"]))


def test_csvw_lists_every_column_of_every_file(package: Path) -> None:
    told = json.loads((package / "csv-metadata.json").read_text("utf-8"))
    assert told["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [table["url"] for table in told["tables"]] == [f"{table.name}.csv" for table in TABLES]
    keys = {}
    for described in told["tables"]:
        header = (package / described["url"]).read_bytes().split(b"\r\n", 1)[0].decode()
        schema = described["tableSchema"]
        names = [column["name"] for column in schema["columns"]]
        assert ",".join(names) == header
        assert all(column["dc:description"] and column["titles"] == column["name"] for column in schema["columns"])
        assert {
            column["datatype"] if isinstance(column["datatype"], str) else column["datatype"]["base"]
            for column in schema["columns"]
        } <= {"string", "integer", "double", "boolean", "date", "dateTimeStamp", "json"}
        assert set(schema["primaryKey"]) <= set(names)
        keys[described["url"]] = schema["primaryKey"]
    for described in told["tables"]:
        for foreign in described["tableSchema"]["foreignKeys"]:
            assert foreign["reference"]["columnReference"] == keys[foreign["reference"]["resource"]]
            assert set(foreign["columnReference"]) <= {c["name"] for c in described["tableSchema"]["columns"]}
