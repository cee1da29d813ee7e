"""Schedules: which portals are crawled at other times than the season asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.store import models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

Policy = Literal["season", "daily", "weekly", "monthly", "off"]

DEFAULT: Policy = "season"


def policies(conn: Connection, portals: Iterable[str]) -> dict[str, Policy]:
    """The policy of each of the portals, in their order."""
    rows = conn.execute(select(models.schedule.c.portal, models.schedule.c.policy))
    given: dict[str, Policy] = {row.portal: row.policy for row in rows}
    return {name: given.get(name, DEFAULT) for name in portals}


def set_policy(conn: Connection, portals: Iterable[str], policy: Policy) -> None:
    """Give the portals a policy. The default one leaves no row behind."""
    for name in portals:
        if policy == DEFAULT:
            conn.execute(delete(models.schedule).where(models.schedule.c.portal == name))
            continue
        changed = {"policy": policy, "changed_at": func.now()}
        conn.execute(
            insert(models.schedule)
            .values(portal=name, **changed)
            .on_conflict_do_update(index_elements=["portal"], set_=changed)
        )
