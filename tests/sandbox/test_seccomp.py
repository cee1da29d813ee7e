"""The seccomp filter of both architectures, run by an interpreter of classic BPF: the machine at hand can try only its own."""

from __future__ import annotations

import struct

import pytest

from gxgk_crawler.sandbox.seccomp import program

ALLOWED, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PID = 4711
CALLS = {
    "x86_64": {"read": 0, "openat": 257, "mmap": 9, "exit_group": 231, "socket": 41, "connect": 42, "execve": 59, "fork": 57,
               "ptrace": 101, "io_uring_setup": 425, "clone": 56, "clone3": 435, "kill": 62, "tgkill": 234},
    "aarch64": {"read": 63, "openat": 56, "mmap": 222, "exit_group": 94, "socket": 198, "connect": 203, "execve": 221,
                "ptrace": 117, "io_uring_setup": 425, "clone": 220, "clone3": 435, "kill": 129, "tgkill": 131},
}  # fmt: skip


def run(code: bytes, arch: int, number: int, argument: int = 0) -> int:
    """What the filter returns for a system call."""
    data = struct.pack("=IIQQ", number & 0xFFFFFFFF, arch, 0, argument & 0xFFFFFFFFFFFFFFFF)
    lines = list(struct.iter_unpack("=HBBI", code))
    register = place = 0
    while True:
        kind, when_true, when_false, value = lines[place]
        place += 1
        if kind == 0x20:
            (register,) = struct.unpack_from("=I", data, value)
        elif kind == 0x06:
            return int(value)
        else:
            passes = {0x15: register == value, 0x35: register >= value, 0x45: bool(register & value)}[kind]
            place += when_true if passes else when_false


@pytest.mark.parametrize("machine", ARCH)
def test_a_process_that_computes_is_let_alone_and_the_rest_is_refused(machine: str) -> None:
    code, arch, calls = program(machine, PID), ARCH[machine], CALLS[machine]
    assert len(code) // 8 < 256, "a jump of classic BPF reaches no farther"
    for name in ("read", "openat", "mmap", "exit_group"):
        assert run(code, arch, calls[name]) == ALLOWED, name
    for name in {"socket", "connect", "execve", "fork", "ptrace", "io_uring_setup"} & calls.keys():
        assert run(code, arch, calls[name]) == EPERM, name
    assert run(code, arch, calls["clone3"]) == ENOSYS


@pytest.mark.parametrize("machine", ARCH)
def test_threads_and_signals_to_itself_are_allowed(machine: str) -> None:
    code, arch, calls = program(machine, PID), ARCH[machine], CALLS[machine]
    assert run(code, arch, calls["clone"], 0x3D0F00) == ALLOWED, "what the C library asks for to make a thread"
    assert run(code, arch, calls["clone"], 0x1200011) == EPERM, "and to make a process"
    for name in ("kill", "tgkill"):
        assert run(code, arch, calls[name], PID) == ALLOWED
        for other in (PID + 1, 1, 0, -1, -PID):
            assert run(code, arch, calls[name], other) == EPERM


def test_a_second_table_of_system_calls_is_no_way_round() -> None:
    for machine, arch in ARCH.items():
        code = program(machine, PID)
        for other in {*ARCH.values(), 0x40000003} - {arch}:
            assert run(code, other, CALLS[machine]["read"]) == EPERM
    x32 = 0x40000000
    assert run(program("x86_64", PID), ARCH["x86_64"], x32 + 41) == EPERM
