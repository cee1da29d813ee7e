"""Schedules: when a portal is crawled, as set by `gxgk schedule`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.store import models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

Policy = Literal["season", "daily", "weekly", "monthly", "off"]


def given_policies(conn: Connection) -> dict[str, Policy]:
    """The policy of every portal that was given one, by name."""
    rows = conn.execute(select(models.schedule.c.portal, models.schedule.c.policy).order_by(models.schedule.c.portal))
    return {row.portal: row.policy for row in rows}


def set_policy(conn: Connection, portals: Iterable[str], policy: Policy) -> None:
    """Give the portals a policy."""
    changed = {"policy": policy, "changed_at": func.now()}
    statement = insert(models.schedule).on_conflict_do_update(index_elements=["portal"], set_=changed)
    rows = [{"portal": name, "policy": policy} for name in portals]
    if rows:
        conn.execute(statement, rows)
