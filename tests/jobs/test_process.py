"""A process of ours ends when we do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
PARENT = "import sys; from gxgk_crawler.jobs.process import Process; Process('x', 'child', [sys.argv[1]]).wait()"


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The environment in which the module `child` is found."""
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("GXGK_HOME", str(tmp_path))
    return os.environ


def write_child(directory: Path, *, handler: str = "ended", seconds: float = 100) -> None:
    code = textwrap.dedent(CHILD).format(handler=handler, seconds=seconds)
    (directory / "child.py").write_text(code, "utf-8")


def test_the_last_line_of_a_log_is_what_it_said(
    tmp_path: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_child(tmp_path, seconds=0)
    monkeypatch.setattr("gxgk_crawler.jobs.process.config", lambda: type("C", (), {"home": tmp_path}))
    ended = Processes().run("x", "child", [str(tmp_path)])
    assert ended is not None
    assert ended.code == 0
    assert ended.line == "最后一行"
    assert ended.log.read_text("utf-8").startswith("第一行\n")
    assert (tmp_path / "began").read_text() == "2"


def test_a_child_ends_in_order_when_its_parent_is_killed(tmp_path: Path, environ: Mapping[str, str]) -> None:
    write_child(tmp_path)
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], env=dict(environ))
    assert eventually((tmp_path / "began").exists)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert eventually((tmp_path / "ended").exists)


def test_a_child_that_will_not_end_is_killed(tmp_path: Path, environ: Mapping[str, str]) -> None:
    write_child(tmp_path, handler="signal.SIG_IGN")
    leash = "from gxgk_crawler.jobs import leash; leash.PATIENCE = 0.5; leash.main()"
    child = subprocess.Popen(
        [sys.executable, "-c", leash, "child", str(tmp_path)], env=dict(environ), stdin=subprocess.PIPE
    )
    assert eventually((tmp_path / "began").exists)
    with child:
        pass  # lets go of the leash, and waits
    assert child.returncode == -signal.SIGKILL


def test_nothing_begins_after_a_stop(tmp_path: Path) -> None:
    processes = Processes()
    assert processes.stop() == 0
    assert processes.run("x", "child", [str(tmp_path)]) is None
