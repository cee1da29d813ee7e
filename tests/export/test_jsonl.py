"""JSON Lines: a line is what `gxgk show --json` prints, with the other versions."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.export.columns import CAPTURES, CRAWLS, OF_THE_REPORT, PORTALS, REPORT_OBJECTS
from tests.export.conftest import HOSTILE, export, rows_of_database

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database


def lines_of(path: Path) -> list[Any]:
    # Only \n ends a line: str.splitlines would also cut at U+2028.
    return [json.loads(line) for line in path.read_bytes().rstrip(b"\n").split(b"\n")]


def shown(report_id: int, version: int) -> Any:
    ended = CliRunner().invoke(app, ["show", str(report_id), "--version", str(version), "--json"])
    return json.loads(ended.stdout)


def same(value: Any) -> str:
    """A report with its times to the second, which the two commands print differently."""
    return json.dumps(value, sort_keys=True).replace(".000000Z", "+00:00")


def test_a_line_is_what_show_prints(archive: Database, tmp_path: Path) -> None:
    export(tmp_path / "out", "--format", "jsonl", "--redact", "none")
    lines = lines_of(tmp_path / "out" / "reports.jsonl")
    assert len(lines) == len(HOSTILE) + 1
    seen = 0
    for line in lines:
        assert list(line) == REPORT_OBJECTS.names
        others = line.pop("other_versions")
        for version in [line, *others]:
            digest = version.pop("text_sha256")
            assert digest == hashlib.sha256(version["text"].encode()).hexdigest()
            expected = shown(line["id"], version["version"])
            if version is not line:
                assert not set(OF_THE_REPORT) & version.keys()
                expected = {name: value for name, value in expected.items() if name not in OF_THE_REPORT}
            microseconds = ("fetched_at", "first_seen", "last_seen")
            for name in microseconds:
                if name in expected:
                    assert version.pop(name)[:19] == expected.pop(name)[:19]
            assert same(version) == same(expected)
            seen += 1
        assert [version["version"] for version in others] == sorted(version["version"] for version in others)
    assert seen == len(HOSTILE) + 3


def test_the_other_tables_are_lines_too(archive: Database, tmp_path: Path) -> None:
    told = export(tmp_path / "out", "--format", "jsonl", "--redact", "none")
    assert set(told["tables"]) == {"portals", "reports", "crawls", "captures"}
    for table in (PORTALS, CRAWLS, CAPTURES):
        lines = lines_of(tmp_path / "out" / f"{table.name}.jsonl")
        held = rows_of_database(archive, table)
        times = [column.name for column in table.columns if column.kind == "datetime"]
        for row in held:
            row.update({name: row[name].strftime("%Y-%m-%dT%H:%M:%S.%fZ") for name in times if row[name]})
        assert lines == held
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert [resource["path"] for resource in described["resources"]] == [
        "portals.jsonl",
        "reports.jsonl",
        "crawls.jsonl",
        "captures.jsonl",
    ]
