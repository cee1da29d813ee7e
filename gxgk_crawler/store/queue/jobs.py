"""The queue of jobs: Procrastinate's tables, in a schema of their own beside ours.

Procrastinate keeps no record of its migrations, so we keep one: the comment of the schema names the newest that was applied.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from gxgk_crawler.errors import DatabaseError, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from procrastinate import App
    from sqlalchemy import Connection

SCHEMA = "procrastinate"
_COMMENT = "Jobs of gxgk worker; made by Procrastinate, newest migration: {}"
_WAITS = "select from procrastinate_jobs where queueing_lock = %(once)s and status = 'todo'"
_NEWEST = re.compile(r"newest migration: (\d[\w.]+)$")


def archive_queue(directory: Path) -> str:
    """Name of the queue for jobs about one archive directory of one machine. Only a worker there can do them."""
    place = f"{platform.node()}\0{os.path.realpath(directory)}"
    return f"archive-{hashlib.sha256(place.encode()).hexdigest()[:16]}"


def head() -> str:
    """The newest migration that the installed Procrastinate brings."""
    return _migrations()[-1].stem


def revision(conn: Connection) -> str | None:
    """The newest migration that was applied; None when there is no queue."""
    told = conn.execute(
        text("select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = :name"), {"name": SCHEMA}
    ).scalar()
    found = _NEWEST.search(told or "")
    return found[1] if found else None


def expect_head(conn: Connection) -> None:
    """Raise DatabaseError when the queue is not what the installed Procrastinate works with."""
    found = revision(conn)
    if found is None or found < head():
        raise DatabaseError("the queue of jobs is not there or out of date: run `gxgk db upgrade`")
    if found > head():
        raise DatabaseError(_newer(found))


def upgrade(conn: Connection) -> None:
    """Create the queue, or bring an older one to the newest migration. The caller holds the lock of migrations.

    Raises DatabaseError when the queue is newer than the installed Procrastinate, or when another program made it.
    """
    found = revision(conn)
    if found == head():
        return
    if found is None:
        scripts = [_package() / "sql" / "schema.sql"]
        _create_schema(conn)
        if conn.execute(text(f"select to_regclass('{SCHEMA}.procrastinate_jobs')")).scalar() is not None:
            raise DatabaseError(
                f"the schema {SCHEMA} holds tables that gxgk did not make: rename it, or use another database"
            )
    elif found > head():
        raise DatabaseError(_newer(found))
    else:
        scripts = [script for script in _migrations() if script.stem > found]
    with in_schema(conn) as driver:
        for script in scripts:
            driver.execute(script.read_bytes())
        comment = sql.Literal(_COMMENT.format(head()))
        driver.execute(sql.SQL("comment on schema {} is {}").format(sql.Identifier(SCHEMA), comment))


def _create_schema(conn: Connection) -> None:
    if conn.execute(text("select to_regnamespace(:name)"), {"name": SCHEMA}).scalar() is not None:
        return
    try:
        with conn.begin_nested():
            conn.execute(text(f"create schema {SCHEMA}"))
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise DatabaseError(
            f"this role may not create the schema {SCHEMA} for the queue of jobs: the owner of the database can "
            f"`create schema {SCHEMA} authorization ...` for it"
        ) from error


@contextmanager
def in_schema(conn: Connection) -> Iterator[psycopg.Connection[Any]]:
    """The connection of the driver in this transaction. In the block every name means one of the schema of the queue."""
    driver = conn.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    before = driver.execute("select current_setting('search_path')").fetchone()
    driver.execute(sql.SQL("set local search_path to {}").format(sql.Identifier(SCHEMA)))
    yield driver
    assert before is not None
    driver.execute("select set_config('search_path', %s, true)", before)


def defer(
    conn: Connection,
    task: str,
    *,
    queue: str,
    lock: str,
    once: str,
    at: datetime | None = None,
    priority: int = 0,
    **arguments: str | None,
) -> int | None:
    """Queue a job with this transaction; its number, or None when a job with the same `once` waits already.

    task: its name. queue: of the workers that can do it. lock: two jobs with the same lock never run at the same time, and a job that
    waits (also for `at`) blocks those queued after it, unless their priority is higher. at: earliest start. arguments: of the task.
    Raises DatabaseError.
    """
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException  # noqa: PLC0415 - half a second that other commands save

    with in_schema(conn) as driver:
        if driver.execute(_WAITS, {"once": once}).fetchone() is not None:
            return None
        deferrer = _deferring().configure_task(
            task,
            queue=queue,
            lock=lock,
            queueing_lock=once,
            schedule_at=at,
            priority=priority,
            task_kwargs=arguments,
            connection=driver,
        )
        try:
            with driver.transaction():
                return deferrer.defer()
        except AlreadyEnqueued:  # another process has just queued it
            return None
        except ConnectorException as error:
            raise DatabaseError(f"database: {first_line(error.__cause__ or error)}") from error


@cache
def _deferring() -> App:
    from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415 - see above

    return App(connector=SyncPsycopgConnector())


def busy_portals(conn: Connection) -> set[str]:
    """Portals of which a crawl waits in the queue or runs as a job."""
    query = f"""
        select args ->> 'portal' from {SCHEMA}.procrastinate_jobs
        where task_name = 'crawl' and status in ('todo', 'doing')
    """  # noqa: S608 - our own constant
    return set(conn.execute(text(query)).scalars())


def jobs(conn: Connection, number: int | None = None, *, limit: int = 50) -> list[dict[str, Any]]:
    """Jobs (or the one of that number), newest first. Keys: id, task, portal, status, tries, due_at, started_at, ended_at.

    status: waiting, running, done, failed. due_at: not before; None = as soon as a worker is free.
    """
    query = f"""
        select job.id, job.task_name as task, job.args ->> 'portal' as portal,
               case job.status when 'todo' then 'waiting' when 'doing' then 'running' when 'succeeded' then 'done'
                    else 'failed' end as status,
               job.attempts as tries, job.scheduled_at as due_at,
               (select max(at) from {SCHEMA}.procrastinate_events e where e.job_id = job.id and e.type = 'started')
                   as started_at,
               (select max(at) from {SCHEMA}.procrastinate_events e
                where e.job_id = job.id and job.status not in ('todo', 'doing')
                  and e.type in ('succeeded', 'failed', 'aborted', 'cancelled')) as ended_at
        from {SCHEMA}.procrastinate_jobs job
        where job.task_name <> 'plan' and (cast(:number as bigint) is null or job.id = :number)
        order by job.id desc limit :limit
    """  # noqa: S608 - our own constant
    return [dict(row) for row in conn.execute(text(query), {"number": number, "limit": limit}).mappings()]


def failed_verifications(conn: Connection) -> list[int]:
    """Numbers of the failed jobs that were the last verification of their archive; empty when there is no queue yet."""
    if revision(conn) is None:
        return []
    query = f"""
        select id from (
            select distinct on (queue_name) id, status from {SCHEMA}.procrastinate_jobs
            where task_name = 'verify' and status not in ('todo', 'doing')
            order by queue_name, id desc
        ) last
        where status = 'failed'
        order by id
    """  # noqa: S608 - our own constant
    return list(conn.execute(text(query)).scalars())


def forget_old(conn: Connection, before: datetime, plans_before: datetime) -> None:
    """Delete the jobs that ended before `before`, and the plans, of which there is one every minute, before `plans_before`."""
    query = f"""
        delete from {SCHEMA}.procrastinate_jobs job
        where status not in ('todo', 'doing')
          and not exists (select from {SCHEMA}.procrastinate_events e where e.job_id = job.id and
              e.at >= case job.task_name when 'plan' then cast(:plans_before as timestamptz) else :before end)
    """  # noqa: S608 - our own constant
    with in_schema(conn):
        conn.execute(text(query), {"before": before, "plans_before": plans_before})


def _package() -> Path:
    """Where Procrastinate lies; found without running its code."""
    spec = importlib.util.find_spec("procrastinate")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _migrations() -> list[Path]:
    """Its migrations, oldest first: by rule their names sort by version."""
    return sorted((_package() / "sql" / "migrations").glob("[0-9]*.sql"))


def _newer(found: str) -> str:
    return (
        f"the queue of jobs is at {found}, newer than the installed Procrastinate knows ({head()}): "
        "install a newer version of gxgk_crawler"
    )
