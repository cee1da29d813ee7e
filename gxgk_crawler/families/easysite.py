"""中科汇联 EasySite / eportal: articles `/…/<id>/index.html`, lists `eportal/ui?pageId=…&currentPage=N`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import re2

from gxgk_crawler.families.family import Family, article_shape
from gxgk_crawler.families.following import Following

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_ARTICLE = article_shape("easysite")
_PAGER = re2.compile(r"""eportal/ui\?pageId=\w+(?:&amp;|&)currentPage=(\d{1,9})""")


class EasySite(Family):
    """中科汇联 EasySite: districts of 北京."""

    name = "easysite"

    def evidence(self, page: Page) -> list[str]:
        found = []
        if "easysiteText" in page.html or "easysite-news" in page.html:
            found.append("an article body #easysiteText")
        if "eportal/ui?" in page.html or "eportal/ui?" in page.url:
            found.append("lists at eportal/ui?pageId=")
        return found

    def is_article(self, url: str) -> bool:
        return _ARTICLE.search(url) is not None or ("eportal/ui?" not in url and super().is_article(url))

    def is_list(self, url: str) -> bool:
        return "eportal/ui?" in url or super().is_list(url)

    def next_pages(self, page: Page) -> Following | None:
        """An explicit link to the next page; else the next number among the pager's URLs, which stand in scripts too."""
        explicit = super().next_pages(page)
        if explicit and explicit.urls:
            return explicit
        here = _PAGER.search(page.url)
        current = int(here.group(1)) if here else 1
        for found in _PAGER.finditer(page.html):
            if int(found.group(1)) == current + 1:
                return Following(urls=[urljoin(page.url, "/" + found.group(0).replace("&amp;", "&"))])
        return None
