"""`gxgk alarms`: what was raised and who was told, and a test of those who are to be told."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from typing import Annotated

import typer

from gxgk_crawler.alarms.receivers import receivers
from gxgk_crawler.alarms.transition import Alarm
from gxgk_crawler.cli.output import AsJson, console, errors, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.store import alarms as store
from gxgk_crawler.store.postgres.database import Database


def alarms(
    *,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="How many of the newest.")] = 20,
    test: Annotated[bool, typer.Option("--test", help="Send a test alarm now, and list nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """The newest alarms, and whether they were delivered. With --test, exit 1 when a receiver does not take one."""
    if test:
        raise typer.Exit(_send_test())
    with Database.open(config()) as database, database.begin() as conn:
        rows = store.newest_alarms(conn, limit)
    if as_json:
        print_json(rows)
        return
    made = table("Raised (UTC)", "Portal", "Turned", "Outcome", "Delivered", "Error")
    for row in rows:
        delivered = "not yet" if row["delivered_at"] is None else row["delivered_at"]
        outcome = row["outcome"] or "killed"
        made.add_row(*map(plain, (row["raised_at"], row["portal"], row["turned"], outcome, delivered, row["error"])))
    console.print(made)


def _send_test() -> int:
    """Ask every receiver to take an alarm that is none; the exit code."""
    who = receivers(config())
    if not who:
        raise ConfigError("nobody is to be told: set GXGK_ALARM_WEBHOOK or GXGK_ALARM_COMMAND")
    now = datetime.now(UTC)
    facts = Alarm(
        id=0,
        portal="test",
        title="gxgk alarms --test",
        turned="bad",
        raised_at=now,
        started_at=now,
        outcome="refused",
        cause="only a test",
        evidence_url=None,
        host=platform.node(),
        last_success=None,
    ).facts
    failed = 0
    for name, receiver in who.items():
        error = receiver(facts)
        failed += error is not None
        errors.print(f"{name}: {error or 'ok'}", markup=False, soft_wrap=True)
    return 1 if failed else 0
