"""Reports that say the same under several addresses of one portal are linked, and none of them is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.identity.equal_texts import link_all_equal
from gxgk_crawler.store.report_queries import get_report, list_reports
from gxgk_crawler.store.reports import save_report
from tests.store.samples import PORTAL, attachment, report

if TYPE_CHECKING:
    from sqlalchemy import Connection

A, B, C = (f"https://www.sample.gov.cn/{channel}/11.html" for channel in ("bm", "nb", "gk"))
SHORT, LONG = "详见附件。", "公开情况" * 300


def save(conn: Connection, said: str, day: float, url: str, **values: Any) -> str:
    number = save_report(conn, report(said, day, url=url, **values), extractor_version="1").report_id
    return str(get_report(conn, number)["key"])


def links(conn: Connection) -> dict[str, str | None]:
    """The URL of every report that says the same as one found before it -> URL of that one."""
    found = {row["key"]: row for row in list_reports(conn)}
    return {row["url"]: found[row["same_as"]]["url"] for row in found.values() if row["same_as"]}


def test_equal_texts_are_linked_to_the_one_found_first(conn: Connection) -> None:
    keys = [save(conn, LONG, day, url) for day, url in enumerate((A, B, C))]
    assert links(conn) == {B: A, C: A}
    assert len(list_reports(conn)) == 3
    first, second, _ = (get_report(conn, row["id"]) for row in sorted(list_reports(conn), key=lambda row: row["id"]))
    assert (first["same_as"], first["duplicates"]) == (None, sorted(keys[1:]))
    assert (second["same_as"], second["duplicates"]) == (keys[0], [])
    assert link_all_equal(conn) == 0


def test_an_archive_read_in_another_order_gives_the_same_links(conn: Connection) -> None:
    for day, url in ((2, C), (0, A), (1, B)):
        save(conn, LONG, day, url)
    assert links(conn) == {B: A, C: A}


def test_links_follow_the_texts(conn: Connection) -> None:
    for day, url in enumerate((A, B, C)):
        save(conn, LONG, day, url)
    save(conn, f"{LONG}更正", 5, A)
    assert links(conn) == {C: B}
    save(conn, f"{LONG}更正", 6, C)
    assert links(conn) == {C: A}
    save(conn, f"{LONG}更正", 7, B)
    assert links(conn) == {B: A, C: A}


@pytest.mark.parametrize(
    "other",
    [
        {"year": 2019},
        {"issuer": "样本市教育局"},
        {"text": f"{LONG}。"},
        {"portal": "other"},
        {"text": "", "flags": ["no_body"]},
    ],
    ids=str,
)
def test_what_differs_is_not_linked(conn: Connection, other: dict[str, Any]) -> None:
    register_portal(conn, "other", PORTAL, "trs")
    said = {"text": LONG} | other
    save(conn, said["text"] and LONG, 0, A, flags=said.get("flags", []))
    save(conn, said.pop("text"), 1, B, **said)
    assert links(conn) == {}


def test_a_few_lines_are_equal_only_with_equal_attachments(conn: Connection) -> None:
    save(conn, SHORT, 0, A, attachments=[attachment("附表一")])
    save(conn, SHORT, 1, B, attachments=[attachment("附表二")])
    save(conn, SHORT, 2, C, attachments=[attachment("附表一")])
    assert links(conn) == {C: A}


def test_links_that_were_lost_come_back(conn: Connection) -> None:
    for day, url in enumerate((A, B)):
        save(conn, LONG, day, url)
    conn.execute(text("update report set same_as = null"))
    assert link_all_equal(conn, "other") == 0
    assert link_all_equal(conn, "sample") == 1
    assert links(conn) == {B: A}
