"""The systemd units of docs/ start commands that exist, and stop them as they want to be stopped."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app

UNITS = sorted((Path(__file__).parents[2] / "docs" / "systemd").glob("gxgk-*"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


def read(unit: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=True, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(unit, "utf-8")
    return parsed


def test_there_are_a_worker_and_a_timer() -> None:
    assert {unit.name for unit in UNITS} == {"gxgk-worker.service", "gxgk-crawl-due.service", "gxgk-crawl-due.timer"}
    timer = read(next(unit for unit in UNITS if unit.suffix == ".timer"))["Timer"]
    assert timer["Persistent"] == "true"
    assert "RandomizedDelaySec" in timer


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: str(unit.name))
def test_a_service_runs_a_command_that_exists_and_lets_its_crawls_end(unit: Path) -> None:
    service = read(unit)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/gxgk")
    shown = CliRunner().invoke(app, [arguments[0], "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert shown.exit_code == 0
    assert all(argument in shown.output for argument in arguments if argument.startswith("--"))
    assert service["KillMode"] == "process"
    assert int(service["TimeoutStopSec"]) > 180
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"


@pytest.mark.process
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    copies = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text("utf-8").replace("/opt/gxgk/bin/gxgk", "/bin/true"), "utf-8")
        copies.append(str(copy))
    ended = subprocess.run(["systemd-analyze", "verify", *copies], capture_output=True, text=True, check=False)
    ours = [line for line in ended.stderr.splitlines() if "gxgk" in line]
    assert ours == []
