"""广东: NFCMS pages (`/content/post_<id>.html`) and the gkmlpt platform, whose lists are a JSON API.

`/gkmlpt/index` embeds `window._CONFIG = {… SID, TREE …}`; a column lists at `{base}/gkmlpt/api/all/{column}?page=N&sid=SID`.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import re2

from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.families import vocabulary
from gxgk_crawler.families.family import Family, article_shape
from gxgk_crawler.families.following import Following
from gxgk_crawler.families.page import Anchor
from gxgk_crawler.families.scripts.json_data import json_at, json_of, object_in, objects_in
from gxgk_crawler.portal import PORTAL_TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.families.page import Page

_API = re2.compile(r"/gkmlpt/api/all/\d+")
_POST = article_shape("gkmlpt")
_SID = re2.compile(r"""['"]?SID['"]?\s*:\s*['"]?(\d+)""")
_TREE = re2.compile(r"""['"]?TREE['"]?\s*:\s*\[""")
_BASE = re2.compile(r"^(https?://[^?#]*?/gkmlpt)/")
_ESCAPE = re2.compile(r"%u([0-9a-fA-F]{4})")


class Gkmlpt(Family):
    """广东 NFCMS and gkmlpt: 高明 since about 2019."""

    name = "gkmlpt"

    def evidence(self, page: Page) -> list[str]:
        found = []
        if "NFCMS_SITE_ID" in page.html:
            found.append("window.NFCMS_SITE_ID")
        if "/gkmlpt/" in page.url or "/gkmlpt/" in page.html:
            found.append("the platform /gkmlpt/")
        posts = sum(_POST.search(a.url) is not None for a in page.anchors)
        if posts:
            found.append(f"{posts} link(s) of the shape /content/post_<id>.html")
        return found

    def is_list(self, url: str) -> bool:
        return _API.search(url) is not None or url.rstrip("/").endswith("/gkmlpt/index") or super().is_list(url)

    def is_article(self, url: str) -> bool:
        return _API.search(url) is None and (_POST.search(url) is not None or super().is_article(url))

    def anchors(self, page: Page) -> list[Anchor]:
        """The visible links, the columns of the platform's tree, and the articles of an answer of its API."""
        if _API.search(page.url):
            return list(_articles(page))
        return page.anchors + list(_columns(page))

    def next_pages(self, page: Page) -> Following | None:
        """The next page number while the answer holds articles and post_count is not reached."""
        if not _API.search(page.url):
            return super().next_pages(page)
        answer = _answer(page)
        query = dict(parse_qsl(urlsplit(page.url).query))
        number = query.get("page", "1")
        articles = self.anchors(page)
        if not articles or not number.isdecimal():
            return None
        count = object_in(answer.get("classify")).get("post_count")
        if isinstance(count, int) and int(number) * len(articles) >= count:
            return None
        following = f"{page.url.partition('?')[0]}?page={int(number) + 1}&sid={query.get('sid', '')}"
        return Following(urls=[following], certain=False)  # 肇庆 answers 404 from the second page on


def _answer(page: Page) -> dict[str, Any]:
    return object_in(json_of(page.html))


def _articles(page: Page) -> Iterator[Anchor]:
    for article in objects_in(_answer(page).get("articles")):
        target = article.get("url") or article.get("post_url") or _detail(page.url, article.get("id"))
        url = web_url(target, page.url) if isinstance(target, str) else None
        if url is not None:
            yield Anchor(url=url, text=_unescape(str(article.get("title") or "")), date=_day(article))


def _detail(url: str, number: object) -> str | None:
    """URL of an article by its number: {base}/content/{id // 1,000,000}/{id // 1,000}/post_{id}.html."""
    base = _BASE.match(url)
    if base is None or not isinstance(number, int):
        return None
    return f"{base.group(1)}/content/{number // 1_000_000}/{number // 1_000}/post_{number}.html"


def _day(article: dict[str, Any]) -> str | None:
    seconds = article.get("display_publish_time") or article.get("date")
    if isinstance(seconds, int) and 0 < seconds < 4_000_000_000:
        return datetime.fromtimestamp(seconds, UTC).astimezone(PORTAL_TIME).date().isoformat()
    created = str(article.get("created_at") or "")
    return created[:10] or None


def _unescape(title: str) -> str:
    return str(_ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), title))


def _columns(page: Page) -> Iterator[Anchor]:
    """One link for each column of the tree whose name speaks of annual reports, to the first page of its list."""
    base, sid = _BASE.match(page.url), _SID.search(page.html)
    if base is None or sid is None:
        return
    pending = deque(_tree(page.html))
    while pending:
        column = pending.popleft()
        pending.extend(objects_in(column.get("children")))
        name, number = _unescape(str(column.get("name") or "")), column.get("id")
        if isinstance(number, int) and vocabulary.is_channel_title(name):
            yield Anchor(url=f"{base.group(1)}/api/all/{number}?page=1&sid={sid.group(1)}", text=name)


def _tree(html: str) -> list[dict[str, Any]]:
    """The columns in the array after TREE: in the page's script; empty when it is no JSON."""
    start = _TREE.search(html)
    return [] if start is None else objects_in(json_at(html, start.end() - 1))
