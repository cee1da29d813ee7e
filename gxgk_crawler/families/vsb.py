"""博达 VSB (VisualSiteBuilder): articles `/info/<column>/<id>.htm`, lists that count backwards, the 信息公开平台 with `nbYear`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.families.family import Family, article_shape

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_ARTICLE = article_shape("vsb")


class Vsb(Family):
    """博达 VSB: 临沧 and many universities. Its pager consists of plain links with 下页."""

    name = "vsb"

    def evidence(self, page: Page) -> list[str]:
        found = []
        if "vsb_content" in page.html or "v_news_content" in page.html:
            found.append("an article body #vsb_content")
        if any(mark in page.html for mark in ("/system/resource/js/", "_showDynClicks", "Visual SiteBuilder")):
            found.append("scripts of VisualSiteBuilder")
        if any(mark in page.html for mark in ("/system/_content/", "/__local/", "/_sitegray", "wbtreeid=")):
            found.append("files and addresses of VisualSiteBuilder")
        articles = sum(_ARTICLE.search(a.url) is not None for a in page.anchors)
        if articles:
            found.append(f"{articles} link(s) of the shape /info/<column>/<id>.htm or artview?nbYear=")
        return found

    def is_article(self, url: str) -> bool:
        return _ARTICLE.search(url) is not None or super().is_article(url)
