"""Files of a report that its page puts anywhere but in the body, and files of the site, which are none of the report's."""

# ruff: noqa: E501  # markup of one page stands on one line

from __future__ import annotations

from tests.extract.siblings.case import PROSE, TITLE, Case, page

_BODY = f"<h1>{TITLE}</h1><div>发布时间：2024-01-22　来源：县政府办</div><div id='vsb_content'><div class='v_news_content'>{PROSE}</div></div>"
_VSB = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid="


def _case(after: str, *attachments: str, before: str = "", footer: str | None = None, **more: object) -> Case:
    more.setdefault("only", True)
    main = f"<div class='main'>{before}{_BODY}{after}</div>"
    return Case(
        body=page(main) if footer is None else page(main, footer=footer),
        attachments=attachments,
        title=TITLE,
        contains=("存在的主要问题",),
        lacks=("已下载", "第3栏目"),
        **more,  # type: ignore[arg-type]
    )


CASES: dict[str, Case] = {
    "list of VSB": _case(
        f"<ul class='c_file'><li>附件【<a href='{_VSB}A1'>样例县2023年年度报告.pdf</a>】已下载<span id='n1'>12</span>次</li>"
        f"<li>附件【<a href='{_VSB}B2'>统计表.xlsx</a>】已下载<span id='n2'>3</span>次</li></ul>",
        "wbfileid=A1",
        "wbfileid=B2",
    ),
    "list of VSB without a class": _case(
        f"<p>附件【<a href='{_VSB}A1' target=_blank>年度报告.docx</a>】已下载<span><script>getClickTimes(1,1,'wbnewsfile','attach')</script></span>次</p>",
        "wbfileid=A1",
    ),
    "heading and list behind the article": _case(
        "<div class='fj'><h3>附件下载</h3><ul><li><a href='./P020240122001.pdf'>年度报告</a></li><li><a href='./P020240122002.doc'>统计表</a></li></ul></div>",
        "P020240122001.pdf",
        "P020240122002.doc",
    ),
    "related files": _case(
        "<div>相关附件：<br><a href='/upfile/1.doc'>附件1</a><br><a href='/upfile/2.doc'>附件2</a></div>",
        "/1.doc",
        "/2.doc",
    ),
    "files above the article": _case(
        "", "/1.pdf", before="<div class='down'>本页下载：<a href='/upfile/1.pdf'>年度报告PDF版</a></div>"
    ),
    "onclick": _case(
        "<div>附件：<a href='#' onclick=\"window.open('/upfile/1.pdf')\">年度报告</a></div>", "/upfile/1.pdf"
    ),
    "javascript address": _case(
        "<div>附件：<a href=\"javascript:download('/upfile/1.doc','年度报告')\">年度报告</a></div>", "/upfile/1.doc"
    ),
    "onclick of a span": _case(
        "<p>附件：<span class='dl' onclick=\"location.href='/upfile/1.xls'\">统计表</span></p>", "/upfile/1.xls"
    ),
    "data attribute": _case(
        "<p>附件：<a href='javascript:;' data-url='/upfile/1.docx'>年度报告.docx</a></p>", "/upfile/1.docx"
    ),
    "written by a script": _case(
        "<script>var wzfj='./P020240122003.pdf'; if(wzfj!=''){document.write('附件：<a href=\"'+wzfj+'\">下载</a>');}</script>",
        "P020240122003.pdf",
    ),
    "written as markup": _case(
        "<script>document.write('<a href=\"/upfile/nb.pdf\">附件下载</a>');</script>", "/upfile/nb.pdf"
    ),
    "list in a script": _case(
        "<div id=fjbox></div><script>var fjs=[{name:'统计表.xls',url:'\\/upfile\\/tj.xls'}]; show(fjs);</script>",
        "/upfile/tj.xls",
    ),
    "several files in one string": _case(
        "<script>var str='./P1.doc;./P2.xls'; var arr=str.split(';');</script>", "P1.doc", "P2.xls"
    ),
    "download script without a name": _case(
        "<div>附件：<a href='/module/download/downfile.jsp?classid=0&filename=ab12'>年度报告.pdf</a></div>",
        "filename=ab12",
    ),
    "unknown download address with a file's name": _case(
        "<div class=fujian>附件：<a href='/api/file/get?id=88'>样例县2023年政府信息公开工作年度报告.pdf</a></div>",
        "id=88",
    ),
    "far below in the markup": _case(
        "<div class='share'>分享到：<a href='#'>微信</a></div><div class='tool'><a href='javascript:print()'>打印</a></div><div class='acc'>附件："
        "<a href='/upfile/1.pdf'>年度报告</a></div>",
        "/upfile/1.pdf",
    ),
    "named like the report": _case(
        f"<div class='xz'><a href='/PDFfile/1.pdf'>pdf下载</a>　<a href='/PDFfile/1.doc'>word下载</a><a href='/2.pdf'>{TITLE}</a></div>",
        "1.pdf",
        "1.doc",
        "2.pdf",
    ),
    "files of the site": _case(
        "<div class='jb'><a href='/files/reader.zip'>PDF阅读器下载</a></div>",
        "/upfile/1.pdf",
        before="<div>附件：<a href='/upfile/1.pdf'>年度报告</a></div>",
        footer="<div class='footer'><a href='/wza.pdf'>无障碍使用指南</a><a href='/sqb.doc'>依申请公开申请表</a><a href='/zn.pdf'>政府信息公开指南</a></div>",
    ),
    "form and guide in the navigation": _case(
        "",
        before="<ul class='left'><li><a href='/zn.pdf'>政府信息公开指南</a></li><li><a href='/sqb.doc'>政府信息公开申请表</a></li><li><a href='/zd.doc'>政府信息公开制度</a></li></ul>",
    ),
    "other articles' files in a side list": _case(
        "<div class='side'><h3>最新文件</h3><ul>"
        + "".join(f"<li><a href='/wj/{n}.pdf'>样例县人民政府关于第{n}号事项的通知</a></li>" for n in range(8))
        + "</ul></div>"
    ),
    "reports of other years in a side list": _case(
        "<div class='side'><h3>历年年报</h3><ul>"
        + "".join(f"<li><a href='/nb/{n}.pdf'>样例县{n}年政府信息公开工作年度报告</a></li>" for n in range(2015, 2023))
        + "</ul></div>"
    ),
    "scripts that name other files": _case(
        "<script src='/js/pdf.js'></script><script>var swf='/js/uploadify.swf'; var manual='/help/usermanual.pdf'; loadCss('/a.css');</script>"
    ),
}
