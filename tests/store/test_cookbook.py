"""Every query of docs/sql-cookbook.md, run by a role that can only read."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from gxgk_crawler.config import Config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.items import CrawlResult, Edit
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.journal import mark_gone
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.readonly_role import create_reader, reader_url
from gxgk_crawler.store.reports import save_report
from tests.conftest import run_sql
from tests.store.figure_samples import form, with_tables
from tests.store.samples import PORTAL, START, capture, finish, report, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from gxgk_crawler.store.postgres.embedded import EmbeddedServer

BOOK = (Path(__file__).parents[2] / "docs/sql-cookbook.md").read_text("utf-8")
QUERIES = re.findall(r"^([^\n]+)\n\n```sql\n(.*?)```", BOOK, re.MULTILINE | re.DOTALL)


def url(year: int) -> str:
    return f"https://www.sample.gov.cn/{year}.html"


def fill(conn: Connection) -> None:
    """An archive in which every question has an answer."""
    body = (
        "优化营商环境。\n本机关全年主动公开政府信息{}条，依申请公开按时答复，未发生行政复议。\n" + "公开工作情况。" * 50
    )
    register_portal(conn, "sample", PORTAL, "openness")
    crawl = start(conn, "sample", START)
    for year in (2015, 2016, 2019, 2020):
        found = report(body.format(year), url=url(year), year=year, published_on=f"{year + 1}-04-02")
        save_report(conn, found, extractor_version="1", started_at=START)
    spam = Edit(kind="spam", start=0, end=2, text="彩票", rule="lottery", suggestion="公开")
    hacked = report("文", 3, url=url(2020), flags=["spam"], edits=[spam], extracted_text="彩票文")
    save_report(conn, hacked, extractor_version="1")
    save_report(
        conn, report("另", url=url(1), year=None, published_on=None, flags=["low_confidence"]), extractor_version="1"
    )
    mark_gone(conn, "sample", url(2015), START + timedelta(days=9), capture(9, url=url(2015), status=404))
    fill_figures(conn)
    finish(conn, crawl, CrawlResult(outcome="ok", cause="well"))
    conn.execute(text("insert into schedule (portal, policy) values ('sample', 'daily')"))
    conn.execute(text("insert into alarm (portal_id, crawl_id, turned) select portal_id, id, 'bad' from crawl"))
    needed = "insert into version_capture (report_version_id, capture_id) select id, capture_id from report_version"
    conn.execute(text(needed))


def fill_figures(conn: Connection) -> None:
    """Three years of one organ whose figures do not agree, and were corrected."""
    for year, seed in ((2021, 2), (2022, 4), (2023, 5)):
        truth = form("C", seed)
        for number, row in enumerate(("state_secret", "process", "admin_query"), start=2):
            truth.put("T3", f"denied.{row}", "total", number)
        truth.put("T3", "not_processed.publication", "total", 0)
        found = with_tables(truth, year=year, url=url(year), published_on=f"{year + 1}-04-0{seed}")
        save_report(conn, found, extractor_version="1")
    truth.put("T3", "granted", "total", 77)
    save_report(conn, with_tables(truth, year=2023, url=url(2023), day=5), extractor_version="1")
    fees = "本年度收到政府信息公开申请12件，共收取信息处理费3940元。"
    save_report(conn, report(fees, url=url(2024), year=2024), extractor_version="1")


@pytest.fixture(scope="module")
def reader(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a role that can only read, in a filled database."""
    name, role = f"test_{uuid4().hex}", f"reader_{uuid4().hex}"
    run_sql(server, "create database {} template migrated", name)
    address = server.url.replace("@/postgres?", f"@/{name}?")
    with Database.open(Config(home=tmp_path_factory.mktemp("home"), database_url=address)) as database:
        with database.begin() as conn:
            fill(conn)
        with database.begin() as conn:
            create_reader(conn, role, "old")
            create_reader(conn, role, "p@ss/word")
            conn.execute(text("create table made_later (id integer)"))
            owner = conn.execute(text("select current_user")).scalar_one()
        with pytest.raises(ConfigError, match="more than read"), database.begin() as conn:
            create_reader(conn, owner, "x")
    yield reader_url(address, role, "p@ss/word")
    run_sql(server, "drop database {} with (force)", name)
    run_sql(server, "drop role {}", role)


def test_there_are_thirty_questions_and_four_below_the_views() -> None:
    assert len(QUERIES) == BOOK.count("```sql") == 34


@pytest.mark.parametrize("query", [query for _, query in QUERIES], ids=[question for question, _ in QUERIES])
def test_the_cookbook(reader: str, query: str) -> None:
    with psycopg.connect(reader) as connection:
        rows = connection.execute(query.encode()).fetchall()
    assert rows


@pytest.mark.parametrize(
    "statement",
    ["delete from section", "update report set year = 1", "create table x (id integer)", "drop view reports"],
)
def test_the_reader_cannot_write(reader: str, statement: str) -> None:
    with psycopg.connect(reader, autocommit=True) as connection:
        assert connection.execute("select count(*) from made_later").fetchone() == (0,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute(statement.encode())
        connection.execute("set default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
