"""Which division a page speaks for: that of its portal, else that of the registered portal whose host served it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gxgk_crawler.rules.divisions import division_at
from gxgk_crawler.rules.place_names import host_division

if TYPE_CHECKING:
    from gxgk_crawler.portal import Portal

_NEWEST = 9999


def place_of(portal: Portal | None, url: str | None, year: int | None) -> str | None:
    """The name that the division of a page had in a year (None: the newest name); None when no division is known.

    portal: what crawled the page. url: where it came from; used when there is no portal. The hosts of departments below a
    portal's host (zjj.example.gov.cn) belong to its division too.
    """
    code = division_code(portal, url)
    division = division_at(code, year or _NEWEST) if code else None
    return division.name if division else None


def division_code(portal: Portal | None, url: str | None) -> str | None:
    """The GB/T 2260 code of the division that a page speaks for; None when no division is known. Parameters as of `place_of`."""
    return portal.division if portal is not None and portal.division else _registered(url)


def _registered(url: str | None) -> str | None:
    try:
        return host_division(urlsplit(url or "").hostname or "")
    except ValueError:
        return None
