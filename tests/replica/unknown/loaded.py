"""Lists that a script loads in other ways: a state in the page, fragments behind a button, XML, frames behind tabs, pages in a choice."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from tests.replica.markup import body
from tests.replica.site import Page
from tests.replica.unknown.drawing import (
    Drawing,
    Paged,
    answer_json,
    chunks,
    county,
    fragment,
    hex32,
    items,
    links,
    newest_first,
    number,
    samples,
    unit,
)

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal

WORDS = "政府信息公开年报"


def state() -> UnknownPortal:
    """A page of a Vue application: page one stands in `window.__INITIAL_STATE__`, the others come from an API."""
    place = county("样兰县")
    drawing = Drawing("https://www.yanglanhuaxian.gov.cn", place, container='div class="rich-text"', style="ueditor")
    rows = [drawing.report(s) for s in samples(place, range(2010, 2023), lambda s: f"/article/{number(s)}")]
    rows += drawing.tempt(lambda row: f"/article/{90000 + row.published.year}", "解读", "法治", "样表")
    parts = chunks(newest_first(rows), 6)
    api, query = "/portal-api/front/article/page", "channelCode=xxgknb&size=6"

    def listed(page: int) -> dict[str, object]:
        part = parts[page - 1] if 0 < page <= len(parts) else []
        found = [
            {"articleTitle": r.title, "linkUrl": r.target, "releaseTime": f"{r.published}T10:30:00", "isTop": 0}
            for r in part
        ]
        return {"rows": found, "total": len(rows), "current": page, "size": 6, "pages": len(parts)}

    answers = [answer_json({"success": True, "result": listed(page)}) for page in range(1, len(parts) + 1)]
    none = answer_json({"success": True, "result": listed(99)})
    drawing.pages[drawing.url(api)] = Paged(
        pages=answers, count="current", need={"channelCode": "xxgknb", "size": "6"}, otherwise=none
    )
    shown = json.dumps({"channel": {"code": "xxgknb", "name": WORDS}, "list": listed(1)}, ensure_ascii=False)
    script = f"""<div id="app"></div><script>window.__INITIAL_STATE__={shown};(function(){{}}());</script>
<script>
function fetchPage(n) {{ return fetch("{api}?{query}&current=" + n).then(r => r.json()).then(render); }}
</script>"""
    drawing.front({"/openness": "政务公开"})
    drawing.put("/openness", "政务公开", links({"/channel/xxgknb": WORDS, "/channel/xxgkzn": "公开指南"}))
    drawing.put("/channel/xxgkzn", "公开指南", "<p>本指南为测试样本。</p>")
    drawing.put("/channel/xxgknb", WORDS, script)
    return drawing.done(
        "state",
        "a state of JSON in the page, further pages from an API",
        way=["/openness", "/channel/xxgknb"],
        lists=["/channel/xxgknb", *(f"{api}?{query}&current={page}" for page in range(2, len(parts) + 1))],
    )


def more_button() -> UnknownPortal:
    """A button 加载更多 loads fragments `list_2.html`; no link leads to them."""
    place = county("样荷县")
    drawing = Drawing("https://www.yanghehuaxian.gov.cn", place)
    folder = "/gk/ndbg/"
    rows = [drawing.report(s) for s in samples(place, range(2011, 2024), lambda s: f"{folder}{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"{folder}{90000 + row.published.year}.html", "图解", "函")
    parts = chunks(newest_first(rows), 4)
    script = f"""<div class="more" onclick="loadMore()">加载更多</div><script>
var page = 1, totalPage = {len(parts)};
function loadMore() {{
  if (page >= totalPage) {{ return; }}
  page++;
  $.get("{folder}list_" + page + ".html", function (html) {{ $("#list").append(html); }});
}}
</script>"""
    drawing.put(f"{folder}index.html", WORDS, f'<div id="list">{items(parts[0])}</div>{script}')
    drawing.pages[drawing.url(folder)] = drawing.pages[drawing.url(f"{folder}index.html")]
    for page, part in enumerate(parts[1:], 2):
        drawing.pages[drawing.url(f"{folder}list_{page}.html")] = fragment(items(part))
    drawing.front({"/gk/": "政府信息公开"})
    drawing.put("/gk/", "政府信息公开", links({folder: WORDS}))
    return drawing.done(
        "more_button",
        "加载更多: a button loads fragments list_2.html, list_3.html",
        way=["/gk/", folder],
        lists=[folder, *(f"{folder}list_{page}.html" for page in range(2, len(parts) + 1))],
    )


def xml_list() -> UnknownPortal:
    """A script asks for `list.xml` and writes the list from it."""
    place = county("样菊县")
    drawing = Drawing("http://www.yangjuhuaxian.gov.cn", place, container='td class="bt_content"', style="breaks")
    folder = "/xxgk/nb"
    rows = [drawing.report(s) for s in samples(place, range(2009, 2022), lambda s: f"{folder}/{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"{folder}/{90000 + row.published.year}.html", "通知", "决算")
    entries = "".join(
        f"<item><title>{r.title}</title><link>{r.target}</link><pubDate>{r.published}</pubDate></item>\n"
        for r in newest_first(rows)
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<channel><count>{len(rows)}</count>\n{entries}</channel>'
    drawing.pages[drawing.url(f"{folder}/list.xml")] = Page(body=xml.encode(), media_type="text/xml")
    script = """<ul id="xml"></ul><script>
$.ajax({ url: "list.xml", dataType: "xml", type: "GET", success: function (xml) {
  $(xml).find("item").each(function () {
    $("#xml").append('<li><a href="' + $(this).find("link").text() + '">' + $(this).find("title").text() + '</a></li>');
  });
} });
</script>"""
    drawing.put(f"{folder}/index.html", WORDS, script)
    drawing.front({"/xxgk/index.html": "信息公开"})
    drawing.put("/xxgk/index.html", "信息公开", links({f"{folder}/index.html": WORDS}))
    return drawing.done(
        "xml_list",
        "a list that a script writes from list.xml",
        way=["/xxgk/index.html", f"{folder}/index.html"],
        lists=[f"{folder}/list.xml"],
    )


def frame_tabs() -> UnknownPortal:
    """Groups as tabs: the first list stands in a frame, the others are put there by `onclick`."""
    place = county("样茶县")
    drawing = Drawing("https://www.yangchaxian.gov.cn", place)
    folder = "/zfxxgk/fdzdgknr/nb"
    groups = {
        "szf": ([place], range(2014, 2023)),
        "bm": ([unit("样茶县教育局"), unit("样茶县机关事务中心")], range(2020, 2023)),
        "xz": ([unit("样茶县上坪镇"), unit("样茶县下坪乡")], range(2021, 2023)),
    }
    words = {"szf": "县政府", "bm": "县级部门", "xz": "乡镇"}
    for group, (organs, years) in groups.items():
        made = [s for o in organs for s in samples(o, years, lambda s: f"{folder}/{hex32(s)}.html")]
        rows = [drawing.report(sample) for sample in made]
        if group == "szf":
            rows += drawing.tempt(lambda row: f"{folder}/{hex32(row)}.html", "报表", "解读")
        html = f"<html><head><meta charset='utf-8'></head><body>{items(newest_first(rows))}</body></html>"
        drawing.pages[drawing.url(f"{folder}/list_{group}.html")] = fragment(html)
    tabs = "".join(
        f"<li onclick=\"document.getElementById('listFrame').src='list_{group}.html'\">{words[group]}</li>"
        for group in groups
    )
    content = f'<ul class="tab">{tabs}</ul><iframe id="listFrame" src="list_szf.html" width="100%"></iframe>'
    drawing.put(f"{folder}/index.html", "年报", content)
    drawing.front({"/zfxxgk/index.html": "政府信息公开"})
    drawing.put("/zfxxgk/index.html", "政府信息公开", links({"/zfxxgk/fdzdgknr/index.html": "法定主动公开内容"}))
    drawing.put("/zfxxgk/fdzdgknr/index.html", "法定主动公开内容", links({f"{folder}/index.html": WORDS}))
    return drawing.done(
        "frame_tabs",
        "groups as tabs that put another list into a frame",
        way=["/zfxxgk/index.html", "/zfxxgk/fdzdgknr/index.html", f"{folder}/index.html"],
        lists=[f"{folder}/list_{group}.html" for group in groups],
    )


def page_choice() -> UnknownPortal:
    """Disclosure on a host of its own behind a script; pages of the list in a choice; articles cut into `_1`, `_2` by words."""
    place = county("样竹县")
    drawing = Drawing("http://www.yangzhuxian.gov.cn", place, style="word")
    other = "http://xxgk.yangzhuxian.gov.cn"
    folder = f"{other}/nb"
    rows = []
    for sample in samples(place, range(2010, 2023), lambda s: f"{folder}/{number(s)}.html"):
        if sample.year < 2020:
            rows.append(drawing.report(sample))
            continue
        stem = sample.key.removesuffix(".html")
        targets = [sample.key, f"{stem}_1.html"]
        half = -(-len(sample.blocks) // 2)
        for number_of, blocks in enumerate((sample.blocks[:half], sample.blocks[half:]), 1):
            there = targets[2 - number_of].rpartition("/")[2]
            way = f'<a href="{there}">{"后一页" if number_of == 1 else "前一页"}</a>'
            foot = f'<p align="center">第{number_of}页/共2页 {way}</p>'
            drawn = drawing.article(sample.title, body(blocks, "word") + foot, sample.published, sample.issuer)
            if number_of == 1:
                rows.append(drawing.report(sample, page=drawn))
            else:
                drawing.pages[targets[1]] = drawn
    rows += drawing.tempt(lambda row: f"{folder}/{90000 + row.published.year}.html", "通知", "半年")
    parts = chunks(newest_first(rows), 5)

    def address(page: int) -> str:
        return f"{folder}/index.html" if page == 1 else f"{folder}/index{page}.html"

    for page, part in enumerate(parts, 1):
        options = "".join(
            f'<option value="{address(n).rpartition("/")[2]}"{" selected" if n == page else ""}>第{n}页</option>'
            for n in range(1, len(parts) + 1)
        )
        choice = f'<select onchange="window.location=this.options[this.selectedIndex].value">{options}</select>'
        drawing.put(address(page), WORDS, f"{items(part)}<div>转到 {choice}</div>")
    drawing.front({"/zwgk/index.html": "政务公开"})
    moved = f"<script>setTimeout(\"window.location.href='{escape(other)}/'\", 100);</script>"
    drawing.put("/zwgk/index.html", "政务公开", f"<p>正在转向信息公开平台</p>{moved}")
    drawing.put(f"{other}/", "政府信息公开平台", links({address(1): WORDS, "/zn.html": "公开指南"}))
    drawing.put(f"{other}/zn.html", "公开指南", "<p>本指南为测试样本。</p>")
    lists = [address(page) for page in range(1, len(parts) + 1)]
    return drawing.done(
        "page_choice",
        "disclosure on a host of its own behind setTimeout; pages of a list as options; articles cut by 后一页",
        way=["/zwgk/index.html", f"{other}/", lists[0]],
        lists=lists,
    )
