"""Lists whose first page shows nothing: a script fills it from an API, or the first page is simply empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.unknown.drawing import (
    Drawing,
    Paged,
    answer_json,
    chunks,
    county,
    items,
    links,
    newest_first,
    number,
    samples,
)

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal

API = "/api/content/list"


def json_api(claimed: int = 0) -> UnknownPortal:
    """The page holds no line; its script asks an API for pages of JSON. claimed: what `total` says beyond the records."""
    place = county("样段县")
    drawing = Drawing("https://www.yangduanxian.gov.cn", place, container='div class="article-content"')
    rows = [drawing.report(s) for s in samples(place, range(2011, 2024), lambda s: f"/detail/{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"/detail/{90000 + row.published.year}.html", "法治", "函")
    parts = chunks(newest_first(rows), 5)
    query = "channelId=1203&pageSize=5"
    answers = [
        answer_json(
            {
                "code": 200,
                "msg": "ok",
                "data": {
                    "total": len(rows) + claimed,
                    "pageNo": page,
                    "pageSize": 5,
                    "records": [
                        {"title": r.title, "url": r.target, "publishTime": f"{r.published} 10:30:00"} for r in part
                    ],
                },
            }
        )
        for page, part in enumerate(parts, 1)
    ]
    none = answer_json({"code": 200, "msg": "ok", "data": {"total": len(rows) + claimed, "records": []}})
    drawing.pages[drawing.url(API)] = Paged(pages=answers, count="pageNo", need={"channelId": "1203"}, otherwise=none)
    script = f"""<ul id="list"></ul><div id="pager"></div>
<script>
var listUrl = "{API}?{query}&pageNo=";
function load(pageNo) {{
  $.getJSON(listUrl + pageNo, function (res) {{
    $("#list").empty();
    $.each(res.data.records, function (i, item) {{
      $("#list").append('<li><a href="' + item.url + '">' + item.title + '</a></li>');
    }});
    $("#pager").pager({{ total: res.data.total, size: 5, current: pageNo, click: load }});
  }});
}}
load(1);
</script>"""
    drawing.front({"/gk/index.html": "政府信息公开"})
    drawing.put("/gk/index.html", "政府信息公开", links({"/gk/nb/index.html": "公开年报"}))
    drawing.put("/gk/nb/index.html", "公开年报", script)
    asked = [f"{API}?{query}&pageNo={page}" for page in range(1, len(parts) + 1)]
    return drawing.done(
        "json_api",
        "a list that a script fills from a JSON API",
        way=["/gk/index.html", "/gk/nb/index.html"],
        lists=asked,
    )


def empty_first() -> UnknownPortal:
    """The first page of the list is empty, the pager says that there are three more."""
    place = county("样网县")
    drawing = Drawing("http://www.yangwangxian.gov.cn", place)
    folder = "/zfxxgk/zfxxgknb/"
    rows = [
        drawing.report(s)
        for s in samples(
            place, range(2010, 2022), lambda s: f"{folder}{s.published:%Y%m}/t{s.published:%Y%m%d}_{number(s)}.html"
        )
    ]
    rows += drawing.tempt(lambda row: f"{folder}{row.published:%Y%m}/t{row.published:%Y%m%d}_9.html", "决算", "通知")
    parts = [[], *chunks(newest_first(rows), 5)]
    targets = [f"{folder}index.html" if page == 0 else f"{folder}index_{page}.html" for page in range(len(parts))]
    for page, part in enumerate(parts):
        script = f'<script>createPageHTML({len(parts)}, {page}, "index", "html");</script>'
        drawing.put(targets[page], "政府信息公开年报", f"{items(part)}{script}")
    drawing.pages[drawing.url(folder)] = drawing.pages[drawing.url(targets[0])]
    drawing.front({"/zfxxgk/": "政府信息公开"})
    drawing.put("/zfxxgk/", "政府信息公开", links({folder: "政府信息公开年报"}))
    return drawing.done("empty_first", "a list whose first page is empty", way=["/zfxxgk/", folder], lists=targets)
