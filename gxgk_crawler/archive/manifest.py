"""The archive directory: its lock, and the manifest whose lines chain every sealed file to the one before.

`manifest.jsonl` holds one line per sealed file. `previous` is the SHA-256 of the line before (64 zeros for the first): to
change, drop or reorder a file, every line after its own would have to be changed too.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from gxgk_crawler.config import creation_mode
from gxgk_crawler.entries import decode_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MANIFEST = "manifest.jsonl"
FIRST = "0" * 64
_LOCK = ".lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """One line of the manifest. bytes: of the compressed file. records: all members. captures: response and revisit ones.

    sealed_at: UTC, ISO 8601. sha256: of the whole file; previous: of the manifest line before this one. line_sha256: of this
    line itself, empty before it is written; no part of the line.
    """

    file: str
    bytes: int
    records: int
    captures: int
    sha256: str
    sealed_at: str
    previous: str = FIRST
    line_sha256: str = field(default="", compare=False)


def try_lock(descriptor: int) -> bool:
    """Lock an open file or directory for this process; False when another process holds the lock.

    The lock lives as long as any copy of the descriptor.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory's lock, across processes: for as long as it takes to create, list or seal files."""
    descriptor = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, creation_mode(0o666))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sync_directory(directory: Path) -> None:
    """Make the names in `directory` durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(descriptor: int, pieces: Iterable[bytes]) -> None:
    """Append all `pieces` in one write, or in more when the system takes only a part. Raises OSError."""
    views = [memoryview(piece) for piece in pieces]
    while views:
        written = os.writev(descriptor, views)
        while views and written >= len(views[0]):
            written -= len(views.pop(0))
        if views:
            views[0] = views[0][written:]


def line_sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def open_regular(path: Path) -> int:
    """A descriptor that reads a regular file. Raises ValueError for anything else that lies there, and OSError."""
    # Without O_NONBLOCK, opening a named pipe waits for a writer for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(f"{path.name} is no regular file")
    return descriptor


def read_lines(directory: Path) -> list[bytes]:
    """The whole lines of the manifest, without line ends; a torn last one was never promised and is left out.

    Raises ValueError when the manifest is no regular file, and OSError.
    """
    try:
        descriptor = open_regular(directory / MANIFEST)
    except FileNotFoundError:
        return []
    with os.fdopen(descriptor, "rb") as file:
        data = file.read()
    return data[: data.rfind(b"\n") + 1].splitlines()


def read_manifest(directory: Path) -> dict[str, SealedFile]:
    """All sealed files by name, in the order they were sealed. Raises ValueError when the manifest is damaged."""
    entries = [parse_line(line) for line in read_lines(directory)]
    return {entry.file: entry for entry in entries}


def parse_line(line: bytes) -> SealedFile:
    """The sealed file that a line tells of. Raises ValueError when it is no manifest line."""
    return replace(decode_json(line, SealedFile), line_sha256=line_sha256(line))


def append(directory: Path, entry: SealedFile) -> SealedFile:
    """Chain `entry` to the last line and make it durable. The caller holds `locked(directory)`.

    Returns the entry with its digests. On an error the manifest is as before; raises OSError.
    """
    lines = read_lines(directory)
    values = {**asdict(entry), "previous": line_sha256(lines[-1]) if lines else FIRST}
    del values["line_sha256"]
    line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    good = sum(len(line) + 1 for line in lines)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    descriptor = os.open(directory / MANIFEST, flags, creation_mode(0o666))
    try:
        os.ftruncate(descriptor, good)
        try:
            write_whole(descriptor, [line + b"\n"])
            os.fdatasync(descriptor)
        except OSError:
            os.ftruncate(descriptor, good)
            raise
    finally:
        os.close(descriptor)
    return parse_line(line)
