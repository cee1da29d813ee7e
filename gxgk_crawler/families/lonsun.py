"""龙讯 Lonsun: columns `/public/column/<id>` and `/content/column/<id>`, articles `/public/<unit>/<id>.html`, `/content/article/<id>`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import re2

from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.families.family import Family, article_shape
from gxgk_crawler.families.following import Following
from gxgk_crawler.families.lists.script_pagers import printed_pages

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_COLUMN = re2.compile(r"^/(?:public|content)/column/\d+$")
_ARTICLE = article_shape("lonsun")
_CALL = re2.compile(r"""url\s*:\s*['"]([^'"<>\s]*/site/label/8888)['"]\s*,\s*data\s*:\s*\{([^{}]{1,1000})\}""")
_PARAMETER = re2.compile(r"""(\w+)\s*:\s*['"]?([^'",{}]*?)['"]?\s*(?:,|$)""")
_PAGE_INDEX = re2.compile(r"[?&]pageIndex=(\d{1,6})")
_MARKS = {
    "/site/label/8888": "lists built by /site/label/8888",
    "j-fontContent": "an article body .j-fontContent",
    "/site/tpl/": "templates at /site/tpl/",
}


class Lonsun(Family):
    """龙讯 Lonsun: most portals of 安徽; 平武."""

    name = "lonsun"

    def evidence(self, page: Page) -> list[str]:
        found = [words for mark, words in _MARKS.items() if mark in page.html or mark in page.url]
        columns = sum(self.is_list(anchor.url) and "/column/" in anchor.url for anchor in page.anchors)
        if columns:
            found.append(f"{columns} link(s) of the shape public/column/id")
        return found

    def is_article(self, url: str) -> bool:
        path = urlsplit(url).path
        return _COLUMN.match(path) is None and (_ARTICLE.match(path) is not None or super().is_article(url))

    def next_pages(self, page: Page) -> Following | None:
        """By the call of /site/label/8888 that fills the list; its answers are parts of a page, and end with an empty one."""
        here = _PAGE_INDEX.search(page.url)
        if "/site/label/8888" in page.url and here is not None:
            if not page.anchors:
                return None
            following = f"{page.url[: here.start(1)]}{int(here.group(1)) + 1}{page.url[here.end(1) :]}"
            return Following(urls=[following], certain=False)
        call = _CALL.search(page.html)
        pages = printed_pages(page.html)
        if call is None or pages is None or pages < 2:  # the page itself holds the first one
            return super().next_pages(page)
        parameters = dict(_PARAMETER.findall(call.group(2))) | {"pageIndex": "2"}
        url = web_url(f"{call.group(1)}?{urlencode(parameters)}", page.url)
        return Following(urls=[url]) if url else None

    def is_list(self, url: str) -> bool:
        return _COLUMN.match(urlsplit(url).path) is not None or super().is_list(url)
