"""A started process ends when the one that started it does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.errors import StorageError
from gxgk_crawler.jobs.process import Processes
from tests.jobs.conftest import eventually

if TYPE_CHECKING:
    from collections.abc import Mapping

CHILD = """
    import pathlib, signal, sys, time

    here = pathlib.Path(sys.argv[1])
    def ended(*_):
        (here / "ended").touch()
        sys.exit(0)
    signal.signal(signal.SIGTERM, {handler})
    (here / "began").write_text(str(len(sys.argv)))
    print("第一行", flush=True)
    print('{{"message": "最后一行"}}', flush=True)
    time.sleep({seconds})
"""
PARENT = """
import pathlib, sys
from gxgk_crawler.jobs.process import Process
Process(pathlib.Path(sys.argv[1], "logs"), "x", "child", [sys.argv[1]]).wait()
"""


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The environment in which the module `child` is found."""
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    monkeypatch.setenv("PYTHONPATH", path)
    return os.environ


def write_child(directory: Path, *, handler: str = "ended", seconds: float = 100) -> None:
    code = textwrap.dedent(CHILD).format(handler=handler, seconds=seconds)
    (directory / "child.py").write_text(code, "utf-8")


@pytest.mark.process
def test_the_last_line_of_a_log_is_what_it_said(tmp_path: Path, environ: Mapping[str, str]) -> None:
    write_child(tmp_path, seconds=0)
    ended = Processes(tmp_path / "logs").run("x", "child", [str(tmp_path)])
    assert ended is not None
    assert ended.code == 0
    assert ended.line == "最后一行"
    assert ended.log.read_text("utf-8").startswith("第一行\n")
    assert (tmp_path / "began").read_text() == "2"


@pytest.mark.process
def test_a_child_ends_in_order_when_its_parent_is_killed(tmp_path: Path, environ: Mapping[str, str]) -> None:
    write_child(tmp_path)
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], env=dict(environ))
    assert eventually((tmp_path / "began").exists)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert eventually((tmp_path / "ended").exists)


@pytest.mark.process
def test_a_child_that_will_not_end_is_killed(tmp_path: Path, environ: Mapping[str, str]) -> None:
    write_child(tmp_path, handler="signal.SIG_IGN")
    watchdog = "from gxgk_crawler.jobs import watchdog; watchdog.PATIENCE = 0.5; watchdog.main()"
    child = subprocess.Popen(
        [sys.executable, "-c", watchdog, "child", str(tmp_path)], env=dict(environ), stdin=subprocess.PIPE
    )
    assert eventually((tmp_path / "began").exists)
    with child:
        pass  # closes the pipe, and waits
    assert child.returncode == -signal.SIGKILL


def test_nothing_begins_after_a_stop(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "logs")
    assert processes.stop() == 0
    assert processes.run("x", "child", [str(tmp_path)]) is None


def test_what_cannot_begin_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file, not a directory")
    with pytest.raises(StorageError, match="x cannot be started") as error:
        Processes(tmp_path / "logs").run("x", "child", [])
    assert "\n" not in str(error.value)


def test_old_logs_are_forgotten(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    processes = Processes(logs)
    processes.forget_logs()
    logs.mkdir()
    for name in ("old.log", "new.log", "old.txt"):
        (logs / name).touch()
        if name.startswith("old"):
            os.utime(logs / name, (0, 0))
    processes.forget_logs()
    assert sorted(path.name for path in logs.iterdir()) == ["new.log", "old.txt"]
