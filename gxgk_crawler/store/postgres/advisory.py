"""Waiting for a lock of the database, but not for ever: the error names the session that holds it."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gxgk_crawler.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

PATIENCE = 600.0  # seconds; a recovery or a migration of another process may take minutes
_LONGEST_NAME = 63  # bytes that Postgres keeps of an application name


def application_name() -> str:
    """What this process calls itself to the server: `gxgk 1234 on HOST`. Messages about locks show it."""
    return f"gxgk {os.getpid()} on {platform.node()}"[:_LONGEST_NAME]


def take_lock(conn: Connection, key: int, what: str, *, seconds: float = PATIENCE) -> None:
    """Take the advisory lock `key` and keep it until the transaction ends.

    what: what a process does that holds the lock, for the error. Raises DatabaseError after so many seconds.
    """
    try:
        with conn.begin_nested():
            limit_waiting(conn, seconds)
            conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})
            conn.execute(text("set local lock_timeout to default"))
    except DBAPIError as error:
        if not is_timeout(error):
            raise
        found = conn.execute(_LOCK_HOLDER, {"class": key >> 32, "object": key & 0xFFFFFFFF}).one_or_none()
        raise DatabaseError(f"waited {seconds:.0f} s while {_named(found)} {what}") from error


def limit_waiting(conn: Connection, seconds: float = PATIENCE) -> None:
    """Let no statement of this transaction wait longer than that for a lock."""
    conn.execute(text("select set_config('lock_timeout', :limit, true)"), {"limit": f"{seconds * 1000:.0f}ms"})


def is_timeout(error: BaseException) -> bool:
    """True for the error of a statement that waited too long for a lock."""
    return isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.errors.LockNotAvailable)


def is_cancelled(error: BaseException) -> bool:
    """True for the error of a statement that took longer than `statement_timeout`."""
    return isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.errors.QueryCanceled)


def table_holder(conn: Connection) -> str:
    """The session that has held a lock on a table for the longest time, in words."""
    return _named(conn.execute(_TABLE_HOLDER).one_or_none())


def portal_holder(conn: Connection, lock: int, portal: str) -> str:
    """The session that holds the lock of a portal, in words. lock: the first key of such locks."""
    return _named(conn.execute(_PORTAL_HOLDER, {"lock": lock, "portal": portal}).one_or_none())


def _named(session: Row[Any] | None) -> str:
    if session is None:
        return "another session"
    # The server shows the address and the time only to a superuser and to the same role.
    where = f", from {session.address}" if session.address else ""
    since = f", connected since {session.since:%Y-%m-%d %H:%M} UTC" if session.since else ""
    return f"{session.application or 'a client without a name'} (role {session.role}{where}{since})"


_SESSION = """
    select a.usename as role, a.application_name as application, host(a.client_addr) as address,
           a.backend_start at time zone 'UTC' as since
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.granted and a.pid <> pg_backend_pid()
      and l.database = (select oid from pg_database where datname = current_database())
"""
_LOCK_HOLDER = text(
    f"""
    {_SESSION} and l.locktype = 'advisory' and l.objsubid = 1
      and l.classid = cast(cast(:class as bigint) as oid) and l.objid = cast(cast(:object as bigint) as oid)
    limit 1
    """
)
_PORTAL_HOLDER = text(
    f"""
    {_SESSION} and l.locktype = 'advisory' and l.objsubid = 2 and l.classid = cast(cast(:lock as bigint) as oid)
      and l.objid = cast(cast(hashtext(:portal) as bigint) & 4294967295 as oid)
    limit 1
    """
)
_TABLE_HOLDER = text(
    f"""
    {_SESSION} and l.locktype = 'relation'
      and l.relation in (select oid from pg_class where relnamespace = 'public'::regnamespace)
    order by a.xact_start limit 1
    """  # noqa: S608 - a text of ours
)
