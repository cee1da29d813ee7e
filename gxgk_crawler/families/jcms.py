"""大汉 Hanweb JCMS and JPAAS: list records inside XML or JSON, articles `/art/YYYY/M/D/art_<column>_<id>.html`.

The first group of records is in the page, inside `<script type="text/xml"><datastore>`; the following ones come from
`dataproxy.jsp?startrecord=…&endrecord=…`, three pages of `perpage` records at a time. JPAAS answers JSON that holds HTML.
"""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

import re2

from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.families.family import Family, article_shape
from gxgk_crawler.families.following import Following
from gxgk_crawler.families.page import anchors_of
from gxgk_crawler.families.scripts.json_data import json_of, object_in

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Anchor, Page

_ARTICLE = article_shape("jcms")
_COLUMN = re2.compile(r"/col/col\d+/(?:[\w-]*\.\w+)?(?:$|[?#])|dataproxy\.jsp|/front/page/build/unit")
_COLUMN_PAGE = re2.compile(r"/col/col\d+/")
_RECORD = re2.compile(r"(?s)<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>")
_PROXY = re2.compile(r"""['"(]([^'"()\s]*dataproxy\.jsp[^'"()\s]*)""")
_TOTAL = re2.compile(r"""(?i)totalRecords?['"]?\s*[:=>]\s*['"]?(\d{1,9})""")
_PER_PAGE = re2.compile(r"""(?i)perPage['"]?\s*[:=]\s*['"]?(\d{1,9})""")
_PARAMETERS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_JPAAS = re2.compile(r"""<[^<>]*queryData=["']\{[^{}<>]{1,1000}\}["'][^<>]*>""")
_ATTRIBUTE = re2.compile(r"""(?i)\b(pageNo|pageSize|count)=["'](\d{1,6})["']""")
_PAIR = re2.compile(r"""['"](\w+)['"]\s*:\s*['"]([^'"]*)['"]""")
_GROUP = 3  # pages of records that one call of dataproxy.jsp may bring
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"


class Jcms(Family):
    """大汉 JCMS and JPAAS: 浙江, 江苏, 山东."""

    name = "jcms"

    def evidence(self, page: Page) -> list[str]:
        found = []
        if "dataproxy.jsp" in page.html or "dataproxy.jsp" in page.url:
            found.append("list records from dataproxy.jsp")
        if "<datastore>" in page.html:
            found.append("a <datastore> of list records")
        if "jpaas-publish-server" in page.html or "jpaas-publish-server" in page.url:
            found.append("lists from the JPAAS publish server")
        columns = sum(_COLUMN_PAGE.search(urlsplit(a.url).path) is not None for a in page.anchors)
        if columns or _COLUMN_PAGE.search(page.url):
            found.append(f"{columns} link(s) of the shape /col/col<number>/")
        articles = sum("/art/" in a.url and _ARTICLE.search(a.url) is not None for a in page.anchors)
        if articles:
            found.append(f"{articles} link(s) of the shape /art/YYYY/M/D/art_column_id")
        return found

    def is_list(self, url: str) -> bool:
        return _COLUMN.search(url) is not None or super().is_list(url)

    def is_article(self, url: str) -> bool:
        return _COLUMN.search(url) is None and (_ARTICLE.search(url) is not None or super().is_article(url))

    def anchors(self, page: Page) -> list[Anchor]:
        """The visible links, those of the records, and those of the HTML inside a JSON answer."""
        hidden = list(_RECORD.findall(page.html))
        html = _json_html(page)
        if html is not None:
            hidden.append(html)
        found = [anchor for piece in hidden for anchor in anchors_of(piece, page.url)]
        return found if html is not None else page.anchors + found

    def next_pages(self, page: Page) -> Following | None:
        if _json_html(page) is not None:
            return _next_unit(_json_html(page) or "", page.url) if self.anchors(page) else None
        if "dataproxy.jsp" in page.url:
            return _next_group(page)
        return _first_group(page) or _next_unit(page.html, page.url) or super().next_pages(page)


def _json_html(page: Page) -> str | None:
    """The HTML inside a JPAAS answer {"success": true, "data": {"html": …}}; None for any other page."""
    if not page.html.lstrip().startswith("{"):
        return None
    html = object_in(object_in(json_of(page.html)).get("data")).get("html")
    return html if isinstance(html, str) else None


def _first_group(page: Page) -> Following | None:
    """The call for the records after those in the page itself."""
    address = _PROXY.search(page.html)
    total = _number(_TOTAL, page.html)
    held = len(_RECORD.findall(page.html))
    if address is None or total is None or held >= total:
        return None
    url = web_url(address.group(1).replace("&amp;", "&"), page.url)
    if url is None:
        return None
    per_page = _number(_PER_PAGE, page.html) or 15
    query = dict(parse_qsl(urlsplit(url).query)) | {
        key: found for key in _PARAMETERS if (found := _parameter(key, page.html)) is not None
    }
    query.pop("page", None)
    return Following(urls=[_group_url(url, query, held + 1, per_page)])


def _next_group(page: Page) -> Following | None:
    """The call after a call, by the numbers in its own URL; an empty answer ends the list."""
    query = dict(parse_qsl(urlsplit(page.url).query))
    total = _number(_TOTAL, page.html)
    try:
        end, per_page = int(query["endrecord"]), int(query.get("perpage", "15"))
    except (KeyError, ValueError):
        return None
    if not _RECORD.search(page.html) or (total is not None and end >= total):
        return None
    return Following(urls=[_group_url(page.url, query, end + 1, per_page)])


def _group_url(url: str, query: dict[str, str], start: int, per_page: int) -> str:
    numbers = {"startrecord": start, "endrecord": start + _GROUP * per_page - 1, "perpage": per_page}
    parts = urlsplit(url)
    kept = {key: value for key, value in query.items() if key not in numbers}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(numbers | kept), ""))


def _next_unit(html: str, url: str) -> Following | None:
    """The next page of a JPAAS list by the attributes of its pager; servers count by paramJson and ignore a bare pageNo.

    html: the page or the HTML inside an answer. It is certain while `count` says that there are more records.
    """
    found = _JPAAS.search(unescape(html))
    if found is None:
        return None
    query = dict(_PAIR.findall(found.group(0)))
    given = {name.lower(): int(number) for name, number in _ATTRIBUTE.findall(found.group(0))}
    if "webId" not in query:
        return None
    number, size, count = given.get("pageno", 0), given.get("pagesize", 0), given.get("count", 0)
    if number and size and number * size >= count:
        return None
    asked = {"pageNo": number + 1} | ({"pageSize": size} if size else {})
    address = f"{_UNIT}?{urlencode(query | {'paramJson': json.dumps(asked), 'pageNo': str(number + 1)})}"
    return Following(urls=[urljoin(url, address)], certain=bool(number and size))


def _number(pattern: re2._Regexp, text: str) -> int | None:
    found = pattern.search(text)
    return int(found.group(1)) if found else None


def _parameter(name: str, html: str) -> str | None:
    """A parameter of the list call as the page's script states it: `path: 'http://a.b/'`, else `columnid = 13773`."""
    found = re2.search(rf"""\b{name}['"]?\s*[:=]\s*(?:'([^'<>]*)'|"([^"<>]*)")""", html) or re2.search(
        rf"""\b{name}\s*[:=]\s*([\w/%.\-]+)""", html
    )
    return unquote(next(group for group in found.groups() if group is not None)) if found else None
