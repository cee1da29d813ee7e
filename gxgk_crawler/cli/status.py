"""`gxgk status`: the state of each portal, and whether one needs a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.analysis.condition import Disk, readable_size, shared_reasons
from gxgk_crawler.cli.options import MOST, AsJson
from gxgk_crawler.cli.output import console, errors, plain, print_json, say, table, warn
from gxgk_crawler.cli.portals import warn_of_broken
from gxgk_crawler.config import config
from gxgk_crawler.errors import ExtractionError, NotFoundError
from gxgk_crawler.jobs.due import switched_on
from gxgk_crawler.jobs.portal_states import STALE_DAYS, archive_disk, portal_states
from gxgk_crawler.sandbox.probe import probe
from gxgk_crawler.spiders import portal_loader
from gxgk_crawler.store import alarms, portal_status
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue import jobs

if TYPE_CHECKING:
    from gxgk_crawler.config import Config
    from gxgk_crawler.sandbox.confinement import Confinement
    from gxgk_crawler.store.postgres.database import Connection


def disk(settings: Config, archive_bytes: int) -> Disk:
    """The disk of this machine's archive. archive_bytes: size of the sealed WARC files on all machines."""
    return archive_disk(settings.archive_dir, settings.min_free_bytes, archive_bytes)


def status(
    name: Annotated[str | None, typer.Argument(help="One portal; all by default.")] = None,
    *,
    stale: Annotated[
        int, typer.Option(min=1, max=MOST, help="A portal needs a person after so many days without success.")
    ] = STALE_DAYS,
    as_json: AsJson = False,
) -> None:
    """Show how the last crawl of each portal ended, and when the next one is due; exit 1 when something needs a person."""
    with Database.open(config()) as database, database.begin() as conn:
        place = disk(config(), portal_status.warc_bytes(conn))
        shared = shared_reasons(place, jobs.failed_verifications(conn))
        rows = _rows(conn, name, stale, place, shared)
        waiting = alarms.undelivered(conn)
    if name is not None and not rows:
        raise NotFoundError(_never_crawled(name))
    if as_json:
        sandbox = _sandbox()
        told = [row | {"sandbox": sandbox} for row in rows]
        print_json(told[0] if name is not None else told)
    elif name is not None:
        _print_portal(rows[0])
    else:
        _print_all(rows, place)
    if waiting:
        errors.print(f"{waiting} alarm(s) are still to be delivered, at the end of the next crawl")
    for reason in shared:
        warn(reason)
    broken = name is None and warn_of_broken(portal_loader())
    raise typer.Exit(1 if shared or broken or any(row["needs_person"] for row in rows) else 0)


def _sandbox() -> Confinement | None:
    """What holds the processes that read hostile bytes here; None when none can be started."""
    try:
        return probe()
    except ExtractionError as error:
        warn(str(error))
        return None


def _never_crawled(name: str) -> str:
    if not portal_loader().describes(name):
        return f"unknown portal {name}; `gxgk portals` lists them"
    return f"{name} was never crawled; `gxgk crawl {name}` does it"


def _rows(conn: Connection, name: str | None, stale: int, place: Disk, shared: list[str]) -> list[dict[str, Any]]:
    """One row per portal that was ever crawled, the last crawled first; the keys are those of `gxgk status --json`."""
    rows = portal_states(conn, datetime.now(UTC), name=name, stale=stale, shared=shared, switched_on=switched_on(conn))
    return [row | {"disk": place} for row in rows]


def _print_all(rows: list[dict[str, Any]], place: Disk) -> None:
    made = table("Portal", "Last crawl", "Outcome", "Success", "New", "Chg", "Gone", "Fail", "Skip", "Next (UTC)")
    for row in rows:
        counts = row["counts"]
        numbers = [
            counts.get(key, 0) for key in ("reports_new", "reports_changed", "reports_gone", "failed", "skipped")
        ]
        made.add_row(
            *map(plain, (row["portal"], row["started_at"], _outcome(row), _ago(row), *numbers)), _when(row["next_due"])
        )
    console.print(made)
    say(_space(place))
    needy = [row for row in rows if row["needs_person"]]
    if needy:
        console.print("\nNeeds a person:")
    for row in needy:
        say(f"  {row['portal']}: {row['needs_person']}")


def _print_portal(row: dict[str, Any]) -> None:
    counts, alarm = row["counts"], row["alarm"]
    ended = "" if row["finished_at"] is None else f", took {str(row['finished_at'] - row['started_at']).split('.')[0]}"
    changes = ", ".join(
        f"{counts.get(f'reports_{what}', 0)} {what}" for what in ("new", "changed", "unchanged", "gone")
    )
    lines = [
        ("portal", row["portal"]),
        ("last crawl", f"{plain(row['started_at'])} UTC on {row['host']}{ended}"),
        ("outcome", _outcome(row)),
        ("cause", row["cause"]),
        ("evidence", row["evidence_url"]),
        ("reports", f"{row['reports']} held, {row['reports_gone']} of them gone from the portal"),
        ("this time", f"{changes}; {counts.get('failed', 0)} failed, {counts.get('skipped', 0)} skipped"),
        ("success", _ago(row)),
        ("next", "off" if row["policy"] == "off" else _when(row["next_due"])),
        ("alarm", None if alarm is None else f"{alarm.turned} since {plain(alarm.raised_at)} UTC"),
        ("disk", _space(row["disk"])),
        ("needs a person", row["needs_person"]),
    ]
    for word, value in lines:
        if value is not None:
            say(f"{word:<14}  {value}")
    for kind in ("failed", "skipped"):
        for failure in row["failures"]:
            if failure["kind"] == kind:
                say(f"{kind:<14}  {failure['url']}  {failure['reason']}")


def _outcome(row: dict[str, Any]) -> str:
    return row["outcome"] or ("running" if row["running"] else "killed")


def _ago(row: dict[str, Any]) -> str:
    days = row["days_since_success"]
    return "never" if days is None else "today" if days == 0 else f"{days} d ago"


def _when(due: datetime | None) -> str:
    if due is None:
        return "-"
    return "now" if due <= datetime.now(UTC) else plain(due)


def _space(place: Disk) -> str:
    free = "no archive on this machine" if place.free_bytes is None else f"{readable_size(place.free_bytes)} free"
    return f"{free} in {place.directory}; the archive has {readable_size(place.archive_bytes)}"
