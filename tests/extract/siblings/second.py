"""Further members of the kinds: other templates, other viewers, other places for a title."""

# ruff: noqa: E501  # markup of one page stands on one line

from __future__ import annotations

from tests.extract.siblings.case import PROSE, TITLE, Case, page

_HEAD = f"<h1>{TITLE}</h1><div class='ly'>来源：县政府办　发布时间：2024-01-22</div>"
_DONE = "2023年，样例县主动公开政府信息1234条，收到公开申请21件，全部按时答复。"
_LACK = "存在的主要问题是公开不够及时，下一步将加强培训。"
_TWO = f"<p>{_DONE}</p><p>{_LACK}</p>"
_PLAIN = f"{_DONE}\n{_LACK}\n"
_NUMBER = "样政办发〔2024〕3号"


def _short(main: str, *more: str, **facts: object) -> Case:
    facts.setdefault("title", TITLE)
    return Case(body=page(main), contains=(_DONE, _LACK, *more), lacks=("第3栏目", "网站标识码"), **facts)  # type: ignore[arg-type]


def _file(inner: str, url: str = "/upfile/nb.pdf") -> Case:
    body = page(f"<div class='zhu'>{_HEAD}<div class='nr9'>{inner}</div></div>")
    return Case(body=body, attachments=(url,), only=True, lacks=("第3栏目", "网站标识码"), title=TITLE)


def _titled(main: str, *, tag: str = "样例县人民政府", head: str = "", **facts: object) -> Case:
    facts.setdefault("title", TITLE)
    return Case(body=page(main, head=head, title=tag), **facts)  # type: ignore[arg-type]


def _record(block: str, **facts: object) -> Case:
    return Case(body=page(f"<div class='zhu'>{block}<div class='nr'>{PROSE}</div></div>"), **facts)  # type: ignore[arg-type]


def _text(head: str, title: str, **facts: object) -> Case:
    return Case(body=f"{head}\n{_PLAIN}".encode(), title=title, **facts)  # type: ignore[arg-type]


SHORT: dict[str, Case] = {
    "form of ASP.NET around the page": _short(f"<form id='aspnetForm'><div class='w'>{_HEAD}<div>{_TWO}</div></div></form>"),
    "tables in tables": _short(
        f"<table width='980'><tr><td><table><tr><td class='bt'>{TITLE}</td></tr><tr><td>发布时间：2024-01-22　来源：县政府办</td></tr>"
        f"<tr><td><table><tr><td>{_TWO}</td></tr></table></td></tr><tr><td>附件：<a href='/upfile/a.xls'>统计表.xls</a></td></tr></table></td></tr></table>",
        attachments=("a.xls",),
        published_on="2024-01-22",
    ),
    "long headlines beside it": _short(
        "<ul class='left'>" + "".join(f"<li><a href='/n/{n}.html'>样例县召开第{n}次全县政务公开工作推进会议，部署重点任务</a></li>" for n in range(9))
        + f"</ul><div class='right'>{_HEAD}{_TWO}</div>"
    ),
    "paragraphs at two depths": _short(f"<div>{_HEAD}<div><p>{_DONE}</p></div><div><div><p>{_LACK}</p></div></div></div>"),
    "list of definitions": _short(
        f"<div>{_HEAD}<dl><dt>一、总体情况</dt><dd>{_DONE}</dd><dt>二、存在问题</dt><dd>{_LACK}</dd></dl></div>", "二、存在问题"
    ),
    "ten files below two sentences": _short(
        f"<div>{_HEAD}<div><p>{_DONE}{_LACK}</p><ul>"
        + "".join(f"<li><a href='/upfile/f{n}.doc'>样例县第{n}个乡镇2023年政府信息公开工作年度报告.doc</a></li>" for n in range(10))
        + "</ul></div></div>",
        attachments=("f0.doc", "f9.doc"),
    ),
    "hidden copy above it": _short(f"<div style='display:none'>{_HEAD}{_TWO}</div><div>{_HEAD}<div>{_TWO}</div></div>"),
}  # fmt: skip
FILES: dict[str, Case] = {
    "data attribute of a viewer": _file("<div id='pdf' data-pdf='/upfile/nb.pdf'></div>"),
    "viewer of another site": _file(
        "<iframe src='https://ow365.cn/?i=1&amp;furl=https%3A%2F%2Fwww.example.gov.cn%2Fupfile%2Fnb.docx'></iframe>", "/upfile/nb.docx"
    ),
    "frame with instructions for the viewer": _file("<iframe src='/upfile/nb.pdf?v=2#toolbar=0'></iframe>", "/upfile/nb.pdf?v=2"),
    "script that sets the frame": _file(
        "<iframe id='fr'></iframe><script>var pdfUrl='/upfile/nb.pdf';$('#fr').attr('src','/pdfjs/web/viewer.html?file='+pdfUrl);</script>"
    ),
    "a note above the frame": _file("<p>（此件公开发布）</p><iframe src='/upfile/nb.pdf'></iframe>"),
    "link that is called like a file": _file("<p><a href='/file/down?id=77'>样例县2023年政府信息公开工作年度报告.pdf</a></p>", "/file/down?id=77"),
}  # fmt: skip
TITLES: dict[str, Case] = {
    "document number in every tag": _titled(
        f"<div class='zhu'><table><tr><td>名称</td><td>{TITLE}</td></tr><tr><td>文号</td><td>{_NUMBER}</td></tr></table><div>{PROSE}</div></div>",
        tag=_NUMBER,
        head=f"<meta name='ArticleTitle' content='{_NUMBER}'>",
    ),
    "title for other sites": _titled(f"<div>{PROSE}</div>", head=f"<meta property='og:title' content='{TITLE}'>"),
    "site and column before it": _titled(f"<div>{PROSE}</div>", tag=f"样例县人民政府网站-政府信息公开年报-{TITLE}"),
    "bold line above the facts": _titled(
        f"<div><p><b>{TITLE}</b></p><p>2024-01-22 　作者：样例县 　阅读：88</p><div>{PROSE}</div></div>", published_on="2024-01-22"
    ),
    "subtitle names the office": _titled(
        f"<div><h1>关于2023年政府信息公开工作的年度报告</h1><h2>——样例县教育局</h2><p>时间：2024-01-22 来源：县教育局</p><div>{PROSE}</div></div>",
        title="关于2023年政府信息公开工作的年度报告",
        source="县教育局",
    ),
    "record in the body": _titled(
        f"<div><div><table><tr><td>标题</td><td>{TITLE}</td></tr><tr><td>索引号</td><td>1</td></tr></table>{PROSE}</div></div>"
    ),
}  # fmt: skip
RECORDS: dict[str, Case] = {
    "breaks": _record(
        f"<div>索引号：000-1/2024-3<br>发布机构：样例县教育局<br>发文日期：2024年01月22日<br>名　　称：{TITLE}<br>文　　号：</div>",
        title=TITLE,
        fields={"索引号": "000-1/2024-3", "发布机构": "样例县教育局"},
        no_fields=("文号",),
    ),
    "heads of cells": _record(
        "<table><tr><th>索 引 号：</th><td>A1</td><th>公开日期：</th><td>2024-01-22</td></tr><tr><th>发布单位：</th><td>样例县教育局</td>"
        f"<th>有 效 性：</th><td>有效</td></tr></table><h1>{TITLE}</h1>",
        fields={"索引号": "A1", "发布机构": "样例县教育局", "有效性": "有效"},
        published_on="2024-01-22",
    ),
    "glued facts": _record(
        f"<h1>{TITLE}</h1><p>信息来源：样例县教育局发布日期：2024-01-22浏览次数：108次字体：大中小</p>",
        source="样例县教育局",
        published_on="2024-01-22",
    ),
}
PLAIN: dict[str, Case] = {
    "label before the title": _text(
        f"标题：{TITLE}\n索引号：A-1\n发布机构：样例县教育局\n发布日期：2024-01-22", TITLE,
        published_on="2024-01-22", fields={"发布机构": "样例县教育局"}, lacks=("标题：",),
    ),
    "spaced label": _text(f"名    称: {TITLE}\n文    号: {_NUMBER}\n", TITLE),
    "label on a line of its own": _text(f"标题\n{TITLE}\n发布日期\n2024-01-22", TITLE),
    "label in brackets": _text(f"【标题】{TITLE}\n【来源】样例县教育局\n【日期】2024-01-22", TITLE),
    "label of something else": _text(f"{TITLE}\n名称：样例文化有限公司", TITLE),
    "note behind the title": _text(f"{TITLE}（全文）\n2024-01-22", f"{TITLE}（全文）"),
    "quoted title": _text(f"《{TITLE}》", TITLE),
    "full-width year": _text("样例县２０２３年政府信息公开工作年度报告", "样例县２０２３年政府信息公开工作年度报告", year=2023),
    "full-width date": Case(body=f"{TITLE}\n{_PLAIN}样例县教育局\n２０２４年１月２０日\n".encode(), url=None, published_on="2024-01-20"),
    "year in characters": _text("样例县二○一三年政府信息公开年报", "样例县二○一三年政府信息公开年报", year=2013),
}  # fmt: skip
SMALL: dict[str, Case] = {
    "breaks of the source inside words": Case(
        body=page(f"<div class='zhu'>{_HEAD}<div class='nr9'>{PROSE}<p>主动公开\n  政府信\r\n息1234条，\n受理申请21件。</p></div></div>"),
        contains=("主动公开政府信息1234条，受理申请21件。",),
    ),
    "breaks of the source around Latin words": Case(
        body=page(f"<div class='zhu'>{_HEAD}<div class='nr9'>{PROSE}<p>建设\nPublic\nService平台</p></div></div>"),
        contains=("建设 Public Service平台",),
    ),
    "breaks of the source before labels": Case(
        body=page(f"<div class='TRS_Editor'><p>来源：样例县教育局\n   浏览次数：12</p>{PROSE}</div>"),
        source="样例县教育局",
        lacks=("浏览次数",),
    ),
    "breaks of the source in a cell": Case(
        body=page(
            f"<div class='zhu'>{_HEAD}<div class='nr9'>{PROSE}<table border='1'><tr><td>信息\n内容</td><td>本年\n制发件数</td></tr>"
            "<tr><td>规章</td><td>2</td></tr></table></div></div>"
        ),
        rows=(("信息内容", "本年制发件数"), ("规章", "2")),
    ),
}  # fmt: skip
