"""`gxgk db`: the database server and its schema."""

from __future__ import annotations

import os
import secrets
import shutil
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.cli import backup
from gxgk_crawler.cli.output import AsJson, console, print_json
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, DatabaseError, NotFoundError
from gxgk_crawler.store.postgres.address import split_password
from gxgk_crawler.store.postgres.database import Database, revisions
from gxgk_crawler.store.postgres.embedded import EmbeddedServer, find_binaries
from gxgk_crawler.store.postgres.readonly_role import create_reader, reader_url

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(no_args_is_help=True)
app.command()(backup.dump)
app.command()(backup.restore)


@app.command()
def start(*, as_json: AsJson = False) -> None:
    """Start the embedded server and keep it up until `gxgk db stop`."""
    server = _embedded()
    server.pin()
    _say(server.status(), as_json=as_json, line=f"running, until `gxgk db stop`: {server.url}")
    server.close()


@app.command()
def stop(*, as_json: AsJson = False) -> None:
    """Stop the embedded server, even when something uses it."""
    stopped = _embedded().stop()
    _say({"stopped": stopped}, as_json=as_json, line="stopped" if stopped else "it was not running")


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Tell where the database is, whether it runs, and its revision; starts nothing. Exit 1 when it needs a person."""
    told = _status()
    if as_json:
        print_json(told)
    else:
        for key, value in told.items():
            console.print(f"{key}: {'' if value is None else value}", markup=False, soft_wrap=True)
    behind = told["running"] and told["revision"] != told["head"]
    raise typer.Exit(1 if behind or told["error"] else 0)


@app.command()
def url(*, as_json: AsJson = False) -> None:
    """Print the database's URL, for psql, pg_dump and other clients; starts the embedded server for a while."""
    address = _started_url()
    _say({"url": address}, as_json=as_json, line=address)


@app.command()
def upgrade(*, as_json: AsJson = False) -> None:
    """Create the schema or bring it to the newest revision."""
    with Database.connect(config()) as database:
        before = database.upgrade()
    _say(
        {"before": before.current, "now": before.head},
        as_json=as_json,
        line=f"already at revision {before.head}" if before.is_head else f"now at revision {before.head}",
    )


@app.command()
def reader(
    name: Annotated[str, typer.Argument(help="Name of the role.")] = "gxgk_reader", *, as_json: AsJson = False
) -> None:
    """Make a role that can only read, or give it a new password, and print its address: it is not kept anywhere."""
    password = secrets.token_urlsafe(18)
    with Database.open(config()) as database, database.begin() as conn:
        create_reader(conn, name, password)
    address = reader_url(_started_url(), name, password)
    _say({"role": name, "url": address}, as_json=as_json, line=address)


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
    """URL of the database, whose embedded server runs now. stay: it goes on running while this process or its heir lives."""
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


def _say(value: Mapping[str, Any], *, as_json: bool, line: str) -> None:
    if as_json:
        print_json(value)
    else:
        console.print(line, markup=False, soft_wrap=True)
