"""Ways on that say little: words in `alt` and `title` alone, words with `<br>` and spaces, 公开, 目录, 基本目录, 全清单."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.unknown.drawing import Drawing, chunks, county, items, links, newest_first, number, samples, unit

if TYPE_CHECKING:
    from tests.replica.unknown.drawing import Row
    from tests.replica.unknown.expectation import UnknownPortal


def imagemap() -> UnknownPortal:
    """An image map leads on, a picture with `alt`, words broken by `<br>`, and an empty link with a `title`."""
    place = county("样库县")
    drawing = Drawing("http://www.yangkuxian.gov.cn", place, style="word")
    channels = {"/gk/7/": place, "/gk/8/": unit("样库县教育局"), "/gk/9/": unit("样库县石桥镇")}
    spans = (range(2012, 2022), range(2018, 2022), range(2019, 2022))
    lists: dict[str, list[Row]] = {}
    for (folder, who), years in zip(channels.items(), spans, strict=True):
        lists[folder] = [drawing.report(s) for s in samples(who, years, lambda s: f"{folder}{number(s)}.html")]  # noqa: B023
    lists["/gk/7/"] += drawing.tempt(lambda row: f"/gk/7/{90000 + row.published.year}.html", "通知", "报表")
    for folder, rows in lists.items():
        drawing.put(folder, "年报", items(newest_first(rows)))
    ways = """<img src="/images/map.png" usemap="#ways" width="600" height="80"><map name="ways">
<area shape="rect" coords="0,0,99,80" href="/gk/" alt="政府信息公开"><area shape="rect" coords="100,0,199,80" href="/bs/" alt="办事大厅">
</map>"""
    drawing.front({}, ways)
    drawing.put("/bs/", "办事大厅", "<p>暂无内容</p>")
    drawing.put(
        "/gk/",
        "政府信息公开",
        """<p><a href="/gk/7/"><img src="/images/nb.png" alt="政府信息公开年报"></a></p>
<p><a href="/gk/8/">部门信息<br>公开年报</a></p>
<p><a href="/gk/9/" title="乡镇政府信息公开年度报告" class="icon"></a></p>
<p><a href="/gk/5/" title="公开指南" class="icon"></a></p>""",
    )
    drawing.put("/gk/5/", "公开指南", "<p>本指南为测试样本。</p>")
    return drawing.done(
        "imagemap",
        "words only in alt or title of <area>, <img>, <a>; <br> inside words",
        way=["/gk/"],
        lists=list(channels),
    )


def catalogue() -> UnknownPortal:
    """公开, 目录, 基本目录, 全清单 are the only steps, addresses are numbers, and lines open by `onclick`."""
    place = county("样卷县")
    drawing = Drawing("http://www.yangjuanxian.gov.cn", place)
    rows = [drawing.report(s) for s in samples(place, range(2012, 2022), lambda s: f"/a/{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"/a/{90000 + row.published.year}.html", "解读", "制度")
    parts = chunks(newest_first(rows), 6)
    for page, part in enumerate(parts, 1):
        lines = "".join(
            f'<li><a href="javascript:void(0);" onclick="window.open(\'{row.target}\')">{row.title}</a> {row.published}</li>'
            for row in part
        )
        on = f'<a href="/c/417_{page + 1}.html">下一页</a>' if page < len(parts) else ""
        drawing.put("/c/417.html" if page == 1 else f"/c/417_{page}.html", "年　报", f"<ul>{lines}</ul>{on}")
    drawing.front({"/c/4.html": "公　开", "/c/5.html": "服　务"})
    drawing.put("/c/5.html", "服务", "<p>暂无内容</p>")
    drawing.put("/c/4.html", "公开", links({"/c/41.html": "公开目录"}))
    drawing.put("/c/41.html", "公开目录", links({"/c/411.html": "主动公开基本目录", "/c/419.html": "依申请公开"}))
    drawing.put("/c/419.html", "依申请公开", "<p>暂无内容</p>")
    drawing.put("/c/411.html", "主动公开基本目录", links({"/c/412.html": "全清单"}))
    drawing.put("/c/412.html", "全清单", links({"/c/416.html": "机构职能", "/c/417.html": "年　报"}))
    drawing.put("/c/416.html", "机构职能", "<p>暂无内容</p>")
    return drawing.done(
        "catalogue",
        "公开 - 目录 - 基本目录 - 全清单 as the only way; spaces in words; onclick",
        way=["/c/4.html", "/c/41.html", "/c/411.html", "/c/412.html", "/c/417.html"],
        lists=["/c/417.html", "/c/417_2.html"],
    )
