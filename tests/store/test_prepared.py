from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from gxgk_crawler.store.prepared import CONTENT, prepare
from gxgk_crawler.store.report_queries import get_report, list_versions
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.search.search import search
from tests.store.samples import capture, document, report

if TYPE_CHECKING:
    from sqlalchemy import Connection


@pytest.mark.parametrize("hostile", ["\0", "\ud800", "\\u0000", '"\\', "\u2028"])
def test_what_another_process_prepared_is_stored_the_same(conn: Connection, hostile: str) -> None:
    text = f"一、总体情况\n公开{hostile}信息"
    facts: dict[str, Any] = {"fields": {hostile: hostile}, "title": hostile}
    plain = report(text, url="https://www.sample.gov.cn/1", **facts)
    other = report(text, url="https://www.sample.gov.cn/2", **facts)
    sent = pickle.loads(pickle.dumps(prepare(other.document)))
    first = save_report(conn, plain, extractor_version="1")
    second = save_report(conn, other, extractor_version="1", prepared=sent)
    numbers = [first.report_id, second.report_id]
    of_each = {"id": 0, "key": "", "url": "", "capture": {}, "same_as": None, "duplicates": []}  # the texts are equal
    one, two = (get_report(conn, number) | of_each for number in numbers)
    assert one == two
    assert one["fields"] == ({hostile: hostile} if hostile not in "\0\ud800" else {"\ufffd": "\ufffd"})
    assert {hit.id for hit in search(conn, "公开").hits} == set(numbers)


def test_a_capture_that_comes_too_late_makes_no_version_of_a_text_that_was_there(conn: Connection) -> None:
    first = report("文一", capture=capture(0))
    number = save_report(conn, first, extractor_version="1").report_id
    save_report(conn, report("文二", 2), extractor_version="1")
    save_report(conn, report("文三", 4), extractor_version="1")
    late = save_report(conn, first, extractor_version="1")
    assert (late.change, late.version, late.current) == ("unchanged", 1, False)
    assert save_report(conn, report("文一", 1), extractor_version="1").change == "unchanged"
    assert [row["current"] for row in list_versions(conn, number)] == [False, False, True]
    assert save_report(conn, report("文一", 5), extractor_version="1").change == "changed"


def test_content_holds_exactly_the_columns_that_come_from_the_document() -> None:
    assert tuple(prepare(document("公开")).content) == CONTENT
