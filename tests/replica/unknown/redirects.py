"""Pages that only send on: meta refresh, scripts of four kinds, and a notice that the portal has moved to another domain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.replica.site import Page
from tests.replica.unknown.drawing import Drawing, county, items, links, newest_first, number, samples

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal


def _sends_on(script: str, head: str = "") -> Page:
    return Page(body=f"<html><head><meta charset='utf-8'>{head}</head><body>{script}</body></html>".encode())


def redirects() -> UnknownPortal:
    """Every step to the channel is a page that sends on, and so is one link of the list."""
    place = county("样档县")
    drawing = Drawing("https://www.yangdangxian.gov.cn", place)
    folder = "/qzf/zwgk/nb"
    rows = [drawing.report(s) for s in samples(place, range(2012, 2024), lambda s: f"{folder}/{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"{folder}/{90000 + row.published.year}.html", "函", "解读")
    rows = newest_first(rows)
    moved = drawing.reports[4]
    jump = f"/go.html?id={moved.sample.year}"
    drawing.reports[4] = replace(moved, twins=frozenset({drawing.url(jump)}))
    drawing.front({"/zwgk/index.html": "政府信息公开"})
    drawing.pages[drawing.url("/qzf/index.html")] = drawing.pages[drawing.url("/")]
    listed = items(rows).replace(f'"{moved.sample.key}"', f'"{jump}"')
    drawing.put(f"{folder}/ndbg.html", "年度报告", listed)
    drawing.put("/qzf/zwgk/index.html", "政府信息公开", links({"/nb.html": "年度报告", "/old/": "政策文件"}))
    drawing.put("/old/", "政策文件", "<p>暂无内容</p>")
    steps = {
        "/": _sends_on("", '<meta http-equiv="refresh" content="0;url=/qzf/index.html">'),
        "/zwgk/index.html": _sends_on(
            "<script>setTimeout(\"window.location.href='/qzf/zwgk/index.html'\", 0);</script>"
        ),
        "/nb.html": _sends_on(
            f'<p id="url" style="display:none">{folder}/</p>'
            '<script>var url=document.getElementById("url").innerText;window.open(url,"_self");</script>'
        ),
        f"{folder}/": _sends_on('<script type="text/javascript">location.href="ndbg.html";</script>'),
        jump: _sends_on(f'<script>window.location.replace("{moved.sample.key}");</script>'),
    }
    drawing.pages |= {drawing.url(target): page for target, page in steps.items()}
    way = [
        "/qzf/index.html",
        "/zwgk/index.html",
        "/qzf/zwgk/index.html",
        "/nb.html",
        f"{folder}/",
        f"{folder}/ndbg.html",
    ]
    return drawing.done(
        "redirects",
        "meta refresh, setTimeout, window.open _self, location.href, location.replace",
        way=way,
        lists=[f"{folder}/ndbg.html", jump],
    )


def moved() -> UnknownPortal:
    """The old domain only says that the portal has moved, and sends on after three seconds."""
    place = county("样题县")
    drawing = Drawing("https://www.xinyangtixian.gov.cn", place, style="ueditor")
    old = "http://www.yangtixian.gov.cn"
    folder = "/zfxxgk/xxgkndbg/"
    rows = [drawing.report(s) for s in samples(place, range(2014, 2024), lambda s: f"{folder}{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"{folder}{90000 + row.published.year}.html", "样表", "通知")
    drawing.front({"/zfxxgk/": "政府信息公开"})
    drawing.put("/zfxxgk/", "政府信息公开", links({folder: "年度报告"}))
    drawing.put(folder, "年度报告", items(newest_first(rows)))
    notice = f"""<h2>网站域名变更公告</h2><p>样题县人民政府门户网站已启用新域名，3秒后自动跳转。</p>
<p><a href="{drawing.home}/">点击进入新网站</a></p>
<script>setTimeout(function(){{window.location.href='{drawing.home}'}},3000);</script>"""
    drawing.pages[f"{old}/"] = _sends_on(notice)
    portal = drawing.done(
        "moved",
        "a notice of a new domain, setTimeout(function(){window.location.href=…})",
        way=["/zfxxgk/", folder],
        lists=[folder],
        schemes={"www.yangtixian.gov.cn": ("http",)},
    )
    return replace(portal, home=f"{old}/", way=(f"{old}/", *portal.way))
