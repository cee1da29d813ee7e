"""大汉 (Hanweb): JCMS with articles below `/col/colN/art/`, and its successor JPAAS, whose pages a gateway answers as JSON."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from tests.replica.site import Page
from tests.replica.unknown.drawing import (
    Drawing,
    answer_json,
    chunks,
    county,
    hex32,
    items,
    links,
    newest_first,
    number,
    parameters,
    samples,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.replica.site import Request
    from tests.replica.unknown.drawing import Row
    from tests.replica.unknown.expectation import UnknownPortal

COLUMN, UNIT, WEB = "1229417302", "6034155", "2871"
PROXY = "/module/web/jpage/dataproxy.jsp"
PER_PAGE = 4
GROUP = 3 * PER_PAGE  # records that stand in the page itself, and in one answer


def col(claimed: int = 0) -> UnknownPortal:
    """A column whose articles lie below it. claimed: how many records script and answers promise beyond those there are."""
    place = county("样单县")
    drawing = Drawing("https://www.yangdanxian.gov.cn", place, style="ueditor")
    folder = f"/col/col{COLUMN}"
    made = samples(place, range(2009, 2024), lambda s: f"{folder}/art/{s.published.year}/art_{hex32(s)}.html")
    rows = [drawing.report(sample) for sample in made]
    rows += drawing.tempt(
        lambda row: f"{folder}/art/{row.published.year}/art_{hex32(row)}.html", "解读", "报表", "半年", "通知"
    )
    rows = newest_first(rows)
    total = len(rows) + claimed
    drawing.front({"/col/col1229417001/index.html": "政府信息公开"})
    drawing.put(
        "/col/col1229417001/index.html", "政府信息公开", links({f"{folder}/index.html": "政府信息公开年度报告"})
    )
    # The link of the next group stands in the page with the site's name escaped twice, as the template writes it.
    given = f"appid=1&webid={WEB}&path=/&columnid={COLUMN}&unitid={UNIT}&permissiontype=0"
    group = f"page=1&{given}&webname={quote(quote(place.issuer))}"
    content = f"""<div id="{UNIT}">
<script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="{PROXY}?{group}"></a>]]></nextgroup>
<recordset>{_records(rows[:GROUP])}</recordset></datastore></script></div>
<script>
var param_{UNIT} = {{col:1,appid:1,webid:{WEB},path:'/',columnid:{COLUMN},sourceContentType:1,unitid:'{UNIT}',
webname:'{place.issuer}',permissiontype:0}};
$('#{UNIT}').jpage({{totalRecord:{total},proxyUrl:'{PROXY}',perPage:{PER_PAGE},ajaxParam:param_{UNIT}}});
</script>"""
    list_page = drawing.put(f"{folder}/index.html", "政府信息公开年度报告", content)
    drawing.pages[drawing.url(PROXY)] = _Dataproxy(rows, total, place.issuer)
    asked = f"{PROXY}?startrecord={GROUP + 1}&endrecord={2 * GROUP}&perpage={PER_PAGE}&{given}&webname={quote(place.issuer)}"
    return drawing.done(
        "hanweb_col",
        "hanweb JCMS: dataproxy unit, articles below /col/colN/art/",
        way=["/col/col1229417001/index.html", list_page],
        lists=[list_page, asked],
    )


class _Dataproxy:
    """`dataproxy.jsp`: one group of records as XML. What names another unit or site is answered with an empty store."""

    def __init__(self, rows: Sequence[Row], total: int, webname: str) -> None:
        self._rows = rows
        self._total = total
        self._need = {"columnid": COLUMN, "unitid": UNIT, "webid": WEB, "path": "/", "webname": webname}

    def __call__(self, request: Request) -> Page:
        given = parameters(request)
        if any(given.get(name, value) != value for name, value in self._need.items()) or given.get("unitid") != UNIT:
            return Page(body=b"<datastore></datastore>", media_type="text/xml; charset=utf-8", modified=None)
        start = int(given.get("startrecord") or (int(given.get("page", "1")) - 1) * GROUP + 1)
        end = min(int(given.get("endrecord", start + GROUP - 1)), start + GROUP - 1)
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><datastore><totalrecord>{self._total}</totalrecord>'
            f"<totalpage>{-(-self._total // PER_PAGE)}</totalpage>"
            f"<recordset>{_records(self._rows[start - 1 : end])}</recordset></datastore>"
        )
        return Page(body=body.encode(), media_type="text/xml; charset=utf-8", modified=None)


def _records(rows: Sequence[Row]) -> str:
    return "\n".join(f"<record><![CDATA[{row.item()}]]></record>" for row in rows)


def jpaas(*, deaf: bool = False) -> UnknownPortal:
    """A gateway that counts by paramJson and knows no other parameter for it. deaf: it answers page one to everything."""
    place = county("样栏县")
    drawing = Drawing("https://www.yanglanxian.gov.cn", place, container='div class="bt_content"')
    folder = "/zwgk/xxgkgzndbg"
    made = samples(
        place, range(2011, 2024), lambda s: f"/art/{s.published.year}/{s.published.month}/art_{COLUMN}_{number(s)}.html"
    )
    rows = [drawing.report(sample) for sample in made]
    rows += drawing.tempt(
        lambda row: f"/art/{row.published.year}/2/art_{COLUMN}_{row.published.toordinal()}.html", "图解", "制度"
    )
    parts = chunks(newest_first(rows), 5)
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    query = {
        "webId": WEB,
        "pageId": COLUMN,
        "parseType": "bulidstatic",
        "pageType": "column",
        "tagId": "信息列表",
        "tplSetId": "s7PcKKDwuTvr4uiBq6QX",
    }
    told = escape("{" + ",".join(f"'{name}':'{value}'" for name, value in query.items()) + "}")

    def page(place_in_list: int) -> str:
        return f"""<div id="信息列表">{items(parts[place_in_list - 1])}
<div class="pagination" pageNo="{place_in_list}" pageSize="5" count="{len(rows)}" url="{unit}" queryData="{told}"></div></div>"""

    def answer(request: Request) -> Page:
        given = parameters(request)
        if any(given.get(name) != value for name, value in query.items()):
            return answer_json({"success": False, "code": "400", "data": None})
        asked = int(json.loads(given.get("paramJson", "{}")).get("pageNo", 1))
        if asked > len(parts):
            return answer_json({"success": True, "code": "200", "data": {"html": '<div id="信息列表"></div>'}})
        return answer_json({"success": True, "code": "200", "data": {"html": page(1 if deaf else asked)}})

    drawing.pages[drawing.url(unit)] = answer
    drawing.front({"/zwgk/index.html": "政务公开"})
    drawing.put(
        "/zwgk/index.html",
        "政务公开",
        links({f"{folder}/index.html": "信息公开工作年度报告", "/zwgk/zn.html": "公开指南"}),
    )
    drawing.put("/zwgk/zn.html", "公开指南", "<p>本指南为测试样本。</p>")
    drawing.put(f"{folder}/index.html", "信息公开工作年度报告", page(1))
    asked = [
        f"{unit}?{urlencode({**query, 'paramJson': json.dumps({'pageNo': page, 'pageSize': 5})})}"
        for page in range(2, len(parts) + 1)
    ]
    return drawing.done(
        "jpaas",
        "JPAAS: build/unit counted by paramJson alone",
        way=["/zwgk/index.html", f"{folder}/index.html"],
        lists=[f"{folder}/index.html", *asked],
    )
