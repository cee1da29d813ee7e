"""Titles as portals print them: what is a report, what only speaks of one, what leads to the list."""

from __future__ import annotations

import pytest

from gxgk_crawler.families import vocabulary

REPORTS = [
    "呼伦贝尔市2020年政府信息公开工作年度报告",
    "某某市人民政府2015年政府信息公开工作年度报告",
    "某某区2008年政府信息公开年报",
    "2023年度政务公开工作报告",
    "某某市教育局政府信息公开工作2019年度报告",
    "2012年政府信息公开工作情况报告",
    "某某县2010年度政府信息公开工作总结",
    "某某市2017年政府信息公开工作年度报告及统计表",
    "某某街道办事处关于2021年政府信息公开工作年度报告",
    "2009年某某市政府信息公开年度报告",
]
OTHERS = [
    "一图读懂2020年政府信息公开工作年度报告",
    "《2020年政府信息公开工作年度报告》解读",
    "关于做好2020年政府信息公开工作年度报告编制工作的通知",
    "政府信息公开工作年度报告制度",
    "我市发布2024年政府信息公开工作年度报告",
    "2016年政府信息公开情况统计表",
    "2022年上半年政府信息公开工作情况报告",
    "政府信息公开工作年度报告模板",
    "政府信息公开指南",
    "政府信息公开目录",
    "2020年政府工作报告",
    "2018年政务公开工作要点",
    "关于2019年度政府信息公开工作考核情况的通报",
    "国务院办公厅关于政府信息公开工作年度报告有关事项的通知",
]


@pytest.mark.parametrize("title", REPORTS)
def test_a_report_is_known_by_its_title(title: str) -> None:
    assert vocabulary.is_report_title(title)
    assert vocabulary.may_be_report(title)


@pytest.mark.parametrize("title", OTHERS)
def test_what_only_speaks_of_reports_is_none(title: str) -> None:
    assert not vocabulary.is_report_title(title)


@pytest.mark.parametrize("title", ["2015年", "市教育局年度报告", "2021年度", "某某镇2022年年报"])
def test_short_titles_count_only_inside_a_channel(title: str) -> None:
    assert vocabulary.may_be_report(title)
    assert not vocabulary.is_report_title(title)


@pytest.mark.parametrize(
    "text", ["政府信息公开年报", "信息公开年度报告", "政府信息公开工作年度报告", "年报", "公开年报"]
)
def test_channels_are_known_by_their_anchor_text(text: str) -> None:
    assert vocabulary.is_channel_title(text)


@pytest.mark.parametrize(
    "text", ["政府信息公开指南", "企业年报公示系统使用须知", "政府信息公开制度", "首页", "统计年鉴"]
)
def test_other_anchors_are_no_channels(text: str) -> None:
    assert not vocabulary.is_channel_title(text)


@pytest.mark.parametrize(
    "path",
    [
        "/xzsrmzf/xxgknb/",
        "/xzsrmzf/xxgknb/2016nxxgkndbg/",
        "/xzsrmzf/xxgknb/2023ndbg/index.shtml",
        "/zfxxgk/zfxxgknb/xxgkgzndbg/xxgkgzndbg/",
        "/zfxxgk1/zfxxgknb/sjbmzfxxgkgzndbg/",
        "/xxgk/gknb/xzbm/",
        "/OpennessAnnualReport/showList/2/page_1.html",
        "/module/xxgk/xxgkAnnualReport.jsp",
        "/zwgk/zfxxgk/zfxxgkml/qbmxxgk/qzfbgs/xxgkgzndbg/",
        "/bcsrmzf/bcsrmzfndbg/",
    ],
)
def test_channel_slugs_of_real_portals_are_known(path: str) -> None:
    assert vocabulary.is_channel_slug(path)


@pytest.mark.parametrize("path", ["/", "/zwgk/zfgb/", "/zwgk/xxgkzn/", "/zwgk/xxgkml/", "/hdjl/", "/nbxw/"])
def test_other_paths_are_no_channel_slugs(path: str) -> None:
    assert not vocabulary.is_channel_slug(path)


@pytest.mark.parametrize(
    "title",
    [
        "样表镇人民政府2020年政府信息公开工作年度报告",
        "中共样表县委2020年政府信息公开年报",
        "样例市样表区教育局2019年政府信息公开工作年度报告",
        "2020年样表市政府信息公开工作年度报告",
        "指南乡2020年政府信息公开工作年度报告",
        "关于模板村2020年政府信息公开工作年度报告",
    ],
)
def test_a_place_may_be_called_like_a_form(title: str) -> None:
    assert vocabulary.is_report_title(title)
    assert vocabulary.may_be_report(title)


@pytest.mark.parametrize(
    "title",
    [
        "政府信息公开工作年度报告样表",
        "政府信息公开工作年度报告样表（市县区）",
        "样表镇政府信息公开年报样表",
        "样例市政府信息公开年度报告样表县级",
        "2020年度政府信息公开年度报告格式区县",
        "政府信息公开指南市级年度报告",
    ],
)
def test_a_form_stays_a_form(title: str) -> None:
    assert not vocabulary.is_report_title(title)
    assert not vocabulary.may_be_report(title)
