"""`gxgk status`: how each portal is doing, and whether one needs a person."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.cli.output import AsJson, console, errors, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.spiders import spiders
from gxgk_crawler.store import alarms, portal_status
from gxgk_crawler.store.crawls import last_crawls
from gxgk_crawler.store.policies import next_crawls, policies
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue import jobs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.config import Config
    from gxgk_crawler.store.alarms import Standing
    from gxgk_crawler.store.portal_status import PortalHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Where the archive of this machine lies. free_bytes: None when there is none. archive_bytes: sealed, on all machines."""

    directory: str
    free_bytes: int | None
    min_free_bytes: int
    archive_bytes: int

    @property
    def is_short(self) -> bool:
        """No crawl can begin."""
        return self.free_bytes is not None and self.free_bytes < self.min_free_bytes


def disk(settings: Config, archive_bytes: int) -> Disk:
    """The disk of this machine's archive."""
    directory = settings.archive_dir
    free = shutil.disk_usage(directory).free if directory.is_dir() else None
    return Disk(
        directory=str(directory),
        free_bytes=free,
        min_free_bytes=settings.min_free_bytes,
        archive_bytes=archive_bytes,
    )


def status(
    name: Annotated[str | None, typer.Argument(help="One portal; all by default.")] = None,
    *,
    stale: Annotated[int, typer.Option(min=1, help="A portal needs a person after so many days without success.")] = 35,
    as_json: AsJson = False,
) -> None:
    """How the last crawl of each portal ended, and what comes next; exit 1 when something needs a person."""
    with Database.open(config()) as database, database.begin() as conn:
        place = disk(config(), portal_status.warc_bytes(conn))
        troubles = _troubles(conn, place)
        rows = _rows(conn, name, stale, place, troubles)
        waiting = alarms.undelivered(conn)
    if name is not None and not rows:
        raise NotFoundError(_never_crawled(name))
    if as_json:
        print_json(rows[0] if name is not None else rows)
    elif name is not None:
        _print_portal(rows[0])
    else:
        _print_all(rows, place)
    if waiting:
        errors.print(f"{waiting} alarm(s) are still to be delivered, at the end of the next crawl")
    for trouble in troubles:
        errors.print(trouble, markup=False, soft_wrap=True)
    raise typer.Exit(1 if troubles or any(row["needs_person"] for row in rows) else 0)


def _never_crawled(name: str) -> str:
    if name not in spiders():
        return f"unknown portal {name}; `gxgk portals` lists them"
    return f"{name} was never crawled; `gxgk crawl {name}` does it"


def _troubles(conn: Connection, place: Disk) -> list[str]:
    """What concerns all portals, and needs a person."""
    troubles = [_short(place)] if place.is_short else []
    troubles += [
        f"an archive did not verify: `gxgk schedule jobs {job}` and the log of its worker tell more; once it is mended, "
        "`gxgk schedule run verify` there"
        for job in jobs.failed_verifications(conn)
    ]
    return troubles


def _rows(conn: Connection, name: str | None, stale: int, place: Disk, troubles: list[str]) -> list[dict[str, Any]]:
    """One row for each portal that was ever crawled, the last crawled first; the keys are those of `gxgk status --json`."""
    now = datetime.now(UTC)
    crawls: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for crawl in last_crawls(conn, name, each=2):  # the one before counts while the last one runs
        crawls[crawl["portal"]].append(crawl)
    found = {portal.portal: portal for portal in portal_status.portal_health(conn, name)}
    last_alarms = alarms.last_alarms(conn, name)
    due = next_crawls(conn, crawls.keys() & spiders().keys(), now)
    policy = policies(conn, crawls)
    return [
        {
            **last,
            **_judged(
                before if found[portal].running else [last],
                found[portal],
                None if policy[portal] == "off" else stale,
                last_alarms.get(portal),
                troubles,
            ),
            "policy": policy[portal],
            "next_due": due.get(portal),
            "disk": place,
        }
        for portal, (last, *before) in crawls.items()
    ]


def _judged(
    over: list[dict[str, Any]], portal: PortalHealth, stale: int | None, alarm: Standing | None, troubles: list[str]
) -> dict[str, Any]:
    """What a portal tells today. over: its last crawl that is over, if there is one. needs_person: why, or None.

    stale: days without success that need a person; None for a portal that somebody has switched off: it is known to be so.
    troubles: of all portals.
    """
    success = portal.last_success
    days = None if success is None else (datetime.now(UTC) - success).days
    reasons = [] if stale is None else _unwell(over, portal, days, stale)
    if alarm is not None and alarm.delivered_at is None:
        reasons.append(f"nobody could be told of the alarm: {alarm.error or 'not yet tried'}")
    reasons += troubles
    return {
        "running": portal.running,
        "last_success": success,
        "days_since_success": days,
        "reports": portal.reports,
        "reports_gone": portal.gone,
        "alarm": alarm,
        "needs_person": "; ".join(reasons) or None,
    }


def _unwell(over: list[dict[str, Any]], portal: PortalHealth, days: int | None, stale: int) -> list[str]:
    """Why a portal is not well: a portal that was crawled and holds no report never is, whatever its outcome says."""
    reasons = [crawl["cause"] or "the crawl was killed" for crawl in over if crawl["outcome"] not in GOOD]
    if over and portal.reports == 0:
        reasons.append("no report of this portal is held")
    if days is not None and days > stale:
        reasons.append(f"no success for {days} days")
    return reasons


def _short(place: Disk) -> str:
    assert place.free_bytes is not None
    return (
        f"no crawl can begin: {_size(place.free_bytes)} are free in {place.directory}, "
        f"GXGK_MIN_FREE_MB asks for {_size(place.min_free_bytes)}"
    )


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
    console.print(_said(place), markup=False, soft_wrap=True)
    needy = [row for row in rows if row["needs_person"]]
    if needy:
        console.print("\nNeeds a person:")
    for row in needy:
        console.print(f"  {row['portal']}: {row['needs_person']}", markup=False, soft_wrap=True)


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
        ("disk", _said(row["disk"])),
        ("needs a person", row["needs_person"]),
    ]
    for word, value in lines:
        if value is not None:
            console.print(f"{word:<14}  {value}", markup=False, soft_wrap=True)
    for kind in ("failed", "skipped"):
        for failure in row["failures"]:
            if failure["kind"] == kind:
                console.print(f"{kind:<14}  {failure['url']}  {failure['reason']}", markup=False, soft_wrap=True)


def _outcome(row: dict[str, Any]) -> str:
    return row["outcome"] or ("running" if row["running"] else "killed")


def _ago(row: dict[str, Any]) -> str:
    days = row["days_since_success"]
    return "never" if days is None else "today" if days == 0 else f"{days} d ago"


def _when(due: datetime | None) -> str:
    if due is None:
        return "-"
    return "now" if due <= datetime.now(UTC) else plain(due)


def _said(place: Disk) -> str:
    free = "no archive on this machine" if place.free_bytes is None else f"{_size(place.free_bytes)} free"
    return f"{free} in {place.directory}; the archive has {_size(place.archive_bytes)}"


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"
