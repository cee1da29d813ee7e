"""Small faults: struck text, entities written twice, cells of several paragraphs, hidden advertising, tables without a page."""

# ruff: noqa: E501  # markup of one page stands on one line

from __future__ import annotations

from tests.extract.siblings.case import PROSE, TITLE, Case, page

_TABLE = "<table border=1><tr><td>统计指标</td><td>单位</td><td>统计数</td></tr><tr><td>主动公开政府信息数</td><td>条</td><td>1234</td></tr></table>"
_AD = "澳门样例葡京棋牌 官网下载 注册送彩金 欢乐棋牌app下载"


def _case(inner: str, *, head: str = "", **more: object) -> Case:
    return Case(
        body=page(f"<h1>{TITLE}</h1><div class='TRS_Editor'>{PROSE}{inner}</div>", head=head),
        title=TITLE,
        **more,  # type: ignore[arg-type]
    )


def _cell(inner: str, value: str) -> Case:
    return _case(
        f"<table border=1><tr><td>{inner}</td><td>12</td></tr><tr><td>其他</td><td>3</td></tr></table>",
        rows=((value, "12"),),
    )


def _file(body: str, **more: object) -> Case:
    more.setdefault("contains", ("主动公开政府信息数 | 条 | 1234",))
    return Case(body=body.encode(), url=None, flags_not=("no_body",), lacks=("<", ">"), **more)  # type: ignore[arg-type]


CASES: dict[str, Case] = {
    "struck text": _case(
        "<p>受理<s>15</s>16件，答复<strike>14</strike>16件，<del>撤回1件，</del>办结16件。</p>",
        contains=("受理16件，答复16件，办结16件。",),
    ),
    "entity written twice": _case(
        "<p>收到&amp;nbsp;21&amp;nbsp;件，其中&amp;ldquo;县长信箱&amp;rdquo;2件&amp;hellip;</p>",
        contains=("收到 21 件，其中“县长信箱”2件…",),
    ),
    "a real ampersand": _case(
        "<p>研发R&amp;D经费公开，AT&amp;T等2家。</p>", contains=("研发R&D经费公开，AT&T等2家。",)
    ),
    "written markup stays text": _case("<p>标签&amp;lt;p&amp;gt;不得使用。</p>", contains=("标签<p>不得使用。",)),
    "word over two paragraphs": _cell("<p>行政</p><p>许可</p>", "行政许可"),
    "word over three paragraphs": _cell("<p>商业</p><p>企业</p><p>申请</p>", "商业企业申请"),
    "number over two paragraphs": _cell("<p>12</p><p>34</p>", "12 34"),
    "Latin words over two paragraphs": _cell("<p>Open</p><p>Data</p>", "Open Data"),
    "break in a cell": _cell("本年新<br>制作数量", "本年新制作数量"),
    "sentences in a cell": _cell("<p>已公开。</p><p>未公开。</p>", "已公开。未公开。"),
    "digit behind a word": _cell("<p>现行有效</p><p>3</p>", "现行有效 3"),
    "advertising hidden by a class": _case(
        f"<p class='gd1'>{_AD}</p>", head="<style>.gd1{display:none}</style>", lacks=("棋牌",), flags_any=("spam",)
    ),
    "by an id": _case(
        f"<div id='x9'>{_AD}</div>",
        head="<style type='text/css'>/*a*/ #x9 { color:red; display : none !important; }</style>",
        lacks=("棋牌",),
        flags_any=("spam",),
    ),
    "by a list of selectors": _case(
        f"<p class='b q7'>{_AD}</p>",
        head="<style>h5,.q7 , .q8{visibility:hidden}</style>",
        lacks=("棋牌",),
        flags_any=("spam",),
    ),
    "by a tag and its class": _case(
        f"<p class='w'>{_AD}</p>",
        head="<style>p.w{position:absolute;left:-9999px}</style>",
        lacks=("棋牌",),
        flags_any=("spam",),
    ),
    "by its size": _case(
        f"<p class='w'>{_AD}</p>", head="<style>.w{font-size:0}</style>", lacks=("棋牌",), flags_any=("spam",)
    ),
    "off the page": _case(
        f"<div style='position:absolute;top:-5000px'>{_AD}</div>", lacks=("棋牌",), flags_any=("spam",)
    ),
    "no height": _case(f"<div style='height:0px;overflow:hidden'>{_AD}</div>", lacks=("棋牌",), flags_any=("spam",)),
    "a class for small screens only": _case(
        "<p class='pc'>附：办理情况说明。</p>",
        head="<style>@media (max-width:768px){.pc{display:none}}</style>",
        contains=("办理情况说明",),
    ),
    "a class for print only": _case(
        "<p class='np'>附：办理情况说明。</p>",
        head="<style media='print'>.np{display:none}</style>",
        contains=("办理情况说明",),
    ),
    "a menu's class inside another": _case(
        "<p class='sub'>附：办理情况说明。</p>",
        head="<style>.menu .sub{display:none}</style>",
        contains=("办理情况说明",),
    ),
    "table without a page": _file(f"<div>\n{_TABLE}</div>"),
    "broken division": _file(f"< div >\n\t{_TABLE}</div>"),
    "table of a spreadsheet": _file(
        f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><style>td{{mso-number-format:"@"}}</style></head><body>{_TABLE}</body></html>'
    ),
    "upper case": _file(_TABLE.upper()),
    "rows alone": _file(_TABLE.replace("<table border=1>", "").replace("</table>", "")),
    "two tables": _file(
        _TABLE + "<br>" + _TABLE.replace("1234", "56"),
        contains=("主动公开政府信息数 | 条 | 1234", "主动公开政府信息数 | 条 | 56"),
    ),
    "prose that names a tag": Case(
        body="本说明介绍 < div > 标签，共3处。\n不得改动。".encode(), url=None, contains=("< div >",)
    ),
}
