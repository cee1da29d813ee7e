"""Pages whose body is a file, a run of pictures, or hardly anything: they are reports all the same."""

# ruff: noqa: E501  # markup of one page stands on one line

from __future__ import annotations

from base64 import b64encode

from tests.extract.siblings.case import FOOTER, NAV, PROSE, TITLE, Case, page

_HEAD = f"<h1>{TITLE}</h1><div class='ly'>来源：县政府办　发布时间：2024-01-22</div>"
_CODED = b64encode(b"https://www.example.gov.cn/upfile/nb.pdf").decode()


def _file(inner: str, *, url: str = "/upfile/nb.pdf", **more: object) -> Case:
    more.setdefault("title", TITLE)
    return Case(
        body=page(f"<div class='zhu'>{_HEAD}<div class='nr9'>{inner}</div></div>"),
        attachments=(url,),
        only=True,
        lacks=("第3栏目", "网站标识码"),
        **more,  # type: ignore[arg-type]
    )


CASES: dict[str, Case] = {
    "frame": _file('<iframe src="/upfile/nb.pdf" width="100%" height="900"></iframe>'),
    "object": _file('<object data="/upfile/nb.pdf" type="application/pdf"><p>您的浏览器不支持在线阅读</p></object>'),
    "embed": _file('<embed src="../../../upfile/nb.pdf" type="application/pdf">'),
    "viewer": _file('<iframe src="/js/pdfjs/web/viewer.html?file=%2Fupfile%2Fnb.pdf"></iframe><p>点击下载</p>'),
    "viewer with an absolute address": _file(
        '<iframe src="/pdf/web/viewer.html?file=https://www.example.gov.cn/upfile/nb.pdf#page=1"></iframe>'
    ),
    "ofd viewer": _file('<iframe src="/ofd/index.html?url=/upfile/nb.ofd&amp;v=2"></iframe>', url="/upfile/nb.ofd"),
    "office viewer": _file(
        '<iframe src="https://view.officeapps.live.com/op/view.aspx?src=https%3A%2F%2Fwww.example.gov.cn%2Fupfile%2Fnb.docx"></iframe>',
        url="/upfile/nb.docx",
    ),
    "address in base64": _file(f'<iframe src="https://view.example.gov.cn/onlinePreview?url={_CODED}"></iframe>'),
    "script of pdf.js": _file(
        "<canvas id='c'></canvas><script>pdfjsLib.getDocument('/upfile/nb.pdf').promise.then(show)</script>"
    ),
    "PDFObject": _file('<div id="pdf1"></div><script>PDFObject.embed("/upfile/nb.pdf", "#pdf1");</script>'),
    "variable of a viewer": _file(
        '<div id="demo"></div><script>var pdfh5 = new Pdfh5("#demo", {pdfurl: "/upfile/nb.pdf"});</script>'
    ),
    "viewer of a download script": _file(
        '<iframe src="/pdfjs/web/viewer.html?file=/system/_content/download.jsp%3Fwbfileid%3DA1"></iframe>',
        url="wbfileid=A1",
    ),
    "block that becomes a viewer": _file('<div id="pdfbox" data-url="/upfile/nb.pdf"></div>'),
    "link without a word": _file('<a class="media" href="/upfile/nb.pdf"></a>'),
    "lazy frame": _file('<iframe data-src="/upfile/nb.pdf" src="about:blank"></iframe>'),
    "flash paper": _file(
        '<object classid="clsid:0"><param name="movie" value="/js/viewer.swf"><param name="flashvars" value="doc=/upfile/nb.pdf"></object>'
    ),
    "frame in a known container": Case(
        body=page(f"<div id='zoom'>{_HEAD}<iframe src='/upfile/nb.pdf'></iframe></div>"),
        attachments=("/upfile/nb.pdf",),
        only=True,
    ),
    "see the file": _file(
        '<p>详见附件。</p><p><a href="/upfile/nb.pdf">样例县2023年政府信息公开工作年度报告.pdf</a></p>',
        contains=("详见附件",),
    ),
    "three sentences": Case(
        body=page(
            f"<div class='zhu'>{_HEAD}<div class='nr9'><p>2023年我局主动公开信息12条。未收到公开申请。没有行政复议和诉讼。</p></div></div>"
        ),
        title=TITLE,
        contains=("未收到公开申请",),
        flags_any=("low_confidence",),
        published_on="2024-01-22",
    ),
    "one sentence in a known container": Case(
        body=page(f"{_HEAD}<div class='TRS_Editor'><p>2023年我局未收到政府信息公开申请。</p></div>"),
        contains=("未收到政府信息公开申请",),
        flags_any=("low_confidence",),
    ),
    "pictures in an unknown container": Case(
        body=page(
            f"<img src='/images/logo.png' width='300'><div class='zhu'>{_HEAD}<div class='nr9'><p><img src='/upfile/nb1.jpg'></p><p><img src='/upfile/nb2.jpg'></p>"
            "<p><img src='/upfile/nb3.jpg'></p></div></div><img src='/images/ewm.png'><a href='/jubao'><img src='/images/red.png'></a>"
        ),
        title=TITLE,
        images=("nb1.jpg", "nb2.jpg", "nb3.jpg"),
        only=True,
        flags_any=("needs_ocr",),
    ),
    "pictures without any container": Case(
        body=page(f"{_HEAD}<p align=center><img src='./W020240122001.png'></p><p><img src='./W020240122002.png'></p>"),
        images=("W020240122001.png", "W020240122002.png"),
        flags_any=("needs_ocr",),
    ),
    "lazy pictures in a known container": Case(
        body=page(
            f"{_HEAD}<div id='zoom'><p><img src='/images/loading.gif' data-original='/upfile/nb1.jpg'></p></div>"
        ),
        images=("nb1.jpg",),
        flags_any=("needs_ocr",),
    ),
    "one large picture": Case(
        body=page(f"<div class='zhu'>{_HEAD}<div class='c'><img src='/upfile/2024/nb.jpg' alt='年度报告'></div></div>"),
        images=("nb.jpg",),
        flags_any=("needs_ocr",),
    ),
    "footer in a known container, frame elsewhere": Case(
        body=page(
            f"<div class='zhu'>{_HEAD}<iframe src='/upfile/nb.pdf'></iframe></div>",
            footer="<div class='TRS_Editor'><p>主办：样例县人民政府办公室　承办：样例县大数据中心</p><p>样ICP备00000000号　样公网安备00000000000000号　网站标识码：0000000000</p>"
            "<p>地址：样例县样例路1号　联系电话：000-0000000</p></div>",
        ),
        attachments=("/upfile/nb.pdf",),
        lacks=("主办：", "网站标识码"),
    ),
    "footer in a known container, article in an unknown one": Case(
        body=page(
            f"<div class='zhu'>{_HEAD}<div class='nr9'>{PROSE}</div></div>",
            footer="<div class='footer'><div class='TRS_Editor'><p>版权所有：样例县人民政府　主办单位：样例县人民政府办公室</p><p>样ICP备00000000号 网站标识码：0000000000</p>"
            "<p>建议使用1024*768分辨率，IE9.0以上版本浏览器浏览本网站，技术支持：样例信息公司</p></div></div>",
        ),
        contains=("存在的主要问题",),
        lacks=("版权所有", "网站标识码"),
        flags_not=("low_confidence",),
    ),
    "footer in a second container of the article's kind": Case(
        body=page(
            f"<div class='zhu'>{_HEAD}<div class='TRS_Editor'><p>2023年我局未收到政府信息公开申请。</p></div></div>",
            footer="<div class='TRS_Editor'><p>主办：样例县人民政府办公室　承办：样例县大数据中心　联系电话：000-0000000　地址：样例县样例路1号</p>"
            "<p>样ICP备00000000号　网站标识码：0000000000　技术支持：样例信息公司　建议使用IE9.0以上版本浏览器</p></div>",
        ),
        contains=("未收到政府信息公开申请",),
        lacks=("主办：",),
    ),
    "frames that are no files": Case(
        body=page(
            f"<embed src='/images/banner.swf'><div class='zhu'>{_HEAD}<div class='nr9'>{PROSE}</div><iframe src='/tj/count.html'></iframe>"
            "<iframe src='https://tianqi.example.com/?id=1'></iframe></div>",
            footer=f"<div class='foot'><a href='/files/wzazn.pdf'>无障碍使用指南</a> <a href='/files/AdbeRdr.zip'>阅读器下载</a></div>{FOOTER}",
        ),
        only=True,
        contains=("存在的主要问题",),
    ),
    "pictures of the template beside an article": Case(
        body=page(
            f"<div class='zhu'>{_HEAD}<div class='nr9'>{PROSE}</div><div class='ad'><img src='/images/zt1.jpg'><img src='/images/zt2.jpg'></div></div>",
            nav=f"<img src='/images/head_bg.jpg'>{NAV}",
        ),
        only=True,
        flags_not=("needs_ocr",),
        contains=("存在的主要问题",),
    ),
}
