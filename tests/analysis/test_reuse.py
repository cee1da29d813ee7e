"""How much of a text stands in another one: exact runs, figures left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.analysis.reuse import ComparableReport, neighbours, pairs_of_group, reused

LAST = "一、总体情况\n样例市全年主动公开政府信息1208条，其中规范性文件12件。\n我们认真学习并积极推进各项工作的开展。"
THIS = "一、总体情况\n样例市全年主动公开政府信息977条，其中规范性文件9件。\n今年新设了三个查阅点并培训了工作人员。"


def test_a_sentence_whose_figures_alone_are_new_is_the_same() -> None:
    found = reused(THIS, LAST)
    assert [THIS[a:b] for a, b in found.spans] == ["样例市全年主动公开政府信息977条，其中规范性文件9件。"]
    assert found.characters == 24 + 19
    assert found.share == round(24 / 43, 4)


def test_runs_of_seven_characters_and_rows_of_tables_are_nothing() -> None:
    assert reused("某某某公开政府信息是某某某某", "公开政府信息是").spans == []
    assert reused("本年新收政府信息公开申请数量 | 12", "本年新收政府信息公开申请数量 | 12").share == 0
    assert reused("", LAST) == reused("12\n", LAST)


@given(st.text("公开信息年度报告12 |\n", max_size=200), st.text("公开信息年度报告12 |\n", max_size=200))
def test_spans_are_in_order_and_stand_in_the_other_text(text: str, other: str) -> None:
    found = reused(text, other)
    flat = [place for span in found.spans for place in span]
    assert flat == sorted(flat)
    assert 0 <= found.share <= 1
    plain = "".join(char for char in other if not char.isspace() and not char.isdigit())
    for start, end in found.spans:
        words = "".join(char for char in text[start:end] if not char.isspace() and not char.isdigit())
        assert words[:8] in plain
        assert words[-8:] in plain
    whole = reused(text, text)
    assert whole.share in {0, 1}


def report(number: int, organ: str, division: str, name: str) -> ComparableReport:
    return ComparableReport(
        report_id=number, version_id=number * 10, organ=organ, division=division, division_name=name
    )


def test_neighbours_are_organs_of_the_same_kind_and_at_most_twenty() -> None:
    one = report(1, "样例市甲县教育局", "150701", "甲县")
    two = report(2, "样例市乙县教育局", "150702", "乙县")
    government = report(3, "乙县人民政府", "150702", "乙县")
    other_text = report(4, "样例市甲县教育局", "150701", "甲县")
    assert neighbours(one, [government, two, one]) == [one, two]
    assert pairs_of_group([one, two]) == {(10, 20), (20, 10)}
    assert pairs_of_group([one, other_text]) == set(), "an organ is no neighbour of itself"
    many = [report(n, f"第{n}县人民政府", f"1507{n:02}", f"第{n}县") for n in range(1, 31)]
    pairs = pairs_of_group(neighbours(many[29], many))
    assert {sum(a == one.version_id for a, _ in pairs) for one in many} == {20}
