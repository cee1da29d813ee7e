"""Articles of one paragraph: what stands around it (headings, tables, salutation, signature, date, files) is the article too."""

# ruff: noqa: E501  # markup of one page stands on one line

from __future__ import annotations

from tests.extract.siblings.case import TITLE, Case, page

_ONE = "根据《中华人民共和国政府信息公开条例》要求，现公布乙镇2023年政府信息公开工作年度报告，全年主动公开政府信息123条，收到申请2件，均按时答复。"
_SIGNED = '<p style="text-align:right">甲市乙镇人民政府</p><p style="text-align:right">2024年1月11日</p>'
_FILES = '<p>附件：1.<a href="/upfile/a1.pdf">年度报告全文</a></p><p>2.<a href="/upfile/a2.xlsx">统计表</a></p>'
_TABLE = "<table border=1><tr><td>项目</td><td>数量</td></tr><tr><td>收到申请</td><td>2</td></tr><tr><td>予以公开</td><td>2</td></tr></table>"
_NAME = "乙镇2023年政府信息公开工作年度报告"
_TAIL = ("甲市乙镇人民政府", "2024年1月11日")


def _case(main: str, *, contains: tuple[str, ...] = (), title: str = _NAME, **more: object) -> Case:
    return Case(
        body=page(main, title=title),
        url=None,
        contains=(_ONE, *contains),
        lacks=("第3栏目", "主办：", "网站标识码"),
        **more,  # type: ignore[arg-type]
    )


CASES: dict[str, Case] = {
    "cell of a layout table": _case(
        f'<table width="98%"><tr><td align=center>{_NAME}</td></tr><tr><td class="nr_td"><p>{_ONE}</p>{_FILES}{_SIGNED}</td></tr></table>',
        contains=_TAIL,
        issuer="甲市乙镇人民政府",
        published_on="2024-01-11",
        attachments=("a1.pdf", "a2.xlsx"),
    ),
    "divisions instead of paragraphs": _case(
        f'<div class="xq"><div>{_ONE}</div><div>附件：<a href="/upfile/a1.doc">统计表</a></div><div>甲市乙镇人民政府</div><div>2024年1月11日</div></div>',
        contains=_TAIL,
        issuer="甲市乙镇人民政府",
        published_on="2024-01-11",
        attachments=("a1.doc",),
    ),
    "breaks instead of paragraphs": _case(
        f'<div class="nrong"><span>{_ONE}<br><br>附件：<a href="/upfile/a1.doc">统计表</a><br>甲市乙镇人民政府<br>2024年1月11日</span></div>',
        contains=_TAIL,
        issuer="甲市乙镇人民政府",
        attachments=("a1.doc",),
    ),
    "headings and a table": _case(
        f'<div class="box1"><p>一、总体情况</p><p>{_ONE}</p><p>二、申请情况</p>{_TABLE}{_FILES}{_SIGNED}</div>',
        contains=("一、总体情况", "二、申请情况", "收到申请 | 2", *_TAIL),
        rows=(("予以公开", "2"),),
        attachments=("a1.pdf",),
        published_on="2024-01-11",
    ),
    "salutation": _case(
        f'<div class="aa"><p>县政府办公室：</p><p>{_ONE}</p>{_SIGNED}</div>', contains=("县政府办公室：", *_TAIL)
    ),
    "signature in a block of its own": _case(
        f'<div class="bb"><h2>{_NAME}</h2><div class="b1"><p>{_ONE}</p></div><div class="b2">{_SIGNED}</div></div>',
        contains=_TAIL,
        issuer="甲市乙镇人民政府",
    ),
    "files as a list": _case(
        f'<div class="cc"><p>{_ONE}</p><ul><li><a href="/upfile/a1.pdf">年度报告全文.pdf</a></li><li><a href="/upfile/a2.xlsx">统计表.xlsx</a></li></ul>{_SIGNED}</div>',
        contains=_TAIL,
        attachments=("a1.pdf", "a2.xlsx"),
    ),
    "no container at all": _case(
        f"<h1>{_NAME}</h1><p>一、概述</p><p>{_ONE}</p><p>附件：<a href='/upfile/a1.pdf'>全文</a></p>{_SIGNED}",
        contains=("一、概述", *_TAIL),
        attachments=("a1.pdf",),
        published_on="2024-01-11",
    ),
    "share links above, neighbours below": _case(
        f"<div class=dd><h1>{_NAME}</h1><div>分享到：<a href='#w'>微信</a><a href='#q'>空间</a></div><div class=ee><p>{_ONE}</p>{_FILES}{_SIGNED}</div>"
        "<div>上一篇：<a href='/a.html'>乙镇2022年政府信息公开工作年度报告</a></div><div>下一篇：<a href='/b.html'>乙镇工作总结</a></div></div>",
        contains=_TAIL,
        attachments=("a1.pdf",),
    ),
    "neighbours inside": _case(
        f"<div class=ff><p>一、概述</p><p>{_ONE}</p>{_SIGNED}<p>上一篇：<a href='/a.html'>乙镇2022年度报告</a></p><p>下一篇：<a href='/b.html'>没有了</a></p></div>",
        contains=("一、概述", *_TAIL),
    ),
    "links inside the sentences": _case(
        f"<div class=gg><div>一、概述</div><div>{_ONE}</div><div>公开指南见<a href='/zn.html'>乙镇政府信息公开指南（2023年修订）全文</a>。</div>{_SIGNED}</div>",
        contains=("公开指南见乙镇政府信息公开指南（2023年修订）全文。", *_TAIL),
    ),
    "documents linked one by one": _case(
        f"<div class=hh><p>{_ONE}</p><p>公开的主要文件：</p><p>1.<a href='/w/1.html'>《乙镇防汛抗旱应急预案》</a></p><p>2.<a href='/w/2.html'>《乙镇2023年预算公开》</a></p>{_SIGNED}</div>",
        contains=("《乙镇防汛抗旱应急预案》", *_TAIL),
    ),
    "font and center of old editors": _case(
        f"<center><table><tr><td><font size=4><b>{_NAME}</b></font></td></tr><tr><td><font>　　{_ONE}</font><br><font>　　附件：<a href=/upfile/a1.doc>统计表</a></font><br>"
        "<div align=right>甲市乙镇人民政府<br>2024年1月11日</div></td></tr></table></center>",
        contains=_TAIL,
        attachments=("a1.doc",),
    ),
    "signature in a cell of its own": _case(
        f"<table><tr><td>{_NAME}</td></tr><tr><td><p>{_ONE}</p></td></tr><tr><td align=right>甲市乙镇人民政府</td></tr><tr><td align=right>2024年1月11日</td></tr></table>",
        contains=_TAIL,
        issuer="甲市乙镇人民政府",
    ),
    "table and nothing else but one sentence": _case(
        f"<div class=ii><p>{_ONE}</p><div class='tb'>{_TABLE}</div></div>",
        contains=("予以公开 | 2",),
        rows=(("收到申请", "2"),),
    ),
    "download script in an attribute": _case(
        f"<div class=jj><p>{_ONE}</p><p>附件：<a href='javascript:void(0)' onclick=\"downFile('/upfile/a3.pdf')\">年度报告</a></p>{_SIGNED}</div>",
        contains=_TAIL,
        attachments=("a3.pdf",),
    ),
    "known container, three blocks": _case(
        f"<div class='TRS_Editor'><p>{_ONE}</p></div>{_SIGNED}", contains=(), title=TITLE
    ),
}
