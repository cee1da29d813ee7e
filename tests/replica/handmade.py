"""An invented town with a site that somebody wrote by hand: 手作镇, http://www.shouzuozhen.gov.cn/.

Layout tables in upper case, gb2312, a numbered pager, no container that anybody knows, and one report that is only a PDF.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from tests.replica.files import DOC, html_doc, pdf, png, statistics_file
from tests.replica.markup import body, document
from tests.replica.prose import Place, Sample, others, reports
from tests.replica.replica import Replica
from tests.replica.site import Answer, Page
from tests.replica.statutory import statistics_form

HOME = "http://www.shouzuozhen.gov.cn"
PER_PAGE = 8
ONLY_PDF = 2013
EXPLAINED = {2010, 2011}  # with one and the same file
STYLE = '@charset "gb2312";\n/* 样式：手作镇 */ @import "menu.css"; @import "gone.css";\n.t18{font-family:"宋体";font-size:18px}\n'

PLACE = Place(
    name="手作镇",
    issuer="手作镇人民政府",
    office="手作镇人民政府",
    we="我镇",
    scale=5,
    local=("竹编合作社的培训名额在村口张贴", "圩日摊位费标准和减免名单公开", "水库放水时间提前两天广播"),
)
VILLAGE = Place(
    name="手作镇便民服务中心",
    issuer="手作镇便民服务中心",
    office="手作镇便民服务中心",
    we="本中心",
    scale=3,
    local=("窗口延时到晚上七时",),
)


def replica() -> Replica:
    """The site with the town's reports of 2009 to 2024."""
    keys = {year: f"/show.asp?id={20 + 9 * (year - 2008)}" for year in range(2009, 2026)}
    keys[ONLY_PDF] = f"/upfile/{ONLY_PDF}nb.pdf"
    *samples, latest = reports(PLACE, keys)
    return Replica(
        "handmade",
        tuple(samples),
        draw=_draw,
        address=lambda sample: HOME + sample.key,
        fresh=(latest, *reports(VILLAGE, {2025: "/show.asp?id=190"})),
        schemes={HOME.removeprefix("http://"): ("http",)},
    )


def _draw(samples: tuple[Sample, ...]) -> dict[str, Answer]:
    pages: dict[str, Answer] = {
        "/": _page("首页", '<A HREF="xxgk.asp">信息公开</A> <A HREF="news.asp">本镇新闻</A>'),
        "/xxgk.asp": _page(
            "信息公开", '<A HREF="list.asp?class=9">政府信息公开年度报告</A> <A HREF="list.asp?class=3">公告</A>'
        ),
        "/news.asp": _page("本镇新闻", "暂无内容"),
        "/list.asp?class=3": _page("公告", "暂无内容"),
        "/style/all.css": Page(media_type="text/css", body=STYLE.encode("gb18030")),
        "/style/menu.css": Page(
            media_type="text/css", body=b"TD{font-size:12px;background-image:URL( ../images/dot.png )}"
        ),
    }
    for number, name in enumerate(("bg", "dot", "标志")):
        image = Page(media_type="image/png", body=png([3 + number, 5], (120, 60 * number, 90)))
        pages[f"/images/{quote(name)}.png"] = image
    rows = [(sample.published, sample.key, sample.title) for sample in samples]
    for number, other in enumerate(others(PLACE)):
        key = f"/show.asp?id={300 + number}"
        rows.append((other.published, key, other.title))
        pages[key] = _text(other.title, body(other.blocks, "breaks"), str(other.published))
    rows.sort(reverse=True)
    total = -(-len(rows) // PER_PAGE)
    for number in range(1, total + 1):
        part = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        items = "".join(f'<TR><TD>·<A HREF="{u[1:]}">{t}</A></TD><TD>({d})</TD></TR>\n' for d, u, t in part)
        pager = " ".join(
            f'<A HREF="list.asp?class=9&page={n}">[{n}]</A>' if n != number else f"[{n}]" for n in range(1, total + 1)
        )
        page = _page("政府信息公开年度报告", f"<TABLE>{items}</TABLE>共{total}页 {pager}")
        pages[f"/list.asp?class=9&page={number}"] = page
        if number == 1:
            pages["/list.asp?class=9"] = page
    for sample in samples:
        pages |= _article(sample)
    return {HOME + target: answer for target, answer in pages.items()}


def _article(sample: Sample) -> dict[str, Answer]:
    if sample.key.endswith(".pdf"):
        lines = [
            sample.title,
            *(line[i : i + 40] for line in sample.text.splitlines() for i in range(0, len(line), 40)),
        ]
        return {sample.key: Page(body=pdf(lines), media_type="application/pdf")}
    pages: dict[str, Answer] = {}
    inner = body(sample.blocks, "breaks" if sample.year < 2019 else "plain")
    if sample.form is not None:
        name, file = statistics_file(sample)
        target = f"/upfile/{sample.year}tj{name[name.rindex('.') :]}"
        pages[target] = file
        inner += f'附件：<A HREF="{target[1:]}">{name}</A>'
    elif sample.year in EXPLAINED:
        pages["/upfile/sm.doc"] = Page(media_type=DOC, body=html_doc("填表说明", statistics_form("", 2016)))
        inner += '附件：<A HREF="upfile/sm.doc">填表说明.doc</A>'
    pages[sample.key] = _text(sample.title, inner, str(sample.published))
    return pages


def _text(title: str, inner: str, published: str) -> Page:
    content = f"""<TABLE WIDTH=760><TR><TD ALIGN=center CLASS=t18>{escape(title)}</TD></TR>
<TR><TD ALIGN=center>{published} 点击：<SCRIPT SRC="hit.asp"></SCRIPT></TD></TR>
<TR><TD CLASS=t14>{inner}</TD></TR></TABLE>"""
    return _page(title, content)


def _page(title: str, content: str) -> Page:
    around = f"""<TABLE WIDTH=780 ALIGN=center BACKGROUND=images/bg.png><TR><TD><IMG SRC="images/标志.png"></TD></TR>
<TR><TD><A HREF="/">首页</A> | <A HREF="xxgk.asp">信息公开</A></TD></TR>
<TR><TD>{content}</TD></TR>
<TR><TD ALIGN=center>版权所有：手作镇人民政府</TD></TR></TABLE>"""
    return Page(
        body=document(f"{title}-手作镇", around, head='<LINK REL=StyleSheet HREF="style/all.css">\n', charset="gb2312"),
        media_type="text/html",
    )
