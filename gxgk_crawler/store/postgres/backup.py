"""The database as one file and back, by the tools of Postgres: pg_dump and pg_restore."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from sqlalchemy import text

from gxgk_crawler.config import creation_mode
from gxgk_crawler.errors import ConfigError, DatabaseError, NotFoundError
from gxgk_crawler.store.postgres.address import split_password
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.embedded import EmbeddedServer, binary_directories

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gxgk_crawler.config import Config
    from gxgk_crawler.store.postgres.database import Revision

_PART = ".part"


def dump(config: Config, file: Path) -> int:
    """Write the whole database as of now to `file`, in the custom format of pg_dump; its size in bytes.

    A file of that name is replaced once the new one is whole. Raises DatabaseError for a place that takes no file,
    and NotFoundError without a pg_dump.
    """
    if file.is_dir():
        raise DatabaseError(f"{file} is a directory: give the name of a file")
    part = file.with_name(file.name + _PART)
    with Database.open(config) as database:
        try:
            _create(part)
            _run(config, database, "pg_dump", "--format=custom", f"--file={part}")
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(config: Config, file: Path) -> Revision:
    """Fill an empty database from a dump and bring it to the newest revision; returns that of the dump. All or nothing.

    Owners and rights are left out: they name roles that this server need not have. Raises ConfigError when the database is
    not empty, NotFoundError without the file or a pg_restore, and DatabaseError when the dump cannot be read.
    """
    if not file.is_file():
        raise NotFoundError(f"there is no file {file}")
    with Database.connect(config) as database:
        with database.begin() as conn:
            if not conn.execute(_IS_EMPTY).scalar_one():
                raise ConfigError("the database is not empty: restore into another GXGK_HOME, or another database")
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run(config, database, "pg_restore", *options, str(file))
        return database.upgrade()


def _create(part: Path) -> None:
    """Make the file that pg_dump writes into, because that keeps the mode of one that is there. Raises DatabaseError."""
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, creation_mode(0o666)))
    except OSError as error:
        raise DatabaseError(f"{part.parent} takes no dump: {error.strerror}") from error


_IS_EMPTY = text(
    "select not exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')"
)


def _run(config: Config, database: Database, name: str, *arguments: str) -> None:
    """Run a client program of Postgres on the database. Raises DatabaseError with what it says is wrong."""
    with database.begin() as conn:
        server = int(conn.execute(text("show server_version_num")).scalar_one()) // 10_000
    address, password = split_password(config.database_url or EmbeddedServer(config).url)
    environment: Mapping[str, str] = os.environ if password is None else os.environ | {"PGPASSWORD": password}
    command = [_program(config, name, server), f"--dbname={address}", *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ended.returncode != 0:
        said = ended.stderr.splitlines() or [f"{name} failed"]
        raise DatabaseError(next((line for line in said if line.startswith(f"{name}: error")), said[0]))


def _program(config: Config, name: str, server: int) -> str:
    """Path of a client program of at least the server's major version, the oldest such: it knows what the server knows."""
    on_path = shutil.which(name)
    found = []
    for path in (*(directory / name for directory in binary_directories(config)), *([on_path] if on_path else ())):
        try:
            told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        except OSError:
            continue
        if (match := re.search(r"\(PostgreSQL\) (\d+)", told)) and int(match[1]) >= server:
            found.append((int(match[1]), str(path)))
    if not found:
        raise NotFoundError(f"{name} of PostgreSQL {server} or newer is not installed here")
    return min(found)[1]
