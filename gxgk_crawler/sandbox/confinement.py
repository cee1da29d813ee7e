"""What a child gives up before it reads the first byte: memory, time, files, network, processes."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gxgk_crawler.sandbox import landlock, seccomp

MEMORY = 2 << 30  # bytes of address space; the largest page measured needs a quarter of it
LIFETIME = 3600  # seconds of processor time of one child: the hard limit; it is replaced before
_OPEN_FILES = 64  # modules are still imported, one after the other
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_ENVIRONMENT = ("LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX")
_ENVIRONMENT_BEGINS = ("LC_", "DYLD_", "PYTHON")

# Read by the interpreter and the C library themselves, beside what lies with Python.
_SYSTEM_FILES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/dev/null",
    "/dev/urandom",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What holds a child; None where the platform offers nothing.

    memory_bytes: most address space. cpu_seconds: most processor time of its whole life; each call has less. file_bytes:
    longest file that it may write. files: what keeps it from all files but Python's own. network: what keeps it from opening
    connections. processes: what keeps it from starting programs and processes.
    """

    memory_bytes: int | None
    cpu_seconds: int | None
    file_bytes: int | None
    files: Literal["landlock"] | None
    network: Literal["seccomp", "landlock", "namespace"] | None
    processes: Literal["seccomp", "rlimit"] | None


def confine() -> Confinement:
    """Confine this process for good, as far as the platform can."""
    _die_with_parent()
    memory = _limit(resource.RLIMIT_AS, MEMORY)
    cpu = _limit(resource.RLIMIT_CPU, LIFETIME)
    file = _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    has_no_processes = _limit(resource.RLIMIT_NPROC, 0) is not None and os.geteuid() != 0  # root may exceed it
    interface = landlock.confine(_readable())
    has_filter = seccomp.confine()
    return Confinement(
        memory_bytes=memory,
        cpu_seconds=cpu,
        file_bytes=file,
        files="landlock" if interface else None,
        network="seccomp" if has_filter else _network(interface),
        processes="seccomp" if has_filter else "rlimit" if has_no_processes else None,
    )


def environment() -> dict[str, str]:
    """What of the environment of this process a child gets: nothing that names a server, a home or a password."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _ENVIRONMENT or name.startswith(_ENVIRONMENT_BEGINS)
    }
    return kept | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}


def allow_cpu(seconds: float) -> None:
    """Let this process use so much more processor time, and be killed when it uses more."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(used_cpu() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def used_cpu() -> float:
    """Seconds of processor time that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _limit(kind: int, most: int) -> int | None:
    """Lower a limit, soft and hard, to `most`, or leave it where it is lower already; what holds now, None if nothing does."""
    hard = resource.getrlimit(kind)[1]
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (wanted, wanted))
    except (OSError, ValueError):  # macOS knows RLIMIT_AS and takes no value for it
        return None
    return wanted


def _network(landlock_interface: int) -> Literal["landlock", "namespace"] | None:
    """What else keeps this process from the network: a network namespace of its own has none, Landlock forbids TCP."""
    if sys.platform == "linux":
        if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
            return "namespace"
        if landlock_interface >= 4:
            return "landlock"
    return None


def _die_with_parent() -> None:
    """Have this process killed when its parent dies; without that it ends by itself, once the call in work is done."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _readable() -> list[str]:
    """Where the modules and data of Python and its packages lie."""
    paths = sysconfig.get_paths()
    packages = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
    own = str(Path(__file__).parent.parent)
    return [
        *_SYSTEM_FILES,
        *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *site.getsitepackages(),
        *packages,
        own,
    ]
