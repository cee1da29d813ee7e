"""What the server refuses for one statement is no outage, and a lost connection is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gxgk_crawler.errors import DatabaseError
from gxgk_crawler.store.outage import is_away

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.errors.ConnectionFailure(),
        psycopg.errors.AdminShutdown(),
        psycopg.errors.CrashShutdown(),
        psycopg.errors.CannotConnectNow(),
        psycopg.errors.DiskFull(),
        psycopg.errors.TooManyConnections(),
        psycopg.errors.DeadlockDetected(),
        psycopg.errors.IoError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_away(error: psycopg.Error) -> None:
    assert is_away(error)


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.ProgramLimitExceeded(),
        psycopg.errors.StatementTooComplex(),
        psycopg.errors.OutOfMemory(),
        psycopg.errors.QueryCanceled(),
        psycopg.errors.LockNotAvailable(),
        psycopg.errors.StringDataRightTruncation(),
        psycopg.errors.NumericValueOutOfRange(),
        psycopg.errors.CheckViolation(),
        psycopg.errors.UndefinedTable(),
        ValueError(),
        None,
    ],
    ids=lambda error: type(error).__name__,
)
def test_refused(error: BaseException | None) -> None:
    assert not is_away(error)


@pytest.mark.parametrize(
    "statements",
    [
        ["set local statement_timeout = 1", "select pg_sleep(60)"],
        [
            "create temp table long (said text primary key)",
            "insert into long select string_agg(md5(n::text), '') from generate_series(1, 500) n",
        ],
        ["select repeat('x', 2000000000)"],
        ["select 1 / 0"],
    ],
    ids=["cancelled", "index row", "length", "value"],
)
def test_what_one_statement_may_not_do_is_no_outage(database: Database, statements: list[str]) -> None:
    def run() -> None:
        with database.begin() as conn:
            for statement in statements:
                conn.execute(text(statement))

    with pytest.raises(DBAPIError):
        run()
    with database.begin() as conn:
        assert conn.execute(text("select 1")).scalar() == 1


def test_a_connection_that_the_server_ends_is_an_outage(database: Database) -> None:
    with pytest.raises(DatabaseError, match="database: terminating connection"), database.begin() as conn:
        conn.execute(text("select pg_terminate_backend(pg_backend_pid())"))


def test_an_error_repeats_no_text_of_a_page(database: Database) -> None:
    with pytest.raises(DBAPIError) as error, database.begin() as conn:
        conn.execute(text("select cast(:said as integer)"), {"said": "一段很长的文字" * 1000})
    assert "一段很长的文字" not in str(error.value).partition("\n")[2]
