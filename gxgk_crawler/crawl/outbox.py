"""The queue between archive and database: what is archived and not yet written to the database, in the order of the archive.

All calls to the database run in one thread, never in the event loop. One transaction writes all that is queued. So a committed
row always points to durable bytes, and what the database lacks is always the newest part of the archive.

While the database is away, the queue waits. It stays short, because a crawl works on only a few items at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.manifest import SealedFile
from gxgk_crawler.errors import DatabaseError, StorageError
from gxgk_crawler.items import Capture
from gxgk_crawler.maintenance.ingest import seal
from gxgk_crawler.store import journal
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.locks import PortalLock, is_taken

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gxgk_crawler.config import Config
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.store.postgres.database import Connection
    from gxgk_crawler.store.prepared import Prepared
    from gxgk_crawler.store.reports import Saved

    What = Capture | SealedFile | Entry
    _Result = Saved | Exception | None

logger = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 300.0  # seconds to wait for a database that went away
_RETRY = 1.0  # seconds between two attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """One element of the queue. done: the future that `wait_for` awaits. prepared: the document of an entry, if it is made."""

    what: What
    prepared: Prepared | None = None
    done: asyncio.Future[Saved | None] | None = None


class Outbox:
    """The queue of one crawl and its connection to the database.

    portal: name of the portal, which the crawl locks. patience: seconds to wait for a database that went away.
    """

    def __init__(self, portal: str, patience: float) -> None:
        self._portal = portal
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self._queue: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._database: Database | None = None
        self._lock: PortalLock | None = None
        self._archive = ArchiveDirectory(Path())
        self._started_at: datetime | None = None
        self._lost: StorageError | None = None

    @property
    def database(self) -> Database:
        """The open database. Raises DatabaseError before `open`."""
        if self._database is None:
            raise DatabaseError("the database is not open")
        return self._database

    def open(self, config: Config, started_at: datetime) -> None:
        """Open the database in the calling thread, and lock the portal for the crawl that began at `started_at`.

        Raises DatabaseError, and StorageError when another crawl of the portal is running.
        """
        self._archive = ArchiveDirectory(config.archive_dir)
        self._started_at = started_at
        self._database = Database.open(config)
        self._lock = PortalLock(self._database, self._portal)
        if not self._lock.take():
            raise StorageError(f"{is_taken(self._portal)}: {self._lock.holder()}")

    async def in_thread(self, work: Callable[[], T]) -> T:
        """What `work` returns, run in the database thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def put(self, what: What) -> None:
        """Queue a capture, a sealed file or an entry; it is written with the next batch."""
        self._queue.append(_Waiting(what=what))

    async def wait_for(self, entry: Entry, prepared: Prepared | None = None) -> Saved | None:
        """Queue the entry, have the queue written now, and return after the commit: what the write changed.

        prepared: the document of a report, as the database takes it; by default it is made when the entry is written.
        Raises StorageError when the database did not come back, and the database's own error when it refuses this entry.
        """
        if self._lost is not None:
            raise self._lost
        done: asyncio.Future[Saved | None] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(what=entry, prepared=prepared, done=done))
        self._wake.set()
        return await done

    def wake(self) -> None:
        """End the `wait` that is going on, or the next one."""
        self._wake.set()

    async def wait(self, seconds: float) -> None:
        """Return when `wait_for` has queued an entry, or after so many seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
        self._wake.clear()

    async def drain(self) -> list[Capture]:
        """Write the whole queue, in order; returns the captures that were written. While the database is away, the queue stays.

        Raises StorageError when the database does not come back in time, and at every later call; pending `wait_for` calls
        fail with the same error.
        """
        captures: list[Capture] = []
        while self._queue:
            batch = list(self._queue)
            if self._lost is not None:
                self.give_up(self._lost)
                raise self._lost
            try:
                results = await self._in_patience(batch)
            except StorageError as error:
                self.give_up(error)
                raise
            for waiting, result in zip(batch, results, strict=True):
                self._queue.popleft()
                _tell(waiting.done, result)
                if isinstance(waiting.what, Capture) and not isinstance(result, Exception):
                    captures.append(waiting.what)
        return captures

    def give_up(self, error: StorageError) -> None:
        """Fail every pending and every later `wait_for` with this error."""
        self._lost = error
        for waiting in self._queue:
            if waiting.done is not None and not waiting.done.done():
                waiting.done.set_exception(error)

    async def close(self) -> None:
        """Release the lock of the portal and close the database. What is still queued remains in the archive."""
        await self.in_thread(self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._lock is not None:
            self._lock.release()
        if self._database is not None:
            self._database.close()

    async def _in_patience(self, batch: list[_Waiting]) -> list[_Result]:
        """The result of each, tried again until the database is back. Raises StorageError after `patience` seconds."""
        give_up = time.monotonic() + self._patience
        away = False
        while True:
            try:
                return await self.in_thread(partial(self._transact, batch, again=away))
            except DatabaseError as error:
                if time.monotonic() > give_up:
                    raise
                if not away:
                    logger.warning(
                        "%s; what is fetched waits for it in the archive, up to %.0f s", error, self._patience
                    )
                away = True
            await asyncio.sleep(_RETRY)

    def _transact(self, batch: list[_Waiting], *, again: bool) -> list[_Result]:
        """Write the batch in one transaction; when the database refuses it, each element in its own, so that the rest is kept.

        again: the database was away. Raises StorageError when another crawl has locked the portal meanwhile.
        """
        if again and self._lock is not None and not self._lock.take():
            raise StorageError(f"another crawl of {self._portal} has begun while the database was away")
        try:
            with self.database.begin() as conn:
                return self._write(conn, batch)
        except StorageError:
            raise
        except Exception as error:
            if len(batch) == 1:
                what = batch[0].what
                logger.exception("the database refuses the %s of %s", type(what).__name__, journal.url_of(what))
                return [error]
        return [self._transact([waiting], again=False)[0] for waiting in batch]

    def _write(self, conn: Connection, batch: list[_Waiting]) -> list[_Result]:
        results: list[_Result] = []
        for kind, group in groupby(batch, key=lambda waiting: type(waiting.what)):
            if kind is Capture:
                captures = [waiting.what for waiting in group if isinstance(waiting.what, Capture)]
                here = self._archive.location
                journal.save_captures(conn, captures, place=here, portal=self._portal, started_at=self._started_at)
                results += [None] * len(captures)
                continue
            for waiting in group:
                what = waiting.what
                if isinstance(what, SealedFile):
                    seal(conn, self._archive, what)
                    results.append(None)
                elif not isinstance(what, Capture):
                    results.append(journal.apply(conn, what, waiting.prepared))
        return results


def _tell(done: asyncio.Future[Saved | None] | None, result: _Result) -> None:
    if done is None or done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
