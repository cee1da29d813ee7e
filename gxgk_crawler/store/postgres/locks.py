"""Advisory locks of the database: one crawl of a portal at a time, one recovery at a time, on all machines together.

The server drops a lock when its session ends, so neither kill -9 nor a lost network leaves one behind.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gxgk_crawler.errors import DatabaseError, first_line
from gxgk_crawler.store.postgres.advisory import portal_holder, take_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from gxgk_crawler.store.postgres.database import Database

# The first of the two keys, any constants: "gxgk", "gxgd" and "gxgr" in ASCII. The second is a digest of the portal's name.
CRAWL_LOCK, _DUE_LOCK, _RECOVERY = 0x6778676B, 0x67786764, 0x67786772
# SQL: whether a session holds the lock of the portal `p`.
IS_CRAWLED = f"""exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = {CRAWL_LOCK}
      and l.database = (select oid from pg_database where datname = current_database())
      and l.objid = cast(cast(hashtext(p.name) as bigint) & 4294967295 as oid)
)"""  # noqa: S608 - a number of ours
_TAKE = text("select pg_try_advisory_lock(:crawl, hashtext(:portal))")


def is_taken(portal: str) -> str:
    """What a crawl says when another one has locked its portal."""
    return f"another crawl of {portal} is running"


class PortalLock:
    """The lock of a portal, held by a session of its own until `release`, or until that session is lost."""

    def __init__(self, database: Database, portal: str) -> None:
        self._database = database
        self._portal = portal
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Take the lock, again if its session was lost since; False when another crawl holds it. Raises DatabaseError."""
        if self._connection is not None and self._alive(self._connection):
            return True
        self.release()
        try:
            # Never in a transaction, which would keep old rows from being cleaned up for hours.
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = connection.execute(_TAKE, {"crawl": CRAWL_LOCK, "portal": self._portal}).scalar_one()
        except DBAPIError as error:
            raise DatabaseError(f"database: {first_line(error.orig)}") from error
        if taken:
            self._connection = connection
        else:
            connection.close()
        return bool(taken)

    def holder(self) -> str:
        """The session that holds the lock, in words. Raises DatabaseError."""
        with self._database.begin() as conn:
            return portal_holder(conn, CRAWL_LOCK, self._portal)

    def release(self) -> None:
        """Release the lock and end its session."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _alive(self, connection: Connection) -> bool:
        try:
            connection.execute(text("select 1"))
        except DBAPIError:
            return False
        return True


@contextmanager
def claimed(database: Database, portal: str) -> Iterator[bool]:
    """True in the block when no other process holds the claim of the portal, that is, crawls it because it is due.

    Take the claim before checking whether the portal is due, and keep it until the crawl ends: a crawl takes its own lock only
    after a second or two, and another process could find the portal due meanwhile. Raises DatabaseError.
    """
    try:
        # Not from the pool: a worker has as many claims as crawls, and holds each for hours.
        with closing(psycopg.connect(database.conninfo, autocommit=True, prepare_threshold=None)) as connection:
            row = connection.execute("select pg_try_advisory_lock(%s, hashtext(%s))", [_DUE_LOCK, portal]).fetchone()
            is_ours = row is not None and bool(row[0])
            yield is_ours
    except psycopg.OperationalError as error:
        raise DatabaseError(f"database: {first_line(error)}") from error


@contextmanager
def recovering(database: Database) -> Iterator[None]:
    """Wait until no other process ingests WARC files, and keep others waiting for the length of the block.

    So no crawl begins while what an earlier one left behind is still being stored. Raises DatabaseError, also when another process
    has held the lock for ten minutes.
    """
    with database.begin() as conn:
        take_lock(conn, _RECOVERY, "ingests WARC files")
        yield
