"""An archive with texts that no file format likes, and the command that takes it away."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.items import CrawlResult, Edit, Failure
from gxgk_crawler.portal import Portal
from gxgk_crawler.store.captures import save_captures
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.figures.numbers import number
from gxgk_crawler.store.reports import save_report
from tests.store.figure_samples import form, with_tables
from tests.store.samples import PORTAL, START, attachment, capture, finish, report, start

if TYPE_CHECKING:
    from gxgk_crawler.export.export_table import ExportTable
    from gxgk_crawler.store.postgres.database import Database

OTHER = Portal(title="别样县人民政府", entry="https://www.other.gov.cn/", division="510402")
HOSTILE = (
    "=1+1",
    "-2+3",
    "@SUM(A1)",
    "+86",
    '"quoted", and, commas',
    "line\nbreaks\r\nof\rall kinds\n",
    " blanks at both ends ",
    "\x01\x02\x1b[31m\x7f\x85\u2028\u2029\ufeff",
    "\\N \\n \\\\ NULL null NaN",
    "平政字〔2024〕12号 | 1,234 | 5.6％",
    "\U0001f600\U0002000b",
    "",
)


def _hostile(number: int, said: str, **values: Any) -> Any:
    removed = f"打印{said}\n"
    return report(
        said,
        number / 7,
        url=f"https://www.sample.gov.cn/{number}.html",
        year=2008 + number,
        title=said or None,
        source=said,
        issuer="样本市人民政府" if number % 2 else said,
        fields={said: said, "文号": "样政〔2024〕12号"},
        extracted_text=removed + said,
        edits=[Edit(kind="chrome", start=0, end=len(removed), text=removed, rule="print", suggestion=said or None)],
        flags=["low_confidence"] if number == 3 else [],
        published_on=None if number == 5 else "2021-01-20",
        attachments=[attachment(said), attachment(None)],
        **values,
    )


@pytest.fixture
def archive(environment: None, database: Database) -> Database:
    """Two portals; reports whose texts are hostile, one with three versions; crawls, one of them running; captures of pages."""
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        register_portal(conn, "other", OTHER, "openness")
        crawl = start(conn, "sample", START)
        start(conn, "other")
        save_captures(
            conn,
            [capture(url="https://www.sample.gov.cn/robots.txt", role="robots", media_type=None)],
            portal="sample",
            started_at=START,
        )
        for number, said in enumerate(HOSTILE):
            save_report(conn, _hostile(number, said), extractor_version="1", started_at=START)
        for day in (10, 20):
            newer = report(
                f"第{day}天的文本", day, url="https://www.sample.gov.cn/1.html", year=2009, channels=["https://l/"]
            )
            save_report(conn, newer, extractor_version="1", started_at=START)
        elsewhere = with_tables(form(), day=3, url="https://www.other.gov.cn/1.html", portal="other", year=2020)
        save_report(conn, elsewhere, extractor_version="1")
        failure = Failure(url="https://www.sample.gov.cn/x", reason='404, "gone"\n=1', kind="failed")
        result = CrawlResult(outcome="ok", cause="fine", counts={"captures": 3, "failed": 1}, failures=[failure])
        finish(conn, crawl, result)
        reuse = """
            insert into reuse (report_version_id, other_version_id, kind, share, characters, spans)
            select a.id, b.id, 'year_before', 0.25, 40, '[[0, 8], [9, 17]]' from report_version a, report_version b
            where a.id = (select max(id) from report_version) and b.id = a.id - 1
        """
        conn.execute(text(reuse))
    return database


def export(*arguments: object) -> Any:
    """What `gxgk export … --json` prints; errors pass."""
    ended = CliRunner().invoke(app, ["export", *map(str, arguments), "--json"], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


_QUERIES = {
    "portals": "select name, title, division, site_code, entry from portal order by name",
    "reports": "select * from reports order by id",
    "versions": """
        select t.*, v.text_sha256, v.dates, v.source, v.fields, v.media_type, v.encoding
        from report_texts t
        join report_version v on v.report_id = t.report_id and v.number = t.version
        order by report_id, version
    """,
    "edits": "select e.*, r.key from edits e join report r on r.id = e.report_id order by report_id, version, position",
    "attachments": """
        select v.report_id, v.number as version, a.*, c.record_id, r.key
        from attachment a
        join report_version v on v.id = a.report_version_id
        join report r on r.id = v.report_id
        left join capture c on c.id = a.capture_id
        order by v.report_id, v.number, a.position
    """,
    "statutory_cells": "select * from statutory_cells order by report_id, version, position",
    "statutory_checks": "select * from statutory_checks order by report_id, version, rule, at",
    "indicators": "select * from indicators order by report_id, version, position",
    "reuses": "select * from reuses order by report_id, version, other_report, other_version",
    "crawls": "select * from crawls order by id",
    "captures": "select t.* from captures t join capture c using (record_id) order by c.id",
}


def rows_of_database(database: Database, table: ExportTable) -> list[dict[str, Any]]:
    """The rows of a table as the views hold them, with the columns of an export."""
    with database.begin() as conn:
        rows = conn.execute(text(_QUERIES[table.name])).mappings().all()
    return [{name: _plain(row[name]) for name in table.names} for row in rows]


def _plain(value: Any) -> Any:
    return number(value) if isinstance(value, Decimal) else value
