"""中科汇联 (EasySite): a list that a script writes from a JSON array of the page, and one that pages by `eportal/ui`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.replica.unknown.drawing import Drawing, Paged, chunks, county, items, links, newest_first, number, samples

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal

BODY = 'div id="easysiteText"'


def json_array() -> UnknownPortal:
    """The whole list stands in the page as an array; the list itself is empty until a script has run."""
    place = county("样目县")
    drawing = Drawing("https://www.yangmuxian.gov.cn", place, container=BODY)
    folder = "/ymxrmzf/zwgk/zfxxgk27/zfxxgknb49"
    rows = [
        drawing.report(s)
        for s in samples(place, range(2008, 2022), lambda s: f"{folder}/{5800000 + number(s)}/index.html")
    ]
    rows += drawing.tempt(lambda row: f"{folder}/{5890000 + row.published.year}/index.html", "报表", "通知", "法治")
    listed = [
        {"title": row.title, "url": row.target, "publishDate": f"{row.published} 09:30:00", "source": place.issuer}
        for row in newest_first(rows)
    ]
    array = json.dumps(listed, ensure_ascii=False).replace("/", "\\/")
    script = f"""<ul id="newsList"></ul><div id="pageBar"></div>
<script>
var newsList = {array};
var pageSize = 8;
function showPage(n) {{
  var html = "";
  for (var i = (n - 1) * pageSize; i < Math.min(n * pageSize, newsList.length); i++) {{
    html += '<li><a href="' + newsList[i].url + '">' + newsList[i].title + '</a></li>';
  }}
  $("#newsList").html(html);
}}
showPage(1);
</script>"""
    drawing.front({"/ymxrmzf/zwgk/index.html": "政务公开"})
    drawing.put("/ymxrmzf/zwgk/index.html", "政务公开", links({f"{folder}/index.html": "政府信息公开年报"}))
    drawing.put(f"{folder}/index.html", "政府信息公开年报", script)
    channel = f"{folder}/index.html"
    return drawing.done(
        "easysite_json",
        "EasySite: the list as a JSON array in a script",
        way=["/ymxrmzf/zwgk/index.html", channel],
        lists=[channel],
    )


def pager() -> UnknownPortal:
    """The next page's address stands in an attribute `tagname`, the link itself goes nowhere."""
    place = county("样册县")
    drawing = Drawing("http://www.yangcexian.gov.cn", place, container=BODY, style="word")
    folder, script = "/ycx/zfxxgk/zfxxgknb82", "/eportal/ui"
    rows = [
        drawing.report(s)
        for s in samples(place, range(2010, 2022), lambda s: f"{folder}/{5300000 + number(s)}/index.html")
    ]
    rows += drawing.tempt(lambda row: f"{folder}/{5390000 + row.published.year}/index.html", "解读", "样表")
    parts = chunks(newest_first(rows), 5)
    query = "pageId=2509069&currentPage={}&moduleId=6fd1a3e09b7c4d52"

    def content(page: int) -> str:
        ways = ""
        for words, target in (("上页", page - 1), ("下页", page + 1), ("尾页", len(parts))):
            address = (
                f"{script}?{query.format(target)}".replace("&", "&amp;") if 0 < target <= len(parts) else "NEXTPAGE"
            )
            ways += (
                f'<a title="{words}" href="javascript:void(0)" tagname="{address}" '
                f"onclick=\"queryArticleByCondition(this,'{address}')\">{words}</a> "
            )
        return f"""{items(parts[page - 1])}<div class="easysite-page-wrap">
<div class="easysite-total-page"><span><b>{page}</b>/{len(parts)}</span></div>{ways}</div>"""

    pages = [drawing.sheet("信息公开年报", content(page)) for page in range(1, len(parts) + 1)]
    channel = f"{folder}/index.html"
    drawing.pages[drawing.url(channel)] = drawing.pages[drawing.url(f"{folder}/")] = pages[0]
    drawing.pages[drawing.url(script)] = Paged(
        pages=pages, count="currentPage", need={"pageId": "2509069"}, otherwise=pages[0]
    )
    drawing.front({"/ycx/zfxxgk/index.html": "信息公开"})
    drawing.put("/ycx/zfxxgk/index.html", "信息公开", links({channel: "信息公开年报"}))
    asked = [f"{script}?{query.format(page)}" for page in range(2, len(parts) + 1)]
    return drawing.done(
        "easysite_pager",
        "EasySite: eportal/ui?currentPage= in an attribute",
        way=["/ycx/zfxxgk/index.html", channel],
        lists=[channel, *asked],
    )
