"""What all tests may use: one embedded database server for the whole run, a database of its own for each test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from psycopg import sql

from gxgk_crawler.config import Config, config
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.embedded import EmbeddedServer
from tests import commands, watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A busy machine is no failure: how long one example takes says nothing about the code. The examples are the same in each run, so that
# a test that is green here is green everywhere; `make fuzz` looks for new ones.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("new", deadline=None)
hypothesis.settings.load_profile("same")


# pytest-xdist gives its workers one; a console takes it for a terminal of 80 characters, and is made at import.
os.environ.pop("COLUMNS", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew, and fail")


# Fixtures that start processes, and the mark that their tests get for it.
MARKS = {
    "crawl": {"home", "own_home", "team", "crawl", "old"},
    "process": {"child", "taken_over", "fastwarc_check"},
}


def pytest_configure() -> None:
    watch.begin()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for mark, fixtures in MARKS.items():
            if fixtures & set(getattr(item, "fixturenames", ())):
                item.add_marker(mark)
    if hasattr(
        config, "workerinput"
    ):  # in parallel the long ones first: no core is left alone with one of them in the end
        items.sort(key=lambda item: item.get_closest_marker("crawl") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with watch.of(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with watch.of(item):
        return (yield)


def pytest_sessionfinish() -> None:
    commands.close()


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


TEMPLATE = "migrated"


def url_of(server: EmbeddedServer, name: str) -> str:
    """URL of a database on the test server."""
    return server.url.replace("@/postgres?", f"@/{name}?")


def run_sql(server: EmbeddedServer, statement: str, name: str) -> None:
    """Run a statement about a database, which is named by `{}` in it."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A running embedded server, with a migrated database that serves as the template of all others."""
    with watch.for_the_whole_run():
        embedded = EmbeddedServer(Config(home=tmp_path_factory.mktemp("server"), pg_bin=config().pg_bin))
        embedded.ensure()
        with psycopg.connect(embedded.url, autocommit=True) as connection:  # no test takes the power from this server
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"alter system set {setting} = off")
            connection.execute("select pg_reload_conf()")
        run_sql(embedded, "create database {}", TEMPLATE)
        with Database.connect(Config(home=embedded.directory, database_url=url_of(embedded, TEMPLATE))) as database:
            database.upgrade()
    yield embedded
    embedded.stop()
    embedded.close()


@pytest.fixture
def empty_database(server: EmbeddedServer, tmp_path: Path) -> Iterator[Config]:
    """A Config whose GXGK_DATABASE_URL names a database without a schema."""
    yield from _database(server, tmp_path, "create database {}")


@pytest.fixture
def database_config(server: EmbeddedServer, tmp_path: Path) -> Iterator[Config]:
    """A Config whose GXGK_DATABASE_URL names a database with the schema and no rows but the divisions."""
    yield from _database(server, tmp_path, f"create database {{}} template {TEMPLATE} strategy file_copy")


@pytest.fixture
def database(database_config: Config) -> Iterator[Database]:
    """An open Database with the schema and no rows but the divisions."""
    with Database.open(database_config) as opened:
        yield opened


def _database(server: EmbeddedServer, home: Path, statement: str) -> Iterator[Config]:
    name = f"test_{uuid4().hex}"
    run_sql(server, statement, name)
    yield Config(home=home, database_url=url_of(server, name))
    run_sql(server, "drop database {} with (force)", name)


@pytest.fixture
def environment(database_config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands run in this process speak to the test's database; the next test reads its environment anew."""
    monkeypatch.setenv("GXGK_HOME", str(database_config.home))
    monkeypatch.setenv("GXGK_DATABASE_URL", str(database_config.database_url))
    config.cache_clear()
    yield
    config.cache_clear()
