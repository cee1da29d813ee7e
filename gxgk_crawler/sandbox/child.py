"""A child process that reads hostile bytes: confined, limited in time and memory, and replaced when it dies.

Reading in a child was measured against reading in the event loop and in a thread (docs/performance.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from threading import Event, Lock, Timer
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, get_type_hints

from gxgk_crawler.entries import decode_json
from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.sandbox.confinement import Confinement, environment
from gxgk_crawler.sandbox.serve import LARGEST_ANSWER, Envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

SECONDS = 60.0  # of one call
_PROGRAM = "gxgk_crawler.sandbox.serve"
_START_SECONDS = 60.0
_LARGEST_ENVELOPE = 1 << 20  # bytes of what comes before an answer


@dataclass(frozen=True, slots=True)
class _Process:
    """A running child, the pipes to and from it, and how it is confined."""

    popen: subprocess.Popen[bytes]
    calls: Connection[Any, Any]
    answers: Connection[Any, Any]
    confinement: Confinement | None = None
    is_closing: Lock = field(default_factory=Lock)

    def kill(self) -> None:
        """Kill the child and every process that it may have started. Any thread may do it."""
        with self.is_closing:
            if self.popen.returncode is None:  # else the number may belong to another process by now
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.popen.pid, signal.SIGKILL)

    def close(self) -> None:
        self.kill()
        with self.is_closing:
            self.popen.wait()
        self.calls.close()
        self.answers.close()


class Child:
    """Runs importable functions in a child process, one after the other; a context manager.

    The answer comes back as plain data and is decoded by the function's return annotation.

    seconds: longest time one call may take. `run` and `start` are not thread-safe from outside the event loop that awaits
    them; `call` is for programs that have no event loop.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sandbox")
        self._process: _Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args, **kwargs)`, run in the child.

        Raises ExtractionError when the child takes too long, dies, or the function raises; the next call gets a new child.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, function, args, kwargs)

    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, and waits for the answer."""
        value: T = self._thread.submit(self._call, function, args, kwargs).result()
        return value

    def start(self) -> None:
        """Start the child ahead of the first call, so that its imports overlap with the first downloads."""
        self._thread.submit(self._ready)

    def confinement(self) -> Confinement:
        """What holds the child. Raises ExtractionError when none can be started."""
        found = self._thread.submit(self._ready).result().confinement
        assert found is not None
        return found

    def close(self) -> None:
        """End the child, whatever it is doing, and wait for it."""
        if self._process is not None:
            self._process.kill()
        self._thread.submit(self._end).result()
        self._thread.shutdown()

    def _call(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        process = self._ready()
        is_overdue = Event()
        try:
            with _at_most(self._seconds, process, is_overdue):
                process.calls.send((function, args, kwargs))
                envelope = decode_json(process.answers.recv_bytes(_LARGEST_ENVELOPE), Envelope)
                data = process.answers.recv_bytes(LARGEST_ANSWER) if envelope.error is None else None
            value = None if data is None else decode_json(data, _answer_type(function))
        except (EOFError, OSError, ValueError) as error:
            self._end()
            reason = "the reader died, out of memory or by a fault in a library"
            if is_overdue.is_set():
                reason = f"reading took more than {self._seconds:g} seconds"
            elif isinstance(error, ValueError):
                reason = f"the reader gave no answer of the right kind: {error}"
            raise ExtractionError(reason) from error
        for line in envelope.log:
            logger.log(line.level, "%s", line.message)
        if envelope.is_last:
            self._end()
        if envelope.error is not None:
            raise ExtractionError(envelope.error)
        return value

    def _ready(self) -> _Process:
        # A child that waits for a call says nothing: what can be read from it is its end.
        if self._process is not None and self._process.answers.poll():
            self._end()
        if self._process is None:
            self._process = _started(self._seconds)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.close()
        self._process = None


@contextlib.contextmanager
def _at_most(seconds: float, process: _Process, is_overdue: Event) -> Iterator[None]:
    """Kill the process when the block takes longer: it may also stop in the middle of taking a call or giving an answer."""

    def stop() -> None:
        is_overdue.set()
        process.kill()

    watchdog = Timer(seconds, stop)
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _started(seconds: float) -> _Process:
    """A new child, ready for calls. Raises ExtractionError when it does not start."""
    command = [sys.executable, "-P", "-m", _PROGRAM, f"{seconds:g}"]
    popen = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,  # Ctrl-C is the parent's to answer, and the child is killed with all its group
    )
    assert popen.stdin is not None
    assert popen.stdout is not None
    assert popen.stderr is not None
    calls: Connection[Any, Any] = Connection(os.dup(popen.stdin.fileno()), readable=False)
    answers: Connection[Any, Any] = Connection(os.dup(popen.stdout.fileno()), writable=False)
    popen.stdin.close()
    popen.stdout.close()
    with popen.stderr as errors:
        try:
            confinement = _confinement(answers)
        except (EOFError, OSError, ValueError) as error:
            _Process(popen, calls, answers).close()
            said = errors.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise ExtractionError(": ".join(["the reader cannot be started", *said])) from error
    return _Process(popen, calls, answers, confinement)


def _confinement(answers: Connection[Any, Any]) -> Confinement:
    """The first that a child tells. Raises EOFError, OSError or ValueError when it does not."""
    if not answers.poll(_START_SECONDS):
        raise EOFError
    return decode_json(answers.recv_bytes(_LARGEST_ENVELOPE), Confinement)


@cache
def _answer_type(function: Callable[..., Any]) -> Any:
    return get_type_hints(function).get("return", Any)
