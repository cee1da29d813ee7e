"""`gxgk db`: the database server and its schema."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from gxgk_crawler.cli.options import AsJson  # noqa: TC001 - typer reads it
from gxgk_crawler.cli.output import answer, print_json, say, warn
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, DatabaseError, NotFoundError
from gxgk_crawler.store.postgres import backup
from gxgk_crawler.store.postgres.address import split_password
from gxgk_crawler.store.postgres.database import Database, revisions
from gxgk_crawler.store.postgres.embedded import EmbeddedServer, find_binaries
from gxgk_crawler.store.postgres.readonly_role import create_reader, reader_url

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def start(*, as_json: AsJson = False) -> None:
    """Start the embedded server and keep it up until `gxgk db stop`."""
    server = _embedded()
    server.pin()
    answer(server.status(), f"running, until `gxgk db stop`: {server.url}", as_json=as_json)
    server.close()


@app.command()
def stop(*, as_json: AsJson = False) -> None:
    """Stop the embedded server, even when something uses it."""
    stopped = _embedded().stop()
    answer({"stopped": stopped}, "stopped" if stopped else "it was not running", as_json=as_json)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Print where the database is, whether it runs, and its revision; start nothing. Exit 1 when it needs a person."""
    told = _status()
    if as_json:
        print_json(told)
    else:
        for key, value in told.items():
            say(f"{key}: {'' if value is None else value}")
    behind = told["running"] and told["revision"] != told["head"]
    raise typer.Exit(1 if behind or told["error"] else 0)


@app.command()
def url(*, as_json: AsJson = False) -> None:
    """Print the database's URL, for psql, pg_dump and other clients; starts the embedded server for a while."""
    address = _started_url()
    answer({"url": address}, address, as_json=as_json)


@app.command()
def upgrade(*, as_json: AsJson = False) -> None:
    """Create the schema or bring it to the newest revision."""
    with Database.connect(config()) as database:
        before = database.upgrade()
    line = f"already at revision {before.head}" if before.is_head else f"now at revision {before.head}"
    answer({"before": before.current, "now": before.head}, line, as_json=as_json)


@app.command()
def reader(
    name: Annotated[str, typer.Argument(help="Name of the role.")] = "gxgk_reader", *, as_json: AsJson = False
) -> None:
    """Create a role that can only read, or give it a new password, and print its address, which is stored nowhere."""
    password = secrets.token_urlsafe(18)
    with Database.open(config()) as database, database.begin() as conn:
        left = create_reader(conn, name, password)
    address = reader_url(_started_url(), name, password)
    answer({"role": name, "url": address, "may_still": left}, address, as_json=as_json)
    if left:
        warn(f"this server did not let us revoke everything: {name} may still {', '.join(left)} (docs/operate.md)")


@app.command()
def dump(
    file: Annotated[Path, typer.Argument(help="Where to write it; a file of that name is replaced.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write the whole database, as it is at this moment, to one file; crawls may go on meanwhile."""
    size = backup.dump(config(), file)
    line = f"{file}: {size:,} bytes; now copy the archive directory, which holds the rest"
    answer({"file": str(file), "bytes": size}, line, as_json=as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file written by `gxgk db dump` or pg_dump --format=custom.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from a dump, and bring it to the newest revision; all of it or nothing."""
    before = backup.restore(config(), file)
    line = f"restored, at revision {before.head}; `gxgk verify --repair` takes in what the archive holds beyond it"
    answer({"file": str(file), "before": before.current, "now": before.head}, line, as_json=as_json)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(
    arguments: Annotated[list[str] | None, typer.Argument(help="Handed on to psql.", metavar="[ARG]...")] = None,
) -> None:
    """Open psql, the command line of Postgres, on the database."""
    program = _psql()
    conninfo, password = split_password(_started_url(stay=True))
    environment = os.environ if password is None else os.environ | {"PGPASSWORD": password}
    os.execve(program, ["psql", f"--dbname={conninfo}", *(arguments or [])], environment)  # noqa: S606 - as asked


def _embedded() -> EmbeddedServer:
    if config().database_url is not None:
        raise ConfigError("GXGK_DATABASE_URL names another server; unset it to use the embedded one")
    return EmbeddedServer(config())


def _started_url(*, stay: bool = False) -> str:
    """URL of the database; the embedded server is started.

    stay: the server runs on while this process, or the program that replaces it, is alive.
    """
    given = config().database_url
    if given is not None:
        return given
    server = _embedded()
    server.ensure()
    if stay:
        server.bequeath()
    return server.url


def _status() -> dict[str, Any]:
    """embedded, running, pinned, guarded, version, url, directory, revision, head, error. url: without the password."""
    address = config().database_url
    told: dict[str, Any] = {
        "embedded": address is None,
        "running": False,
        "pinned": False,
        "guarded": False,
        "version": None,
        "url": None if address is None else split_password(address)[0],
        "directory": None,
        "revision": None,
        "head": revisions()[-1],
        "error": None,
    }
    if address is None:
        told |= EmbeddedServer(config()).status()
        if not told["running"]:
            return told
    try:
        with Database.connect(config()) as database:
            revision = database.revision()
    except DatabaseError as error:
        return told | {"error": str(error)}
    return told | {"running": True, "revision": revision.current}


def _psql() -> str:
    beside = find_binaries(config())[0] / "psql" if config().database_url is None else None
    for candidate in (None if beside is None else str(beside), shutil.which("psql")):
        if candidate is not None and os.access(candidate, os.X_OK):
            return candidate
    raise NotFoundError("psql is not installed here; `gxgk db url` prints the address for any other client")
