"""A command of ours in a process of its own: its output goes to a log, and it does not outlive us."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gxgk_crawler.config import config
from gxgk_crawler.errors import StorageError
from gxgk_crawler.logs import message_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KEPT = timedelta(days=90)
_TAIL = 65_536  # bytes; the last line of a log is said to be shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended. code: below 0 = by that signal. line: the last that it said."""

    code: int
    line: str
    log: Path


class Process:
    """A running command. name: begins the name of its log. Signals of our terminal do not reach it, only ours do.

    Raises StorageError when it cannot be begun, for want of disk or memory.
    """

    def __init__(self, name: str, module: str, arguments: Sequence[str]) -> None:
        self._name = name
        logs = _logs()
        self.log = logs / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
        try:
            logs.mkdir(parents=True, exist_ok=True)
            with self.log.open("ab") as sink:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                    [sys.executable, "-m", "gxgk_crawler.jobs.watchdog", module, *arguments],
                    stdin=subprocess.PIPE,
                    stdout=sink,
                    stderr=sink,
                    env=os.environ | {"SCRAPY_SETTINGS_MODULE": "gxgk_crawler.settings"},
                    start_new_session=True,
                )
        except OSError as error:
            raise StorageError(f"{name} cannot be begun: {error.strerror} ({error.filename})") from error

    def wait(self) -> Ended:
        """Return when it has ended."""
        with self._process:  # closes the leash
            code = self._process.wait()
        with self.log.open("rb") as said:
            said.seek(max(said.seek(0, os.SEEK_END) - _TAIL, 0))
            lines = said.read().decode("utf-8", "replace").splitlines()
        line = message_of(lines[-1]) if lines and code >= 0 else f"{self._name}: killed by signal {-code}"
        return Ended(code=code, line=line if lines or code < 0 else f"{self._name}: no output", log=self.log)

    def stop(self) -> None:
        """Ask it to end in order."""
        self._process.terminate()

    def kill(self) -> None:
        """End it now."""
        self._process.kill()


class Processes:
    """The processes that run for us at a time. Usable from several threads."""

    def __init__(self) -> None:
        self._running: set[Process] = set()
        self._lock = threading.Lock()
        self.stopping = False

    def run(self, name: str, module: str, arguments: Sequence[str]) -> Ended | None:
        """Run a command to its end; None when we are stopping, and it was not begun."""
        with self._lock:
            if self.stopping:
                return None
            process = Process(name, module, arguments)
            self._running.add(process)
        try:
            return process.wait()
        finally:
            with self._lock:
                self._running.discard(process)

    def stop(self) -> int:
        """Begin nothing more, and ask what runs to end in order; how many those are. Asked again: end them now."""
        with self._lock:
            for process in self._running:
                if self.stopping:
                    process.kill()
                else:
                    process.stop()
            self.stopping = True
            return len(self._running)


def forget_logs() -> None:
    """Delete the logs of processes that ended long ago."""
    before = (datetime.now(UTC) - _KEPT).timestamp()
    for log in _logs().glob("*.log"):
        try:
            if log.stat().st_mtime < before:
                log.unlink()
        except FileNotFoundError:  # by another worker, this very moment
            continue


def _logs() -> Path:
    return config().home / "logs"
