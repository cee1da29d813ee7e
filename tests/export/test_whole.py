"""An export is whole, or it does not look like one; what is there is not lost by accident."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.errors import StorageError
from gxgk_crawler.export.rows import plain_row
from gxgk_crawler.store.reports import save_report
from tests.export.conftest import export
from tests.store.samples import report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gxgk_crawler.config import Config
    from gxgk_crawler.export.export_table import ExportTable
    from gxgk_crawler.redaction.redactor import Redactor
    from gxgk_crawler.store.postgres.database import Database

# A `gxgk export` that meets its end after so many rows.
CHILD = """
import os, resource, signal, sys
from gxgk_crawler.cli.main import main
from gxgk_crawler.export.{module} import {kind}
write, rows = {kind}.write, []
def one_more(self, row):
    rows.append(row)
    if len(rows) == {rows}:
        {end}
    write(self, row)
{kind}.write = one_more
sys.argv = ["gxgk", "export", *sys.argv[1:]]
main()
"""
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
# No bigger files from here on: the disk is full, as far as we can tell.
FULL = "resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))"
KINDS = {
    "datapackage": ("csv_table", "CsvTable"),
    "parquet": ("parquet_table", "ParquetTable"),
    "jsonl": ("json_lines", "JsonLines"),
}


def broken_export(config: Config, end: str, shape: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    module, kind = KINDS[shape]
    script = CHILD.format(module=module, kind=kind, rows=12, end=end)
    return run(config, script, *arguments, "--format", shape)


def run(config: Config, script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GXGK_HOME": str(config.home), "GXGK_DATABASE_URL": str(config.database_url)}
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.process
@pytest.mark.parametrize("shape", KINDS)
def test_a_killed_export_does_not_look_whole_and_stands_in_nobodys_way(
    archive: Database, database_config: Config, tmp_path: Path, shape: str
) -> None:
    out = tmp_path / "out"
    assert broken_export(database_config, KILLED, shape, out).returncode == -signal.SIGKILL
    assert [path.name for path in out.iterdir()] == [".unfinished"]
    export(out, "--format", shape)
    assert (out / "datapackage.json").is_file()
    assert not (out / ".unfinished").exists()


@pytest.mark.process
@pytest.mark.parametrize("shape", KINDS)
def test_a_full_disk_is_one_line(archive: Database, database_config: Config, tmp_path: Path, shape: str) -> None:
    out = tmp_path / "out"
    ended = broken_export(database_config, FULL, shape, out)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [f"gxgk: {out} cannot be used: File too large"]
    assert list(out.iterdir()) == []


@pytest.mark.process
def test_a_failed_replacement_leaves_what_was_there(archive: Database, database_config: Config, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(out, "--format", "datapackage")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert broken_export(database_config, FULL, "datapackage", out, "--replace").returncode == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.process
def test_killed_while_files_are_exchanged_it_does_not_look_whole(
    archive: Database, database_config: Config, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(out, "--format", "datapackage")
    patch = """
import pathlib
moved = []
def rename(self, target, original=pathlib.Path.rename):
    moved.append(target)
    if len(moved) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(self, target)
pathlib.Path.rename = rename
"""
    script = CHILD.format(module="csv_table", kind="CsvTable", rows=-1, end="pass").replace(
        "sys.argv =", f"{patch}sys.argv ="
    )
    ended = run(database_config, script, out, "--replace", "--format", "datapackage")
    assert ended.returncode == -signal.SIGKILL
    assert "datapackage.json" not in {path.name for path in out.iterdir()}
    with pytest.raises(StorageError, match=r"portals\.csv is not from a complete export of gxgk: remove it"):
        CliRunner().invoke(app, ["export", str(out), "--format", "datapackage", "--replace"], catch_exceptions=False)


def test_an_export_is_replaced_only_when_asked_and_as_a_whole(archive: Database, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(out, "--format", "datapackage")
    (out / "notes.txt").write_text("mine")
    with pytest.raises(StorageError, match=r"datapackage\.json already: give another directory, or --replace"):
        CliRunner().invoke(app, ["export", str(out), "--format", "jsonl"], catch_exceptions=False)
    told = export(out, "--format", "jsonl", "--replace", "--portal", "other")
    names = {Path(path).name for path in told["files"]}
    assert {path.name for path in out.iterdir()} == {*names, "datapackage.json", "notes.txt"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("reports.csv", "mine"),
        ("datapackage.json", '{"name": "of somebody else", "resources": [{"path": "reports.csv"}]}'),
        ("datapackage.json", "[]"),
        ("datapackage.json", '{"software": "gxgk_crawler/1", "resources": [{"path": "../precious"}, {"path": 7}]}'),
    ],
)
def test_files_of_others_are_never_replaced(archive: Database, tmp_path: Path, name: str, content: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "precious").write_text("mine")
    (out / name).write_text(content)
    (out / "reports.csv").write_text("mine")
    for options in ([], ["--replace"]):
        with pytest.raises(StorageError):
            CliRunner().invoke(app, ["export", str(out), "--format", "datapackage", *options], catch_exceptions=False)
    assert (out / "reports.csv").read_text() == "mine"
    assert (tmp_path / "precious").read_text() == "mine"
    assert (out / name).read_text() == ("mine" if name == "reports.csv" else content)


def test_two_exports_do_not_write_into_one_directory(archive: Database, tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(StorageError, match="another export is writing"):
        CliRunner().invoke(app, ["export", str(tmp_path), "--format", "jsonl"], catch_exceptions=False)
    os.close(descriptor)
    export(tmp_path, "--format", "jsonl")


def test_a_file_in_place_of_the_directory_is_one_line(archive: Database, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(StorageError, match="out cannot be used: File exists"):
        CliRunner().invoke(app, ["export", str(tmp_path / "out"), "--format", "jsonl"], catch_exceptions=False)


def test_a_reader_sees_no_row_without_what_it_refers_to(archive: Database, tmp_path: Path) -> None:
    """A crawl that writes while the export runs does not tear it: everything is read in one snapshot."""

    done: list[bool] = []

    def meanwhile(table: ExportTable, row: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
        if not done:
            done.append(True)
            with archive.begin() as conn:
                save_report(conn, report("新来的", 60, url="https://www.sample.gov.cn/new.html"), extractor_version="1")
        return plain_row(table, row, redactor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gxgk_crawler.export.package.plain_row", meanwhile)
        before = export(tmp_path / "a", "--format", "datapackage")["tables"]
    after = export(tmp_path / "b", "--format", "datapackage")["tables"]
    assert done
    assert (after["reports"], after["captures"]) == (before["reports"] + 1, before["captures"] + 1)
    described = json.loads((tmp_path / "a" / "datapackage.json").read_text("utf-8"))
    assert {one["name"]: one["rows"] for one in described["resources"]} == before
