"""A worker's connection to the queue: while the database is away it waits, and logs that once."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.sql import queries
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gxgk_crawler.errors import first_line
from gxgk_crawler.store.outage import is_away
from gxgk_crawler.store.queue.jobs import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from typing import LiteralString

logger = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSE = 1.0  # seconds between two tries
# A worker that slept too long counts as dead and its row is deleted. Its next heartbeat inserts the row again, where that of
# Procrastinate would update nothing.
_HEARTBEAT = """
    insert into procrastinate_workers (id, last_heartbeat) overriding system value values (%(worker_id)s, now())
    on conflict (id) do update set last_heartbeat = now()
"""
# A job goes back into the queue, unless its portal has another one there. One statement, where Procrastinate has two
# (get_stalled_jobs, retry_job): a second worker could take away a job that the first one has taken over and started.
_TAKE_OVER = """
    update procrastinate_jobs as job
    set status = cast(case when exists (
            select from procrastinate_jobs other
            where other.status = 'todo' and other.queueing_lock = job.queueing_lock
        ) then 'failed' else 'todo' end as procrastinate_job_status),
        worker_id = null, scheduled_at = null, abort_requested = false, attempts = attempts + 1
    where job.status = 'doing' and (
        job.worker_id is null
        or job.worker_id in (
            select id from procrastinate_workers where last_heartbeat < now() - make_interval(secs => %(seconds)s)
        )
        or job.id = any(%(lost)s)
    )
    returning job.id, job.task_name, job.args ->> 'portal' as portal
"""
_MINE = "select id from procrastinate_jobs where status = 'doing' and worker_id = %(worker_id)s"


class PatientConnector(PsycopgConnector):
    """Procrastinate's connection to the queue's schema. Every statement is repeated until the database has answered it."""

    def __init__(self, conninfo: str) -> None:
        options = str(conninfo_to_dict(conninfo).get("options") or "")
        super().__init__(
            conninfo=make_conninfo(conninfo, options=f"{options} -csearch_path={SCHEMA}".strip()),
            kwargs={"prepare_threshold": None},
            min_size=1,
            max_size=4,
            timeout=5,
        )
        self._away = False
        self._back_at = -math.inf
        self._until: float | None = None

    async def open_async(self, pool: Any = None) -> None:
        """Connect. Raises ConnectorException when that takes too long."""
        try:
            await super().open_async(pool)
        except psycopg.OperationalError as error:
            raise ConnectorException from error

    def hurry(self, seconds: float) -> None:
        """From now on wait at most so many seconds for the database, because the worker is to end."""
        self._until = time.monotonic() + seconds

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """A statement without an answer. When the connection broke after it was executed, it is not executed again."""
        asked = _HEARTBEAT if query == queries["update_heartbeat"] else query
        try:
            await self._patiently(lambda: super(PatientConnector, self).execute_query_async(asked, **arguments))
        except _DoneError:
            return

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """A statement with one row for an answer."""

        async def ask() -> dict[str, Any]:
            row: dict[str, Any] = await super(PatientConnector, self).execute_query_one_async(query, **arguments)
            return row

        try:
            return await self._patiently(ask)
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.errors.ForeignKeyViolation) or query != queries["fetch_job"]:
                raise
        await self.execute_query_async(_HEARTBEAT, worker_id=arguments["worker_id"])
        return await self._patiently(ask)

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """A statement with any number of rows for an answer."""
        return await self._patiently(lambda: super(PatientConnector, self).execute_query_all_async(query, **arguments))

    async def take_over(self, seconds: float, lost: Collection[int]) -> list[dict[str, Any]]:
        """Put the jobs of workers without a heartbeat for so long back into the queue, and the jobs `lost`.

        Returns [{id, task_name, portal}]. Nothing is taken while the database is away, nor in the first `seconds` after it is
        back: no heartbeat could be written in between, so that every worker looks dead, this one too.
        """
        if self._away or time.monotonic() < self._back_at + seconds:
            return []
        taken: list[dict[str, Any]]
        try:
            taken = await super().execute_query_all_async(_TAKE_OVER, seconds=seconds, lost=list(lost))
        except ConnectorException as error:
            if not is_away(error.__cause__):
                raise
            return []
        return taken

    async def jobs_of(self, worker_id: int) -> set[int]:
        """The jobs that run in this worker, as far as the queue knows."""
        return {row["id"] for row in await self.execute_query_all_async(_MINE, worker_id=worker_id)}

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer of `ask`, repeated while the database is away. Raises ConnectorException for all other errors."""
        repeated = False
        while True:
            began = time.monotonic()
            try:
                answer = await ask()
            except ConnectorException as error:
                cause = error.__cause__
                if repeated and isinstance(cause, psycopg.errors.RaiseException):
                    raise _DoneError from error
                if not is_away(cause) or self._is_late():
                    raise
                self._say_away(cause, began)
            else:
                self._say_back()
                return answer
            repeated = True
            await asyncio.sleep(_PAUSE)

    def _is_late(self) -> bool:
        return self._until is not None and time.monotonic() > self._until

    def _say_away(self, error: BaseException | None, began: float) -> None:
        if not self._away and began > self._back_at:  # a statement from before its return says nothing new
            self._away = True
            logger.warning("the database is away, waiting for it: %s", first_line(error))

    def _say_back(self) -> None:
        if self._away:
            self._away = False
            self._back_at = time.monotonic()
            logger.warning("the database is back")


class _DoneError(Exception):
    """The end of a job was written before the connection broke, and is refused the second time."""
