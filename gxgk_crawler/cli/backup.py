"""`gxgk db dump` and `gxgk db restore`: the database as one file and back, by the tools of Postgres."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import text

from gxgk_crawler.cli.output import AsJson, console, print_json
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, DatabaseError, NotFoundError
from gxgk_crawler.store.address import split_password
from gxgk_crawler.store.database import Database
from gxgk_crawler.store.embedded import EmbeddedServer, binary_directories

if TYPE_CHECKING:
    from collections.abc import Mapping

_PART = ".part"


def dump(
    file: Annotated[Path, typer.Argument(help="Where to write it; a file of that name is replaced.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write the whole database, as it is at this moment, to one file; crawls may go on meanwhile."""
    part = file.with_name(file.name + _PART)
    with Database.open(config()) as database:
        try:
            _run("pg_dump", database, "--format=custom", f"--file={part}")
            part.replace(file)
        except OSError as error:
            raise ConfigError(f"{file} cannot be written: {error.strerror}") from None
        finally:
            part.unlink(missing_ok=True)
    size = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        console.print(
            f"{file}: {size:,} bytes; the archive directory is to be copied after it", markup=False, soft_wrap=True
        )


def restore(
    file: Annotated[Path, typer.Argument(help="What `gxgk db dump` or pg_dump --format=custom has written.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from a dump, and bring it to the newest revision; nothing or all of it."""
    if not file.is_file():
        raise NotFoundError(f"there is no file {file}")
    with Database.connect(config()) as database:
        if not _is_empty(database):
            raise ConfigError("the database is not empty: restore into another GXGK_HOME, or another database")
        # Owners and rights name roles that this server need not have.
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run("pg_restore", database, *options, str(file))
        before = database.upgrade()
    if as_json:
        print_json({"file": str(file), "before": before.current, "now": before.head})
    else:
        console.print(
            f"restored, at revision {before.head}; `gxgk verify --repair` takes in what the archive has beyond"
        )


def _is_empty(database: Database) -> bool:
    with database.begin() as conn:
        query = "select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')"
        return not conn.execute(text(query)).scalar_one()


def _run(program: str, database: Database, *arguments: str) -> None:
    """Run a client program of Postgres on the database. Raises DatabaseError with what it says last."""
    with database.begin() as conn:
        major = int(conn.execute(text("show server_version_num")).scalar_one()) // 10_000
    given = config().database_url
    address, password = split_password(EmbeddedServer(config()).url if given is None else given)
    environment: Mapping[str, str] = os.environ if password is None else os.environ | {"PGPASSWORD": password}
    command = [_program(program, major), f"--dbname={address}", *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ended.returncode != 0:
        said = [line for line in ended.stderr.splitlines() if re.match(rf"{program}: (fatal|error|\[archiver\])", line)]
        raise DatabaseError((said or ended.stderr.splitlines() or [f"{program} failed"])[0])


def _program(name: str, server: int) -> str:
    """Path of a client program of at least the server's major version, the oldest such: it knows what the server knows."""
    found = []
    on_path = shutil.which(name)
    for path in (*(directory / name for directory in binary_directories(config())), *([on_path] if on_path else ())):
        try:
            told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        except OSError:
            continue
        if (match := re.search(r"\(PostgreSQL\) (\d+)", told)) and int(match[1]) >= server:
            found.append((int(match[1]), str(path)))
    if not found:
        raise NotFoundError(f"{name} of PostgreSQL {server} or newer is not installed here")
    return min(found)[1]
