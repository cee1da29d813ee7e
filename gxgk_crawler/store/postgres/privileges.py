"""Changes from root to another user, because Postgres refuses to run as root, and still reaches files below root's directories.

A server that runs as `nobody` cannot pass through a parent of mode 0700 such as /root or a fresh temporary directory.
No directory is opened up and no user created. Instead the process keeps the one capability that lets it search and
read them (capabilities(7): CAP_DAC_READ_SEARCH, or CAP_DAC_OVERRIDE where a container grants only that) and hands it to
its children as an ambient capability (Linux >= 4.3). Where nothing is in the way, every capability is dropped.

Standard library only: the supervisor runs without site-packages.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from gxgk_crawler.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable

# linux/capability.h and linux/prctl.h
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_PR_CAP_AMBIENT_CLEAR_ALL = 4


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def become(uid: int, gid: int, *, reaches: Callable[[], bool]) -> None:
    """Give up root for good, keeping at most one capability, the weakest with which `reaches()` is true.

    reaches: tries, as the new user, to use what the process needs; called once per attempt.
    Raises DatabaseError when the process cannot change to the user, or the user cannot reach the files with any capability it has.
    """
    linux = sys.platform == "linux"
    try:
        if linux:
            _keep_capabilities()
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    except OSError as error:
        raise DatabaseError(
            f"Postgres refuses to run as root, and user {uid} cannot be assumed here: {error.strerror}"
        ) from None
    if not linux:
        if reaches():
            return
        raise DatabaseError(f"user {uid}, which is to run Postgres, cannot reach its files")
    permitted = _permitted()
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        bit = 0 if capability is None else 1 << capability
        if bit & ~permitted[0]:
            continue
        _use(bit, permitted)
        if reaches():
            _use(bit, (bit, 0))
            return
    raise DatabaseError(
        f"user {uid}, which is to run Postgres because root may not, cannot reach its files: "
        "set GXGK_HOME to a directory whose parents every user may search, or run gxgk as an ordinary user"
    )


def _keep_capabilities() -> None:
    """Make capabilities survive the change of user.

    Without the second bit access(2) would ignore them (it judges by the real user), and initdb asks access(2) whether
    `postgres` lies beside it. Setting it takes CAP_SETPCAP; without that, data below a closed directory still works.
    """
    _prctl(_PR_SET_KEEPCAPS, 1)
    with suppress(PermissionError):
        _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    _prctl(_PR_SET_KEEPCAPS, 1)


def _use(bit: int, permitted: tuple[int, int]) -> None:
    """Make `bit` (a mask below 32; 0 = none) the only effective, inheritable and ambient capability."""
    low, high = permitted
    sets = (_Sets * 2)(_Sets(bit, low, bit), _Sets(0, high, 0))
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    _check(_libc().capset(ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), sets))
    if bit:
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, bit.bit_length() - 1)


def _permitted() -> tuple[int, int]:
    """The permitted set: capabilities 0-31 and 32-63 as two masks."""
    sets = (_Sets * 2)()
    _check(_libc().capget(ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), sets))
    return sets[0].permitted, sets[1].permitted


def _prctl(option: int, *arguments: int) -> None:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    _check(_libc().prctl(option, *(ctypes.c_ulong(argument) for argument in padded)))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
