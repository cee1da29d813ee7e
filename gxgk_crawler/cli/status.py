"""`gxgk status`: how each portal is doing, and whether one needs a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.cli.output import AsJson, console, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.store import crawls as store
from gxgk_crawler.store.database import Database
from gxgk_crawler.store.health import portal_health

if TYPE_CHECKING:
    from gxgk_crawler.store.health import PortalHealth


def status(
    name: Annotated[str | None, typer.Argument(help="One portal; all by default.")] = None,
    *,
    stale: Annotated[int, typer.Option(min=1, help="A portal needs a person after so many days without success.")] = 35,
    as_json: AsJson = False,
) -> None:
    """How the last crawl of each portal ended; exit 1 when one needs a person."""
    with Database.open(config()) as database, database.begin() as conn:
        crawls = store.last_crawls(conn, name)
        health = {found.portal: found for found in portal_health(conn, name)}
    rows = [_judged(row, crawls, health[row["portal"]], stale) for row in _last_of_each(crawls)]
    if name is not None and not rows:
        raise NotFoundError(f"{name} was never crawled")
    if as_json:
        print_json(rows[0] if name is not None else rows)
    else:
        _print_status(rows, failures=name is not None)
    raise typer.Exit(1 if any(row["needs_person"] for row in rows) else 0)


def _last_of_each(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of crawls listed newest first, the newest of each portal."""
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        last.setdefault(row["portal"], row)
    return list(last.values())


def _judged(row: dict[str, Any], crawls: list[dict[str, Any]], health: PortalHealth, stale: int) -> dict[str, Any]:
    """The portal's last crawl with what it tells today: running, last_success, days_since_success, needs_person (why, or None).

    While a crawl runs, the one before it is judged. One that neither runs nor ended was killed.
    """
    success = health.last_success
    days = None if success is None else (datetime.now(UTC) - success).days
    ended = [crawl for crawl in crawls if crawl["portal"] == row["portal"] and not (crawl is row and health.running)]
    why = None
    if ended and ended[0]["outcome"] not in GOOD:
        why = ended[0]["cause"] or "the crawl was killed"
    elif days is not None and days > stale:
        why = f"no success for {days} days"
    facts = {"running": health.running, "last_success": success, "days_since_success": days, "needs_person": why}
    return {**row, **facts}


def _print_status(rows: list[dict[str, Any]], *, failures: bool) -> None:
    made = table("Portal", "Started", "Outcome", "Cause", "Success", "New", "Changed", "Gone", "Failed", "Skipped")
    for row in rows:
        counts = row["counts"]
        numbers = [counts.get(k, 0) for k in ("reports_new", "reports_changed", "reports_gone", "failed", "skipped")]
        outcome = row["outcome"] or ("running" if row["running"] else "killed")
        days = row["days_since_success"]
        ago = "never" if days is None else "today" if days == 0 else f"{days} d ago"
        made.add_row(
            *map(plain, (row["portal"], row["started_at"], outcome, row["needs_person"] or row["cause"], ago, *numbers))
        )
    console.print(made)
    for row in rows if failures else []:
        for failure in row["failures"]:
            console.print("{kind}  {url}  {reason}".format_map(failure), markup=False, soft_wrap=True)
