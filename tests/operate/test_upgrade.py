"""A database of any earlier revision, filled by the software of its day, comes to the newest one with everything in it.

`revisions/<revision>/` holds what that version of the software wrote: for the first, all of a database and its archive after
two crawls (of 17 reports, one was then corrected and one deleted); for each later one, the rows that only it can write.
Who adds a revision adds its rows.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config as AlembicConfig

from gxgk_crawler.archive.directory import host_name
from gxgk_crawler.config import Config
from gxgk_crawler.store.postgres.database import Database, migrations_directory, revisions
from gxgk_crawler.store.postgres.readonly_role import create_reader, reader_url
from tests.conftest import run_sql, url_of
from tests.crawl.conftest import Home
from tests.replica import ReplicaProxy, replicas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.store.postgres.embedded import EmbeddedServer

WRITTEN = Path(__file__).parent / "revisions"
CORRECTED, DELETED = 2023, 2009
PASSWORD = "secret"


def rows_of(revision: str) -> str:
    """The SQL that writes what a version of this revision wrote."""
    packed = WRITTEN / revision / "rows.sql.gz"
    if packed.exists():
        return gzip.decompress(packed.read_bytes()).decode()
    return (WRITTEN / revision / "rows.sql").read_text()


def migrate(database: Database, revision: str) -> None:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(migrations_directory()))
    settings.set_main_option("path_separator", "os")
    with database.begin() as conn:
        settings.attributes["connection"] = conn
        command.upgrade(settings, revision)


def fill(url: str, statements: str) -> None:
    """Run the statements as a restore does: reports and their current versions refer to each other."""
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(statements.encode())


class Old:
    """A home as an earlier version of the software has left it, and a reader made in those days."""

    def __init__(self, home: Home, reader: str, revision: str) -> None:
        self.home = home
        self.reader = reader
        self.revision = revision

    @property
    def url(self) -> str:
        return self.home.environ["GXGK_DATABASE_URL"]


# What costs crawls is tried from the first revision, from that of the last version that was handed out, and from the newest: a database
# of any other one is equal to theirs after the upgrade, which is tried from all.
ENDS = pytest.mark.parametrize("old", ["0001", "0002", revisions()[-1]], indirect=True)


@pytest.fixture(params=revisions())
def old(request: pytest.FixtureRequest, server: EmbeddedServer, tmp_path: Path) -> Iterator[Old]:
    """One Old for every revision there ever was, the newest included."""
    name, role = f"test_{uuid4().hex}", f"reader_{uuid4().hex}"
    run_sql(server, "create database {}", name)
    url, directory = url_of(server, name), tmp_path / "home"
    shutil.copytree(WRITTEN / "0001" / "archive", directory / "archive")
    with Database.connect(Config(home=directory, database_url=url)) as database:
        for revision in revisions()[: revisions().index(request.param) + 1]:
            migrate(database, revision)
            rows = rows_of(revision).replace("@archive@", str(directory / "archive")).replace("@host@", host_name())
            fill(url, rows)
        with database.begin() as conn:
            create_reader(conn, role, PASSWORD)
    portals = replicas()
    with ReplicaProxy([site for replica in portals.values() for site in replica.sites]) as proxy:
        portals["hlbe"].correct(CORRECTED)
        portals["hlbe"].remove(DELETED)
        yield Old(Home(directory, url, proxy, portals), reader_url(url, role, PASSWORD), request.param)
    run_sql(server, "drop database {} with (force)", name)
    run_sql(server, "drop role {}", role)


Table = dict[str, Any]


def tables(url: str) -> dict[str, list[Table]]:
    """Every row of every table, by table; those of Alembic and the divisions left out."""
    query = """
        select table_name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE'
          and table_name not in ('alembic_version', 'division', 'division_name')
    """
    with psycopg.connect(url) as connection:
        names = [str(name) for (name,) in connection.execute(query)]
        found = {}
        for name in names:
            cursor = connection.execute(f'select * from "{name}"'.encode())
            columns = [column.name for column in cursor.description or ()]
            found[name] = sorted((dict(zip(columns, row, strict=True)) for row in cursor), key=str)
        return found


def texts_of(url: str) -> set[tuple[int, int, str]]:
    """Report, number and text of every version."""
    return {(row["report_id"], row["number"], row["text"]) for row in tables(url)["report_version"]}


def test_every_revision_has_what_its_software_wrote() -> None:
    assert sorted(path.name for path in WRITTEN.iterdir()) == revisions()


def test_an_old_database_comes_to_the_newest_revision_with_everything_in_it(old: Old) -> None:
    before = tables(old.url)
    assert len(before["report"]) == 17
    told = old.home.json("db", "upgrade")
    assert told == {"before": old.revision, "now": revisions()[-1]}
    after = tables(old.url)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]] if rows else []
        # A report counts for the division of its organ, once that is known.
        known = {"division": None} if name == "report" else {}
        assert sorted(({**row, **known} for row in kept), key=str) == sorted(
            ({**row, **known} for row in rows), key=str
        ), name
    organs = {(report["organ"], report["division"]) for report in after["report"]}
    written = {("呼伦贝尔市教育局", "150700")} if old.revision >= "0006" else set()
    assert organs - written == {("呼伦贝尔市人民政府", "150700")}

    reports = old.home.json("reports", "--portal", "hlbe")
    assert len(reports) == 17
    assert {row["year"]: row["version"] for row in reports}[CORRECTED] == 2
    assert [row["year"] for row in reports if row["gone_at"]] == [DELETED]
    hits = old.home.json("search", "鼠疫防控 一、总体情况")
    assert hits
    assert all("鼠疫防控" in old.home.json("show", str(hit["id"]))["text"] for hit in hits[:3])
    assert old.home.gxgk("verify").code == 0
    with psycopg.connect(old.url) as connection:
        for view in ("reports", "report_texts", "captures", "edits", "crawls"):
            assert connection.execute(f"select count(*) > 0 from {view}".encode()).fetchone() == (True,), view


@ENDS
def test_the_crawls_go_on_where_the_old_version_left_off(old: Old) -> None:
    assert old.home.gxgk("db", "upgrade").code == 0
    before, texts = old.home.shown("hlbe"), texts_of(old.url)
    ended = old.home.crawl("hlbe", "-a", "recheck=all")
    assert ended.code == 0, ended.err
    after = old.home.shown("hlbe")
    assert {url: report["id"] for url, report in after.items()} == {url: report["id"] for url, report in before.items()}
    assert any(exchange.status == 304 for exchange in old.home.proxy.log), "what the old version archived is still used"
    assert texts <= texts_of(old.url), "no text that was known is lost"
    fresh = set(old.home.portals["hlbe"].publish())
    assert old.home.crawl("hlbe").code == 0
    assert set(old.home.shown("hlbe")) - set(before) == fresh
    verified = old.home.gxgk("verify")
    assert verified.code == 0, verified.out


@ENDS
def test_old_texts_can_be_read_again_by_the_rules_of_today(old: Old) -> None:
    assert old.home.gxgk("db", "upgrade").code == 0
    with psycopg.connect(old.url) as connection:
        connection.execute("update report_version set extractor_version = 'of old'")
    read = old.home.json("reextract")
    assert read["failed"] == []
    assert read["read"] == 18
    assert old.home.gxgk("verify").code == 0
    with psycopg.connect(old.url) as connection:
        unread = "select count(*) from report_version where statutory_version is null"
        assert connection.execute(unread.encode()).fetchone() == (0,), (
            "every version of an older archive has its figures"
        )
        cells = "select count(distinct report_id) > 3, count(*) > 600 from statutory_cells where stands"
        assert connection.execute(cells.encode()).fetchone() == (True, True)
        assert connection.execute(b"select count(*) > 0 from reuse").fetchone() == (True,)
    assert old.home.json("reextract")["figures"] == 0


@ENDS
def test_a_reader_of_old_reads_what_is_new_and_writes_nothing(old: Old) -> None:
    assert old.home.gxgk("db", "upgrade").code == 0
    owned = """
        select relname, relkind from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
    """
    with psycopg.connect(old.reader, autocommit=True) as reader:
        names = [(str(name), str(kind)) for name, kind in reader.execute(owned)]
        assert {("schedule", "r"), ("version_capture", "r"), ("reports", "v")} <= set(names)
        reader.execute("set default_transaction_read_only = off")
        for name, _ in names:
            reader.execute(f'select from "{name}" limit 1'.encode())
            for right in ("insert", "update", "delete", "truncate", "references", "trigger"):
                may = reader.execute("select has_table_privilege(%s, %s)", [f'public."{name}"', right]).fetchone()
                assert may == (False,), (name, right)
        for statement in (
            "insert into schedule (portal, policy) values ('x', 'off')",
            "create table mine (id integer)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(statement.encode())
