"""开普 ucap / 集约化平台 (CMSPRO): `<ucapcontent>` bodies, 32-hex article names, lists `common_list_<N>.shtml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.families.family import Family

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page


class Ucap(Family):
    """开普 ucap: sc.gov.cn, gov.cn. Its URLs have the shapes that `Family` knows."""

    name = "ucap"

    def evidence(self, page: Page) -> list[str]:
        marks = {
            "<ucapcontent": "an article body <ucapcontent>",
            "UCAP-CONTENT": "an article body #UCAP-CONTENT",
            "cmsArticleContent": "an article body #cmsArticleContent",
            "CMSPRO_DOCUMENT": "tags of CMSPRO",
            "common_list": "lists named common_list",
        }
        return [words for mark, words in marks.items() if mark in page.html]
