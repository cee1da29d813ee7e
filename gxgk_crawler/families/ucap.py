"""开普 ucap / 集约化平台 (CMSPRO): columns `/<site>/c<number>/<template>.shtml`, articles named by 32 hex digits.

Lists page by `createPageHTML('page_div', count, current, "name", "shtml", total)`, counted from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

from gxgk_crawler.families.family import Family, article_shape

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_COLUMN = re2.compile(r"/c\d{5,7}/(?:[\w-]+\.s?html)?$")
_ARTICLE = article_shape("ucap")
_PAGER_CALL = re2.compile(r"createPageHTML\s*\(\s*['\"]")
_GENERATED = re2.compile(r"""<meta\s+name=["']others["']\s+content=["']\s*页面生成时间""")
_MARKS = {
    "<ucapcontent": "an article body <ucapcontent>",
    "UCAP-CONTENT": "an article body #UCAP-CONTENT",
    "cmsArticleContent": "an article body #cmsArticleContent",
    "CMSPRO_DOCUMENT": "tags of CMSPRO",
    "common_list": "lists named common_list",
    "redirect_firstChannel": "links to redirect_firstChannel",
    "var websiteId": "var websiteId",
}


class Ucap(Family):
    """开普 ucap: sc.gov.cn, gov.cn, 新疆, 江苏."""

    name = "ucap"

    def evidence(self, page: Page) -> list[str]:
        found = [words for mark, words in _MARKS.items() if mark in page.html]
        if _PAGER_CALL.search(page.html):
            found.append("createPageHTML('box', ...) builds the pager")
        if _GENERATED.search(page.html):
            found.append("a meta tag that says when the page was generated")
        paths = [urlsplit(url).path for url in (page.url, *(anchor.url for anchor in page.anchors))]
        columns = sum(_COLUMN.search(path) is not None for path in paths)
        if columns:
            found.append(f"{columns} address(es) of the shape c<number>/<template>.shtml")
        articles = sum(_ARTICLE.search(path) is not None for path in paths)
        if articles and columns:
            found.append(f"{articles} article(s) named by 32 hex digits")
        return found

    def is_list(self, url: str) -> bool:
        return _COLUMN.search(urlsplit(url).path) is not None or super().is_list(url)

    def is_article(self, url: str) -> bool:
        return _COLUMN.search(urlsplit(url).path) is None and super().is_article(url)
