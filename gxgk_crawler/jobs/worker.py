"""A worker: takes jobs from the queue until it is told to stop, and takes over those of workers that died."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from gxgk_crawler.errors import DatabaseError
from gxgk_crawler.jobs.tasks import Work
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue.connector import PatientConnector
from gxgk_crawler.store.queue.jobs import archive_queue

if TYPE_CHECKING:
    from gxgk_crawler.config import Config

logger = logging.getLogger(__name__)

_HURRY = 10.0  # seconds that a worker which is to stop waits for a database that is away


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a worker works. jobs: how many at a time. options: of every crawl's command line. once: end when nothing waits.

    dead_after: seconds without a sign of life after which the jobs of another worker are taken over.
    """

    jobs: int = 2
    options: tuple[str, ...] = ()
    once: bool = False
    dead_after: float = 30.0


def run(config: Config, plan: Plan) -> None:
    """Work until SIGTERM or SIGINT, and then until the running crawls have ended. Raises DatabaseError when it cannot."""
    logging.getLogger("procrastinate.worker").addFilter(_is_news)
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # PatientConnector says it once
    with Database.open(config) as database:
        database.expect_queue()
        work = Work(database, archive_queue(config.archive_dir), plan.options)
        try:
            asyncio.run(_run(work, PatientConnector(database.conninfo), plan))
        except ConnectorException as error:
            raise DatabaseError(f"database: {str(error.__cause__ or error).splitlines()[0]}") from error


async def _run(work: Work, connector: PatientConnector, plan: Plan) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(plan.jobs + 4, thread_name_prefix="job"))
    app = work.app(connector)
    async with app.open_async():
        worker = Worker(
            app=app,
            queues=work.queues,
            concurrency=plan.jobs,
            wait=not plan.once,
            listen_notify=False,  # asking every few seconds is soon enough, and needs no session of its own
            install_signal_handlers=False,
            update_heartbeat_interval=plan.dead_after / 3,
            stalled_worker_timeout=plan.dead_after,
        )

        def stop() -> None:
            logger.info("stopping%s", " at once" if work.processes.stopping else "")
            running = work.processes.stop()
            if running:
                logger.info("waiting for %d process(es) to end; another signal kills them", running)
            connector.hurry(_HURRY)
            worker.stop()  # type: ignore[no-untyped-call]

        loop.set_exception_handler(_say_lost)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        logger.info("ready for %d job(s) at a time", plan.jobs)
        await _take_over(work, worker, connector, plan.dead_after, set())
        await asyncio.to_thread(work.plan, clean=True)
        watch = asyncio.create_task(_watch(work, worker, connector, plan.dead_after))
        try:
            begun = -1
            while begun < work.begun and not work.processes.stopping:  # a job may have held up another one
                begun = work.begun
                await worker.run()  # type: ignore[no-untyped-call]
        finally:
            watch.cancel()
            if not work.processes.stopping:
                work.processes.stop()
    logger.info("stopped")


async def _watch(work: Work, worker: Worker, connector: PatientConnector, dead_after: float) -> None:
    """Look after jobs that nobody works on, again and again."""
    suspects: set[int] = set()
    while True:
        await asyncio.sleep(dead_after / 2)
        suspects = await _take_over(work, worker, connector, dead_after, suspects)


async def _take_over(
    work: Work, worker: Worker, connector: PatientConnector, dead_after: float, suspects: set[int]
) -> set[int]:
    """Let the jobs of dead workers wait again. So too a job that the queue gives to us though we never got to know of it,
    because the connection broke: when it is found so twice in a row; returns those found once.
    """
    mine = set() if worker.worker_id is None else await connector.jobs_of(worker.worker_id)
    unknown = mine - work.running
    for job in await connector.take_over(dead_after, unknown & suspects):
        name = job["task_name"] if job["portal"] is None else f"{job['task_name']} of {job['portal']}"
        logger.warning("job %d, %s, is taken over: its worker is gone", job["id"], name)
    return unknown - suspects


def _say_lost(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The end of a job that could not be told is no bug: another worker finds the job without a worker."""
    if isinstance(context.get("exception"), ConnectorException):
        logger.warning("the end of a job could not be told: the database is away")
    else:
        loop.default_exception_handler(context)


def _is_news(record: logging.LogRecord) -> bool:
    """What Procrastinate says of the end of a job, our tasks have said."""
    return not str(getattr(record, "action", "")).startswith("job_")
