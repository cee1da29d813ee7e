"""Commands in processes of their own that need not import everything anew.

Nine tenths of a short `gxgk` or `scrapy` command are imports. A process that has imported them (tests/prepared.py) waits for
requests and forks. What reads the environment while modules are imported cannot be prepared so; such a command is started as a
person starts it.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent

EVENT = "tests.commands.run"  # what audit hooks hear, because a fork in another process is no event in this one

_AT_IMPORT = re.compile(r"PYTHON|LC_|LANG|TZ$|TERM|NO_COLOR$|FORCE_COLOR$|LD_|DYLD_")
LENGTH = struct.Struct("!Q")


def run(
    command: Sequence[str | Path], environ: Mapping[str, str], *, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `gxgk` or `scrapy` to its end, with its output as text. Raises subprocess.TimeoutExpired.

    command: its first word is the name or the path of one of the two. timeout: seconds.
    """
    words = [str(word) for word in command]
    sys.audit(EVENT, words)
    if not _can_fork(environ):
        words[0] = str(BIN / Path(words[0]).name)
        return subprocess.run(words, env=environ, capture_output=True, text=True, timeout=timeout, check=False)
    return _prepared().run(words, environ, timeout)


def start(command: Sequence[str | Path], environ: Mapping[str, str], *, stderr: int = subprocess.DEVNULL) -> Process:
    """Start `gxgk` or `scrapy` in a session of its own, as the leader of its process group.

    stderr: subprocess.PIPE, subprocess.DEVNULL, or a descriptor.
    """
    words = [str(word) for word in command]
    sys.audit(EVENT, words)
    if not _can_fork(environ):
        words[0] = str(BIN / Path(words[0]).name)
        return subprocess.Popen(
            words, env=environ, stdout=subprocess.DEVNULL, stderr=stderr, text=True, start_new_session=True
        )
    return _prepared().start(words, environ, stderr)


def close() -> None:
    """End the process that waits for commands, if one was started."""
    while _running:
        _running.pop().close()


def _can_fork(environ: Mapping[str, str]) -> bool:
    return sys.platform == "linux" and _read_at_import(environ) == _read_at_import(os.environ)


def _read_at_import(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if _AT_IMPORT.match(name)}


_running: list[_Prepared] = []
_lock = threading.Lock()


def _prepared() -> _Prepared:
    with _lock:
        if not _running:
            _running.append(_Prepared())
        return _running[0]


class _Prepared:
    """The process that has imported everything, seen from the tests. One command at a time."""

    def __init__(self) -> None:
        self._socket, there = socket.socketpair()
        with there:
            command = [sys.executable, "-m", "tests.prepared", str(there.fileno())]
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[there.fileno()])
        self._turn = threading.Lock()

    def close(self) -> None:
        self._socket.close()
        self._process.wait(timeout=60)

    def run(self, words: list[str], environ: Mapping[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
        with self._turn, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            pid = self._ask(words, environ, out.fileno(), err.fileno())
            code = self._wait(pid, words, timeout)
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(words, code, out.read().decode(), err.read().decode())

    def start(self, words: list[str], environ: Mapping[str, str], stderr: int) -> Started:
        own, ended = os.pipe()
        said, err = os.pipe() if stderr == subprocess.PIPE else (None, os.dup(stderr) if stderr >= 0 else _nothing())
        out = _nothing()
        with self._turn:
            self._ask(words, environ, out, err, ended)
            exactly(self._socket, LENGTH.size)  # the fork between has ended
        for descriptor in (out, err, ended):
            os.close(descriptor)
        return Started(words, own, said)

    def _ask(self, words: list[str], environ: Mapping[str, str], *descriptors: int) -> int:
        request = json.dumps({"words": words, "environ": dict(environ), "directory": str(Path.cwd())}).encode()
        socket.send_fds(self._socket, [LENGTH.pack(len(request))], descriptors)
        self._socket.sendall(request)
        return int.from_bytes(exactly(self._socket, LENGTH.size))

    def _wait(self, pid: int, words: list[str], timeout: float) -> int:
        self._socket.settimeout(timeout)
        try:
            answer = exactly(self._socket, LENGTH.size)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._socket.settimeout(None)
            exactly(self._socket, LENGTH.size)
            raise subprocess.TimeoutExpired(words, timeout) from None
        finally:
            self._socket.settimeout(None)
        return int.from_bytes(answer, signed=True)


class Started:
    """A forked command that runs: what tests use of subprocess.Popen."""

    def __init__(self, words: list[str], ended: int, stderr: int | None) -> None:
        self._words, self._ended = words, os.fdopen(ended, "rb", buffering=0)
        self.pid = self._told()
        self.returncode: int | None = None
        self.stderr = None if stderr is None else os.fdopen(stderr, encoding="utf-8")

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], 0)[0]:
            return self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self._words, timeout or 0)
            self.returncode = self._told()
            self._ended.close()
        return self.returncode

    def _told(self) -> int:
        number = self._ended.read(LENGTH.size)
        assert len(number) == LENGTH.size, "the process between is gone"
        return int.from_bytes(number, signed=True)

    def communicate(self, timeout: float | None = None) -> tuple[None, str]:
        """Nothing, and what it said on standard error until it ended."""
        assert self.stderr is not None
        with self.stderr as stderr:
            said = stderr.read()
        self.wait(timeout)
        return None, said

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


Process = Started | subprocess.Popen[str]


def _nothing() -> int:
    return os.open(os.devnull, os.O_RDWR)


def exactly(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise EOFError("the process that waits for commands is gone")
        data += piece
    return data
