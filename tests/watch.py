"""A test that starts a process carries a mark, `crawl` or `process`, so that `make test-fast` starts none.

Python reports every new process to its audit hooks. The hook here remembers what a test without a mark starts, and the test
fails for it. What a fixture starts once for the whole run (the database server) is no test's own.
"""

from __future__ import annotations

import contextlib
import importlib
import platform
import sys
from typing import TYPE_CHECKING

import pytest

from tests import commands

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = ("crawl", "process")
_EVENTS = {
    "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn", "subprocess.Popen", commands.EVENT,
}  # fmt: skip

_started: list[str] = []
_is_shared = False


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event in _EVENTS and not _is_shared:
        _started.append(f"{event} {arguments[:2]}")


def begin() -> None:
    """Hear of every process from now on: an audit hook cannot be taken away again."""
    # Both ask programs about the machine, once in a process: what an archive file says of it, and Procrastinate's timetables.
    platform.platform()
    importlib.import_module("croniter")
    sys.addaudithook(_hook)


@contextlib.contextmanager
def for_the_whole_run() -> Iterator[None]:
    """What starts here is shared by tests, and none of them answers for it."""
    global _is_shared  # noqa: PLW0603
    before, _is_shared = _is_shared, True
    try:
        yield
    finally:
        _is_shared = before


@contextlib.contextmanager
def of(item: pytest.Item) -> Iterator[None]:
    """A step of a test. Fails it when it starts a process and the test has no mark that says so."""
    _started.clear()
    yield
    if _started and not any(item.get_closest_marker(mark) for mark in MARKS):
        pytest.fail(
            f"this test starts a process, so it needs the mark `crawl` or `process`: {_started[0][:300]}", pytrace=False
        )
