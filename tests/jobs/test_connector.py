"""What a worker asks of the queue, when others take it for dead."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text

from gxgk_crawler.jobs.planning import CRAWLS
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue import jobs
from gxgk_crawler.store.queue.connector import PatientConnector

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def run(database: Database, do: Callable[[App, PatientConnector], Awaitable[None]]) -> None:
    async def opened() -> None:
        connector = PatientConnector(database.conninfo)
        app = App(connector=connector)
        async with app.open_async():
            await do(app, connector)

    asyncio.run(opened())


def defer(database: Database, portal: str) -> int:
    with database.begin() as conn:
        number = jobs.defer(conn, CRAWLS, queue=CRAWLS, lock=portal, once=portal, portal=portal)
    assert number is not None
    return number


def change(database: Database, statement: str) -> None:
    with database.begin() as conn, jobs.in_schema(conn):
        conn.execute(text(statement))


def states(database: Database) -> list[Any]:
    with database.begin() as conn:
        return [(job["portal"], job["status"]) for job in reversed(jobs.jobs(conn))]


def test_a_worker_that_was_taken_for_dead_works_on(database: Database) -> None:
    async def do(app: App, connector: PatientConnector) -> None:
        worker = await app.job_manager.register_worker()
        defer(database, "hlbe")
        change(database, "delete from procrastinate_workers")
        job = await app.job_manager.fetch_job([CRAWLS], worker)
        assert job is not None
        assert await connector.take_over(30, []) == []
        change(database, "delete from procrastinate_workers")
        await app.job_manager.update_heartbeat(worker)
        assert await app.job_manager.fetch_job([CRAWLS], worker) is None

    run(database, do)


def test_jobs_of_the_dead_wait_again_and_those_of_the_living_do_not(database: Database) -> None:
    async def do(app: App, connector: PatientConnector) -> None:
        alive, asleep, dead = [await app.job_manager.register_worker() for _ in range(3)]
        for worker, portal in ((alive, "alive"), (asleep, "asleep"), (dead, "dead")):
            defer(database, portal)
            await app.job_manager.fetch_job([CRAWLS], worker)
        change(
            database, f"update procrastinate_workers set last_heartbeat = now() - interval '1 min' where id = {asleep}"
        )
        change(database, f"delete from procrastinate_workers where id = {dead}")
        taken = await connector.take_over(30, [])
        assert sorted(job["portal"] for job in taken) == ["asleep", "dead"]
        assert states(database) == [("alive", "running"), ("asleep", "waiting"), ("dead", "waiting")]
        assert await connector.take_over(30, []) == []
        assert await connector.jobs_of(alive) == {1}
        assert [job["portal"] for job in await connector.take_over(30, [1])] == ["alive"]

    run(database, do)


def test_an_outage_makes_no_worker_dead(database: Database) -> None:
    """Heartbeats cannot be written while the database is away, and are written again soon after it is back."""
    away = [psycopg.OperationalError("no connection")]

    async def ask() -> None:
        if away:
            raise ConnectorException from away.pop()

    async def do(app: App, connector: PatientConnector) -> None:
        worker = await app.job_manager.register_worker()
        defer(database, "hlbe")
        await app.job_manager.fetch_job([CRAWLS], worker)
        change(database, "update procrastinate_workers set last_heartbeat = now() - interval '1 h'")
        await connector._patiently(ask)
        assert await connector.take_over(600, []) == []
        assert states(database) == [("hlbe", "running")]
        assert [job["portal"] for job in await connector.take_over(0, [])] == ["hlbe"]

    run(database, do)


def test_a_job_that_somebody_queued_again_is_not_doubled(database: Database) -> None:
    async def do(app: App, connector: PatientConnector) -> None:
        worker = await app.job_manager.register_worker()
        defer(database, "hlbe")
        await app.job_manager.fetch_job([CRAWLS], worker)
        defer(database, "hlbe")
        change(database, "delete from procrastinate_workers")
        assert len(await connector.take_over(30, [])) == 1
        assert states(database) == [("hlbe", "failed"), ("hlbe", "waiting")]

    run(database, do)


def test_what_the_database_refuses_is_not_asked_for_ever(database: Database) -> None:
    async def do(app: App, connector: PatientConnector) -> None:
        with pytest.raises(ConnectorException):
            await connector.execute_query_async("select 1 / 0")
        change(database, "drop table procrastinate_workers cascade")
        with pytest.raises(ConnectorException):
            await app.job_manager.register_worker()

    run(database, do)


# What Procrastinate has of its own, and why two statements of ours stand in its place. When one of these tests fails, a newer
# Procrastinate may do, and our statement may go.


def test_procrastinate_itself_would_give_away_a_job_that_another_worker_has_just_taken_over(database: Database) -> None:
    """get_stalled_jobs and retry_job are two statements: `take_over` is one."""

    async def do(app: App, _: PatientConnector) -> None:
        dead, first = [await app.job_manager.register_worker() for _ in range(2)]
        defer(database, "hlbe")
        await app.job_manager.fetch_job([CRAWLS], dead)
        change(database, f"delete from procrastinate_workers where id = {dead}")
        seen_by_both = list(await app.job_manager.get_stalled_jobs())
        await app.job_manager.retry_job(seen_by_both[0])
        taken = await app.job_manager.fetch_job([CRAWLS], first)
        assert taken is not None
        await app.job_manager.retry_job(seen_by_both[0])  # by the second worker, while the first one crawls
        assert states(database) == [("hlbe", "waiting")]

    run(database, do)


def test_procrastinate_itself_would_leave_a_worker_unregistered_that_was_taken_for_dead(database: Database) -> None:
    """Its heartbeat updates a row that is gone, and the next job violates a foreign key."""

    async def do(app: App, _: PatientConnector) -> None:
        worker = await app.job_manager.register_worker()
        defer(database, "hlbe")
        change(database, "delete from procrastinate_workers")
        with database.begin() as conn, jobs.in_schema(conn) as driver:
            driver.execute("select procrastinate_update_heartbeat_v1(%s)", [worker])
            with pytest.raises(psycopg.errors.ForeignKeyViolation), driver.transaction():
                driver.execute("select procrastinate_fetch_job_v2(array['crawl'], %s)", [worker])

    run(database, do)
