"""龙讯 Lonsun: columns `/public/column/<id>` and `/content/column/<id>`, articles `/public/<unit>/<id>.html`, `/content/article/<id>`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

from gxgk_crawler.families.family import Family, article_shape

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_COLUMN = re2.compile(r"^/(?:public|content)/column/\d+$")
_ARTICLE = article_shape("lonsun")
_MARKS = {
    "/site/label/8888": "lists built by /site/label/8888",
    "j-fontContent": "an article body .j-fontContent",
    "/site/tpl/": "templates at /site/tpl/",
}


class Lonsun(Family):
    """龙讯 Lonsun: most portals of 安徽; 平武."""

    name = "lonsun"

    def evidence(self, page: Page) -> list[str]:
        found = [words for mark, words in _MARKS.items() if mark in page.html]
        columns = sum(self.is_list(anchor.url) and "/column/" in anchor.url for anchor in page.anchors)
        if columns:
            found.append(f"{columns} link(s) of the shape public/column/id")
        return found

    def is_article(self, url: str) -> bool:
        path = urlsplit(url).path
        return _COLUMN.match(path) is None and (_ARTICLE.match(path) is not None or super().is_article(url))

    def is_list(self, url: str) -> bool:
        return _COLUMN.match(urlsplit(url).path) is not None or super().is_list(url)
