"""`gxgk serve` and `gxgk withhold`: the reading room, over HTTP on this machine, and what it does not show."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gxgk_crawler.cli.output import say
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.views import withholding

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
