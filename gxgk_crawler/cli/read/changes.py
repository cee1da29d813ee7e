"""`gxgk changes`: what happened to the reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gxgk_crawler.cli.options import MOST, AsJson, Division, Limit, PortalName
from gxgk_crawler.cli.output import show_rows
from gxgk_crawler.config import config
from gxgk_crawler.portal import PORTAL_TIME
from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.views.events import Happened, events

if TYPE_CHECKING:
    from collections.abc import Mapping

_EVER, _NEVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def changes(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Only from this day on, as in 2026-01-31."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Only up to this day.")
    ] = None,
    *,
    kind: Annotated[
        Literal["new", "changed", "gone", "injected", "restored"] | None, typer.Option(help="Only what happened so.")
    ] = None,
    portal: PortalName = None,
    division: Division = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List what happened to the reports: new, changed, gone, injected, restored. Newest first; days are those of China.

    injected: advertising stood in the text; restored: the text is clean again.
    Examples: gxgk changes --since 2026-01-01 --division 15; gxgk changes --kind gone
    """
    prefixes = [""] if division is None else code_prefixes(division)  # a name of several divisions means all of them
    with Database.open(config()) as database, database.begin() as conn:
        if portal is not None:
            portal_id(conn, portal)  # raises NotFoundError for a portal that was never crawled
        found = []
        for prefix in prefixes:
            happened = Happened(
                since=_EVER if since is None else _midnight(since),
                until=_NEVER if until is None else _midnight(until) + timedelta(days=1),
                kind=kind,
                prefix=prefix,
                portal=portal,
            )
            found += events(conn, happened, limit or MOST)
    rows = sorted(found, key=itemgetter("at"), reverse=True)[:limit]
    show_rows(
        rows,
        {"When (UTC)": "at", "What": "kind", "Key": "key", "Portal": "portal", "Year": "year", "Title": _title},
        as_json=as_json,
    )


def _midnight(day: datetime) -> datetime:
    """When a day begins in China, in UTC."""
    return day.replace(tzinfo=PORTAL_TIME).astimezone(UTC)


def _title(event: Mapping[str, Any]) -> str:
    return str(event["title"] or event["url"])
