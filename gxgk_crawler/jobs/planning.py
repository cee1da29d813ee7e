"""Puts the jobs that are due next into the queue."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gxgk_crawler.jobs.due import due_portals
from gxgk_crawler.jobs.schedule import next_due
from gxgk_crawler.outcomes import PastCrawl
from gxgk_crawler.store.postgres.readonly_role import end_long_readers
from gxgk_crawler.store.queue import jobs

if TYPE_CHECKING:
    from collections.abc import Collection

    from gxgk_crawler.store.postgres.database import Database

logger = logging.getLogger(__name__)

CRAWLS = "crawl"  # the queue, and the task
_KEPT = timedelta(days=30)
_PLANS_KEPT = timedelta(hours=1)


def plan_crawls(database: Database, without: Collection[str] = ()) -> None:
    """Queue a crawl of every portal that is due, unless one is queued or runs already. Raises DatabaseError.

    without: portals to leave out, because their crawls cannot begin.
    """
    due = [name for name in due_portals(database) if name not in without]
    with database.begin() as conn:
        busy = jobs.busy_portals(conn)
        for name in due:
            if name not in busy:
                jobs.defer(conn, CRAWLS, queue=CRAWLS, lock=f"crawl {name}", once=f"crawl {name}", portal=name)
    if new := [name for name in due if name not in busy]:
        logger.info("due: %s%s", ", ".join(new[:10]), f" and {len(new) - 10} more" if len(new) > 10 else "")


def plan_verification(database: Database, archive_queue: str) -> None:
    """Queue the next weekly verification of the archive that this queue belongs to, unless one waits. Raises DatabaseError."""
    now = datetime.now(UTC)
    done = PastCrawl(started_at=now, finished_at=now, outcome="ok", stopped=False)
    at = next_due(archive_queue, "weekly", [done], now)
    with database.begin() as conn:
        jobs.defer(conn, "verify", queue=archive_queue, lock=archive_queue, once=f"weekly {archive_queue}", at=at)


def forget_old(database: Database) -> None:
    """Delete jobs that ended long ago. Raises DatabaseError."""
    now = datetime.now(UTC)
    with database.begin() as conn:
        jobs.forget_old(conn, now - _KEPT, now - _PLANS_KEPT)


def end_readers(database: Database) -> None:
    """End the sessions of readers that run for too long. Raises DatabaseError."""
    with database.begin() as conn:
        if ended := end_long_readers(conn):
            logger.warning("ended %d session(s) of readers, which had run for too long", ended)


def run_soon(database: Database, task: str, archive_queue: str, portal: str | None = None) -> int | None:
    """Queue a verification or a re-extraction of an archive; number of the job, None when such a job waits already.

    task: verify or reextract. archive_queue: of that archive. portal: the one to re-extract. Raises DatabaseError.
    """
    with database.begin() as conn:
        once = f"{task} {archive_queue} {portal or ''}"
        return jobs.defer(conn, task, queue=archive_queue, lock=archive_queue, once=once, priority=1, portal=portal)
