"""`gxgk db` as a person uses it: one line or one JSON value, nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.config import Config


pytestmark = pytest.mark.process


def db(*arguments: str, home: Path, url: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GXGK_DATABASE")}
    environment |= {"GXGK_HOME": str(home)} | ({"GXGK_DATABASE_URL": url} if url else {})
    command = [sys.executable, "-c", "from gxgk_crawler.cli.main import main; main()", "db", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def answer(*arguments: str, home: Path, url: str | None = None) -> Any:
    ended = db(*arguments, "--json", home=home, url=url)
    assert (ended.returncode, ended.stderr) == (0, "")
    return json.loads(ended.stdout)


def test_a_day_with_the_embedded_server(tmp_path: Path) -> None:
    assert answer("status", home=tmp_path)["running"] is False
    assert not (tmp_path / "pg").exists()
    assert answer("start", home=tmp_path)["pinned"] is True
    assert db("status", home=tmp_path).returncode == 1  # no schema yet: a person should run upgrade
    assert answer("upgrade", home=tmp_path)["before"] is None
    told = answer("status", home=tmp_path)
    assert (told["running"], told["revision"] == told["head"], told["error"]) == (True, True, None)
    url = answer("url", home=tmp_path)["url"]
    asked = db("psql", "-A", "-t", "-c", "select count(*) from reports", home=tmp_path)
    assert (asked.stdout, asked.returncode) == ("0\n", 0)
    # any client may use that address, and a second home may use it as its database
    assert answer("status", home=tmp_path / "other", url=url)["revision"] == told["head"]
    assert answer("stop", home=tmp_path)["stopped"] is True
    assert answer("stop", home=tmp_path)["stopped"] is False


def test_another_server_is_never_started_or_stopped(tmp_path: Path, empty_database: Config) -> None:
    url = empty_database.database_url
    for command in ("start", "stop"):
        ended = db(command, home=tmp_path, url=url)
        assert ended.returncode == 1
        assert ended.stderr.startswith("gxgk: GXGK_DATABASE_URL names another server")
    assert answer("upgrade", home=tmp_path, url=url)["before"] is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["upgrade", "status"])
def test_an_unreachable_server_is_one_line_without_the_password(tmp_path: Path, command: str) -> None:
    ended = db(command, home=tmp_path, url="postgresql://me:secret@127.0.0.1:1/none")
    assert ended.returncode == 1
    assert "127.0.0.1" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stdout + ended.stderr
