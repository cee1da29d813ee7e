"""What a family knows of its pages: their marks, their hidden links, their next page. Pure functions of a page.

Detection goes by what a page holds, never by its host or year: portals change their CMS and mix several.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

from gxgk_crawler.extract.page.products import FILE_ENDS
from gxgk_crawler.families.lists.paging import next_pages
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from gxgk_crawler.families.following import Following
    from gxgk_crawler.families.page import Anchor, Page

_INDEX = re2.compile(r"^(?:index|default|list|common_list|column)?(?:[_-]\d+)?(?:\.(?:s?html?|jsp|aspx?|php))?$")


@cache
def article_shape(family: str) -> re2._Regexp:
    """The shape of the addresses of a family's articles, from `rules/families.toml`."""
    return re2.compile(read_rules("families")[family]["articles"])


class Family:
    """A CMS product; this class itself stands for hand-made sites and for unknown products.

    name: as `gxgk detect` prints it. A subclass overrides what differs.
    """

    name = "generic"

    def evidence(self, page: Page) -> list[str]:
        """The marks of this family on the page, each in words for a person; empty when there are none."""
        del page
        return []

    def anchors(self, page: Page) -> list[Anchor]:
        """All links of the page, including those that a script would build."""
        return page.anchors

    def next_pages(self, page: Page) -> Following | None:
        """The next page of the list; None on its last page."""
        return next_pages(page)

    def is_list(self, url: str) -> bool:
        """True when the URL has the shape of a list: a directory, or an index page in one."""
        parts = urlsplit(url)
        return not self.is_article(url) and _INDEX.match(parts.path.rpartition("/")[2].lower()) is not None

    def is_article(self, url: str) -> bool:
        """True when the URL has the shape of one article or one file."""
        parts = urlsplit(url)
        tail = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return article_shape("other").search(tail.lower()) is not None or parts.path.lower().endswith(FILE_ENDS)
