"""From a list page to its next page: explicit links first, then what scripts and URL shapes tell."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

_NEXT = re2.compile("^[<>»›\\s]*(?:下一?页|后一?页|下页|next)[<>»›\\s]*$")
_NUMBERED = re2.compile(r"^(.*?(?:page|index|list|column)[_-])(\d+)(\.\w+)$")


def next_page(page: Page) -> str | None:
    """URL of the page that follows `page` in its list, or None when the page names none.

    The link 下一页 decides; portals that print it without a target on the last page point it at the page itself.
    """
    for anchor in page.anchors:
        if _NEXT.search(anchor.text.lower()) and _key(anchor.url) != _key(page.url):
            return anchor.url if _goes_forward(page.url, anchor.url) else None
    return None


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path, parts.query


def _goes_forward(current: str, following: str) -> bool:
    """False when both URLs carry page numbers and the number does not grow: the last page of some CMSs links back."""
    here, there = _NUMBERED.match(urlsplit(current).path), _NUMBERED.match(urlsplit(following).path)
    if here is None or there is None or here.group(1) != there.group(1):
        return True
    return int(there.group(2)) > int(here.group(2))
