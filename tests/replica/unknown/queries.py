"""Products whose lists and reports are one script each, chosen by the query: 大汉 annual reports, 绵竹, 阜新, 资阳."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.replica.site import Page
from tests.replica.unknown.drawing import (
    Chosen,
    Drawing,
    chunks,
    county,
    items,
    links,
    newest_first,
    number,
    samples,
    unit,
)

if TYPE_CHECKING:
    from tests.replica.unknown.drawing import Row
    from tests.replica.unknown.expectation import UnknownPortal

    Views = list[tuple[dict[str, str], Page]]

WORDS = "政府信息公开年报"


def _taken(drawing: Drawing, row: Row) -> Page:
    """The page of a row, taken out of the drawing: a script shows it instead."""
    page = drawing.pages.pop(drawing.url(row.target))
    assert isinstance(page, Page)
    return page


def annual_jsp() -> UnknownPortal:
    """大汉: `xxgkAnnualReport.jsp?area=&fbtime=` shows the report itself; beside it stand organs and bare years.

    Without a year it shows the newest report, so an organ's own link is a twin of that.
    """
    place = county("样松县")
    drawing = Drawing("http://www.yangsongxian.gov.cn", place, container='div class="main-txt"')
    script = "/module/xxgk/xxgkAnnualReport.jsp"
    organs = {
        "11990101009901011A": place,
        "11990101009901020B": unit("样松县水利局"),
        "11990101009901031C": unit("样松县新闻出版局"),
        "11990101009901042D": unit("样松县上河镇"),
    }
    years = range(2019, 2023)
    tree = links({f"{script}?area={area}": organ.issuer for area, organ in organs.items()})
    views: Views = []
    for area, organ in organs.items():
        tabs = "".join(f'<a href="{script}?area={area}&amp;fbtime={year}">{year}</a> ' for year in reversed(years))
        around = f'<div class="left">{tree}</div><div class="years">{tabs}</div>'
        for sample in samples(organ, years, lambda s: f"{script}?area={area}&fbtime={s.year}"):  # noqa: B023
            twins = [f"{script}?area={area}"] if sample.year == years[-1] else []
            text = f'<h1>{sample.title}</h1><div class="main-txt">{drawing.text(sample)}</div>'
            page = drawing.sheet(sample.title, around + text)
            drawing.report(sample, twins=twins, page=page)
            views.append(({"area": area, "fbtime": str(sample.year)}, page))
            del drawing.pages[drawing.url(sample.key)]
        views.append(({"area": area}, views[-1][1]))
    views.sort(key=lambda view: -len(view[0]))
    drawing.pages[drawing.url(script)] = Chosen(pages=views)
    first = f"{script}?area={next(iter(organs))}"
    drawing.front({"/col/col7701/index.html": "政务公开"})
    drawing.put(
        "/col/col7701/index.html", "政务公开", links({first: "信息公开年度报告", "/col/col7702/index.html": "指南"})
    )
    drawing.put("/col/col7702/index.html", "指南", "<p>本指南为测试样本。</p>")
    return drawing.done(
        "annual_jsp",
        "大汉 xxgkAnnualReport.jsp?area=&fbtime=: organs beside, bare years above the report itself",
        way=["/col/col7701/index.html", first],
        lists=[f"{script}?area={area}" for area in organs],
    )


def dtree() -> UnknownPortal:
    """绵竹: the catalogue is drawn by a script (`d.add(…)`) in a frame; the pager calls a function of the page."""
    place = county("样梅县")
    drawing = Drawing("http://www.yangmeixian.gov.cn", place, container='div id="artcontent"', style="breaks")
    rows = [
        drawing.report(s) for s in samples(place, range(2010, 2023), lambda s: f"/info/detail.jsp?info_id={number(s)}")
    ]
    rows += drawing.tempt(lambda row: f"/info/detail.jsp?info_id={90000 + row.published.year}", "解读", "通知", "决算")
    views = [({"info_id": row.target.rpartition("=")[2]}, _taken(drawing, row)) for row in rows]
    drawing.pages[drawing.url("/info/detail.jsp")] = Chosen(pages=views)
    base = "node_id=GKyangmei&cat_id=15971"
    parts = chunks(newest_first(rows), 5)
    pages: Views = []
    for page, part in enumerate(parts, 1):
        on = f'<a href="javascript:toPage({page + 1})">下一页</a>' if page < len(parts) else ""
        last = f'<a href="javascript:toPage({len(parts)})">末页</a>'
        foot = f"""<div class="page">共 {len(rows)} 条信息 第 {page}/{len(parts)} 页 {on} {last}</div>
<script>function toPage(p) {{ window.location.href = "iList.jsp?{base}&cur_page=" + p; }}</script>"""
        pages.append(({"cat_id": "15971", "cur_page": str(page)}, drawing.sheet(WORDS, items(part) + foot)))
    empty = drawing.sheet("信息公开", "<p>暂无信息</p>")
    pages += [({"cat_id": "15971"}, pages[0][1]), ({}, empty)]
    drawing.pages[drawing.url("/info/iList.jsp")] = Chosen(pages=pages)
    tree = f"""<script src="/js/dtree.js"></script><script>
d = new dTree('d');
d.add(0,-1,'信息公开目录');
d.add(15960,0,'机构职能','info/iList.jsp?node_id=GKyangmei&cat_id=15960','','mainFrame');
d.add(15970,0,'公开制度','info/iList.jsp?node_id=GKyangmei&cat_id=15970','','mainFrame');
d.add(15971,0,'{WORDS}','info/iList.jsp?{base}','','mainFrame');
document.write(d);
</script>"""
    drawing.put("/tree.jsp", "信息公开目录", tree)
    drawing.front({"/gk.jsp": "信息公开"})
    frames = """<iframe src="/tree.jsp" name="leftFrame" width="200"></iframe>
<iframe src="/info/iList.jsp?node_id=GKyangmei&amp;cat_id=15960" name="mainFrame"></iframe>"""
    drawing.put("/gk.jsp", "信息公开", frames)
    channel = f"/info/iList.jsp?{base}"
    return drawing.done(
        "dtree",
        "绵竹: a catalogue drawn by dTree in a frame, iList.jsp?cat_id=&cur_page= turned by a function",
        way=["/gk.jsp", "/tree.jsp", channel],
        lists=[f"{channel}&cur_page={page}" for page in range(1, len(parts) + 1)],
    )


def thtml() -> UnknownPortal:
    """阜新: `/index.thtml` behind a refresh, `ndbg.thtml?id=` for each group, `&pn=` for its pages."""
    place = county("样桃县")
    drawing = Drawing("http://www.yangtaoxian.gov.cn", place, container='div class="news-detail"', style="word")
    groups = {
        "14198": ("政府", [place], range(2012, 2023)),
        "14199": ("部门", [unit("样桃县计划生育协会"), unit("样桃县审计局")], range(2020, 2023)),
        "14200": ("乡镇街道", [unit("样桃县新河街道办事处")], range(2021, 2023)),
    }
    script = "/ndbg.thtml"
    pages: Views = []
    views: Views = []
    asked = []
    tabs = links({f"{script}?id={group}": words for group, (words, _, _) in groups.items()})
    for group, (_, organs, years) in groups.items():
        made = [s for o in organs for s in samples(o, years, lambda s: f"/newsdetail.thtml?id={number(s)}")]
        rows = [drawing.report(sample) for sample in made]
        if group == "14198":
            rows += drawing.tempt(lambda row: f"/newsdetail.thtml?id={90000 + row.published.year}", "报表", "制度")
        views += [({"id": row.target.rpartition("=")[2]}, _taken(drawing, row)) for row in rows]
        parts = chunks(newest_first(rows), 6)
        for page, part in enumerate(parts, 1):
            ways = " ".join(
                f'<a href="ndbg.thtml?id={group}&amp;pn={n}">{n}</a>' for n in range(1, len(parts) + 1) if n != page
            )
            listed = drawing.sheet("年度报告", f'{tabs}{items(part)}<div class="pages">{ways}</div>')
            pages.append(({"id": group, "pn": str(page)}, listed))
            asked.append(f"{script}?id={group}&pn={page}")
            if page == 1:
                pages.append(({"id": group}, listed))
    pages.sort(key=lambda view: -len(view[0]))
    drawing.pages[drawing.url(script)] = Chosen(pages=pages)
    drawing.pages[drawing.url("/newsdetail.thtml")] = Chosen(pages=views)
    drawing.front({"/zwgk.thtml": "政务公开"})
    drawing.pages[drawing.url("/index.thtml")] = drawing.pages[drawing.url("/")]
    refresh = '<meta http-equiv="refresh" content="0; url=index.thtml">'
    drawing.put("/", place.issuer, "", head=refresh)
    drawing.put("/zwgk.thtml", "政务公开", links({f"{script}?id=14198": "年度报告"}))
    return drawing.done(
        "thtml",
        "阜新: ndbg.thtml?id= for each group, &pn= for its pages, the home behind a refresh",
        way=["/index.thtml", "/zwgk.thtml", f"{script}?id=14198"],
        lists=asked,
    )


def choice() -> UnknownPortal:
    """资阳: departments are numbers in a choice, a script builds `year_list.aspx?dept=` from the one that is taken."""
    place = county("样杏县")
    drawing = Drawing("http://www.yangxingxian.gov.cn", place, container='div id="Content"', style="word")
    script, detail = "/year_list.aspx", "/year_details.aspx"
    organs = {"201": place, "206": unit("样杏县信访局"), "207": unit("样杏县粮食局"), "211": unit("样杏县望溪乡")}
    options = "".join(f'<option value="{dept}">{organ.issuer}</option>' for dept, organ in organs.items())
    chooser = (
        f"""<select id="dept" onchange="window.location.href='year_list.aspx?dept=' + this.value">{options}</select>"""
    )
    pages: Views = []
    views: Views = []
    for dept, organ in organs.items():
        years = range(2014, 2022) if organ is place else range(2019, 2022)
        made = samples(organ, years, lambda s: f"{detail}?dept={dept}&id={number(s)}")  # noqa: B023
        rows = [drawing.report(sample) for sample in made]
        if organ is place:
            rows += drawing.tempt(lambda row: f"{detail}?dept=201&id={90000 + row.published.year}", "通知", "半年")
        for row in rows:
            views.append(({"dept": dept, "id": row.target.rpartition("=")[2]}, _taken(drawing, row)))
        pages.append(({"dept": dept}, drawing.sheet(WORDS, chooser + items(newest_first(rows)))))
    pages.append(({}, pages[0][1]))
    drawing.pages[drawing.url(script)] = Chosen(pages=pages)
    drawing.pages[drawing.url(detail)] = Chosen(pages=views)
    drawing.front({"/index_gk.aspx": "政府信息公开"})
    drawing.put("/index_gk.aspx", "政府信息公开", links({script: "信息公开年报", "/guide.aspx": "公开指南"}))
    drawing.put("/guide.aspx", "公开指南", "<p>本指南为测试样本。</p>")
    return drawing.done(
        "choice",
        "资阳: year_list.aspx?dept= built from the numbers of a choice",
        way=["/index_gk.aspx", script],
        lists=[f"{script}?dept={dept}" for dept in organs],
    )


def collection() -> UnknownPortal:
    """A channel of collections: each line is a page of one year, whose body is a table of links to all reports of that year."""
    place = county("样莲县")
    drawing = Drawing("https://www.yanglianxian.gov.cn", place, style="word")
    folder = "/xxgk/xxgknb/"
    organs = [place, *(unit(f"样莲县{name}") for name in ("档案局", "考核办公室", "东桥镇", "西桥镇"))]
    lines = []
    for year in range(2019, 2022):
        cells = ""
        for organ in organs:
            sample = samples(organ, [year], lambda s: f"{folder}{s.year + 1}/{number(s)}.html")[0]
            row = drawing.report(sample)
            cells += f'<tr><td>{organ.issuer}</td><td><a href="{row.target}">{row.title}</a></td></tr>'
        target, title = f"{folder}{year + 1}/hz.html", f"样莲县{year}年政府信息公开工作年度报告汇总"
        published = dt.date(year + 1, 3, 30)
        drawing.pages[drawing.url(target)] = drawing.article(title, f"<table>{cells}</table>", published)
        lines.append(f'<li><a href="{target}" title="{title}">{title}</a><span>{published}</span></li>')
    rows = drawing.tempt(lambda row: f"{folder}{row.published.year}/9.html", "通知", "报表")
    drawing.put(f"{folder}index.html", WORDS, f"<ul>{''.join(reversed(lines))}</ul>{items(rows)}")
    drawing.pages[drawing.url(folder)] = drawing.pages[drawing.url(f"{folder}index.html")]
    drawing.front({"/xxgk/index.html": "信息公开"})
    drawing.put("/xxgk/index.html", "信息公开", links({folder: WORDS}))
    return drawing.done(
        "collection",
        "年度报告汇总: each line of the channel is a page that links all reports of a year",
        way=["/xxgk/index.html", folder],
        lists=[f"{folder}{year + 1}/hz.html" for year in range(2019, 2022)],
    )
