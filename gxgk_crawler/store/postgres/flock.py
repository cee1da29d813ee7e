"""Advisory file locks. The kernel drops a lock when its holder dies, kill -9 included.

Standard library only, because the supervisor runs without site-packages: so this is not the module of archive/.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def open_lock(path: Path, owner: tuple[int, int] | None = None) -> int:
    """Open (or create, mode 0600) a lock file; returns its descriptor. owner: uid and gid that a new file is given to.

    Never follows a symbolic link: the directory may belong to a less trusted user than that of this process.
    """
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        pass
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process has just made it
        return os.open(path, flags)
    if owner is not None:
        os.fchown(descriptor, *owner)
    return descriptor


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock without waiting; False when another process holds it."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def share(descriptor: int) -> None:
    """Wait for a shared lock and keep it until the descriptor is closed or the process ends."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextmanager
def locked(path: Path, owner: tuple[int, int] | None = None) -> Iterator[None]:
    """Hold the file's exclusive lock for the length of the block."""
    descriptor = open_lock(path, owner)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_locked(path: Path, owner: tuple[int, int] | None = None) -> bool:
    """True when a living process holds the file's exclusive lock."""
    descriptor = open_lock(path, owner)
    try:
        return not try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)
