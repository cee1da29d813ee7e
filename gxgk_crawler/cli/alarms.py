"""`gxgk alarms`: the newest alarms, and a test of their receivers."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.alarms.receivers import receivers
from gxgk_crawler.cli.options import MOST, AsJson
from gxgk_crawler.cli.output import show_rows, warn
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.store import alarms as store
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping


def alarms(
    *,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=MOST, help="How many of the newest.")] = 20,
    test: Annotated[bool, typer.Option("--test", help="Send a test alarm now, and list nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the newest alarms and whether they were delivered. With --test, exit 1 when a receiver does not accept the alarm."""
    if test:
        raise typer.Exit(_send_test())
    with Database.open(config()) as database, database.begin() as conn:
        rows = store.newest_alarms(conn, limit)
    show_rows(
        rows,
        {
            "Raised (UTC)": "raised_at",
            "Portal": "portal",
            "Turned": "turned",
            "Outcome": lambda row: row["outcome"] or "killed",
            "Delivered": _delivered,
            "Error": "error",
        },
        as_json=as_json,
    )


def _delivered(row: Mapping[str, Any]) -> Any:
    """When the receivers had it. An alarm that was raised while none was set is sent to none."""
    return "not yet" if row["delivered_at"] is None else row["delivered_at"] if row["told"] else "no receiver is set"


def _send_test() -> int:
    """Send a test alarm to every receiver; the exit code."""
    found = receivers(config())
    if not found:
        raise ConfigError("there is no receiver: set GXGK_ALARM_WEBHOOK or GXGK_ALARM_COMMAND")
    now = datetime.now(UTC)
    payload = store.Alarm(
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
    ).payload
    failed = 0
    for name, receiver in found.items():
        error = receiver(payload)
        failed += error is not None
        warn(f"{name}: {error or 'ok'}")
    return 1 if failed else 0
