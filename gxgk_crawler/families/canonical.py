"""One URL per report: what CMSs, mobile twins and trackers add is taken away, what selects the report stays."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

# Never part of a report's identity. `nbYear`, `orgCode`, `area`, `fbtime`, `id` select the report and stay.
_TRACKING = frozenset({"from", "spm", "isappinstalled", "timestamp", "scene", "ivk_sa", "share_token"})
_TRACKING_PREFIXES = ("utm_",)


def canonical_url(url: str, scheme: str | None = None) -> str:
    """`url` as the key of a report: lower-case host without default port, no fragment, no tracking parameters.

    scheme: the one its portal is entered by; portals moved from http to https over the years, and one report must stay
    one row. The query keeps its order and its escapes, which may be GBK. A URL that cannot be split comes back as it is.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".")
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair.partition("=")[0]))
    return urlunsplit((scheme or parts.scheme, host, parts.path or "/", query, ""))


def _is_tracking(key: str) -> bool:
    return key in _TRACKING or key.startswith(_TRACKING_PREFIXES)
