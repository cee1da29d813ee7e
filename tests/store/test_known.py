"""What a crawl reads of earlier ones: on which lists a report stood last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gxgk_crawler.store.journal import mark_gone
from gxgk_crawler.store.known import newest_places
from gxgk_crawler.store.reports import save_report
from tests.store.samples import START, capture, report

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE, OTHER = "https://www.sample.gov.cn/nb/1.html", "https://www.sample.gov.cn/nb/2.html"
FIRST, SECOND = "https://www.sample.gov.cn/nb/", "https://www.sample.gov.cn/nb/index_1.html"


def save(conn: Connection, day: float, url: str, *lists: str) -> None:
    save_report(conn, report("文", day, url=url, channels=list(lists)), extractor_version="1")


def test_a_report_stands_where_its_newest_crawl_saw_it(conn: Connection) -> None:
    save(conn, 0, PAGE, FIRST)
    save(conn, 0, OTHER, FIRST, SECOND)
    save(conn, 40, PAGE, SECOND)
    assert newest_places(conn, "sample") == {PAGE: frozenset({SECOND}), OTHER: frozenset({FIRST, SECOND})}


def test_a_report_that_is_gone_stands_nowhere(conn: Connection) -> None:
    save(conn, 0, PAGE, FIRST)
    mark_gone(conn, "sample", PAGE, START + timedelta(days=1), capture(1, url=PAGE, status=404))
    assert newest_places(conn, "sample") == {}
