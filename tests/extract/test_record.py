"""The metadata block ends a value where the next label begins, whether any table knows that label or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.extract.facts.issuer import choose_year
from gxgk_crawler.extract.facts.record import read_fields

OFFICE = "样例市人民政府办公室"


@pytest.mark.parametrize(
    "behind",
    [
        "　公开日期：2021-01-20　访问量：12",
        "　发稿科室：综合科　浏览人气：12",
        " 稿件来源单位：综合科",
        " 审 核 人：样例",
        " 审　核：样例",
        "发稿科室：综合科",
        "\u2003有效期限：长期",
        "\xa0\xa0Hits: 12",
        "；稿源：综合科",
        "/编写单位：综合科",
        "【大 中 小】",
        "　　阅读(12)次",
        " 浏览 12 次",
        " 2021-01-20 10:30:00",
        " 责任部门(科室)：综合科",
        " | 打印",
    ],
)
def test_an_issuer_is_nothing_but_the_issuer(behind: str) -> None:
    for label in ("发文机构", "发布机构", "公开责任部门"):
        assert read_fields([f"{label}：{OFFICE}{behind}"])["发布机构"] == OFFICE


@pytest.mark.parametrize(
    "issuer",
    [
        "样例市财政局 样例市审计局",
        "样例市财政局、样例市审计局",
        "样例县",
        "市政府办（政务公开科）",
        "样例市教育局综合科",
    ],
)
def test_several_issuers_and_unusual_ones_stay_whole(issuer: str) -> None:
    assert read_fields([f"发布机构：{issuer}　访问量：12"]) == {"发布机构": issuer}


def test_an_unknown_label_ends_every_field_and_a_colon_in_a_title_none() -> None:
    assert read_fields(["索引号：0000-1　信息时段：全年"]) == {"索引号": "0000-1"}
    assert read_fields(["文号：样政发〔2020〕3号　　标题：关于：样例的报告"]) == {
        "文号": "样政发〔2020〕3号",
        "标题": "关于：样例的报告",
    }


@given(st.text(alphabet="样例市局办公室 　\xa0：:【】|/；，、(12", max_size=40))
def test_no_line_breaks_it(tail: str) -> None:
    assert all(len(value) <= 80 for value in read_fields([f"发布机构：{tail}", tail]).values())


@pytest.mark.parametrize("year", ["2016", "二〇一六", "二○一六", "二零一六", "二Ｏ一六", "二0一六", "２０１６", "2O16"])
def test_a_year_is_a_year_however_it_is_written(year: str) -> None:
    for title in (f"样例市{year}年政府信息公开工作年度报告", f"{year}年度样例市政府信息公开年报"):
        assert choose_year(title, "", None) == 2016


def test_a_title_without_a_year_has_that_of_its_period() -> None:
    text = "样例市政府信息公开工作年度报告\n本报告统计期限为2020年1月1日至2020年12月31日。信息公开工作……"
    assert choose_year("样例市政府信息公开工作年度报告", text, None) == 2020
