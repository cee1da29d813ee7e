"""`gxgk schedule`: when each portal is crawled, and jobs for the workers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gxgk_crawler.cli.options import (
    MOST,
    AllPortals,
    AsJson,
    PortalDivision,
    PortalLevel,
    PortalNames,
)
from gxgk_crawler.cli.output import answer, print_json, say, show_rows
from gxgk_crawler.cli.portals import chosen_portals
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.jobs.due import next_crawls, policies, switched_on
from gxgk_crawler.store import policies as store
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.policies import Policy  # noqa: TC001 - typer reads it
from gxgk_crawler.store.portal_status import portal_health
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue import jobs as queue

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(no_args_is_help=True, add_completion=False)

Task = Literal["verify", "reextract"]


@app.command("list")
def show(*, as_json: AsJson = False) -> None:
    """Every portal that has a file or is switched on: its policy, how its last crawl ended, and when it is crawled next."""
    now = datetime.now(UTC)
    with Database.open(config()) as database, database.begin() as conn:
        names = switched_on(conn)
        chosen = policies(conn, names)
        times = next_crawls(conn, names, now)
        health = {found.portal: found for found in portal_health(conn)}
    rows = []
    for name in names:
        last, when = health.get(name), times[name]
        rows.append(
            {
                "name": name,
                "policy": chosen[name],
                "last_started_at": last and last.started_at,
                "last_outcome": last and last.outcome,
                "running": last is not None and last.running,
                "next_due": when,
                "due": when is not None and when <= now,
            }
        )
    show_rows(
        rows,
        {
            "Portal": "name",
            "Policy": "policy",
            "Last crawl": "last_started_at",
            "Outcome": _last_outcome,
            "Next (UTC)": lambda row: "off" if row["next_due"] is None else "now" if row["due"] else row["next_due"],
        },
        as_json=as_json,
    )


def _last_outcome(row: Mapping[str, Any]) -> str:
    return "running" if row["running"] else row["last_outcome"] or ("killed" if row["last_started_at"] else "")


@app.command("set")
def change(
    policy: Annotated[Policy, typer.Argument(help="When: season is daily from January to April, else weekly.")],
    names: PortalNames = None,
    division: PortalDivision = None,
    level: PortalLevel = None,
    *,
    every: AllPortals = False,
) -> None:
    """Say when portals are crawled. One of the registry is crawled on schedule only after this has switched it on.

    Example: gxgk schedule set season --division 15 --level prefecture
    """
    _set(policy, names, every=every, division=division, level=level)


@app.command()
def off(
    names: PortalNames = None,
    division: PortalDivision = None,
    level: PortalLevel = None,
    *,
    every: AllPortals = False,
) -> None:
    """Crawl portals only by hand; `gxgk schedule set season NAME` undoes it."""
    _set("off", names, every=every, division=division, level=level)


@app.command()
def run(
    task: Annotated[Task, typer.Argument(help="What to do with the archive of this GXGK_HOME.")],
    *,
    portal: Annotated[str | None, typer.Option(help="Re-extract only this portal.")] = None,
    as_json: AsJson = False,
) -> None:
    """Have a worker of this GXGK_HOME verify or re-extract the archive as soon as it has time."""
    from gxgk_crawler.jobs.planning import run_soon  # noqa: PLC0415 - the queue costs half a second

    if portal is not None and task == "verify":
        raise ConfigError("an archive is verified as a whole: leave out --portal")
    with Database.open(config()) as database:
        database.expect_queue()
        if portal is not None:
            with database.begin() as conn:
                portal_id(conn, portal)
        number = run_soon(database, task, queue.archive_queue(config().archive_dir), portal)
    line = "such a job waits already: `gxgk schedule jobs` lists it"
    if number is not None:
        line = f"job {number}: `gxgk schedule jobs {number}` says how it ends, the worker's log what it finds"
    answer({"job": number}, line, as_json=as_json)


@app.command()
def jobs(
    number: Annotated[int | None, typer.Argument(min=1, max=2**63 - 1, help="One job; the newest by default.")] = None,
    *,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=MOST, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The jobs of all workers, newest first: when they ended, began, or may begin. They are kept for 30 days."""
    with Database.open(config()) as database:
        database.expect_queue()
        with database.begin() as conn:
            rows = queue.jobs(conn, number, limit=limit)
    if number is not None and not rows:
        raise NotFoundError(f"no job {number}")
    if as_json and number is not None:
        print_json(rows[0])
        return
    show_rows(
        rows,
        {
            "Job": "id",
            "Task": "task",
            "Portal": "portal",
            "Status": "status",
            "Tries": "tries",
            "When (UTC)": _when,
        },
        as_json=as_json,
    )


def _when(job: Mapping[str, Any]) -> datetime | None:
    """When a job ended, else when it may start, else when it started."""
    when: datetime | None = job["ended_at"] or (job["due_at"] if job["status"] == "waiting" else job["started_at"])
    return when


def _set(policy: Policy, names: list[str] | None, *, every: bool, division: str | None, level: str | None) -> None:
    with Database.open(config()) as database:
        chosen = chosen_portals(names, every=every, division=division, level=level, database=database)
        with database.begin() as conn:
            store.set_policy(conn, chosen, policy)
    say(f"{policy}: {', '.join(chosen)}")
