"""Channels ordered by year: a matrix of bare years, named files and sibling folders, tabs and a choice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.replica.unknown.drawing import Drawing, Row, county, items, links, number, samples, unit

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal


def matrix() -> UnknownPortal:
    """Department by year: a link says nothing but 2021. A second table of the same shape leads to accounts (决算)."""
    place = county("样码县")
    drawing = Drawing("https://www.yangmaxian.gov.cn", place)
    organs = [place] + [
        unit(f"样码县{n}")
        for n in ("人口和计划生育局", "新闻出版局", "职业技能培训中心", "政策解读中心", "会议服务中心")
    ]
    years = range(2019, 2022)
    lines, accounts = "", ""
    for index, organ in enumerate(organs):
        made = samples(organ, years, lambda s: f"/nb/{20 + index}/{number(s)}.html")  # noqa: B023
        cells = "".join(f'<td><a href="{drawing.report(s).target}">{s.year}</a></td>' for s in made)
        lines += f"<tr><th>{organ.issuer}</th>{cells}</tr>\n"
    for index, organ in enumerate(organs[1:4]):
        cells = ""
        for year in years:
            title = f"{organ.name}{year}年度部门决算"
            row = Row(published=dt.date(year + 1, 8, 20), target=f"/js/{20 + index}/{year}.html", title=title)
            drawing.other(row, "决算", "本决算由收入支出决算总表和说明组成。")
            cells += f'<td><a href="{row.target}">{year}</a></td>'
        accounts += f"<tr><th>{organ.issuer}</th>{cells}</tr>\n"
    drawing.front({"/zwgk/index.html": "政务公开"})
    drawing.put("/zwgk/index.html", "政务公开", links({"/zwgk/nb.html": "政府信息公开年报"}))
    content = f"<h2>政府信息公开年报</h2><table>\n{lines}</table><h2>部门决算</h2><table>\n{accounts}</table>"
    drawing.put("/zwgk/nb.html", "政府信息公开年报", content)
    return drawing.done(
        "matrix",
        "department x year matrix of bare years, offices with tempting names",
        way=["/zwgk/index.html", "/zwgk/nb.html"],
        lists=["/zwgk/nb.html"],
    )


def year_files() -> UnknownPortal:
    """Years as named files beside each other and as sibling folders; the channel itself lists no report."""
    place = county("样号县")
    drawing = Drawing("http://www.yanghaoxian.gov.cn", place, style="ueditor")
    organs = [place, unit("样号县发展计划局"), unit("样号县统计局"), unit("样号县青溪镇")]
    ways = {
        "/zfxxgk/zfxxgknb/nb2019.html": "2019年",
        "/zfxxgk/zfxxgknb/nb2020.html": "2020年",
        "/zfxxgk/2021n/": "2021年年报",
        "/zfxxgk/nb2022bm/index.html": "2022年度",
        "/zfxxgk/xxgknb2023n/": "2023",
    }
    for target, words in ways.items():
        year = int("".join(c for c in words if c.isdigit()))
        rows = [drawing.report(samples(o, [year], lambda s: f"/zfxxgk/{s.year}/{number(s)}.html")[0]) for o in organs]
        if year == 2022:
            rows += drawing.tempt(lambda row: f"/zfxxgk/2022/{90000 + row.published.year}.html", "报表", "图解")
        drawing.put(target, f"{year}年", items(rows))
    channel = "/zfxxgk/zfxxgknb/index.html"
    drawing.front({"/zfxxgk/index.html": "政府信息公开"})
    drawing.put("/zfxxgk/index.html", "政府信息公开", links({channel: "历年年报", "/zfxxgk/zn.html": "公开指南"}))
    drawing.put("/zfxxgk/zn.html", "公开指南", "<p>本指南为测试样本。</p>")
    drawing.put(channel, "历年年报", links(ways))
    drawing.pages[drawing.url("/zfxxgk/zfxxgknb/")] = drawing.pages[drawing.url(channel)]
    return drawing.done(
        "year_files",
        "years as named files and sibling folders below 历年年报",
        way=["/zfxxgk/index.html", channel],
        lists=list(ways),
    )


def tabs() -> UnknownPortal:
    """Recent years as hidden parts of one page, older ones behind the options of a choice."""
    place = county("样章县")
    drawing = Drawing("https://www.yangzhangxian.gov.cn", place)
    organs = [place, unit("样章县教育体育局"), unit("样章县投资促进局")]
    heads = shown = ""
    for year in range(2023, 2019, -1):
        rows = [drawing.report(samples(o, [year], lambda s: f"/gk/nb/{number(s)}.html")[0]) for o in organs]
        if year == 2021:
            rows += drawing.tempt(lambda row: f"/gk/nb/{90000 + row.published.year}.html", "通知", "解读")
        heads += f'<li data-tab="t{year}">{year}年</li>'
        shown += f'<div id="t{year}" style="display:{"block" if year == 2023 else "none"}">{items(rows)}</div>\n'
    older = {f"/gk/nb/{year}/": f"{year}年" for year in range(2019, 2015, -1)}
    for target, words in older.items():
        drawing.put(
            target,
            words,
            items([drawing.report(samples(place, [int(words[:4])], lambda s: f"/gk/nb/{number(s)}.html")[0])]),
        )
    choice = "".join(f'<option value="{target}">{words}</option>' for target, words in older.items())
    drawing.front({"/gk/": "政府信息公开"})
    drawing.put("/gk/", "政府信息公开", links({"/gk/nb/": "年报汇总"}))
    choice = f'<select onchange="location.href=this.value"><option value="">往年年报</option>{choice}</select>'
    content = f'<ul class="tabs">{heads}</ul>\n{shown}{choice}'
    drawing.put("/gk/nb/", "年报汇总", content)
    return drawing.done(
        "tabs",
        "years as tabs of one page, older ones as options of a choice",
        way=["/gk/", "/gk/nb/"],
        lists=["/gk/nb/", *older],
    )
