"""A worker: takes jobs from the queue until it is told to stop, and takes over the jobs of workers that died."""

from __future__ import annotations

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from gxgk_crawler.errors import DatabaseError, first_line
from gxgk_crawler.jobs.tasks import WorkerTasks
from gxgk_crawler.spiders import portal_loader
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue.connector import PatientConnector
from gxgk_crawler.store.queue.jobs import archive_queue

if TYPE_CHECKING:
    from gxgk_crawler.config import Config

logger = logging.getLogger(__name__)

_HURRY = 10.0  # seconds that a worker which is to stop waits for a database that is away


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker works.

    jobs: how many at a time. crawl_options: the command line of every `scrapy crawl` behind the name. once: end when no job waits.
    dead_after: seconds without a heartbeat after which the jobs of another worker are taken over.
    """

    jobs: int = 2
    crawl_options: tuple[str, ...] = ()
    once: bool = False
    dead_after: float = 30.0


def run(config: Config, options: WorkerOptions) -> None:
    """Work until SIGTERM or SIGINT, and then until the running crawls have ended. Raises DatabaseError."""
    for name in ("procrastinate.worker", "procrastinate.worker.worker", "procrastinate.utils"):
        logging.getLogger(name).addFilter(_is_news)
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # PatientConnector logs it once
    for path, reason in portal_loader().broken.items():
        logger.error("%s cannot be used: %s", path, reason)
    with Database.open(config) as database:
        database.expect_queue()
        tasks = WorkerTasks(
            database,
            archive_queue=archive_queue(config.archive_dir),
            logs=config.logs_dir,
            options=options.crawl_options,
        )
        try:
            asyncio.run(_run(tasks, PatientConnector(database.conninfo), options))
        except ConnectorException as error:
            raise DatabaseError(f"database: {first_line(error.__cause__ or error)}") from error


async def _run(tasks: WorkerTasks, connector: PatientConnector, options: WorkerOptions) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(options.jobs + 4, thread_name_prefix="job"))
    app = tasks.app(connector)
    async with app.open_async():
        worker = Worker(
            app=app,
            queues=tasks.queues,
            concurrency=options.jobs,
            wait=not options.once,
            listen_notify=False,  # asking every few seconds is enough, and needs no session of its own
            install_signal_handlers=False,
            update_heartbeat_interval=options.dead_after / 3,
            stalled_worker_timeout=options.dead_after,
        )

        def stop() -> None:
            logger.info("stopping%s", " at once" if tasks.processes.stopping else "")
            running = tasks.processes.stop()
            if running:
                logger.info("waiting for %d process(es) to end; another signal kills them", running)
            connector.hurry(_HURRY)
            worker.stop()  # type: ignore[no-untyped-call]

        loop.set_exception_handler(_say_lost)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        logger.info("ready for %d job(s) at a time", options.jobs)
        await _take_over(tasks, worker, connector, options.dead_after, set())
        await asyncio.to_thread(tasks.plan, clean=True)
        watch = asyncio.create_task(_watch(tasks, worker, connector, options.dead_after))
        try:
            started = -1
            while started < tasks.started and not tasks.processes.stopping:  # a job may have held up another one
                started = tasks.started
                await worker.run()  # type: ignore[no-untyped-call]
        finally:
            watch.cancel()
            if not tasks.processes.stopping:
                tasks.processes.stop()
    logger.info("stopped")


async def _watch(tasks: WorkerTasks, worker: Worker, connector: PatientConnector, dead_after: float) -> None:
    """Take over jobs without a living worker, again and again."""
    suspects: set[int] = set()
    while True:
        await asyncio.sleep(dead_after / 2)
        suspects = await _take_over(tasks, worker, connector, dead_after, suspects)


async def _take_over(
    tasks: WorkerTasks, worker: Worker, connector: PatientConnector, dead_after: float, suspects: set[int]
) -> set[int]:
    """Put the jobs of dead workers back into the queue.

    So too a job that the queue has given to this worker, but whose answer was lost with the connection. It is put back when it is
    found so in two calls in a row. suspects: those of the last call; returns those of this one.
    """
    mine = set() if worker.worker_id is None else await connector.jobs_of(worker.worker_id)
    unknown = mine - tasks.running
    for job in await connector.take_over(dead_after, unknown & suspects):
        name = job["task_name"] if job["portal"] is None else f"{job['task_name']} of {job['portal']}"
        logger.warning("job %d, %s, is taken over: its worker is gone", job["id"], name)
    return unknown - suspects


def _say_lost(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job whose end could not be written is no bug: another worker takes it over."""
    error = context.get("exception")
    if isinstance(error, ConnectorException):
        logger.warning("the end of a job could not be written: %s", first_line(error.__cause__ or error))
    else:
        loop.default_exception_handler(context)


def _is_news(record: logging.LogRecord) -> bool:
    """Drops what Procrastinate logs about the end of a job, and about a database that is away: each was logged already, in one line."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, ConnectorException) and not str(getattr(record, "action", "")).startswith("job_")
