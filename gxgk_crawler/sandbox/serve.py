"""The life of a child: `python -m gxgk_crawler.sandbox.serve SECONDS`. Calls come in on stdin, answers go out on stdout.

A call is a pickled (function, args, kwargs): the parent is trusted. An answer is plain data, because the child is not: a
JSON `Envelope`, and after it, when the call succeeded, the returned value as JSON.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
from collections import deque
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from gxgk_crawler.sandbox.confinement import allow_cpu, confine, used_cpu

LARGEST_ANSWER = 192 << 20  # bytes; a document of 5 million characters takes 150 million with its search vectors
_MOST_LINES = 20  # of the log, for each call
_LONGEST_LINE = 2000
_LONGEST_REASON = 2000
_SPENT = (MemoryError, RecursionError)  # after these a fresh process is safer


class LogLine(msgspec.Struct, frozen=True):
    """One line that the child logged. level: as a number."""

    level: int
    message: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What comes before an answer. error: why there is none. is_last: the child ends now, and a new one must take over."""

    error: str | None = None
    log: list[LogLine] = []  # msgspec copies it
    is_last: bool = False


class _Kept(logging.Handler):
    """Keeps warnings for the parent: a child may write to no log itself."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: deque[LogLine] = deque(maxlen=_MOST_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        message = f"{record.name}: {self.format(record)}"
        self._lines.append(LogLine(record.levelno, message[:_LONGEST_LINE]))

    def take(self) -> list[LogLine]:
        lines = list(self._lines)
        self._lines.clear()
        return lines


def main() -> None:
    """Serve one call after the other until the parent closes the pipe or dies."""
    from gxgk_crawler.sandbox import report  # noqa: PLC0415 - the parent need not wait half a second for it, the first call neither

    assert report
    seconds = float(sys.argv[1])
    calls: Connection[Any, Any] = Connection(os.dup(0), writable=False)
    answers: Connection[Any, Any] = Connection(os.dup(1), readable=False)
    kept = _Kept()
    logging.root.addHandler(kept)
    logging.captureWarnings(capture=True)
    nothing = os.open(os.devnull, os.O_RDWR)
    confinement = confine()
    for stream in (0, 1, 2):  # what libraries print is not read, and a full pipe would stop them
        os.dup2(nothing, stream)
    answers.send_bytes(msgspec.json.encode(confinement))
    while True:
        try:
            function, args, kwargs = calls.recv()
        except EOFError:
            return
        allow_cpu(seconds)
        envelope, value = _answer(function, args, kwargs)
        is_last = envelope.is_last or _is_spent(seconds)
        answers.send_bytes(_plain(msgspec.structs.replace(envelope, log=kept.take(), is_last=is_last)))
        if envelope.error is None:
            answers.send_bytes(value)
        if is_last:
            return


def _answer(function: Any, args: Any, kwargs: Any) -> tuple[Envelope, bytes]:
    try:
        value = _plain(function(*args, **kwargs))
    except Exception as error:  # noqa: BLE001  # whatever a page does to a library must come back as an answer
        reason = f"{type(error).__name__}: {error}".removesuffix(": ")[:_LONGEST_REASON]
        return Envelope(error=reason, is_last=isinstance(error, _SPENT)), b""
    if len(value) > LARGEST_ANSWER:
        return Envelope(error=f"what was read out of it is too large: {len(value)} bytes", is_last=True), b""
    return Envelope(), value


def _plain(value: Any) -> bytes:
    """The value as JSON. Lone surrogates, which hostile pages contain, have no UTF-8: then all that is not ASCII is escaped."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode()


def _is_spent(seconds: float) -> bool:
    """True when another call might reach the hard limit of processor time."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    return hard != resource.RLIM_INFINITY and used_cpu() + seconds > hard


if __name__ == "__main__":
    main()
