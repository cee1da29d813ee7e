"""Figures in the database: written with their version, judged across years, and one report for each organ and year."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from gxgk_crawler.statutory.figures import figures_json, read_figures
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.figures.organs import _TAMPERED
from gxgk_crawler.store.identity.current_version import NEVER_CURRENT
from gxgk_crawler.store.report_queries import get_report
from gxgk_crawler.store.reports import save_report
from tests.statutory.forms import T3_COLS
from tests.store.figure_samples import form, with_tables
from tests.store.samples import PORTAL, attachment, capture, report

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.items import Report


def save(conn: Connection, found: Report, **more: Any) -> int:
    return save_report(conn, found, extractor_version="1", **more).report_id


def across(conn: Connection, report_id: int) -> dict[tuple[str, str], tuple[str, int]]:
    """The checks of the current version against another year: status and the report of that year, by rule and place."""
    checks = get_report(conn, report_id)["checks"]
    return {(one["rule"], one["at"]): (one["status"], one["against"]) for one in checks if one["against"] is not None}


def standing(conn: Connection) -> dict[int, int | None]:
    return {row.id: row.stood_by for row in conn.execute(text("select id, stood_by from report"))}


def test_a_report_holds_what_the_reader_reads_in_its_body_and_its_attachments(conn: Connection) -> None:
    form_in_file = "统计指标 | 单位 | 统计数\n" + "\n".join(
        f"样例指标{c} | 条 | {n}" for n, c in enumerate("甲乙丙丁戊己庚辛壬癸")
    )
    files = [attachment("没有表格"), attachment(form_in_file, url="https://www.sample.gov.cn/b.doc")]
    found = with_tables(form(), year=2023, attachments=files)
    shown = get_report(conn, save(conn, found))
    wanted = json.loads(json.dumps(figures_json(read_figures(found.document, files))))
    assert [(table["table"], len(table["cells"])) for table in wanted["tables"]][:3] == [
        ("T2", 10),
        ("T3", 175),
        ("T4", 15),
    ]
    assert {cell["attachment"] for table in shown["tables"] for cell in table["cells"]} == {None, 1}
    assert shown["tables"] == wanted["tables"]
    assert shown["indicators"] == wanted["indicators"]
    assert [{**check, "against": None} for check in wanted["checks"]] == shown["checks"]


def test_a_cell_knows_the_worst_verdict_of_its_equations(conn: Connection) -> None:
    truth = form()
    was = truth.values["T3", "granted", "total"]
    assert was is not None
    truth.put("T3", "granted", "total", was + 2)
    shown = get_report(conn, save(conn, with_tables(truth, year=2023)))
    verdicts = {
        (table["table"], cell["row"], cell["col"]): cell["verdict"]
        for table in shown["tables"]
        for cell in table["cells"]
    }
    failed = {key for key, verdict in verdicts.items() if verdict == "fail"}
    assert {("T3", "granted", col) for col in T3_COLS} <= failed
    assert ("T3", "processed_total", "total") in failed
    assert ("T3", "denied.process", "natural") not in failed
    assert verdicts["T3", "new_received", "total"] == "pass"
    assert verdicts["T2", "licensing", "decisions"] is None


def test_two_years_are_compared_whichever_comes_first_and_again_when_either_changes(conn: Connection) -> None:
    first, second = form(seed=1), form(seed=2)
    third = form(seed=3, after=second)
    later = save(conn, with_tables(third, year=2023))
    assert across(conn, later) == {}
    earlier = save(conn, with_tables(second, year=2022))
    assert {key for key, _ in across(conn, later)} == {"E5", "E7"}
    assert {place: of for (rule, place), of in across(conn, later).items() if rule == "E5"} == dict.fromkeys(
        T3_COLS, ("pass", earlier)
    )
    # The portal corrects the earlier year: the later one says at once that the chain is broken.
    second.put("T3", "carried_out", "natural", 999)
    save(conn, with_tables(second, year=2022, day=5))
    assert across(conn, later)["E5", "natural"] == ("fail", earlier)
    assert across(conn, later)["E5", "research"] == ("pass", earlier)
    # And a third year is compared with its neighbour alone.
    save(conn, with_tables(first, year=2021))
    assert {against for _, against in across(conn, later).values()} == {earlier}
    versions = [get_report(conn, earlier, number)["checks"] for number in (1, 2)]
    assert [any(check["against"] for check in checks) for checks in versions] == [False, True]


def test_one_report_stands_for_an_organ_and_year(conn: Connection) -> None:
    old = save(conn, with_tables(form(seed=1), year=2022, published_on="2023-01-10"))
    new = save(
        conn, with_tables(form(seed=1), year=2022, url="https://www.sample.gov.cn/again", published_on="2023-03-01")
    )
    assert standing(conn) == {old: new, new: None}
    bare = save(
        conn, report("没有表格的文字", url="https://www.sample.gov.cn/bare", year=2022, published_on="2023-04-01")
    )
    assert standing(conn) == {old: new, new: None, bare: new}
    hacked = with_tables(
        form(seed=1), year=2022, url="https://www.sample.gov.cn/again", day=3, flags=["spam"], published_on="2023-05-01"
    )
    save(conn, hacked)
    assert standing(conn)[new] is None, "a tampered text does not become the current one"
    other = save(
        conn, with_tables(form(seed=1), year=2022, url="https://www.sample.gov.cn/other", issuer="样本市教育局")
    )
    assert standing(conn)[other] is None, "another organ"
    # The repost turns out to be of another year: each stands for its own again.
    moved = with_tables(form(seed=1), year=2021, url="https://www.sample.gov.cn/again", day=6)
    save(conn, moved, read_at=moved.capture.fetched_at)
    save(conn, with_tables(form(seed=4), year=2021, url="https://www.sample.gov.cn/again", day=7))
    assert standing(conn) == {old: None, new: None, bare: old, other: None}


def test_a_report_that_loses_its_year_stands_alone(conn: Connection) -> None:
    one = save(conn, with_tables(form(seed=1), year=2022, published_on="2023-01-10"))
    two = save(conn, with_tables(form(seed=1), year=2022, url="https://www.sample.gov.cn/2", published_on="2023-03-01"))
    assert standing(conn)[one] == two
    save(conn, report("一", 4, url="https://www.sample.gov.cn/nb/2022.html", year=None, published_on=None))
    assert standing(conn) == {one: None, two: None}


def test_an_organ_that_names_itself_nowhere_is_that_of_its_portal(conn: Connection) -> None:
    register_portal(conn, "second", PORTAL, "openness")
    one = save(conn, with_tables(form(), year=2022, issuer=None))
    two = save(conn, with_tables(form(), year=2022, issuer=None, url="https://www.sample.gov.cn/2"))
    three = save(conn, with_tables(form(), year=2022, issuer=None, portal="second"))
    found = standing(conn)
    assert {found[one], found[two]} == {None, two}
    assert found[three] is None


def test_today_s_rules_replace_the_figures_of_a_capture_that_is_read_again(conn: Connection) -> None:
    found = with_tables(form(), year=2022, capture=capture(0))
    number = save(conn, found)
    conn.execute(text("delete from statutory_cell"))
    conn.execute(text("update report_version set statutory_version = null, statutory_tables = '{}'"))
    save(conn, found, reason="reextract")
    assert sum(len(table["cells"]) for table in get_report(conn, number)["tables"]) == 200
    row = conn.execute(text("select statutory_version, statutory_tables from report_version")).one()
    assert row.statutory_version is not None
    assert row.statutory_tables == ["T2", "T3", "T4"]


def test_a_file_that_could_be_fetched_at_last_brings_its_tables(conn: Connection) -> None:
    lines = "统计指标 | 单位 | 统计数\n" + "\n".join(
        f"样例指标{c} | 条 | {n}" for n, c in enumerate("甲乙丙丁戊己庚辛壬癸")
    )
    first = report("见附件", attachments=[attachment(None)])
    number = save(conn, first)
    assert get_report(conn, number)["tables"] == []
    save(conn, report("见附件", 1, attachments=[attachment(lines)]))
    [table] = get_report(conn, number)["tables"]
    assert (table["layout"], len(table["cells"])) == ("A", 10)


@pytest.mark.parametrize("label", ["样" * 4000, "\0样例", "样\ud800例"])
def test_a_hostile_label_costs_no_report(conn: Connection, label: str) -> None:
    lines = "统计指标 | 单位 | 统计数\n" + "\n".join(
        f"{label}{c} | 条 | {n}" for n, c in enumerate("甲乙丙丁戊己庚辛壬癸")
    )
    found = report("见附件", attachments=[attachment("x", text=lines)])
    assert get_report(conn, save(conn, found))["text"] == "见附件"


def test_the_views_count_every_organ_and_year_once(conn: Connection) -> None:
    truth = form("B")
    save(conn, with_tables(truth, year=2019))
    save(conn, with_tables(truth, year=2019, url="https://www.sample.gov.cn/again", published_on="2020-03-01"))
    long = conn.execute(
        text("select sum(value) from statutory_cells where cell = 'T3.new_received.total' and stands")
    ).scalar_one()
    assert long == truth.values["T3", "new_received", "total"]
    wide = conn.execute(text("select * from figures where stands")).mappings().one()
    for table, row, col in truth.values:
        name = {"T3": row, "T4": f"{row}_{col}", "T2": f"{row}_{col}"}[table].replace(".", "_")
        if name in wide and (table != "T3" or col == "total"):
            assert wide[name] == truth.values[table, row, col], name
    assert wide["regulations_in_force"] is None, "layout B has no such column"
    crossed = {
        row.variable: row
        for row in conn.execute(text("select variable, value, layout, cells from crosswalk where stands"))
    }
    assert crossed["received"].value == long
    assert crossed["other"].cells == ["T3.other.total"]
    assert set(crossed) >= {"granted", "partial", "not_held", "licensing_decisions"}


def test_the_crosswalk_adds_up_what_the_old_form_keeps_apart_and_invents_nothing(conn: Connection) -> None:
    rows = {
        "收到申请数": 40, "当面申请数": 1, "传真申请数": 0, "网络申请数": 30, "信函申请数": 9, "申请办结数": 40, "按时办结数": 40,
        "申请答复数": 40, "属于已主动公开范围数": 5, "同意公开答复数": 20, "同意部分公开答复数": 3, "不同意公开答复数": 2,
        "不属于本行政机关公开数": 6, "申请信息不存在数": 4, "告知作出更改补充数": 0, "举报投诉数量": 0,
    }  # fmt: skip
    lines = "统计指标 | 单位 | 统计数\n" + "\n".join(f"{label} | 件 | {value}" for label, value in rows.items())
    save(conn, report("见附件", year=2016, attachments=[attachment(lines)]))
    crossed = {row.variable: row.value for row in conn.execute(text("select variable, value from crosswalk"))}
    assert crossed == {"received": 40, "granted": 20, "partial": 3, "not_held": 10}


def test_a_text_that_another_party_wrote_never_stands_for_an_organ() -> None:
    assert set(_TAMPERED) == NEVER_CURRENT
