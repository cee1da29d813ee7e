from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.items import Channel, CrawlResult, Failure
from gxgk_crawler.store.captures import captures_in, save_captures
from gxgk_crawler.store.channels import channels, save_channels
from gxgk_crawler.store.crawls import last_crawls, register_portal
from gxgk_crawler.store.known import originals
from gxgk_crawler.store.reports import save_report
from tests.store.samples import PORTAL, START, WARC, capture, finish, report, start

if TYPE_CHECKING:
    from sqlalchemy import Connection


def test_a_crawl_from_start_to_end(conn: Connection) -> None:
    first = start(conn, "sample")
    assert last_crawls(conn, "sample")[0]["outcome"] is None
    failure = Failure(url="https://x/", reason="404", kind="failed")
    counts = {"captures": 3, "reports_new": 2}
    result = CrawlResult(outcome="ok", cause="all well", counts=counts, failures=[failure])
    finish(conn, first, result)
    start(conn, "sample", version="1.1")
    newest, oldest = last_crawls(conn)
    assert (newest["software_version"], newest["finished_at"]) == ("1.1", None)
    assert oldest["outcome"] == "ok"
    assert oldest["finished_at"] - oldest["started_at"] < timedelta(minutes=1)
    assert oldest["finished_at"].utcoffset() == timedelta(0)
    assert oldest["failures"] == [{"url": "https://x/", "reason": "404", "kind": "failed"}]
    row = conn.execute(text("select captures, reports_new, failed from crawls order by id limit 1")).one()
    assert tuple(row) == (3, 2, None)


def test_a_portal_is_registered_once_and_kept_up_to_date(conn: Connection) -> None:
    register_portal(conn, "sample", replace(PORTAL, title="改名", division=None), "openness")
    assert conn.execute(text("select title, division from portal")).all() == [("改名", None)]
    with pytest.raises(ConfigError, match="division 999999"):
        register_portal(conn, "other", replace(PORTAL, division="999999"), "openness")
    with pytest.raises(NotFoundError, match="no portal nobody"):
        start(conn, "nobody")


def test_captures_are_written_once(conn: Connection) -> None:
    found = [capture(number) for number in range(3)]
    save_captures(conn, found[:2])
    save_captures(conn, found, portal="sample")
    save_captures(conn, [])
    assert list(captures_in(conn, WARC)) == found
    assert list(captures_in(conn, "other")) == []
    owned = conn.execute(text("select record_id from captures where portal = 'sample'")).scalars().all()
    assert owned == [found[2].record_id]
    assert conn.execute(text("select name, host from warc_file")).all() == [(WARC, "a-host")]


def test_the_last_whole_answer_of_a_url_is_what_an_unchanged_page_is_read_from(conn: Connection) -> None:
    older, newer = capture(0), replace(capture(1), url=capture(0).url)
    others = [
        capture(2, status=404),
        capture(3, truncated="length"),
        capture(4, refers_to=older.record_id),
        capture(5, role="robots"),
    ]
    save_captures(conn, [older, newer, *others], portal="sample")
    assert originals(conn, "sample") == [newer]
    assert originals(conn, "other") == []


def test_channels_in_the_order_they_were_found(conn: Connection) -> None:
    late = START + timedelta(days=9)
    save_channels(conn, "sample", [Channel(url="https://b/", title="年报", seen_at=late)])
    save_channels(conn, "sample", [Channel(url="https://a/", title="年度报告", parent="https://p/", seen_at=START)])
    save_channels(conn, "sample", [Channel(url="https://b/", title="政府信息公开年报", seen_at=START)])
    assert channels(conn, "sample") == [
        Channel(url="https://b/", title="政府信息公开年报", seen_at=late),
        Channel(url="https://a/", title="年度报告", parent="https://p/", seen_at=START),
    ]


def test_views_speak_for_a_whole_crawl(conn: Connection) -> None:
    crawl = start(conn, "sample", START)
    save_report(conn, report("公开"), extractor_version="1", started_at=START)
    rows = {
        view: conn.execute(text(f"select * from {view}")).mappings().all()
        for view in ("reports", "report_texts", "captures", "edits", "crawls")
    }
    assert all(len(found) == 1 for found in rows.values())
    assert rows["reports"][0]["division_name"] == "呼伦贝尔市"
    assert rows["report_texts"][0]["is_current"] is True
    assert rows["captures"][0]["crawl_id"] == crawl
    assert (rows["edits"][0]["starts"], rows["edits"][0]["ends"], rows["edits"][0]["text"]) == (0, 3, "打印\n")
