"""The state of each portal, as `gxgk status` and the reading room show it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from gxgk_crawler.analysis.condition import Disk, PortalState, needs_person
from gxgk_crawler.jobs.due import next_crawls, policies
from gxgk_crawler.store import alarms, portal_status
from gxgk_crawler.store.crawls import last_crawls

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from pathlib import Path

    from gxgk_crawler.store.alarms import LastAlarm
    from gxgk_crawler.store.portal_status import PortalHealth
    from gxgk_crawler.store.postgres.database import Connection

STALE_DAYS = 35  # without success, after which a portal needs a person


def archive_disk(directory: Path, min_free_bytes: int, archive_bytes: int) -> Disk:
    """The disk of this machine's archive. directory: of the archive. archive_bytes: size of the sealed WARC files on all machines."""
    free = shutil.disk_usage(directory).free if directory.is_dir() else None
    return Disk(
        directory=str(directory),
        free_bytes=free,
        min_free_bytes=min_free_bytes,
        archive_bytes=archive_bytes,
    )


def portal_states(
    conn: Connection,
    now: datetime,
    *,
    name: str | None = None,
    stale: int = STALE_DAYS,
    shared: Collection[str] = (),
    switched_on: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """One row per portal that was ever crawled, the last crawled first; the keys are those of `gxgk status --json` but for `disk`.

    name: only this portal. shared: reasons that concern every portal. switched_on: portals that are crawled by themselves; by default
    all that no policy switches off.
    """
    crawls: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for crawl in last_crawls(conn, name, each=2):  # the one before counts while the last one runs
        crawls[crawl["portal"]].append(crawl)
    found = {portal.portal: portal for portal in portal_status.portal_health(conn, name)}
    last_alarms = alarms.last_alarms(conn, name)
    policy = policies(conn, crawls)
    on = {portal for portal in crawls if policy[portal] != "off"} if switched_on is None else switched_on
    due = next_crawls(conn, crawls.keys() & on, now)
    rows = []
    for portal, (last, *before) in crawls.items():
        health, alarm = found[portal], last_alarms.get(portal)
        over = before if health.running else [last]
        days = None if health.last_success is None else (now - health.last_success).days
        state = _state(over, health, days, alarm)
        rows.append(
            {
                **last,
                "running": health.running,
                "last_success": health.last_success,
                "days_since_success": days,
                "reports": health.reports,
                "reports_gone": health.gone,
                "alarm": alarm,
                "needs_person": needs_person(state, stale=None if policy[portal] == "off" else stale, shared=[*shared]),
                "policy": policy[portal],
                "next_due": due.get(portal),
            }
        )
    return rows


def _state(over: list[dict[str, Any]], health: PortalHealth, days: int | None, alarm: LastAlarm | None) -> PortalState:
    """What is judged of a portal. over: its last crawl that is over, if there is one."""
    last = over[0] if over else {"outcome": None, "cause": None}
    waits = alarm is not None and alarm.delivered_at is None
    return PortalState(
        crawled=bool(over),
        outcome=last["outcome"],
        cause=last["cause"],
        reports=health.reports,
        days_since_success=days,
        undelivered=((alarm and alarm.error) or "not yet tried") if waits else None,
    )
