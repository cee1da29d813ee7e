"""The words by which portals name their annual-report channels and reports.

Evidence: anchor texts and URL slugs of about 70 government portals of 2008-2026. The patterns match page text, so RE2 compiles
them: it matches in linear time.
"""

from __future__ import annotations

import re2

_SUBJECT = "(?:政府信息|政务|信息|政府)公开"
_REPORT = "(?:年报|年度工作报告|年度报告|工作报告|工作总结|情况报告|情况的报告|执行情况)"

# 解读: an explainer; 发布2024年: news; 通知, 通报, 制度, 办法: about reporting; 半年, 季度: not the annual report; 模板 ...: blank forms.
_NOT_A_REPORT = re2.compile(
    "解读|图解|一图|图说|读懂|视频|新闻|通知|通报|制度|办法|规定|细则|方案|要点|计划|考核|评议|评估|检查|培训|会议|征求意见"
    "|发布.{0,6}(?:19|20)[0-9]{2}|半年|季度|月报|模板|模版|样表|样式|格式|范本|填报|填写|指南|目录|须知|流程图|申请表"
)
_STATISTICS = re2.compile("统计表|统计数据|统计情况|情况统计|数据统计|数据说明")
_ANNUAL = re2.compile("年报|年度[^。]{0,20}报告")
_STRICT = re2.compile(
    f"{_SUBJECT}[^。]{{0,30}}{_REPORT}|{_REPORT}[^。]{{0,12}}{_SUBJECT}|{_SUBJECT}[^。]{{0,12}}(?:19|20)\\d\\d年?度?报告"
)
_PAGER = re2.compile(
    "^[\\s<>»›«‹.…\\[\\]]*(?:[0-9]{1,3}|首页|上一?页|下一?页|尾页|末页|最后一页|前一页|后一页|更多)?[\\s<>»›«‹.…\\[\\]]*$"
)
_YEAR = re2.compile("(?:19|20)[0-9]{2}")
_LENIENT = re2.compile("年报|年度|报告|总结|(?:19|20)[0-9]{2}年?$")

_CHANNEL = re2.compile(
    f"{_SUBJECT}(?:工作)?(?:年报|年度报告|年度工作报告|工作报告|报告)|公开(?:工作)?年报|^(?:工作)?年度报告$|^年报$|^法定公开年报$"
)
# Path segments: `zfxxgknb`, `xxgkgzndbg`, `gknb`, `2023ndbg`, `nbzl`, `nb_szfbm`, `OpennessAnnualReport` ...
_CHANNEL_SLUG = re2.compile(
    r"(?i)(?:^|/)(?:(?:19|20)?[a-z0-9]*(?:gknb|ndbg)[a-z]{0,4}[_0-9]*|(?:(?:19|20)\d\d)?nb(?:zl|_[a-z]+)?|zfnbhz)(?:/|$)"
    r"|annualreport|niandubaogao"
)
_DISCLOSURE = re2.compile("(?:政府|政务)?信息公开|政务公开|公开专栏|公开平台|法定主动公开")
_NOT_DISCLOSURE = re2.compile("指南|依申请|申请公开|意见箱|制度|目录|投诉|举报|登录|注册")


def is_report_title(title: str) -> bool:
    """True when `title` alone names an annual disclosure report, wherever the link stands."""
    return _STRICT.search(title) is not None and not names_something_else(title)


def may_be_report(title: str) -> bool:
    """True when `title`, found in an annual-report channel, may be a report: `2015年`, `市教育局年度报告`."""
    return _LENIENT.search(title) is not None and not names_something_else(title)


def names_something_else(title: str) -> bool:
    """True when `title` names a page about reports that is none itself: 解读, 通知, 统计表, 半年, 模板 and the like.

    A title that names both the annual report and its statistics is a report.
    """
    if _NOT_A_REPORT.search(title):
        return True
    return _STATISTICS.search(title) is not None and _ANNUAL.search(title) is None


def is_channel_title(text: str) -> bool:
    """True when `text` names a channel of annual reports: 政府信息公开年报, 信息公开工作年度报告, 年报."""
    return len(text) <= 30 and _CHANNEL.search(text) is not None and not names_something_else(text)


def is_channel_slug(path: str) -> bool:
    """True when the URL path holds one of the slugs by which portals name the channel of annual reports."""
    return _CHANNEL_SLUG.search(path) is not None


def is_disclosure_title(text: str) -> bool:
    """True when `text` leads towards the disclosure pages, where the channel of annual reports may be linked."""
    return len(text) <= 20 and _DISCLOSURE.search(text) is not None and _NOT_DISCLOSURE.search(text) is None


def is_pager(text: str) -> bool:
    """True when `text` is a link of a pager: a number, an arrow, 首页, 下一页, 尾页."""
    return _PAGER.search(text) is not None


def has_year(text: str) -> bool:
    """True when `text` holds a year of 19xx or 20xx."""
    return _YEAR.search(text) is not None
