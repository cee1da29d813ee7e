from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from gxgk_crawler.errors import DatabaseError
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.queue import jobs
from tests.conftest import run_sql

if TYPE_CHECKING:
    from gxgk_crawler.config import Config
    from gxgk_crawler.store.postgres.embedded import EmbeddedServer

CATALOG = """
    select 'column', table_name, column_name || ' ' || udt_name || ' ' || is_nullable
    from information_schema.columns where table_schema = 'procrastinate'
    union all
    select 'function', proname, regexp_replace(prosrc, '\\s+', ' ', 'g')
    from pg_proc where pronamespace = 'procrastinate'::regnamespace
    union all
    select 'index', tablename, replace(indexdef, 'procrastinate.', '') from pg_indexes where schemaname = 'procrastinate'
    union all
    select 'trigger', event_object_table, trigger_name || ' ' || action_statement
    from information_schema.triggers where trigger_schema = 'procrastinate'
    union all
    select 'label', t.typname, e.enumlabel from pg_enum e join pg_type t on t.oid = e.enumtypid
    order by 1, 2, 3
"""


def catalog(conn: Connection) -> list[Any]:
    return [tuple(row) for row in conn.execute(text(CATALOG))]


def make_older(conn: Connection, newest: str) -> None:
    """The queue as an earlier Procrastinate left it."""
    conn.execute(text("drop schema procrastinate cascade"))
    conn.execute(text("create schema procrastinate"))
    with jobs.in_schema(conn) as driver:
        for script in jobs._migrations():
            if script.stem <= newest:
                driver.execute(script.read_bytes())
    conn.execute(text(f"comment on schema procrastinate is '{jobs._COMMENT.format(newest)}'"))


def names(conn: Connection) -> set[str]:
    found = conn.execute(text("select relname from pg_class where relnamespace = 'public'::regnamespace"))
    return set(found.scalars())


def test_an_upgrade_makes_the_queue_and_another_one_changes_nothing(empty_database: Config) -> None:
    with Database.connect(empty_database) as database:
        with pytest.raises(DatabaseError, match="gxgk db upgrade"):
            database.expect_queue()
        database.upgrade()
        with database.begin() as conn:
            made = catalog(conn)
            assert jobs.revision(conn) == jobs.head()
            assert not any("procrastinate" in name for name in names(conn))
            assert conn.execute(text("show search_path")).scalar_one() == '"$user", public'
        database.upgrade()
        database.expect_queue()
        with database.begin() as conn:
            assert catalog(conn) == made


@pytest.mark.parametrize("newest", ["02.14.01_01_add_indexes_for_fetch_job", "03.02.00_50_post_batch_defer_jobs"])
def test_an_older_queue_is_brought_to_what_a_new_one_is(database: Database, newest: str) -> None:
    with database.begin() as conn:
        wanted = catalog(conn)
        make_older(conn, newest)
        assert catalog(conn) != wanted
        with jobs.in_schema(conn) as driver:
            driver.execute("insert into procrastinate_jobs (queue_name, task_name) values ('crawl', 'crawl')")
    with pytest.raises(DatabaseError, match="out of date"):
        database.expect_queue()
    database.upgrade()
    with database.begin() as conn:
        # the order of columns is no difference; neither are functions that only older workers call
        have = catalog(conn)
        assert set(wanted) <= set(have)
        assert [row for row in have if row[0] != "function"] == [row for row in wanted if row[0] != "function"]
        assert len(jobs.jobs(conn)) == 1


def test_a_queue_of_somebody_else_is_left_alone(database: Database) -> None:
    with database.begin() as conn:
        conn.execute(text("comment on schema procrastinate is 'ours'"))
        before = catalog(conn)
    with pytest.raises(DatabaseError, match="did not make"):
        database.upgrade()
    with database.begin() as conn:
        assert catalog(conn) == before


def test_a_newer_queue_is_one_clear_line(database: Database) -> None:
    with database.begin() as conn:
        conn.execute(text(f"comment on schema procrastinate is '{jobs._COMMENT.format('99.00.00_01_later')}'"))
    for call in (database.upgrade, database.expect_queue):
        with pytest.raises(DatabaseError, match="install a newer version") as error:
            call()
        assert "\n" not in str(error.value)


def test_a_role_without_the_right_to_create_a_schema_is_told(empty_database: Config, server: EmbeddedServer) -> None:
    role = f"role_{uuid4().hex}"
    run_sql(server, "create role {} login", role)
    try:
        with Database.connect(empty_database) as database, database.begin() as conn:
            conn.execute(text(f"grant all on schema public to {role}"))
        url = str(empty_database.database_url).replace("//gxgk@", f"//{role}@")
        with (
            Database.connect(replace(empty_database, database_url=url)) as database,
            pytest.raises(DatabaseError, match="may not create the schema procrastinate") as error,
        ):
            database.upgrade()
        assert "\n" not in str(error.value)
        with Database.connect(empty_database) as database, database.begin() as conn:
            conn.execute(text(f"create schema procrastinate authorization {role}"))
        with Database.connect(replace(empty_database, database_url=url)) as database:
            database.upgrade()
            database.expect_queue()
    finally:
        with Database.connect(empty_database) as database, database.begin() as conn:
            conn.execute(text(f"drop owned by {role}"))
        run_sql(server, "drop role {}", role)


def test_one_job_of_a_kind_waits(database: Database) -> None:
    at = datetime.now(UTC) + timedelta(days=1)
    with database.begin() as conn:
        number = jobs.defer(conn, "crawl", queue="crawl", lock="hlbe", once="hlbe", at=at, portal="hlbe")
        assert jobs.defer(conn, "crawl", queue="crawl", lock="hlbe", once="hlbe", portal="hlbe") is None
        other = jobs.defer(conn, "crawl", queue="crawl", lock="sxxz", once="sxxz", portal="sxxz")
    with database.begin() as conn:
        assert number is not None
        told = jobs.jobs(conn)
        assert [job["id"] for job in told] == [other, number]
        assert [job["status"] for job in told] == ["waiting", "waiting"]
        assert [job["due_at"] for job in told] == [None, at]
        assert jobs.jobs(conn, number)[0]["portal"] == "hlbe"
        assert jobs.busy_portals(conn) == {"hlbe", "sxxz"}


def test_a_job_whose_transaction_fails_was_never_queued(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.begin() as conn:  # noqa: PT012
        jobs.defer(conn, "crawl", queue="crawl", lock="hlbe", once="hlbe", portal="hlbe")
        raise ZeroDivisionError
    with database.begin() as conn:
        assert jobs.jobs(conn) == []


def test_old_jobs_are_forgotten_when_they_are_over(database: Database) -> None:
    with database.begin() as conn:
        for task, portal in (("crawl", "waiting"), ("crawl", "done"), ("plan", "plan")):
            jobs.defer(conn, task, queue="crawl", lock=portal, once=portal, portal=portal)
        with jobs.in_schema(conn) as driver:
            driver.execute("update procrastinate_jobs set status = 'succeeded' where lock <> 'waiting'")
    now = datetime.now(UTC)
    soon, ago = now + timedelta(hours=1), now - timedelta(hours=1)
    with database.begin() as conn:
        jobs.forget_old(conn, ago, ago)
        assert len(jobs.jobs(conn)) == 2
        jobs.forget_old(conn, ago, soon)
        assert conn.execute(text("select count(*) from procrastinate.procrastinate_jobs")).scalar_one() == 2
        jobs.forget_old(conn, soon, soon)
        assert [job["portal"] for job in jobs.jobs(conn)] == ["waiting"]


def test_each_archive_has_a_queue_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "a").mkdir()
    assert jobs.archive_queue(tmp_path / "a") == jobs.archive_queue(tmp_path / "link")
    assert jobs.archive_queue(tmp_path / "a") != jobs.archive_queue(tmp_path / "b")
