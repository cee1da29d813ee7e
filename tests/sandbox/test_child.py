"""The child that reads hostile bytes: whatever happens to it is an answer, and whatever it tries stays inside."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.attachments import AttachmentText, read_bytes
from gxgk_crawler.sandbox import child as child_module
from gxgk_crawler.sandbox.child import Child
from gxgk_crawler.sandbox.probe import probe
from tests.sandbox.hostile_child import trick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(seconds=5) as child:
        yield child


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [
        (bytes, 3 << 30, "MemoryError"),
        (bytes, 200 << 20, "what was read out of it is too large"),
        (time.sleep, 60, "took more than 5 seconds"),
        (os._exit, 3, "the reader died"),
        (os.kill, None, "the reader died"),
        (int, "no number", "ValueError: invalid literal"),
        (exec, "raise RecursionError", "RecursionError"),
    ],
    ids=["memory", "answer", "time", "exit", "signal", "exception", "recursion"],
)
def test_whatever_happens_to_the_child_is_an_answer(
    child: Child, function: Callable[..., Any], argument: Any, reason: str
) -> None:
    """Too much memory, too much time, sudden death: one page is lost, and the next one is read."""
    arguments = (argument,) if function is not os.kill else (child.call(os.getpid), 9)
    with pytest.raises(ExtractionError, match=reason):
        child.call(function, *arguments)
    assert child.call(abs, -2) == 2


def test_a_crawl_reads_without_stopping_its_event_loop(child: Child) -> None:
    async def crawl() -> AttachmentText:
        slow = asyncio.ensure_future(child.run(time.sleep, 0.5))
        turns = 0
        while not slow.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 10, "the loop went on while the child was reading"
        return await child.run(read_bytes, b"Rar!\x1a\x07\x00")

    assert asyncio.run(crawl()) == AttachmentText(
        media_type="application/vnd.rar", status="skipped", reason="no unar: RAR archives are not unpacked"
    )


def test_an_answer_keeps_halves_of_characters(child: Child) -> None:
    assert child.call(chr, 0xD83D) == "\ud83d"


def test_what_libraries_warn_of_is_logged_by_the_parent(child: Child, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        child.call(warnings.warn, "an odd page")
        child.call(exec, "import logging; [logging.error('line %d', n) for n in range(1000)]")
        child.call(exec, "import logging; logging.error('x' * 1000000)")
    assert "an odd page" in caplog.messages[0]
    assert caplog.messages[1:-1] == [f"root: line {number}" for number in range(980, 1000)]
    assert len(caplog.messages[-1]) <= 2000


# -- what it may not do


def refused(child: Child, function: Callable[..., Any], *arguments: Any) -> bool:
    try:
        child.call(function, *arguments)
    except ExtractionError as error:
        return str(error).startswith(("PermissionError", "BlockingIOError"))
    return False


@pytest.mark.process
def test_it_knows_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("GXGK_DATABASE_URL", "GXGK_ALARM_WEBHOOK", "PGPASSWORD", "HOME", "https_proxy", "SSH_AUTH_SOCK")
    for name in secrets:
        monkeypatch.setenv(name, "postgresql://user:secret@host/")
    with Child() as child:
        assert [child.call(os.getenv, name) for name in secrets] == [None] * len(secrets)
        assert not any("secret" in value for value in child.call(eval, "list(__import__('os').environ.values())"))


def test_it_reaches_no_network(child: Child) -> None:
    if child.confinement().network is None:
        pytest.skip("this platform cannot forbid it")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert refused(child, socket.create_connection, server.getsockname()[:2])
    assert refused(child, socket.socket, socket.AF_UNIX) or child.confinement().network != "seccomp"


def test_it_starts_no_process(child: Child) -> None:
    if child.confinement().processes is None:
        pytest.skip("this platform cannot forbid it")
    assert refused(child, os.fork)
    assert refused(child, subprocess.run, [sys.executable, "-c", ""])


def test_it_harms_no_other_process(child: Child) -> None:
    if child.confinement().processes != "seccomp":
        pytest.skip("this platform cannot forbid it")
    assert refused(child, os.kill, os.getpid(), 0)
    assert refused(child, os.kill, 0, 0)
    assert refused(child, os.kill, -1, 0)


def test_it_reads_and_writes_no_file(child: Child, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    assert child.confinement().file_bytes == 0
    with pytest.raises(ExtractionError):
        child.call(Path.write_text, tmp_path / "owned", "x")
    if child.confinement().files is None:
        pytest.skip("this platform cannot forbid reading")
    assert refused(child, Path.read_text, secret)
    assert refused(child, os.listdir, tmp_path)
    assert refused(child, os.unlink, secret)
    assert not (tmp_path / "owned").exists()


@pytest.mark.process
def test_its_limits_hold_where_the_hard_limits_are_lower_already() -> None:
    """As under `ulimit` or in a container: a limit can be lowered and never raised."""
    source = (
        "import resource\n"
        "for kind, most in ((resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_CPU, 200), (resource.RLIMIT_NOFILE, 50)):\n"
        "    resource.setrlimit(kind, (most, most))\n"
        "from gxgk_crawler.sandbox.child import Child\n"
        "with Child() as child:\n"
        "    print(child.confinement().memory_bytes, child.confinement().cpu_seconds, child.call(abs, -3))\n"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == ([str(1 << 30), "200", "3"], "")


@pytest.mark.process
def test_a_child_at_the_end_of_its_processor_time_is_replaced() -> None:
    """The hard limit cannot be raised again, so a child that might reach it in the next call gives up before."""
    source = (
        "import os, resource\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (30, 30))\n"
        "from gxgk_crawler.sandbox.child import Child\n"
        "with Child(seconds=60) as child:\n"
        "    print(len({child.call(os.getpid) for _ in range(3)}))\n"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["3"], "")


def test_it_uses_no_more_processor_time_than_a_call_may_take(child: Child) -> None:
    soft, hard = child.call(resource.getrlimit, resource.RLIMIT_CPU)
    used = child.call(time.process_time)
    assert soft <= used + 5 + 2
    assert hard >= soft


# -- what it may not answer


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    monkeypatch.setattr(child_module, "_PROGRAM", "tests.sandbox.hostile_child")
    with Child(seconds=5) as child:
        yield child


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pickle", "no answer of the right kind"),
        ("pickled value", "no answer of the right kind"),
        ("another type", "no answer of the right kind"),
        ("deep", "no answer of the right kind"),
        ("large", "the reader died"),
        ("half", "took more than 5 seconds"),
    ],
)
def test_an_answer_is_plain_data_of_the_right_kind_and_size(
    taken_over: Child, tmp_path: Path, name: str, reason: str
) -> None:
    with pytest.raises(ExtractionError, match=reason):
        taken_over.call(trick, name, str(tmp_path / "owned"))
    assert not (tmp_path / "owned").exists()


def is_alive(pid: int) -> bool:
    """False for a process that has ended, also before its parent has collected it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_it_has_started_dies_with_it(taken_over: Child, tmp_path: Path) -> None:
    with pytest.raises(ExtractionError, match="took more than"):
        taken_over.call(trick, "grandchild", str(tmp_path / "pid"))
    assert ends(int((tmp_path / "pid").read_text()))


def ends(pid: int) -> bool:
    """True when the process is gone within five seconds: the kernel kills it, a busy machine takes its time."""
    for _ in range(500):
        if not is_alive(pid):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it ends with the call in work")
def test_it_dies_with_its_parent() -> None:
    source = (
        "import os, sys, time\n"
        "from gxgk_crawler.sandbox.child import Child\n"
        "with Child() as child:\n"
        "    print(child.call(os.getpid), flush=True)\n"
        "    child.call(time.sleep, 50)\n"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.send_signal(signal.SIGKILL)
    assert ends(pid), "the child lives on"


def test_the_probe_says_what_holds_a_child(child: Child) -> None:
    assert probe() == child.confinement()


@pytest.mark.process
def test_a_child_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "_PROGRAM", "tests.sandbox.nowhere")
    with Child() as child, pytest.raises(ExtractionError, match=r"cannot be started: .*No module named"):
        child.call(abs, -1)
