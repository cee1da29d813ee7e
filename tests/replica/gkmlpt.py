"""The publicity platform of Guangdong (gkmlpt): an index page with its configuration in a script, and a JSON API for lists.

An invented county stands on it alone: 样本县, https://www.yangbenxian.gov.cn/. 高明区 (gaoming.py) uses it for its newest years.
"""

from __future__ import annotations

import datetime as dt
import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.replica.markup import body, document
from tests.replica.prose import Place, Sample, others, reports
from tests.replica.replica import Replica
from tests.replica.site import NOT_FOUND, Answer, Page, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = "https://www.yangbenxian.gov.cn"
SID = "757999"
COLUMN = 3021  # 政府信息公开年报 in the tree
ANYTHING = 0  # the column that holds all articles
PER_PAGE = 6
CHINA = dt.timezone(dt.timedelta(hours=8))

PLACE = Place(
    name="样本县",
    issuer="样本县人民政府",
    office="样本县人民政府办公室",
    we="全县",
    scale=20,
    local=("陶瓷园区排污许可逐家公开", "水产养殖尾水治理的补助名单张榜公布"),
)
OFFICE = Place(
    name="样本县民政局", issuer="样本县民政局", office="样本县民政局", we="我局", scale=5, local=("低保名单按季公示",)
)


def replica() -> Replica:
    """A county on the platform alone, with its reports of 2010 to 2024."""
    *samples, latest = reports(PLACE, {year: f"{6000000 + 17321 * (year - 2009)}" for year in range(2010, 2026)})
    return Replica(
        "gkmlpt",
        tuple(samples),
        draw=_draw,
        address=lambda sample: address(HOME, sample.key),
        fresh=(latest, *reports(OFFICE, {2025: "6301177"})),
    )


def address(base: str, key: str) -> str:
    """Where the platform below `base` shows the article with that number."""
    number = int(key)
    return f"{base}/gkmlpt/content/{number // 1_000_000}/{number // 1_000}/post_{number}.html"


def _draw(samples: tuple[Sample, ...]) -> dict[str, Answer]:
    entry = '<ul><li><a href="/gkmlpt/index">政府信息公开</a></li><li><a href="/news/">新闻</a></li></ul>'
    home = Page(body=document(PLACE.issuer, entry, {"SiteName": PLACE.issuer}))
    return {
        f"{HOME}/": home,
        f"{HOME}/news/": Page(body=document("新闻", "<p>暂无内容</p>")),
        **platform(HOME, PLACE, samples),
    }


def platform(base: str, place: Place, samples: Sequence[Sample]) -> dict[str, Answer]:
    """All pages of the platform below `base`: index, API of two columns, articles."""
    listed = [(s.published, _article(base, s.key, s.title, s.issuer, s.published)) for s in samples]
    pages: dict[str, Answer] = {
        address(base, s.key): _detail(s.title, body(s.blocks, "ueditor"), s.issuer) for s in samples
    }
    for number, other in enumerate(others(place)):
        key = str(5900000 + number)
        listed.append((other.published, _article(base, key, other.title, place.issuer, other.published)))
        pages[address(base, key)] = _detail(other.title, body(other.blocks, "plain"), place.issuer)
    articles = [article for _, article in sorted(listed, key=lambda pair: pair[0], reverse=True)]
    pages[f"{base}/gkmlpt/index"] = _index(place, len(articles))
    for column in (COLUMN, ANYTHING):
        pages[f"{base}/gkmlpt/api/all/{column}"] = _Api(column, articles)
    return pages


class _Api:
    """`/gkmlpt/api/all/<column>?page=<n>&sid=<sid>`: articles by the page; a page behind the last one is a 404."""

    def __init__(self, column: int, articles: Sequence[dict[str, object]]) -> None:
        self._column = column
        self._articles = articles

    def __call__(self, request: Request) -> Page:
        query = parse_qs(urlsplit(request.url).query)
        page = int(query.get("page", ["1"])[0])
        part = self._articles[(page - 1) * PER_PAGE : page * PER_PAGE]
        if query.get("sid") != [SID] or not part:
            return NOT_FOUND
        classify = {"id": self._column, "name": "政府信息公开年报", "post_count": len(self._articles), "theme_count": 0}
        answer = {"classify": classify, "articles": part}
        return Page(body=json.dumps(answer).encode(), media_type="application/json", modified=None)


def _article(base: str, key: str, title: str, publisher: str, published: dt.date) -> dict[str, object]:
    moment = dt.datetime(published.year, published.month, published.day, 10, 15, tzinfo=CHINA)
    # Some titles were stored by a browser's escape(): %u5E74 for 年.
    stored = title.replace("年", "%u5E74") if int(key) % 5 == 0 else title
    return {
        "id": int(key),
        "title": stored,
        "date": int(moment.timestamp()),
        "created_at": f"{published} 10:15:00",
        "display_publish_time": int(moment.timestamp()),
        "publisher": publisher,
        "identifier": f"11440600000000000X/{published.year}-{int(key) % 100000:05}",
        "document_number": "",
        "keywords": "",
        "abstract": "",
        "classify_main": COLUMN,
        "classify_main_name": "政府信息公开年报",
        "url": address(base, key),
        "post_url": "",
        "is_expired": 0,
        "is_abolished": 0,
        "attachment": [],
        "relation": [],
    }


def _index(place: Place, count: int) -> Page:
    tree = [
        {"id": 3001, "name": "法定主动公开内容", "parent": 0, "jump_url": "", "post_count": 0, "children": []},
        {
            "id": 3020,
            "name": "政府信息公开",
            "parent": 0,
            "jump_url": "",
            "post_count": 0,
            "children": [
                {
                    "id": 3022,
                    "name": "政府信息公开指南",
                    "parent": 3020,
                    "jump_url": "",
                    "post_count": 1,
                    "children": [],
                },
                {
                    "id": COLUMN,
                    "name": "政府信息公开年报",
                    "parent": 3020,
                    "jump_url": "",
                    "post_count": count,
                    "children": [],
                },
            ],
        },
    ]
    script = f"""<script>
window._CONFIG = {{
  SID: '{SID}',
  SERVICE_AREA_ID: '757',
  TREE: {json.dumps(tree, ensure_ascii=False)}
}};
</script>
"""
    return Page(body=document(f"{place.issuer}政府信息公开平台", '<div id="app"></div>', head=script))


def _detail(title: str, inner: str, publisher: str) -> Page:
    detail = json.dumps({"title": title, "publisher": publisher, "content": inner}, ensure_ascii=False)
    detail = detail.replace("<", "\\u003C").replace(">", "\\u003E")
    head = f"<script>window._CONFIG = window._CONFIG || {{}}; window._CONFIG.DETAIL = {detail};</script>\n"
    content = f"""<h1 class="title">{escape(title)}</h1>
<div class="info">发布机构：{publisher}</div>
<div class="article-content">{inner}</div>"""
    return Page(body=document(title, content, {"ArticleTitle": title, "ContentSource": publisher}, head=head))
