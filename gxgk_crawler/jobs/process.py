"""A gxgk or scrapy command in a process of its own, which writes its output to a log and ends when this process does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gxgk_crawler.errors import StorageError
from gxgk_crawler.logs import message_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KEPT = timedelta(days=90)
_TAIL = 65_536  # bytes; the last line of a log is taken to be shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """How a process ended. code: exit code; below 0 = killed by that signal. line: the last one of its log. log: its path."""

    code: int
    line: str
    log: Path


class Process:
    """A running command. Signals of this terminal do not reach it; it gets only those that `stop` and `kill` send."""

    def __init__(self, logs: Path, name: str, module: str, arguments: Sequence[str]) -> None:
        """Start `python -m MODULE ARGUMENT...`. Raises StorageError when that fails, for want of disk or memory.

        logs: directory of the log. name: first part of the log's name.
        """
        self._name = name
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
            raise StorageError(f"{name} cannot be started: {error.strerror} ({error.filename})") from error

    def wait(self) -> ProcessResult:
        """Wait until the process has ended."""
        with self._process:  # closes the pipe that the watchdog reads
            code = self._process.wait()
        with self.log.open("rb") as said:
            said.seek(max(said.seek(0, os.SEEK_END) - _TAIL, 0))
            lines = said.read().decode("utf-8", "replace").splitlines()
        line = message_of(lines[-1]) if lines and code >= 0 else f"{self._name}: killed by signal {-code}"
        return ProcessResult(code=code, line=line if lines or code < 0 else f"{self._name}: no output", log=self.log)

    def stop(self) -> None:
        """Ask it to end in order."""
        self._process.terminate()

    def kill(self) -> None:
        """End it now."""
        self._process.kill()


class Processes:
    """The processes that this one has started and that still run. Usable from several threads. logs: directory of their logs."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: set[Process] = set()
        self._lock = threading.Lock()
        self.stopping = False

    def run(self, name: str, module: str, arguments: Sequence[str]) -> ProcessResult | None:
        """Run a command to its end; None when `stop` was called before, and the command was not started."""
        with self._lock:
            if self.stopping:
                return None
            process = Process(self._logs, name, module, arguments)
            self._running.add(process)
        try:
            return process.wait()
        finally:
            with self._lock:
                self._running.discard(process)

    def stop(self) -> int:
        """Start nothing more, and ask the running processes to end in order; how many those are. A second call kills them."""
        with self._lock:
            for process in self._running:
                if self.stopping:
                    process.kill()
                else:
                    process.stop()
            self.stopping = True
            return len(self._running)

    def forget_logs(self) -> None:
        """Delete the logs of processes that ended long ago."""
        before = (datetime.now(UTC) - _KEPT).timestamp()
        for log in self._logs.glob("*.log"):
            try:
                if log.stat().st_mtime < before:
                    log.unlink()
            except FileNotFoundError:  # another worker has just deleted it
                continue
