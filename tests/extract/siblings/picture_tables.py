"""Tables that are pictures, and pictures that are none: needs_ocr says that a reader of the text misses something."""

# ruff: noqa: E501  # markup of one page stands on one line

from __future__ import annotations

from tests.extract.siblings.case import PROSE, TITLE, Case, page

_HEAD = f"<h1>{TITLE}</h1><div class='ly'>来源：县政府办　发布时间：2024-01-22</div>"
_TABLE = "<p align='center'><img src='/upfile/2024/tb1.png' alt=''></p>"
_NEXT = "<p>三、收到和处理政府信息公开申请情况</p>"
_ACTIVE = "<p>二、主动公开政府信息情况</p>"
_SENTENCE = "<p>2023年，我县通过门户网站主动公开政府信息1100条。</p>"


def _read(inner: str, *, shown: bool) -> Case:
    flag = ("needs_ocr",)
    body = page(f"<div class='zhu'>{_HEAD}<div class='nr9'>{PROSE}{inner}</div></div>")
    return Case(body=body, flags_any=flag if shown else (), flags_not=() if shown else flag)


def _docx(icon: str) -> str:
    return f"{_ACTIVE}{_SENTENCE}<p>附件：<img src='{icon}'><a href='/upfile/tjb.docx'>统计表.docx</a></p>"


CASES: dict[str, Case] = {
    "the table of a chapter": _read(f"{_ACTIVE}{_TABLE}{_NEXT}<p>无。</p>", shown=True),
    "the table of the last chapter": _read(
        f"<p>四、政府信息公开行政复议、行政诉讼情况</p>{_TABLE}<p>五、存在的主要问题及改进情况</p><p>公开不够及时。</p>", shown=True
    ),
    "two pictures of one table": _read(f"{_NEXT}{_TABLE}{_TABLE}", shown=True),
    "unit above the table": _read(f"{_NEXT}<p>（单位：件）</p>{_TABLE}", shown=True),
    "a table in a cell of the layout": _read(
        f"{_NEXT}<table><tr><td><img src='/upfile/2024/tb1.png'></td></tr></table>", shown=True
    ),
    "prose that announces the table": _read(
        f"<p>三、申请情况</p><p>全年收到申请21件，具体情况如下表：</p>{_TABLE}<p>其中自然人20件。</p>", shown=True
    ),
    "a sheet below the signature": _read(
        f"<p>样例县人民政府办公室</p><p>2024年1月20日</p><p>附表：政府信息公开情况统计表</p>{_TABLE}", shown=True
    ),
    "one table is text, the next a picture": _read(
        f"{_ACTIVE}<table border='1'><tr><td>信息内容</td><td>本年制发件数</td></tr><tr><td>规章</td><td>2</td></tr></table>{_NEXT}{_TABLE}",
        shown=True,
    ),
    "a table without an end of its name": _read(f"{_NEXT}<p><img src='/getImage?id=31'></p>", shown=True),
    "a note below the table": _read(f"{_NEXT}{_TABLE}<p>注：本列数据含上年结转。</p>", shown=True),
    "prose in the chapter, a photograph elsewhere": _read(
        f"{_ACTIVE}{_SENTENCE}{_TABLE}<p>图为政务公开日活动现场。</p>{_NEXT}<p>全年收到申请21件。</p>", shown=False
    ),
    "prose in the chapter, a diagram above it": _read(f"{_ACTIVE}{_TABLE}{_SENTENCE}", shown=False),
    "a diagram under a heading of its own": _read(
        f"{_ACTIVE}<p>（一）公开的渠道</p>{_TABLE}{_SENTENCE}{_NEXT}<p>无。</p>", shown=False
    ),
    "the icon of a file": _read(_docx("/ueditor/dialogs/attachment/fileTypeImages/icon_doc.gif"), shown=False),
    "the icon of a file, by its type": _read(_docx("/images/2022/docx.png"), shown=False),
    "the icon of a file after a bare heading": _read(
        "<p>政府信息公开情况统计表<img src='/uploads/images/xls.gif'></p>", shown=False
    ),
    "a small picture": _read(f"{_ACTIVE}<img src='/upfile/2024/1.png' width='16' height='16'>{_NEXT}<p>无。</p>", shown=False),
    "three sentences and an icon": Case(
        body=page(
            f"<div class='zhu'>{_HEAD}<div class='TRS_Editor'><p>2023年我局主动公开信息12条。未收到公开申请。没有行政复议和诉讼。</p>"
            "<p><img src='/images/icon_pdf.gif'><a href='/upfile/nb.pdf'>年报.pdf</a></p></div></div>"
        ),
        flags_not=("needs_ocr",),
        flags_any=("low_confidence",),
    ),
}  # fmt: skip
