"""The shtml cluster of 攀枝花: bare numeric ids that run through the whole cluster, second list page `index_2.shtml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.families.family import Family, article_shape

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_ARTICLE = article_shape("panzhihua")


class Panzhihua(Family):
    """攀枝花市 and its districts: panzhihua.gov.cn, scdongqu.gov.cn, pzhsxq.gov.cn."""

    name = "panzhihua"

    def evidence(self, page: Page) -> list[str]:
        articles = sum(_ARTICLE.search(a.url) is not None for a in page.anchors)
        found = [f"{articles} link(s) of the shape <number>.shtml"] if articles else []
        if 'id="Zoom"' in page.html and "选择阅读字号" in page.html:
            found.append("an article body #Zoom below 选择阅读字号")
        return found
