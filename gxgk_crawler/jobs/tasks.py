"""The tasks of the queue: what a worker does with a job."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from procrastinate import App, BaseRetryStrategy, RetryDecision

from gxgk_crawler.errors import DatabaseError, GxgkError, StorageError
from gxgk_crawler.jobs.due import crawl_if_due
from gxgk_crawler.jobs.planning import CRAWLS, end_readers, forget_old, plan_crawls, plan_verification
from gxgk_crawler.jobs.process import Processes
from gxgk_crawler.outcomes import WRONG_START
from gxgk_crawler.spiders import portal_loader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from procrastinate import JobContext
    from procrastinate.connector import BaseConnector
    from procrastinate.jobs import Job

    from gxgk_crawler.jobs.process import ProcessResult
    from gxgk_crawler.store.postgres.database import Database

logger = logging.getLogger(__name__)

PLANS = "plan"  # the queue, and the task
_LONGEST = 3600  # seconds


class JobError(GxgkError):
    """A job has failed; its line is in the log."""


class LaterError(GxgkError):
    """A job could not be done now, and is retried later."""


class _Later(BaseRetryStrategy):
    """Retries a job that raised LaterError after a minute, doubled by each try up to an hour."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Called by Procrastinate after a job raised an exception."""
        if not isinstance(exception, LaterError):
            return None
        return RetryDecision(retry_in={"seconds": min(60 * 2 ** min(job.attempts, 10), _LONGEST)})


class WorkerTasks:
    """The tasks of one worker. running: numbers of the jobs in work. started: how many jobs there were so far."""

    def __init__(self, database: Database, *, archive_queue: str, logs: Path, options: Sequence[str]) -> None:
        """database: open. archive_queue: of this worker's archive. logs: directory of the logs of its processes.

        options: the command line of every `scrapy crawl` behind the name.
        """
        self._database = database
        self._archive_queue = archive_queue
        self._options = options
        self.processes = Processes(logs)
        self.running: set[int] = set()
        self.started = 0
        self._misconfigured: set[str] = set()  # portal files are read once, when the worker starts

    def app(self, connector: BaseConnector) -> App:
        """Procrastinate's app with these tasks; planning is one of them, every minute."""
        app = App(connector=connector)
        for name, queue, do in (
            (CRAWLS, CRAWLS, self._crawl),
            ("verify", self._archive_queue, self._verify),
            ("reextract", self._archive_queue, self._reextract),
        ):
            app.task(name=name, queue=queue, retry=_Later(), pass_context=True)(self._watched(do))
        plan = app.task(name=PLANS, queue=PLANS, lock=PLANS, queueing_lock=PLANS, priority=10)(self._plan)
        app.periodic(cron="* * * * *")(plan)
        return app

    @property
    def queues(self) -> list[str]:
        """The queues whose jobs this worker can do."""
        return [PLANS, CRAWLS, self._archive_queue]

    def plan(self, *, clean: bool) -> None:
        """Queue what is due. clean: delete old jobs and logs first. When the database is away, log it: the next plan is near."""
        try:
            if clean:
                self.processes.forget_logs()
                forget_old(self._database)
            end_readers(self._database)
            plan_crawls(self._database, self._misconfigured)
            plan_verification(self._database, self._archive_queue)
        except DatabaseError as error:
            logger.warning("nothing was planned: %s", error)

    def _plan(self, timestamp: int) -> None:
        self.plan(clean=timestamp % 3600 == 0)

    def _watched(self, do: Callable[..., None]) -> Callable[..., None]:
        """`do` as a task that lists its job as running and logs what it raises: one line, or a traceback for a bug."""

        def task(context: JobContext, **arguments: Any) -> None:
            number = context.job.id
            assert number is not None
            self.running.add(number)
            self.started += 1
            try:
                do(number, **arguments)
            except StorageError as error:
                logger.warning("job %d waits: %s", number, error)
                raise LaterError(str(error)) from error
            except LaterError as error:
                logger.warning("job %d waits: %s", number, error)
                raise
            except GxgkError as error:
                logger.error("job %d failed: %s", number, error)  # noqa: TRY400 - it is written for a person
                raise
            except Exception:
                logger.exception("job %d failed", number)
                raise
            finally:
                self.running.discard(number)

        return task

    def _crawl(self, number: int, portal: str) -> None:
        if not portal_loader().describes(portal):
            raise LaterError(f"{portal}: no portal of that name; is this worker older than the one that planned it?")
        logger.info("job %d: crawl of %s", number, portal)
        attempt = crawl_if_due(self._database, self.processes, portal, self._options)
        if attempt.what == "elsewhere":
            logger.info("%s: crawled elsewhere", portal)
        elif attempt.result is not None:
            level = logging.WARNING if attempt.result.code and not self.processes.stopping else logging.INFO
            logger.log(level, "%s (%s)", attempt.result.line, attempt.result.log)
        if attempt.result is not None and attempt.result.code == WRONG_START:
            self._misconfigured.add(portal)
            raise JobError(
                f"{portal} cannot be crawled as it is configured: {attempt.result.line} ({attempt.result.log})"
            )
        if attempt.what == "lost" and not self.processes.stopping:
            raise LaterError(f"{portal}: the crawl left no trace in the database")

    def _verify(self, number: int, portal: str | None = None) -> None:
        del portal
        try:
            self._command(number, "verify", [])
        finally:
            plan_verification(self._database, self._archive_queue)

    def _reextract(self, number: int, portal: str | None = None) -> None:
        self._command(number, "reextract", [] if portal is None else ["--portal", portal])

    def _command(self, number: int, name: str, arguments: Sequence[str]) -> None:
        logger.info("job %d: %s", number, " ".join([name, *arguments]))
        result = self.processes.run(name, "gxgk_crawler", [name, *arguments])
        if result is None or self.processes.stopping:
            raise LaterError(f"{name} was stopped")
        if result.code:
            raise JobError(f"{name}: {_last_line(result)} ({result.log})")
        logger.info("%s: %s (%s)", name, _last_line(result), result.log)


def _last_line(result: ProcessResult) -> str:
    return result.line.removeprefix("gxgk: ")
