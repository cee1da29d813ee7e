"""A child process that reads hostile bytes: limited in time and memory, replaced when it dies, never in the event loop.

One child serves one crawl. It was measured against doing the same in the event loop and in a thread (docs/performance.md).
"""

from __future__ import annotations

import asyncio
import resource
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context, resource_tracker
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.logs import install, installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from gxgk_crawler.logs import Log

P = ParamSpec("P")
T = TypeVar("T")

_MEMORY = 2 * 1024**3  # bytes of address space; the largest page measured needs a quarter of it


class Worker:
    """Runs importable functions in a child process, one after the other.

    seconds: longest time one call may take. Not thread-safe from outside the event loop that awaits it.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="worker", initializer=_leave_interrupts)
        self._child: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args, **kwargs)`, run in the child.

        Raises ExtractionError when the child takes too long, dies, or the function raises; the next call gets a new child.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, function, args, kwargs)

    def start(self) -> None:
        """Start the child ahead of the first call, so that its imports overlap with the first downloads."""
        self._thread.submit(self._connect)

    def close(self) -> None:
        """End the child and wait for it."""
        self._thread.submit(self._kill).result()
        self._thread.shutdown()

    def _call(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        pipe = self._connect()
        try:
            pipe.send((function, args, kwargs))
            answered = pipe.poll(self._seconds)
            good, value = pipe.recv() if answered else (False, f"reading took more than {self._seconds:g} seconds")
        except (EOFError, OSError) as error:
            self._kill()
            raise ExtractionError("the reader died, out of memory or by a fault in a library") from error
        if not answered:
            self._kill()
        if not good:
            raise ExtractionError(value)
        return value

    def _connect(self) -> Connection[Any, Any]:
        if self._pipe is not None and self._child is not None and self._child.is_alive():
            return self._pipe
        self._kill()
        context = get_context("spawn")  # a fork would copy the threads and locks of the crawl
        self._pipe, there = context.Pipe()
        self._child = context.Process(target=_serve, args=(there, installed()), daemon=True, name="gxgk-reader")
        self._child.start()
        there.close()
        return self._pipe

    def _kill(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child.close()
        self._pipe = self._child = None


def _leave_interrupts() -> None:
    """Ctrl-C is the crawl's to answer: the thread takes none, nor does a child it starts, not even before that can say so."""
    resource_tracker.ensure_running()  # when the first child starts it, it lets them in again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _serve(pipe: Connection[Any, Any], log: Log | None) -> None:
    """The life of the child: calls in, results out, until the crawl closes the pipe or dies."""
    if log is not None:
        install(log)  # libraries warn of what they read
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.RLIM_INFINITY))
    while True:
        try:
            function, args, kwargs = pipe.recv()
        except EOFError:
            return
        try:
            answer = (True, function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # whatever a page does to a library must come back as an answer
            answer = (False, f"{type(error).__name__}: {error}")
        pipe.send(answer)
