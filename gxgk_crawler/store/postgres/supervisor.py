"""The supervisor of the embedded server: a small detached process, parent of the postmaster.

It does three things that no user of the server can: reap a postmaster that was killed (a zombie looks alive to every process
that checks its pid), stop the server when its last user is gone, however that user died, and outlive all users. The kernel
counts the users: each holds a shared lock on the file `users`. When the supervisor gets that lock exclusively, there are none,
and newcomers wait while it stops the server.

Standard library only, and started without site-packages: it starts in a few hundredths of a second and stays small.
"""

# ruff: noqa: S603 - every command run here is made of our own constants and paths
from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gxgk_crawler.errors import DatabaseError
from gxgk_crawler.store.postgres.flock import open_lock, try_lock, unlock
from gxgk_crawler.store.postgres.privileges import become

if TYPE_CHECKING:
    from types import FrameType

READY = b"ready"
_POLL = (
    0.25  # seconds between two checks of users and requests; the death of the postmaster wakes the supervisor at once
)
# Seconds to roll back open transactions and to write the last checkpoint. PostgreSQL 18 does not stop when it is asked to while
# it restarts after the death of a backend. Stopping it without clean-up costs a replay at the next start, and no data.
_FAST_STOP = 15
_START = 300  # seconds for the replay of the log after a crash
_CHILDREN = 20  # seconds for the children of a killed postmaster to end
_LOG_BYTES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSpec:
    """What the supervisor needs to know. It gets it as JSON, so paths are strings.

    directory: `pg` below GXGK_HOME. data: the cluster. sockets: directory of the unix socket. binaries: directory of
    `postgres` and `initdb`, of the version `major`. owner: uid and gid to change to; None = do not change. idle: seconds
    without a user after which the server is stopped.
    """

    directory: str
    data: str
    sockets: str
    binaries: str
    major: int
    owner: tuple[int, int] | None
    idle: float

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ServerSpec:
        values = json.loads(text)
        return cls(**{**values, "owner": tuple(values["owner"]) if values["owner"] else None})


def main() -> NoReturn:
    """Detach, start or adopt the server, and watch it until it ends.

    The process that was called exits 0 when the server is up, or 1 after one line on stderr.
    """
    spec = ServerSpec.from_json(sys.argv[1])
    mine, theirs = os.pipe()
    if os.fork():
        os.close(theirs)
        with os.fdopen(mine, "rb") as pipe:
            message = pipe.read()
        if message != READY:
            os.write(2, message or b"the supervisor of the database server died while starting it")
        os._exit(message != READY)
    os.close(mine)
    os.setsid()
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    status = 0
    try:
        _supervise(spec, theirs)
    except (DatabaseError, OSError) as error:
        os.write(theirs, str(error).encode())
        status = 1
    os._exit(status)


def _supervise(spec: ServerSpec, report: int) -> None:
    directory = Path(spec.directory)
    lock, users = open_lock(directory / "guard", spec.owner), open_lock(directory / "users", spec.owner)
    _wait_for(lock)
    (directory / "stop").unlink(missing_ok=True)
    wake = _wake_on(signal.SIGCHLD, signal.SIGTERM)
    if spec.owner is not None:
        become(*spec.owner, reaches=lambda: _reaches(spec))
    _make_sockets(Path(spec.sockets))
    _make_cluster(spec)
    server = _adopt(Path(spec.data)) or _start(spec)
    # The pipe stays open until the server is up: the process that was called reads until it is closed.
    os.write(report, READY)
    os.close(report)
    _watch(spec, server, users, wake)


def _wait_for(lock: int) -> None:
    """Take the lock of the supervisor. Other processes hold it for an instant when they check whether there is one."""
    until = time.monotonic() + 5
    while not try_lock(lock):
        if time.monotonic() > until:
            raise DatabaseError("another supervisor of this database server is running but does not answer")
        time.sleep(0.01)


_terminated = False


def _wake_on(*signals: signal.Signals) -> int:
    """A descriptor that becomes readable when one of the signals arrives; SIGTERM is remembered."""

    def note(number: int, _frame: FrameType | None) -> None:
        global _terminated  # noqa: PLW0603 - a signal handler has nowhere else to put it
        _terminated = _terminated or number == signal.SIGTERM

    readable, writable = os.pipe()
    os.set_blocking(readable, False)
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    for number in signals:
        signal.signal(number, note)
    return readable


def _reaches(spec: ServerSpec) -> bool:
    try:
        next(Path(spec.directory).iterdir(), None)
        asked = [f"{spec.binaries}/postgres", "--version"]
        return subprocess.run(asked, env=_environment(), check=False).returncode == 0
    except OSError:
        return False


def _environment() -> dict[str, str]:
    """The server's environment: nothing of the user's locale, time zone or PG* variables."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C", "TZ": "UTC"}


def _make_sockets(directory: Path) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    status = directory.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o170077 != 0o040000:
        raise DatabaseError(f"{directory} belongs to another user or is open to others: remove it or shorten GXGK_HOME")


def _make_cluster(spec: ServerSpec) -> None:
    """Make the data directory, whole or not at all: a killed initdb leaves nothing that looks like a cluster."""
    data = Path(spec.data)
    if (data / "PG_VERSION").exists():
        return
    fresh = data.with_name("data.new")
    if spec.major >= 17:
        locales = [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    else:
        locales = [["--locale-provider=libc"] * (spec.major >= 15) + [f"--locale={name}"] for name in ("C.UTF-8", "C")]
    error = ""
    for locale in locales:
        if fresh.exists():
            shutil.rmtree(fresh)
        made = subprocess.run(
            [f"{spec.binaries}/initdb", "-D", str(fresh), "-U", "gxgk", "-E", "UTF8", "-A", "trust", *locale],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode == 0:
            fresh.rename(data)
            return
        lines = [line for line in made.stderr.splitlines() if "error:" in line or "FATAL" in line]
        error = lines[0] if lines else made.stderr.strip()[-200:]
    raise DatabaseError(f"a database cannot be made in {spec.directory}: {error}")


class _Server:
    """A running postmaster: a child of this process, or one whose supervisor was killed."""

    def __init__(self, pid: int, data: Path, child: subprocess.Popen[bytes] | None = None) -> None:
        self.pid, self._data, self._child = pid, data, child

    def alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return _is_postmaster(self.pid, self._data)

    def stop(self) -> None:
        """Shut down cleanly, open transactions rolled back; at once when that takes too long or nothing is left to keep."""
        gently = [(signal.SIGINT, _FAST_STOP)] if self._data.exists() else []
        for number, seconds in (*gently, (signal.SIGQUIT, 10)):
            if self.alive():
                os.kill(self.pid, number)
            until = time.monotonic() + seconds
            while self.alive() and time.monotonic() < until:
                time.sleep(0.01)


def _adopt(data: Path) -> _Server | None:
    """The server that a killed supervisor left behind, if there is one."""
    pid = _recorded_pid(data)
    return _Server(pid, data) if pid is not None and _is_postmaster(pid, data) else None


def _start(spec: ServerSpec) -> _Server:
    """Start a postmaster and wait until it takes connections. Raises DatabaseError with the reason it gives."""
    data, log = Path(spec.data), Path(spec.directory) / "log"
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_name("log.1"))
    begun = time.monotonic()
    while True:
        # The lock file of the socket names the dead postmaster too. Only this cluster uses the directory, and the server still
        # checks by its shared memory whether the cluster is in use.
        for leftover in Path(spec.sockets).glob(".s.PGSQL.5432*"):
            leftover.unlink()
        with log.open("ab") as stream:
            begin = stream.tell()
            child = subprocess.Popen(
                [f"{spec.binaries}/postgres", "-D", spec.data, "-k", spec.sockets, *_SETTINGS],
                env=_environment() | _stale_pid(data),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        while child.poll() is None and time.monotonic() < begun + _START:
            if _is_ready(data, child.pid):
                return _Server(child.pid, data, child)
            time.sleep(0.005)
        said = log.read_bytes()[begin:].decode(errors="replace")
        if child.poll() is None:
            return _Server(child.pid, data, child)  # still replaying; the server says so to its clients
        # After kill -9 of a postmaster its children need a moment to notice, and hold the shared memory until then.
        if "shared memory block" not in said or time.monotonic() > begun + _CHILDREN:
            reasons = re.findall(r"FATAL:\s*(.*)", said)
            raise DatabaseError(f"the database server does not start: {reasons[-1] if reasons else 'see ' + str(log)}")
        time.sleep(0.1)


# On the command line, so that the operator may change postgresql.conf. JIT costs more than it gives on queries of
# milliseconds. Logs are in UTC.
_SETTINGS = (
    "--listen_addresses=",
    "--port=5432",
    "--unix_socket_permissions=0700",
    "--logging_collector=off",
    "--log_timezone=UTC",
    "--timezone=UTC",
    "--jit=off",
)


def _stale_pid(data: Path) -> dict[str, str]:
    """Makes the postmaster ignore the pid in a stale lock file: it may be a zombie, or reused by another program.

    PG_GRANDPARENT_PID is what pg_ctl uses for the same purpose; the check for shared memory still in use stays on.
    """
    pid = _recorded_pid(data)
    return {} if pid is None else {"PG_GRANDPARENT_PID": str(pid)}


def _recorded_pid(data: Path) -> int | None:
    lines = _lock_file(data)
    return int(lines[0]) if lines and lines[0].isdecimal() else None


def _is_ready(data: Path, pid: int) -> bool:
    """The postmaster writes its status into line 8 of its lock file (miscadmin.h, LOCK_FILE_LINE_PM_STATUS)."""
    lines = _lock_file(data)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _lock_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_postmaster(pid: int, data: Path) -> bool:
    """True when the process lives, is no zombie, and works in this data directory."""
    process = Path(f"/proc/{pid}")
    if Path("/proc/self/stat").exists():
        try:
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            return state not in "ZX" and (process / "cwd").resolve() == data.resolve()
        except OSError:
            return False
    listed = ["ps", "-o", "stat=,command=", "-p", str(pid)]
    told = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.strip()
    return not told.startswith("Z") and str(data) in told


_CLIENTS = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"


def _has_clients(spec: ServerSpec) -> bool:
    """True when a client is connected that does not hold our lock: pg_dump, a notebook, anything with the server's URL."""
    psql = Path(spec.binaries) / "psql"
    if not psql.exists():
        return False
    asked = [str(psql), "-h", spec.sockets, "-p", "5432", "-U", "gxgk", "-d", "postgres", "-w", "-X", "-A", "-t"]
    told = subprocess.run(
        [*asked, "-c", _CLIENTS], env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return told.returncode == 0 and told.stdout.strip() != b"0"


def _watch(spec: ServerSpec, server: _Server, users: int, wake: int) -> None:
    """Return when the server has died, is to stop, was deleted, or has had no user for `spec.idle` seconds."""
    directory = Path(spec.directory)
    busy = time.monotonic()
    while server.alive():
        if _terminated or (directory / "stop").exists() or not directory.exists():
            server.stop()
            (directory / "stop").unlink(missing_ok=True)
            return
        if (directory / "pinned").exists() or not try_lock(users):
            busy = time.monotonic()
        elif time.monotonic() - busy < spec.idle:
            unlock(users)
        elif _has_clients(spec):
            unlock(users)
            busy = time.monotonic()
        else:
            server.stop()  # with the lock held: newcomers wait until this process ends
            return
        if select.select([wake], [], [], _POLL)[0]:
            os.read(wake, 512)
