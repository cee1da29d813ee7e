"""`gxgk serve`, `gxgk freeze`, `gxgk withhold`: the reading room over HTTP or as files, and what it does not show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from gxgk_crawler.cli.options import Division, PortalName, Since, Until  # noqa: TC001 - typer reads them
from gxgk_crawler.cli.output import progress_bar, say
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.views import withholding
from gxgk_crawler.store.views.report_lists import Listed

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8008,
    public: Annotated[
        list[str] | None,
        typer.Option(
            help="A name by which others reach this room, through a proxy: contacts are masked, and details of this machine left out."
        ),
    ] = None,
    *,
    originals: Annotated[bool, typer.Option(help="Show archived pages.")] = True,
) -> None:
    """Open the reading room: the archive as web pages, read-only."""
    # Starting these takes half a second; no other command needs them.
    from gxgk_crawler.web.serving import open_room, run  # noqa: PLC0415 - half a second at the start of every command

    hosts = frozenset({*_LOOPBACK, host.lower(), *(name.lower() for name in public or ())})
    with open_room(config(), hosts=hosts, is_public=bool(public), has_originals=originals) as room:
        run(room, host, port, ready=lambda address: say(f"the reading room is open: {address}  (Ctrl-C closes it)"))


def freeze(
    directory: Annotated[Path, typer.Argument(help="Where the files go: a new directory, or an earlier copy.")],
    division: Division = None,
    portal: PortalName = None,
    since: Since = None,
    until: Until = None,
    *,
    originals: Annotated[bool, typer.Option(help="Copy archived pages too.")] = True,
    public: Annotated[
        bool, typer.Option("--public", help="Mask contacts, and leave out details of this machine.")
    ] = False,
) -> None:
    """Write the reading room of a selection as files for any static host.

    What asks the database is missing there: the search, lists with filters, series.

    Example: gxgk freeze site --division 15 --since 2019 --public
    """
    from gxgk_crawler.web.freezing import freeze as write  # noqa: PLC0415 - as above
    from gxgk_crawler.web.serving import open_room  # noqa: PLC0415

    if directory.exists() and not (directory / "static" / "room.css").exists() and any(directory.iterdir()):
        raise ConfigError(f"{directory} holds other files; give a new directory")
    prefix = code_prefixes(division)[0] if division else ""
    with (
        open_room(config(), hosts=frozenset({"localhost"}), is_public=public, has_originals=originals) as room,
        progress_bar() as bar,
    ):
        task = bar.add_task("pages", total=None)
        done = write(
            room,
            directory,
            Listed(prefix=prefix, portal=portal),
            years=(since, until),
            progress=lambda pages: bar.update(task, completed=pages),
        )
    say(f"{done.pages} files, {done.bytes / 1e6:.1f} MB in {directory}")


def withhold(
    report: Annotated[str, typer.Argument(help="Number or key of the report.", metavar="ID")],
    scope: Annotated[
        Literal["text", "original"], typer.Option(help="text: all of it. original: only its archived page and files.")
    ] = "text",
    reason: Annotated[str | None, typer.Option(help="What readers are told.")] = None,
    *,
    lift: Annotated[bool, typer.Option("--lift", help="Show it again.")] = False,
) -> None:
    """Take a report out of the reading room; the archive keeps every byte."""
    if not lift and not (reason or "").strip():
        raise ConfigError("say with --reason what readers are told")
    with Database.open(config()) as database, database.begin() as conn:
        number = find_report(conn, report)
        if lift:
            was = withholding.lift(conn, number)
            say(f"report {report} is shown again" if was else f"report {report} was not withheld")
            return
        withholding.withhold(conn, number, scope, (reason or "").strip())
    say(f"the reading room withholds the {'whole of' if scope == 'text' else 'original of'} report {report}")
