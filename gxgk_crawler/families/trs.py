"""TRS WCM 拓尔思: static pages, `…/YYYYMM/tYYYYMMDD_<id>.shtml`, lists `index_<k>.shtml` counted from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

from gxgk_crawler.families.family import Family, article_shape

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_ARTICLE = article_shape("trs")
# 开普 names a box first: createPageHTML('page_div', ...).
_PAGER_CALL = re2.compile(r"createPageHTML\s*\(\s*[^'\"\s]")


class Trs(Family):
    """拓尔思 TRS WCM. Seen on 21 of 78 saved portal pages, 忻州 and old 高明 among them."""

    name = "trs"

    def evidence(self, page: Page) -> list[str]:
        found = []
        if any(mark in page.html for mark in ("TRS_Editor", "TRS_UEDITOR", "trs_editor_view", "TRS_PreAppend")):
            found.append("an article body of the TRS editor")
        if _PAGER_CALL.search(page.html):
            found.append("createPageHTML() builds the pager")
        if "trs_ta_js" in page.html or "/trs_web_" in page.html:
            found.append("the visit counter of TRS")
        articles = sum(_ARTICLE.search(urlsplit(a.url).path) is not None for a in page.anchors)
        if articles:
            found.append(f"{articles} link(s) of the shape YYYYMM/tYYYYMMDD_id")
        return found
