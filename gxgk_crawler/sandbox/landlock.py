"""Landlock (Linux 5.13 and later): a process gives up all files but those that it must read, and more where the kernel can.

See landlock(7). It needs no privilege and cannot be taken back.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture but alpha
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FIRST_RIGHTS = (1 << 13) - 1  # everything from execute to make_sym
_RIGHTS_SINCE = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}  # by version of the interface: refer, truncate, ioctl_dev
_TCP = 0b11  # bind and connect, since version 4
_SCOPES = 0b11  # abstract sockets and signals, since version 6
_PR_SET_NO_NEW_PRIVS = 38


def confine(readable: Iterable[str]) -> int:
    """Leave this process nothing but reading beneath the paths `readable`; those that do not exist are left out.

    Returns the version of the kernel's interface; 0 where there is none or it refuses. From 4 on TCP is forbidden too.
    """
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    version = int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG))
    if version < 1:
        return 0
    rights = _FIRST_RIGHTS + sum(right for since, right in _RIGHTS_SINCE.items() if version >= since)
    fields = struct.pack("=QQQ", rights, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    ruleset = int(libc.syscall(_CREATE_RULESET, fields, ctypes.c_size_t(_attribute_size(version)), 0))
    if ruleset < 0:
        return 0
    try:
        for path in readable:
            _allow(libc, ruleset, path)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(_RESTRICT_SELF, ruleset, 0):
            return 0
    finally:
        os.close(ruleset)
    return version


def _attribute_size(version: int) -> int:
    """Bytes of struct landlock_ruleset_attr that this version knows; older kernels refuse more."""
    if version >= 6:
        return 24
    return 16 if version >= 4 else 8


def _allow(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = _READ_FILE | _READ_DIR if Path(path).is_dir() else _READ_FILE
        # struct landlock_path_beneath_attr is packed: 8 bytes of rights and 4 of a descriptor.
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
