from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.items import CrawlResult, Edit
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.views.coverage_years import refresh_coverage
from gxgk_crawler.web.app import create_app
from gxgk_crawler.web.page_reader import OriginalReader
from gxgk_crawler.web.room import Room
from tests.store.samples import PORTAL, START, finish, report, start
from tests.web.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Connection, Database

TODAY = datetime(2026, 1, 6, tzinfo=UTC)
CLEAN = "一、总体情况\n全年收到申请222件。\n二、营商环境\n无。"
CHANGED = "一、总体情况\n全年收到申请233件。\n二、营商环境\n无。"
SPAM = "某某官网"


def fill(conn: Connection) -> dict[str, str]:
    """Three reports of one portal: one with two versions, one tampered, one gone. Keys by what they are."""
    register_portal(conn, "sample", PORTAL, "openness")
    number = start(conn, started_at=START)
    url = "https://www.sample.gov.cn/nb/{}.html"
    changed = save_report(conn, report(CLEAN, url=url.format(2020)), extractor_version="1", read_at=START).report_id
    save_report(
        conn, report(CHANGED, 3, url=url.format(2020)), extractor_version="1", read_at=TODAY - timedelta(days=2)
    )
    dirty = f"打印\n围绕{SPAM}党中央\n二、营商环境"
    tampered = save_report(
        conn,
        report(
            dirty.replace("打印\n", "").replace(SPAM, ""),
            url=url.format(2021),
            year=2021,
            published_on="2022-05-02",
            title="样本市2021年政府信息公开工作年度报告",
            extracted_text=dirty,
            flags=["spam"],
            edits=[
                Edit(kind="chrome", start=0, end=3, text="打印\n", rule="print"),
                Edit(kind="spam", start=5, end=9, text=SPAM, rule="formula", suggestion="建议的词"),
            ],
        ),
        extractor_version="1",
        read_at=START,
    ).report_id
    finish(conn, number, CrawlResult(outcome="ok", cause="3 new"))
    refresh_coverage(conn, "sample")
    keys = {row.id: row.key for row in conn.execute(text("select id, key from report"))}
    return {"changed": keys[changed], "tampered": keys[tampered]}


@pytest.fixture
def keys(database: Database) -> dict[str, str]:
    """A small archive; keys of its reports."""
    with database.begin() as conn:
        return fill(conn)


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Iterator[Room]:
    """A room for one person, on a day in January 2026."""
    reader = OriginalReader()
    yield Room(
        database=database,
        archive=ArchiveDirectory(tmp_path / "archive"),
        home=tmp_path,
        reader=reader,
        clock=lambda: TODAY,
    )
    reader.close()


@pytest.fixture
def client(room: Room) -> Client:
    """A reader of that room."""
    return Client(create_app(room))
