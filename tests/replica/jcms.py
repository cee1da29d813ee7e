"""An invented city on 大汉 JCMS: 测试市, https://www.ceshishi.gov.cn/.

The list page holds the first records in a script and leaves the rest to `dataproxy.jsp`, which answers XML.
"""

from __future__ import annotations

from hashlib import md5
from html import escape
from urllib.parse import parse_qs, urlsplit

from tests.replica.files import statistics_file
from tests.replica.markup import body, document
from tests.replica.prose import Place, Sample, others, reports
from tests.replica.replica import Replica
from tests.replica.site import NOT_FOUND, Answer, Page, Request

HOME = "https://www.ceshishi.gov.cn"
COLUMN, UNIT, WEB = "1229367861", "5598177", "3185"
LIST = f"/col/col{COLUMN}/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
PER_PAGE = 5
FIRST_GROUP = 3 * PER_PAGE  # records that stand in the page itself

PLACE = Place(
    name="测试市",
    issuer="测试市人民政府",
    office="测试市人民政府办公室",
    we="全市",
    scale=70,
    local=("海塘安澜工程进度按季公布", "山海协作项目清单和资金公开", "民宿评星结果上网公示"),
)
OFFICE = Place(
    name="测试市统计局", issuer="测试市统计局", office="测试市统计局", we="我局", scale=5, local=("统计公报按时公布",)
)


def replica() -> Replica:
    """The portal with the city's reports of 2008 to 2024."""
    *samples, latest = reports(PLACE, {year: str(3600000 + 6103 * (year - 2008)) for year in range(2008, 2026)})
    fresh = (latest, *reports(OFFICE, {2025: "3799001"}))
    return Replica("jcms", tuple(samples), draw=_draw, address=address, fresh=fresh)


def address(sample: Sample) -> str:
    day = sample.published
    return f"{HOME}/art/{day.year}/{day.month}/{day.day}/art_{COLUMN}_{sample.key}.html"


def _draw(samples: tuple[Sample, ...]) -> dict[str, Answer]:
    pages: dict[str, Answer] = {
        "/": _page(
            PLACE.issuer,
            '<ul><li><a href="/col/col1/index.html">政府信息公开</a></li><li><a href="/col/col2/index.html">新闻</a></li></ul>',
        ),
        "/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nDisallow: /module/download/list.jsp\n"),
        "/col/col1/index.html": _page(
            "政府信息公开", f'<ul><li><a href="{LIST}">政府信息公开工作年度报告</a></li></ul>'
        ),
        "/col/col2/index.html": _page("新闻", "<p>暂无内容</p>"),
    }
    rows = [(sample.published, address(sample).removeprefix(HOME), sample.title) for sample in samples]
    for number, other in enumerate(others(PLACE)):
        day = other.published
        target = f"/art/{day.year}/{day.month}/{day.day}/art_{COLUMN}_{4100000 + number}.html"
        rows.append((day, target, other.title))
        pages[target] = _text(other.title, body(other.blocks, "plain"), str(day))
    rows.sort(reverse=True)
    records = [f'<li><a href="{u}" title="{t}" target="_blank">{t}</a><span>{d}</span></li>' for d, u, t in rows]
    pages[LIST] = _list(records)
    pages[PROXY] = _Dataproxy(records)
    for sample in samples:
        pages |= _article(sample)
    return {HOME + target: answer for target, answer in pages.items()}


class _Dataproxy:
    """`dataproxy.jsp?startrecord=16&endrecord=30&perpage=5` with the column's numbers as a form or in the query."""

    def __init__(self, records: list[str]) -> None:
        self._records = records

    def __call__(self, request: Request) -> Page:
        given = parse_qs(urlsplit(request.url).query) | parse_qs(request.body.decode())
        if given.get("columnid") != [COLUMN] or given.get("unitid") != [UNIT]:
            return NOT_FOUND
        if "page" in given:  # as the page's own <nextgroup> calls it: by page of one group
            start = (int(given["page"][0]) - 1) * FIRST_GROUP + 1
            end = start + FIRST_GROUP - 1
        else:
            start, end = int(given["startrecord"][0]), int(given["endrecord"][0])
        return Page(body=self._datastore(start, end).encode(), media_type="text/xml; charset=utf-8", modified=None)

    def _datastore(self, start: int, end: int) -> str:
        part = "".join(f"<record><![CDATA[{record}]]></record>" for record in self._records[start - 1 : end])
        total = len(self._records)
        return (
            f'<?xml version="1.0" encoding="utf-8"?><datastore><totalrecord>{total}</totalrecord>'
            f"<totalpage>{-(-total // PER_PAGE)}</totalpage><recordset>{part}</recordset></datastore>"
        )


def _list(records: list[str]) -> Page:
    query = (
        f"page=2&appid=1&webid={WEB}&path=/&columnid={COLUMN}&unitid={UNIT}&webname=%E6%B5%8B%E8%AF%95&permissiontype=0"
    )
    first = "\n".join(f"<record><![CDATA[{record}]]></record>" for record in records[:FIRST_GROUP])
    content = f"""<div id="{UNIT}" class="default_pgContainer">
<script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="{PROXY}?{query}"></a>]]></nextgroup>
<recordset>{first}</recordset>
</datastore></script></div>
<script>
var param_{UNIT} = {{"col":"1","appid":"1","webid":"{WEB}","path":"/","columnid":"{COLUMN}","sourceContentType":"1",
"unitid":"{UNIT}","webname":"测试市人民政府","permissiontype":"0"}};
$(function(){{ $("#{UNIT}").jpage({{ dataBefore:'<ul>', dataAfter:'</ul>', perPage:{PER_PAGE}, totalRecord:{len(records)},
proxyUrl:'{PROXY}', openCookies:false }}, param_{UNIT}); }});
</script>"""
    return _page("政府信息公开工作年度报告", content)


def _article(sample: Sample) -> dict[str, Answer]:
    pages: dict[str, Answer] = {}
    inner = body(sample.blocks, "word" if sample.year < 2016 else "ueditor")
    if sample.form is not None:
        name, file = statistics_file(sample)
        digest = md5(name.encode(), usedforsecurity=False).hexdigest()
        target = f"/module/download/downfile.jsp?classid=0&filename={digest}{name[name.rindex('.') :]}"
        pages[target] = file
        inner += f'<p>附件：<a href="{escape(target)}">{name}</a></p>'
    pages[address(sample).removeprefix(HOME)] = _text(sample.title, inner, str(sample.published), sample.issuer)
    return pages


def _text(title: str, inner: str, published: str, source: str = PLACE.issuer) -> Page:
    content = f"""<table class="xxgk_article"><tr><td>索引号</td><td>11330000000000000X/{published[:4]}-00017</td>
<td>发布机构</td><td>{source}</td></tr><tr><td>成文日期</td><td>{published}</td><td>公开方式</td><td>主动公开</td></tr></table>
<div class="title">{escape(title)}</div>
<div class="info">发布日期：{published} 来源：{source} <script src="/module/visitcount/articlehits.jsp?colid={COLUMN}"></script></div>
<div id="zoom"><!--ZJEG_RSS.content.begin-->{inner}<!--ZJEG_RSS.content.end--></div>"""
    return _page(title, content, {"ArticleTitle": title, "PubDate": f"{published} 14:20", "ContentSource": source})


def _page(title: str, content: str, metas: dict[str, str] | None = None) -> Page:
    site = {"SiteName": PLACE.issuer, "SiteDomain": "www.ceshishi.gov.cn", "SiteIDCode": "3399990001"}
    head = '<script src="/module/jslib/jquery/jpage/jquery.jpage.js"></script>\n'
    around = f'<div class="nav"><a href="/">首页</a></div>{content}<div class="foot">主办：{PLACE.office} 浙ICP备99999999号</div>'
    return Page(body=document(f"{title}-{PLACE.issuer}", around, site | (metas or {}), head=head))
