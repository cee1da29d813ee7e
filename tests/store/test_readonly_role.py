"""The reading role on the embedded server: what is enforced, tried as that role, with its own settings switched off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import text

from gxgk_crawler.errors import ConfigError, DatabaseError
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.postgres import advisory, readonly_role
from gxgk_crawler.store.postgres import database as database_module
from gxgk_crawler.store.postgres.advisory import take_lock
from gxgk_crawler.store.postgres.database import Database, migrations_directory
from gxgk_crawler.store.postgres.locks import PortalLock, recovering
from gxgk_crawler.store.postgres.readonly_role import create_reader, end_long_readers, reader_url
from tests.store.samples import PORTAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.config import Config

PASSWORD = "no secret: a role of one test"


class Reader:
    def __init__(self, database: Database, name: str) -> None:
        self.name = name
        self.address = reader_url(database.conninfo, name, PASSWORD)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A session in which everything is switched off that the role may switch off."""
        connection = psycopg.connect(self.address, autocommit=True, application_name="notebook")
        for setting in ("default_transaction_read_only = off", "statement_timeout = 0", "lock_timeout = 0"):
            connection.execute(f"set {setting}".encode())
        return connection


@pytest.fixture
def reader(database: Database) -> Iterator[Reader]:
    name = f"reader_{uuid4().hex}"
    with database.begin() as conn:
        assert create_reader(conn, name, PASSWORD) == [], "on a server of our own nothing is left"
    yield Reader(database, name)
    with database.begin() as conn:
        conn.execute(
            text("select pg_terminate_backend(pid) from pg_stat_activity where usename = :name"), {"name": name}
        )
        conn.execute(text(f"drop owned by {name}"))
        conn.execute(text(f"drop role {name}"))


def test_it_reads_every_table_and_view(database: Database, reader: Reader) -> None:
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
    with reader.connect() as session:
        for name in ("reports", "report_texts", "captures", "edits", "crawls", "report_version", "division_name"):
            session.execute(f"select count(*) from {name}".encode())
        assert session.execute("select name from portal").fetchall() == [("sample",)]


FORBIDDEN = [
    "select pg_advisory_lock(1)",
    "select pg_advisory_lock(1, 2)",
    "select pg_try_advisory_lock(1)",
    "select pg_advisory_xact_lock(1)",
    "select pg_try_advisory_xact_lock_shared(1, 2)",
    "select pg_advisory_unlock_all()",
    "select lo_create(0)",
    "select lo_creat(-1)",
    "select lo_from_bytea(0, 'x')",
    "select lo_put(1, 0, 'x')",
    "select lo_unlink(1)",
    "create temp table mine (id integer)",
    "create table mine (id integer)",
    "create function mine() returns integer language sql as 'select 1'",
    "create function pg_temp.mine() returns integer language sql as 'select 1'",
    "select pg_notify('procrastinate_any_queue', '')",
    "select pg_logical_emit_message(false, 'x', 'y')",
    "insert into schedule (portal, policy) values ('hlbe', 'off')",
    "update portal set title = ''",
    "delete from section",
    "truncate section",
    "lock table report in exclusive mode",
    "select from report for update",
    "select from procrastinate.procrastinate_jobs",
    "select nextval('crawl_id_seq')",
    "comment on table report is ''",
]


def test_it_can_do_nothing_else(database: Database, reader: Reader) -> None:
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
    database.expect_queue()
    done = []
    with reader.connect() as session:
        for statement in FORBIDDEN:
            try:
                with session.transaction():
                    session.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            done.append(statement)
    assert done == []


def test_the_owner_goes_on_working(database: Database, reader: Reader) -> None:
    lock = PortalLock(database, "sample")
    assert lock.take()
    lock.release()
    with recovering(database):
        database.expect_queue()


def test_only_so_many_sessions_at_a_time(reader: Reader) -> None:
    sessions = [reader.connect() for _ in range(8)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        reader.connect()
    for session in sessions:
        session.close()


def test_a_session_that_runs_for_too_long_is_ended(
    database: Database, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its timeout is a setting of the role, which every role may change."""
    with reader.connect() as session, database.begin() as conn:
        session.autocommit = False
        session.execute("select 1")
        assert end_long_readers(conn) == 0
        monkeypatch.setattr(readonly_role, "_MINUTES", -1)
        assert end_long_readers(conn) == 1
        with pytest.raises(psycopg.OperationalError):
            session.execute("select 1")
        assert end_long_readers(conn) == 0, "no other role is ended"


def test_a_role_that_may_write_is_no_reader(database: Database, reader: Reader) -> None:
    with database.begin() as conn:
        conn.execute(text(f"grant insert on schedule to {reader.name}"))
        with pytest.raises(ConfigError, match="may do more than read"):
            create_reader(conn, reader.name, PASSWORD)
        conn.execute(text(f"revoke insert on schedule from {reader.name}"))
        conn.execute(text(f"grant pg_write_all_data to {reader.name}"))
        with pytest.raises(ConfigError, match="may do more than read"):
            create_reader(conn, reader.name, PASSWORD)
        conn.execute(text(f"revoke pg_write_all_data from {reader.name}"))


# --- locks ---------------------------------------------------------------------------------------------------------------


def test_a_lock_is_waited_for_with_an_end_and_its_holder_is_named(database: Database) -> None:
    with database.begin() as conn:
        take_lock(conn, 7, "does something", seconds=5)
        take_lock(conn, 7, "does something", seconds=5)
        with database.begin() as other:
            with pytest.raises(
                DatabaseError, match=r"^waited 0 s while gxgk \d+ on .*, connected since .* does something$"
            ):
                take_lock(other, 7, "does something", seconds=0.1)
            assert other.execute(text("show lock_timeout")).scalar() == "0"
            take_lock(other, 8, "does something", seconds=0.1)
    with database.begin() as conn:
        take_lock(conn, 7, "does something", seconds=0.1)


def test_a_crawl_that_finds_its_portal_locked_says_by_whom(database: Database) -> None:
    first, second = PortalLock(database, "sample"), PortalLock(database, "sample")
    assert first.take()
    assert not second.take()
    assert second.holder().startswith(f"{advisory.application_name()} (role gxgk")
    first.release()


def test_a_migration_that_a_reader_holds_up_says_so(empty_database: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "limit_waiting", partial(advisory.limit_waiting, seconds=0.2))
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(migrations_directory()))
    settings.set_main_option("path_separator", "os")
    with Database.connect(empty_database) as database:
        with database.begin() as conn:
            settings.attributes["connection"] = conn
            command.upgrade(settings, "0002")
        with psycopg.connect(database.conninfo, application_name="notebook") as session:
            session.execute("select count(*) from report")
            with pytest.raises(DatabaseError, match=r"cannot be migrated while notebook .* reads it") as error:
                database.upgrade()
            assert "\n" not in str(error.value)
        database.upgrade()
        assert database.revision().is_head
