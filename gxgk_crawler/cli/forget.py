"""`gxgk forget`: a portal leaves status and schedules; what was archived of it stays."""

from __future__ import annotations

from typing import Annotated

import typer

from gxgk_crawler.cli.options import AsJson  # noqa: TC001 - typer reads it
from gxgk_crawler.cli.output import answer
from gxgk_crawler.config import config
from gxgk_crawler.store import crawls
from gxgk_crawler.store.postgres.database import Database


def forget(
    name: Annotated[str, typer.Argument(help="The portal, by its spider name or the host of a crawl by URL.")],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Take the portal in again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Leave a portal out of status and schedules. Its crawls, reports and archive stay.

    Example: gxgk forget www.mistyped.example
    """
    with Database.open(config()) as database, database.begin() as conn:
        crawls.forget(conn, name, undo=undo)
    line = (
        f"{name} is in status and schedules again"
        if undo
        else f"{name} is forgotten; `gxgk forget {name} --undo` takes it in again"
    )
    answer({"portal": name, "forgotten": not undo}, line, as_json=as_json)
