"""A seccomp filter (Linux) for a process that only computes: no network, no new program or process, no hand on another one.

The filter is classic BPF, see seccomp(2). It needs no privilege and cannot be taken off again.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

# Numbers of system calls: (x86_64, aarch64); from the kernel's arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h. -1: the architecture has no such call.
_REFUSED = {
    # network; io_uring opens sockets too
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # programs and processes
    "fork": (57, -1),
    "vfork": (58, -1),
    "execve": (59, 221),
    "execveat": (322, 281),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    # the kernel and its keys, for a child that runs as root
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
}
_KILL = {"kill": (62, 129), "tgkill": (234, 131)}  # refused but for the process itself
_CLONE = (56, 220)  # refused but for threads
_CLONE3 = (435, 435)  # its flags lie in memory that a filter cannot read: the C library falls back to clone
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000  # the second table of x86_64 begins here
_CLONE_THREAD = 0x00010000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF_LD|W|ABS, JMP|JEQ|JGE|JSET|K, RET|K
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; the low half of an argument on these machines
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def confine() -> bool:
    """Put this process under the filter for good; False where the platform has none or refuses it."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _AUDIT_ARCH:
        return False
    code = program(machine, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    filled = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filled), 0, 0) == 0)


def program(machine: str, pid: int) -> bytes:
    """The filter for a machine and the process with that number, as an array of struct sock_filter."""
    column = list(_AUDIT_ARCH).index(machine)
    lines = [
        _line(_LOAD, _ARCH),
        _line(_EQUAL, _AUDIT_ARCH[machine], when_true=1),
        _line(_RETURN, _ERRNO | _EPERM),
        _line(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        lines += [_line(_AT_LEAST, _X32, when_false=1), _line(_RETURN, _ERRNO | _EPERM)]
    for number in (numbers[column] for numbers in _REFUSED.values()):
        if number >= 0:
            lines += [_line(_EQUAL, number, when_false=1), _line(_RETURN, _ERRNO | _EPERM)]
    lines += [_line(_EQUAL, _CLONE3[column], when_false=1), _line(_RETURN, _ERRNO | _ENOSYS)]
    for number in (numbers[column] for numbers in _KILL.values()):
        lines += _only(number, _line(_EQUAL, pid, when_true=1))
    lines += _only(_CLONE[column], _line(_ANY_BIT, _CLONE_THREAD, when_true=1))
    return b"".join([*lines, _line(_RETURN, _ALLOW)])


def _only(number: int, test: bytes) -> list[bytes]:
    """Refuse the system call unless its first argument passes the test."""
    return [
        _line(_EQUAL, number, when_false=4),
        _line(_LOAD, _ARGUMENT),
        test,
        _line(_RETURN, _ERRNO | _EPERM),
        _line(_RETURN, _ALLOW),
    ]


def _line(code: int, value: int, *, when_true: int = 0, when_false: int = 0) -> bytes:
    """One struct sock_filter; when_true, when_false: how many lines to skip."""
    return struct.pack("=HBBI", code, when_true, when_false, value)
