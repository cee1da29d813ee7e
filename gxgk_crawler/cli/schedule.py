"""`gxgk schedule`: when each portal is crawled, and jobs for the workers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from gxgk_crawler.cli.crawl import chosen_portals
from gxgk_crawler.cli.output import AsJson, console, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.jobs.schedule import Policy  # noqa: TC001 - typer reads it
from gxgk_crawler.spiders import spiders
from gxgk_crawler.store import policies as store
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.portal_status import portal_health
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue import jobs as queue

app = typer.Typer(no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Portals.", metavar="[NAME]...")]
Every = Annotated[bool, typer.Option("--all", help="All portals.")]


Task = Literal["verify", "reextract"]


@app.command("list")
def show(*, as_json: AsJson = False) -> None:
    """Every portal: its policy, how its last crawl ended, and when it is crawled next."""
    names = list(spiders())
    now = datetime.now(UTC)
    with Database.open(config()) as database, database.begin() as conn:
        policies = store.policies(conn, names)
        times = store.next_crawls(conn, names, now)
        health = {found.portal: found for found in portal_health(conn)}
    rows = []
    for name in names:
        last, when = health.get(name), times[name]
        rows.append(
            {
                "name": name,
                "policy": policies[name],
                "last_started_at": last and last.started_at,
                "last_outcome": last and last.outcome,
                "running": last is not None and last.running,
                "next_due": when,
                "due": when is not None and when <= now,
            }
        )
    if as_json:
        print_json(rows)
        return
    made = table("Portal", "Policy", "Last crawl", "Outcome", "Next (UTC)")
    for row in rows:
        outcome = "running" if row["running"] else row["last_outcome"] or ("killed" if row["last_started_at"] else "")
        told = "off" if row["next_due"] is None else "now" if row["due"] else row["next_due"]
        made.add_row(*map(plain, (row["name"], row["policy"], row["last_started_at"], outcome, told)))
    console.print(made)


@app.command("set")
def change(
    policy: Annotated[Policy, typer.Argument(help="When: season is daily from January to April, else weekly.")],
    names: Names = None,
    *,
    every: Every = False,
) -> None:
    """Say when portals are crawled."""
    _set(policy, names, every=every)


@app.command()
def off(names: Names = None, *, every: Every = False) -> None:
    """Crawl portals only by hand; `gxgk schedule set season NAME` undoes it."""
    _set("off", names, every=every)


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
    if as_json:
        print_json({"job": number})
    elif number is None:
        console.print("such a job waits already: `gxgk schedule jobs` lists it")
    else:
        console.print(f"job {number}: `gxgk schedule jobs {number}` says how it ends, the worker's log what it finds")


@app.command()
def jobs(
    number: Annotated[int | None, typer.Argument(help="One job; the newest by default.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The jobs of all workers, newest first: when they ended, began, or may begin. They are kept for 30 days."""
    with Database.open(config()) as database:
        database.expect_queue()
        with database.begin() as conn:
            rows = queue.jobs(conn, number, limit=limit)
    if number is not None and not rows:
        raise NotFoundError(f"no job {number}")
    if as_json:
        print_json(rows if number is None else rows[0])
        return
    made = table("Job", "Task", "Portal", "Status", "Tries", "When (UTC)")
    for row in rows:
        when = row["ended_at"] or (row["due_at"] if row["status"] == "waiting" else row["started_at"])
        made.add_row(*map(plain, (row["id"], row["task"], row["portal"], row["status"], row["tries"], when)))
    console.print(made)


def _set(policy: Policy, names: list[str] | None, *, every: bool) -> None:
    chosen = chosen_portals(names, every=every)
    with Database.open(config()) as database, database.begin() as conn:
        store.set_policy(conn, chosen, policy)
    console.print(f"{policy}: {', '.join(chosen)}", markup=False, soft_wrap=True)
