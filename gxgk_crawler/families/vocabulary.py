"""The words by which portals name their annual-report channels and reports.

Evidence: anchor texts and URL slugs of about 100 government portals of 2008-2026. The patterns match page text, so RE2 compiles
them: it matches in linear time. Layouts put white space inside words (`政 府 信 息`), so all white space is removed first.
"""

from __future__ import annotations

import re2

_SUBJECT = "(?:政府信息|政务|信息|政府)公开"
_REPORT = "(?:年报|年度工作报告|年度报告|工作报告|工作总结|情况报告|情况的报告|执行情况)"
_YEARS = "(?:(?:19|20)[0-9]{2}|二[〇○零ＯO0]{1,2}[〇○零一二三四五六七八九ＯO0]{1,2})"

# 解读: an explainer; 发布2024年: news; 通知, 通报, 制度, 办法: about reporting; 半年, 季度: not the annual report; 模板 ...: blank forms;
# 报表: the figures of the website (政府网站工作年度报表); 决算: the budget; 要点: what is to be done.
_NOT_A_REPORT = re2.compile(
    "解读|图解|一图|图说|读懂|视频|新闻|通知|通报|制度|办法|规定|细则|方案|要点|计划|考核|评议|评估|检查|培训|会议|征求意见"
    f"|发布.{{0,6}}{_YEARS}|半年|季度|月报|模板|模版|样表|样式|格式|范本|填报|填写|指南|目录|须知|流程图|申请表|报表|决算|的函$"
)
# Such a word inside the name of an office says nothing of the page: 人口和计划生育局, 新闻出版局, 政策解读中心, 监督检查大队.
_RANK = (
    "(?:局|厅|署|委员会|管委会|工委|卫计委|计生委|发改委|办公室|中心|总队|支队|大队|中队|协会|学会|联合会|基金会"
    "|研究院|研究所|设计院|学院|学校|党校|银行|医院|公司|集团|站|馆|院|室|社|台|所|处|办|科|股|组|队)"
)
# What these characters begin as often as they end the name of an office: 考核办法, 检查处理, 培训组织.
_NO_RANK = (
    "办法",
    "办理",
    "办事",
    "处理",
    "处罚",
    "处置",
    "所有",
    "所属",
    "所需",
    "科学",
    "科技",
    "科普",
    "组织",
    "队伍",
    "股份",
)
_OF_AN_OFFICE = re2.compile(
    f"(?:计划|新闻|检查|评估|考核|评议|培训|会议)[\\p{{Han}}（）()、]{{0,8}}?{_RANK}"
    f"|(?:解读|视频|制度|通知|通报|规定|方案|办法|目录|格式|要点)[\\p{{Han}}]{{0,2}}?{_RANK}"
)
_SAYS_WHAT_IT_IS = (
    "年报",
    "报告",
    "总结",
    "公开",
    "的",
)  # before such a word stands what the page is, not an office: 年报解读
# Such a word may also be, or end with, the name of a place: 样表镇, 指南乡. What a page is stands behind 报告 or in brackets.
_OF_A_PLACE = re2.compile(
    "(?:^|关于|中共|[省市县区旗州盟镇乡年度0-9])((?:样表|样式|格式|模板|模版|范本|目录|指南|须知|要点|方案|报表)"
    "(?:街道|苏木|新区|[省市县区旗州盟镇乡村]))(?:[^级直属]|$)"
)
_STATISTICS = re2.compile("统计表|统计数据|统计情况|情况统计|数据统计|数据说明")
_ANNUAL = re2.compile("年报|年度[^。]{0,20}报告")
_STRICT = re2.compile(
    f"{_SUBJECT}[^。]{{0,30}}{_REPORT}|{_REPORT}[^。]{{0,12}}{_SUBJECT}|{_SUBJECT}[^。]{{0,12}}{_YEARS}年?度?报告"
)
_PAGER = re2.compile(
    "^[<>»›«‹.…\\[\\]]*(?:[0-9]{1,3}|首页|上一?页|下一?页|尾页|末页|最后一页|前一页|后一页|更多|[<>»›«‹.…\\[\\]])[<>»›«‹.…\\[\\]]*$"
)
_YEAR = re2.compile(_YEARS)
_BARE_YEAR = re2.compile("^[【\\[(（]?(?:19|20)[0-9]{2}(?:年|年度|年年报|年度年报|年报)?[】\\])）]?$")
_DOOR = re2.compile(r"(?i)/gkmlpt/index(?:[?#]|$)|/public/column/\d+(?:[?#]|$)|/infopublic\.aspx")
_FIGURES = re2.compile("(?:19|20)[0-9]{2}")
_LENIENT = re2.compile(f"年报|年度|报告|总结|{_YEARS}年?$")

_CHANNEL = re2.compile(
    f"{_SUBJECT}(?:工作)?(?:年报|年度报告|年度工作报告|工作报告|情况报告|报告)|公开(?:工作)?年报|^(?:工作)?年度报告$|^年报$"
    f"|^工作年报$|^年报公开$|^(?:历年|历年来|往年)年度?报告?$|^年报(?:汇总|专栏|列表|总汇)$|年报汇总$"
    f"|^[\\p{{Han}}]{{0,6}}(?:部门|单位|乡镇|街道|区县|县区|县市区|镇街)年报$|{_SUBJECT[:-2]}年度公开$"
)
# Path segments, and values of the query: `zfxxgknb`, `xxgkgzndbg`, `gknb`, `2023ndbg`, `nbzl`, `nb_szfbm`, `zfxxgknb.htm`,
# `xxgk_nb`, `xxgk-xxgknb`, `xxgknb2024n`, `nb2024bm`, `nbqx2025`, `frame=nb`, `OpennessAnnualReport` ...
_BETWEEN = r"(?:^|[/=&?])"
_END = r"(?:[/&?]|\.(?:[st]?html?|jspx?|aspx?|php)(?:[/?#]|$)|$)"
_CHANNEL_SLUG = re2.compile(
    rf"(?i){_BETWEEN}(?:"
    r"[a-z0-9_-]*(?:gk[_-]?nb|nd[_-]?bg)[a-z]{0,4}[_0-9-]*(?:20\d\d)?[a-z]{0,6}[_0-9-]*"
    r"|(?:(?:19|20)\d\d)?nb(?:zl|hz|[_-][a-z]+)?|nb[a-z]{0,6}(?:19|20)\d\d[a-z]{0,6}|(?:19|20)\d\dnb[a-z]{0,4}|zfnbhz"
    rf"){_END}|annual_?report|niandubaogao"
)
_DISCLOSURE = re2.compile(
    "(?:政府|政务)?信息公开|政务公开|公开专栏|公开平台|法定主动公开|主动公开(?:内容|目录|基本目录|事项|信息)?|公开(?:基本|事项)?目录"
    "|^基本目录$|^公开$|公开全清单|^全清单$|公开内容|公开事项"
)
# A page that only gathers the reports of a year: …年度报告汇总.
_COLLECTION = re2.compile(f"(?:{_SUBJECT}|年报|年度报告)[^。]{{0,30}}(?:汇总|合集|汇编|集锦|一览表?|总览|链接)$")
# What the lists beside a list are named after: groups of bodies, and single bodies.
_GROUP_OF_BODIES = re2.compile(
    "^[\\p{Han}（）()、]{0,8}(?:政府|部门|单位|乡镇|街道|镇街|区县|县区|县市区|市、区|园区)[）)]?(?:信息公开)?(?:年报|年度报告)?$"
)
_BODY = re2.compile(
    "^[\\p{Han}（）()、·]{1,24}(?:局|委员会|管委会|委|办公室|办|厅|中心|镇|乡|苏木|街道|办事处|人民政府|开发区|园区|院|社|站|队|馆|联合会)$"
)
_NO_BODY = re2.compile("(?:新闻|信息|服务|资讯|会员|个人|用户|帮助|下载|媒体|数据|互动|咨询|举报)中心$|^(?:本院|网站)")
_NOT_DISCLOSURE = re2.compile("指南|依申请|申请公开|意见箱|制度|投诉|举报|登录|注册|标准目录")


def is_report_title(title: str) -> bool:
    """True when `title` alone names an annual disclosure report, wherever the link stands."""
    title = _squeezed(title)
    return _STRICT.search(title) is not None and not names_something_else(title)


def speaks_of_report(title: str) -> bool:
    """True when `title` has the words of a report, whatever else it says: …年度报告解读 too."""
    return _STRICT.search(_squeezed(title)) is not None


def may_be_report(title: str) -> bool:
    """True when `title`, found in an annual-report channel, may be a report: `2015年`, `市教育局年度报告`."""
    title = _squeezed(title)
    return _LENIENT.search(title) is not None and not names_something_else(title)


def is_bare_year(text: str) -> bool:
    """True when `text` is a year and nothing more: 2019, 2019年, 2019年度, 2019年年报."""
    return _BARE_YEAR.search(_squeezed(text)) is not None


def is_disclosure_door(path: str) -> bool:
    """True when the URL path, with its query, is a door of a disclosure platform, whatever the words of the link."""
    return _DOOR.search(path) is not None


def names_something_else(title: str) -> bool:
    """True when `title` names a page about reports that is none itself: 解读, 通知, 统计表, 半年, 模板 and the like.

    Such a word inside the name of an office (计划生育局, 新闻出版局) does not count. A title that names both the annual report
    and its statistics is a report.
    """
    title = _without_offices(_without_places(_squeezed(title)))
    if _NOT_A_REPORT.search(title):
        return True
    return _STATISTICS.search(title) is not None and _ANNUAL.search(title) is None


def is_channel_title(text: str) -> bool:
    """True when `text` names a channel of annual reports: 政府信息公开年报, 信息公开工作年度报告, 年报."""
    text = _squeezed(text)
    return len(text) <= 30 and _CHANNEL.search(text) is not None and not names_something_else(text)


def is_collection_title(text: str) -> bool:
    """True when `text` names a page that gathers the reports of many bodies: 2021年政府信息公开工作年度报告汇总."""
    text = _squeezed(text)
    return _COLLECTION.search(text) is not None and not names_something_else(text)


def is_body_or_group(text: str) -> bool:
    """True when `text` is the name of a body, or of a group of bodies, and nothing more: 县教育局, 乡镇街道, 市直部门年报."""
    text = _squeezed(text)
    named = _GROUP_OF_BODIES.search(text) or _BODY.search(text)
    return named is not None and _NO_BODY.search(text) is None


def is_channel_slug(path: str) -> bool:
    """True when a URL's path, with its query or without, holds a slug by which CMSs name the annual-report channel."""
    return _CHANNEL_SLUG.search(path) is not None


def is_disclosure_title(text: str) -> bool:
    """True when `text` leads towards the disclosure pages, where the channel of annual reports may be linked."""
    text = _squeezed(text)
    return len(text) <= 20 and _DISCLOSURE.search(text) is not None and _NOT_DISCLOSURE.search(text) is None


def is_pager(text: str) -> bool:
    """True when `text` is a link of a pager: a number, an arrow, 首页, 下一页, 尾页. A link without words is none."""
    return _PAGER.search(_squeezed(text)) is not None


def has_year(text: str) -> bool:
    """True when `text` holds a year of 19xx or 20xx, in figures or as 二〇一六."""
    return _YEAR.search(_squeezed(text)) is not None


def years_in(text: str) -> list[str]:
    """The years that `text` names in figures, in order."""
    return list(_FIGURES.findall(_squeezed(text)))


def _without_places(title: str) -> str:
    """The title without the names of places that look like what a page is."""
    found = _OF_A_PLACE.search(title)
    return title if found is None else title[: found.start(1)] + _without_places(title[found.end(1) :])


def _without_offices(title: str) -> str:
    """The title without the words that belong to the name of an office."""
    kept, at = [], 0
    for found in _OF_AN_OFFICE.finditer(title):
        is_rank = not title[found.end() - 1 :].startswith(_NO_RANK)
        if is_rank and not title[: found.start()].endswith(_SAYS_WHAT_IT_IS):
            kept.append(title[at : found.start()])
            at = found.end()
    return "".join([*kept, title[at:]])


def _squeezed(text: str) -> str:
    return "".join(text.split())
