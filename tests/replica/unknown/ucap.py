"""开普 (ucap): columns `/site/cNNNNNN/`, a page that only sends on, `createPageHTML('page_div', ...)`; and the columns of 河北."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.unknown.drawing import (
    Drawing,
    Paged,
    chunks,
    county,
    fragment,
    hex32,
    items,
    links,
    newest_first,
    samples,
    uuid,
)

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal


def ucap(more_pages: int = 0) -> UnknownPortal:
    """The second page is `_2`. more_pages: pages that the pager promises beyond those there are; they are empty lists."""
    place = county("样标县")
    head = '<meta name="others" content="页面生成时间 2024-03-29 09:30:00">\n<script>var websiteId = "ybx";</script>\n'
    drawing = Drawing(
        "http://www.yangbiaoxian.gov.cn", place, container='div id="UCAP-CONTENT"', style="word", head=head
    )
    folder, name = "/ybx/c100529", "zfxxgk_nblist"
    made = samples(place, range(2012, 2024), lambda s: f"{folder}/{s.published:%Y%m}/{hex32(s)}.shtml")
    rows = [drawing.report(s) for s in made]
    rows += drawing.tempt(lambda row: f"{folder}/{row.published:%Y%m}/{hex32(row)}.shtml", "制度", "解读", "函", "通知")
    rows = newest_first(rows)
    pages = len(chunks(rows, 5)) + more_pages

    def foot(page: int, _: int) -> str:
        return (
            f"<div id=\"page_div\"></div>\n<script>createPageHTML('page_div',{pages}, {page},"
            f"'{name}','shtml',{len(rows) + 5 * more_pages});</script>"
        )

    def address(page: int) -> str:
        return f"{folder}/{name}.shtml" if page == 1 else f"{folder}/{name}_{page}.shtml"

    lists = drawing.lists("政府信息公开年报", rows, 5, address, foot)
    for page in range(len(lists) + 1, pages + 1):
        drawing.put(address(page), "政府信息公开年报", "<ul></ul>" + foot(page, pages))
    first = "/ybx/c100500/redirect_firstChannel.shtml"
    guide = "/ybx/c100528/zfxxgk_zn.shtml"
    drawing.front({first: "政府信息公开", "/ybx/c100410/index.shtml": "办事服务"})
    drawing.put("/ybx/c100410/index.shtml", "办事服务", "<p>暂无内容</p>")
    sent_on = f'<p id="url" style="display:none">{guide}</p><script>window.open(document.getElementById("url").innerHTML,"_self");</script>'
    drawing.put(first, "政府信息公开", sent_on)
    drawing.put(
        guide,
        "政府信息公开指南",
        links({guide: "公开指南", lists[0]: "政府信息公开年报"}) + "<p>本指南为测试样本。</p>",
    )
    return drawing.done(
        "ucap",
        "ucap: redirect_firstChannel, createPageHTML('page_div',n,1,…)",
        way=[first, guide, lists[0]],
        lists=lists,
    )


def columns() -> UnknownPortal:
    """`/columns/<uuid>/`; further pages are blocks of a template, parts of a page without its head."""
    place = county("样栈县")
    drawing = Drawing("https://www.yangzhanxian.gov.cn", place, style="ueditor")
    column = "/columns/8d1e63c2-5a7b-4f09-9c44-20be71a6f3d5"
    block = f"{column}/templates/41f7a0c9-63de-4e8b-8b15-97d2c05e4a6f/blocks/b9c25f18-0d3a-47e6-a1f4-6e8730dc295b"
    made = samples(place, range(2012, 2024), lambda s: f"{column}/{s.published:%Y%m}/{s.published:%d}/{uuid(s)}.html")
    rows = [drawing.report(s) for s in made]
    rows += drawing.tempt(
        lambda row: f"{column}/{row.published:%Y%m}/{row.published:%d}/{uuid(row)}.html", "图解", "通知"
    )
    parts = chunks(newest_first(rows), 4)

    def content(page: int) -> str:
        on = f'<a class="next" href="{block}?page={page + 1}&amp;fix=0">下一页</a>' if page < len(parts) else ""
        return (
            f'<div class="list">{items(parts[page - 1])}</div><div class="page">第{page}页 共{len(parts)}页 {on}</div>'
        )

    answers = [fragment(content(page)) for page in range(1, len(parts) + 1)]
    drawing.pages[drawing.url(block)] = Paged(pages=answers, count="page", need={}, otherwise=fragment("<ul></ul>"))
    index = "/columns/0f5b2d77-1c90-4a3e-b6d8-35e94c7a1180/index.html"
    drawing.front({index: "政府信息公开"})
    drawing.put(index, "政府信息公开", links({f"{column}/index.html": "政府信息公开年报"}))
    drawing.put(f"{column}/index.html", "政府信息公开年报", content(1))
    asked = [f"{block}?page={page}&fix=0" for page in range(2, len(parts) + 1)]
    return drawing.done(
        "columns",
        "columns/<uuid>, further pages as blocks of a template",
        way=[index, f"{column}/index.html"],
        lists=[f"{column}/index.html", *asked],
    )
