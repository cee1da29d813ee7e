from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.entries import ReportRead
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.items import Channel, ReportingOrgan
from gxgk_crawler.store import journal
from gxgk_crawler.store.channels import channels, save_channels
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.journal import mark_gone
from gxgk_crawler.store.report_queries import get_report, list_reports, list_versions
from gxgk_crawler.store.reports import Saved, save_report
from gxgk_crawler.store.search.search import search
from tests.store.samples import START, URL, attachment, capture, document, report

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.items import Report
    from gxgk_crawler.store.postgres.database import Database
    from gxgk_crawler.store.reports import Reason


def save(conn: Connection, found: Report, reason: Reason = "crawl") -> Saved:
    return save_report(conn, found, extractor_version="7", reason=reason)


def saved(conn: Connection, found: Report, reason: Reason = "crawl") -> tuple[str, int, bool]:
    result = save(conn, found, reason)
    return result.change, result.version, result.current


def test_a_report_comes_back_as_it_was_found(conn: Connection) -> None:
    found = report(
        "一、总体情况\n公开信息 12 条", channels=["https://www.sample.gov.cn/nb/"], attachments=[attachment("附件")]
    )
    number = save(conn, found).report_id
    got = get_report(conn, number)
    assert got["portal"] == "sample"
    assert got["url"] == URL
    assert (got["title"], got["issuer"], got["year"]) == (
        "样本市2020年政府信息公开工作年度报告",
        "样本市人民政府",
        2020,
    )
    assert got["division"] == "150700"
    assert got["published_on"] == "2021-01-20"
    assert got["dates"] == [{"value": "2021-01-20", "source": "meta"}]
    assert got["source"] == "办公室"
    assert (got["version"], got["versions"], got["current"]) == (1, 1, True)
    assert got["fetched_at"] == got["first_seen"] == START
    assert got["text"] == "一、总体情况\n公开信息 12 条"
    assert got["extracted_text"] == "打印\n一、总体情况\n公开信息 12 条"
    assert got["edits"] == [
        {"kind": "chrome", "start": 0, "end": 3, "text": "打印\n", "rule": "print", "suggestion": None}
    ]
    assert got["grids"] == [{"cells": [{"row": 0, "col": 0, "text": "件数", "rowspan": 1, "colspan": 1}]}]
    assert [a["text"] for a in got["attachments"]] == ["附件"]
    assert got["tables"] == got["checks"] == got["indicators"] == []
    assert got["places"] == ["https://www.sample.gov.cn/nb/"]
    assert got["capture"]["record_id"] == found.capture.record_id


def test_equal_text_makes_no_version_but_moves_last_seen(conn: Connection) -> None:
    first = save(conn, report("文一"))
    assert saved(conn, report("文一", 3, title="题目改了")) == ("unchanged", 1, True)
    got = get_report(conn, first.report_id)
    assert got["versions"] == 1
    assert got["last_seen"] - got["first_seen"] == timedelta(days=3)
    assert conn.execute(text("select count(*) from capture")).scalar_one() == 2


def test_changed_text_makes_one_version(conn: Connection) -> None:
    save(conn, report("文一"))
    number = save(conn, report("文二", 1, year=2021)).report_id
    assert saved(conn, report("文二", 2)) == ("unchanged", 2, True)
    assert get_report(conn, number)["text"] == "文二"
    assert get_report(conn, number, 1)["text"] == "文一"
    assert list_reports(conn)[0]["year"] == 2021
    # back to the first text is a change too: the page said three things in turn
    assert saved(conn, report("文一", 3)) == ("changed", 3, True)


@pytest.mark.parametrize("flag", ["spam", "damaged", "foreign_host", "no_body"])
def test_a_tampered_version_never_takes_the_place_of_a_clean_one(conn: Connection, flag: str) -> None:
    number = save(conn, report("公开信息")).report_id
    assert saved(conn, report("彩票信息", 1, flags=[flag])) == ("changed", 2, False)
    assert saved(conn, report("彩票信息", 2, flags=[flag])) == ("unchanged", 2, False)
    assert get_report(conn, number)["text"] == "公开信息"
    assert search(conn, "彩票").hits == []
    assert saved(conn, report("公开信息", 3)) == ("unchanged", 1, True)
    assert saved(conn, report("公开的信息", 4)) == ("changed", 3, True)


def test_a_clean_version_takes_the_place_of_a_tampered_one(conn: Connection) -> None:
    number = save(conn, report("彩票信息", flags=["spam"])).report_id
    assert get_report(conn, number)["version"] == 1
    assert saved(conn, report("公开信息", 1)) == ("changed", 2, True)
    assert [hit.version for hit in search(conn, "公开").hits] == [2]


def test_reading_a_capture_again_makes_a_version_once_and_keeps_the_old_one(conn: Connection) -> None:
    old, new = report("旧文 杂", 0), report("新文 杂", 5)
    save(conn, old)
    save(conn, new)
    assert saved(conn, replace(old, document=document("旧文")), "reextract") == ("changed", 3, False)
    assert saved(conn, replace(new, document=document("新文")), "reextract") == ("changed", 4, True)
    assert saved(conn, replace(old, document=document("旧文")), "reextract") == ("unchanged", 3, False)
    assert saved(conn, replace(new, document=document("新文")), "reextract") == ("unchanged", 4, True)
    # The archive is taken in once more: what it says of the two captures is known already.
    assert saved(conn, old)[0] == saved(conn, new)[0] == "unchanged"
    number = list_reports(conn)[0]["id"]
    assert [row["reason"] for row in list_versions(conn, number)] == ["crawl", "crawl", "reextract", "reextract"]


def test_reading_again_with_equal_text_improves_what_else_was_read(conn: Connection) -> None:
    found = report("文", year=None, published_on=None)
    number = save(conn, found).report_id
    better = replace(found, document=document("文", year=2019, published_on="2020-03-01"))
    assert save_report(conn, better, extractor_version="8", reason="reextract").change == "unchanged"
    got = get_report(conn, number)
    assert (got["year"], got["published_on"], got["extractor_version"]) == (2019, "2020-03-01", "8")
    assert list_reports(conn, Filters(year=2019))[0]["id"] == number


def test_an_attachment_with_other_content_is_a_change(conn: Connection) -> None:
    number = save(conn, report("见附件", attachments=[attachment("一")])).report_id
    assert saved(conn, report("见附件", 1, attachments=[attachment("一")])) == ("unchanged", 1, True)
    made_anew = attachment("一", sha256="0" * 64)
    assert saved(conn, report("见附件", 2, attachments=[made_anew])) == ("unchanged", 1, True)
    assert saved(conn, report("见附件", 3, attachments=[attachment(None)])) == ("unchanged", 1, True)
    assert saved(conn, report("见附件", 4, attachments=[attachment("二")])) == ("changed", 2, True)
    assert get_report(conn, number, 1)["attachments"][0]["text"] == "一"


def test_attachments_that_newer_rules_read_again_take_the_place_of_what_was_read(conn: Connection) -> None:
    """A file that was skipped has its text then, an archive has its members behind it; none of it is a new version."""
    old = [
        attachment("表", text=None, status="skipped", url="https://www.sample.gov.cn/1.zip"),
        attachment(None, url="https://www.sample.gov.cn/2.doc"),
    ]
    found = report("见附件", attachments=old)
    number = save(conn, found).report_id
    member = attachment("成员", url="https://www.sample.gov.cn/1.zip#a.doc")
    new = [replace(old[0], text="a.doc", status="ok"), member, old[1]]
    assert saved(conn, report("见附件", 1, attachments=new)) == ("unchanged", 1, True)
    again = save(conn, replace(found, attachments=new), "reextract")
    assert (again.change, again.version) == ("unchanged", 1)
    shown = get_report(conn, number)["attachments"]
    assert [(one["url"][-6:], one["text"], one["status"]) for one in shown] == [
        ("/1.zip", "a.doc", "ok"),
        ("#a.doc", "成员", "ok"),
        ("/2.doc", None, "failed"),
    ]


def test_an_attachment_that_failed_is_completed_later(conn: Connection) -> None:
    number = save(conn, report("见附件", attachments=[attachment(None)])).report_id
    assert get_report(conn, number)["attachments"][0]["status"] == "failed"
    assert saved(conn, report("见附件", 1, attachments=[attachment("一")])) == ("unchanged", 1, True)
    assert get_report(conn, number)["attachments"][0]["text"] == "一"


def test_gone_and_back(conn: Connection) -> None:
    number = save(conn, report("文")).report_id
    for day in (1, 2):
        mark_gone(conn, "sample", URL, START + timedelta(days=day), capture(day, status=404))
    got = get_report(conn, number)
    assert (got["gone_at"], got["text"]) == (START + timedelta(days=1), "文")
    save(conn, report("文", 3))
    assert get_report(conn, number)["gone_at"] is None
    with pytest.raises(NotFoundError):
        mark_gone(conn, "sample", "https://www.sample.gov.cn/other.html", START, capture())


def test_hostile_characters_are_kept_countable(conn: Connection) -> None:
    """U+0000 and lone surrogates cannot be stored; each becomes one replacement character, and the version says so."""
    found = report("公\0开\ud800信息", title="题\0", fields={"a\0": "b\udfff"}, issuer="x\0")
    got = get_report(conn, save(conn, found).report_id)
    assert got["text"] == "公\ufffd开\ufffd信息"
    assert got["flags"] == ["replacement_characters"]
    assert got["fields"] == {"a\ufffd": "b\ufffd"}
    assert saved(conn, report("公\0开\ud800信息", 1)) == ("unchanged", 1, True)


def test_sql_is_never_built_from_pages(conn: Connection) -> None:
    nasty = "'; drop table report; -- %s :x \\ $1 {0}"
    number = save(conn, report(nasty, title=nasty, issuer=nasty)).report_id
    assert get_report(conn, number)["text"] == nasty
    assert [hit.id for hit in search(conn, f'"{nasty}"').hits] == [number]


def test_summaries_by_portal_year_and_division(conn: Connection) -> None:
    for year in (2019, 2021):
        save(conn, report("文", url=f"https://www.sample.gov.cn/{year}.html", year=year))
    keys = ["id", "key", "portal", "url", "title", "issuer", "division", "year", "published_on", "version", "flags"]
    keys += ["gone_at", "same_as", "organ"]
    assert list(list_reports(conn)[0]) == keys
    assert [row["year"] for row in list_reports(conn)] == [2021, 2019]
    assert [row["year"] for row in list_reports(conn, Filters(year=2019))] == [2019]
    assert list_reports(conn, Filters(portal="other")) == []
    for above in ("150000", "150700", "内蒙古自治区", "呼伦贝尔市"):
        assert len(list_reports(conn, Filters(division=above))) == 2
    assert list_reports(conn, Filters(division="150702")) == []
    with pytest.raises(NotFoundError):
        list_reports(conn, Filters(division="桃花源市"))


def test_the_organ_of_the_current_version_is_that_of_the_report(conn: Connection) -> None:
    bureau = ReportingOrgan(name="呼伦贝尔市教育局", division="150700", evidence="title: 市教育局")
    county = ReportingOrgan(name="鄂伦春自治旗人民政府", division="150723", evidence="signature: 旗政府")
    number = save(conn, report("文", organ=bureau)).report_id
    assert get_report(conn, number)["organ"] == {"name": bureau.name, "division": "150700", "evidence": bureau.evidence}
    save(conn, report("新的文", 1, organ=county))
    (summary,) = list_reports(conn, Filters(organ="鄂伦春"))
    assert summary["organ"]["name"] == county.name
    assert summary["division"] == "150723", "a report counts for the division of its organ"
    assert len(list_reports(conn, Filters(division="150723"))) == 1
    assert list_reports(conn, Filters(organ="教育局")) == []
    assert get_report(conn, number, 1)["organ"]["name"] == bureau.name
    row = conn.execute(text("select organ, organ_division, organ_evidence from reports")).one()
    assert tuple(row) == (county.name, county.division, county.evidence)


def test_a_report_without_an_organ_counts_for_its_portal(conn: Connection) -> None:
    unknown = ReportingOrgan(name="某地人民政府", division="999999", evidence="title: 某地")
    for number, organ in enumerate((None, unknown)):
        save(conn, report("文", number, url=f"https://www.sample.gov.cn/{number}", organ=organ))
    assert [row["division"] for row in list_reports(conn)] == ["150700", "150700"]
    assert [row["organ"] and row["organ"]["name"] for row in list_reports(conn)] == [None, unknown.name]


def test_newer_rules_that_name_the_organ_replace_what_older_ones_left_out(conn: Connection) -> None:
    older = report("文")
    save(conn, older)
    organ = ReportingOrgan(name="呼伦贝尔市教育局", division="150700", evidence="title: 市教育局")
    newer = replace(older, document=replace(older.document, organ=organ))
    number = save_report(conn, newer, extractor_version="2", reason="reextract").report_id
    assert get_report(conn, number)["organ"]["name"] == organ.name
    assert list_reports(conn)[0]["organ"]["name"] == organ.name


def test_entries_of_before_get_their_organ_when_they_are_taken_in(conn: Connection) -> None:
    found = report("文", title="样本市教育局2020年政府信息公开工作年度报告")
    journal.apply(conn, ReportRead(at=START, report=found, extractor_version="1"))
    assert list_reports(conn)[0]["organ"]["name"] == "样本市教育局"


def test_what_is_not_there_is_said(conn: Connection) -> None:
    number = save(conn, report("文")).report_id
    with pytest.raises(NotFoundError, match="no report 12345"):
        get_report(conn, 12345)
    with pytest.raises(NotFoundError, match="version 9"):
        get_report(conn, number, 9)
    with pytest.raises(NotFoundError):
        list_versions(conn, 12345)
    with pytest.raises(NotFoundError, match="no portal nobody"):
        save(conn, report("文", portal="nobody"))


def test_three_crawls_at_once_save_the_same_reports(database: Database, portal: str) -> None:
    def crawl(worker: int) -> None:
        for number in range(40):
            with database.begin() as conn:
                place = [f"https://www.sample.gov.cn/list/{worker}"]
                save(conn, report(f"文 {number}", worker, url=f"https://www.sample.gov.cn/{number}", channels=place))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(crawl, range(3)))
    with database.begin() as conn:
        rows = list_reports(conn)
        assert len(rows) == 40
        assert all(row["version"] == 1 for row in rows)
        assert conn.execute(text("select count(*) from report_place")).scalar_one() == 120
        assert conn.execute(text("select count(*) from capture")).scalar_one() == 120


LONG = "https://www.sample.gov.cn/" + "".join(sha256(str(number).encode()).hexdigest() for number in range(190))


def test_urls_of_any_length_are_stored_once(conn: Connection) -> None:
    found = report("公开", url=LONG, channels=[LONG], capture=capture(url=LONG))
    first, again = save(conn, found), save(conn, found)
    assert (first.change, again.change, again.report_id) == ("new", "unchanged", first.report_id)
    other = save(conn, report("公开", url=f"{LONG}0", capture=capture(url=f"{LONG}0")))
    assert other.report_id != first.report_id
    for _ in range(2):
        save_channels(conn, "sample", [Channel(url=LONG, title="年报")])
    assert [channel.url for channel in channels(conn, "sample")] == [LONG]
    mark_gone(conn, "sample", LONG, START, capture(url=LONG, status=404))
    assert [row["url"] for row in list_reports(conn) if row["gone_at"]] == [LONG]
