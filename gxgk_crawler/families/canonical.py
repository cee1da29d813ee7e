"""One URL per report: what CMSs, mobile twins, mirrors and trackers add is taken away, what selects the report stays."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import re2

from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from gxgk_crawler.portal import Portal

# Never part of a report's identity. `nbYear`, `orgCode`, `area`, `fbtime`, `id` select the report and stay.
_TRACKING = frozenset({"from", "spm", "isappinstalled", "timestamp", "scene", "ivk_sa", "share_token"})
_TRACKING_PREFIXES = ("utm_",)


def canonical_url(url: str, portal: Portal) -> str:
    """`url` as the key of a report: lower-case host without default port, no fragment, no tracking parameters.

    On the portal's own hosts the scheme becomes that of its entry, since portals moved from http to https over the years,
    and mirrors and the missing or extra `www.` become the entry's host. The query keeps its order and its escapes, which may
    be GBK. A URL that cannot be split comes back as it is.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host, scheme = (parts.hostname or "").rstrip("."), parts.scheme
    if portal.is_main(host):
        host = portal.host
    if portal.owns(host):
        scheme = urlsplit(portal.entry).scheme
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    path = parts.path or "/"
    for twin, original in _twins():
        path = twin.sub(original, path)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair.partition("=")[0]))
    return urlunsplit((scheme, host, path, query, ""))


@cache
def _twins() -> tuple[tuple[re2._Regexp, str], ...]:
    """The path of a mobile copy and of the page itself, of every family that has such copies (`rules/families.toml`)."""
    families = read_rules("families").values()
    return tuple((re2.compile(twin), original) for family in families for twin, original in family.get("twins", ()))


def _is_tracking(key: str) -> bool:
    return key in _TRACKING or key.startswith(_TRACKING_PREFIXES)
