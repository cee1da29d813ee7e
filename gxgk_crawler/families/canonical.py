"""One URL per report: what CMSs, sessions, mobile twins, mirrors and trackers add is taken away, what selects the report stays."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

import re2

from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from gxgk_crawler.portal import Portal

# Never part of a report's identity. `nbYear`, `orgCode`, `area`, `fbtime`, `id` select the report and stay.
_TRACKING = frozenset({"from", "spm", "isappinstalled", "timestamp", "scene", "ivk_sa", "share_token"})
_TRACKING_PREFIXES = ("utm_",)

# Sessions: Java, PHP, ASP and ColdFusion name theirs so that nothing else is meant.
_SESSIONS = re2.compile(r"(?i)jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|sess(ion)?_?id|cfid|cftoken")
_PATH_SESSION = re2.compile(r"(?i);(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*")
_COOKIELESS = re2.compile(r"\((?:[A-Za-z]\([^()/]*\))+\)")  # ASP.NET without cookies: /(S(lit3py55t21z5v55vlm25s55))/
# `sid` is a session in one CMS and the number of an article in another, `t` a year here and the moment of the click there.
_PERHAPS_SESSIONS = frozenset({"sid", "session", "sess"})
_PERHAPS_MOMENTS = frozenset({"_", "t", "r", "rand", "random", "rnd", "time"})
_MOMENT = re2.compile(r"0\.\d{5,}|1\d{9}(\d{3})?")
_RANDOM = re2.compile(r"[\w.!~-]{6,}")
_FILES = (".html", ".htm", ".shtml")
# Parameters that name an article by themselves.
_SELECTING = frozenset(
    {
        "id",
        "aid",
        "nid",
        "tid",
        "artid",
        "articleid",
        "docid",
        "infoid",
        "newsid",
        "contentid",
        "detailid",
        "messagekey",
    }
)
_NUMBERED = re2.compile(r"(?i)^\d|\d\d|[0-9a-f]{16}")

_MOBILE_HOSTS = ("m.", "wap.", "3g.", "mobile.")
_MOBILE_FOLDER = "wap"
_IIS = (".aspx", ".asp", ".ashx")  # IIS takes the letters of a path and the names of parameters in either case
_GUID = re2.compile(r"(?i)\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?")


def canonical_url(url: str, portal: Portal) -> str:
    """`url` as the key of a report: lower-case host without default port, no fragment, no session, no tracking parameters.

    On the portal's own hosts and those below its domain the scheme becomes that of its entry, since portals moved from http to
    https over the years; mirrors, the missing or extra `www.` and mobile hosts become the host of the page itself. A mobile
    copy (`/wap/`, `m.`, `_app`) becomes the page; a page in another language is no copy. On IIS the case of letters says
    nothing. The query keeps its order and its escapes, which may be GBK. A URL that cannot be split comes back as it is.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = _host((parts.hostname or "").rstrip("."), portal)
    scheme = urlsplit(portal.entry).scheme if portal.trusts(f"//{host}") else parts.scheme
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    path = _path(parts.path)
    return urlunsplit((scheme, host, path, _query(parts.query, path), ""))


def page_url(canonical: str, fetched: str) -> str:
    """The URL by which the links of a page are resolved: its canonical one, but for a mobile copy in a folder or on a host of its own.

    fetched: the URL that was asked for. The files of such a copy lie beside the copy.
    """
    page, copy = urlsplit(canonical), urlsplit(fetched)
    elsewhere = _folder(page) != _folder(copy) or (copy.hostname or "").startswith(_MOBILE_HOSTS)
    return fetched if elsewhere else canonical


def _folder(parts: SplitResult) -> str:
    return (parts.path or "/").rpartition("/")[0]


def _host(host: str, portal: Portal) -> str:
    """The host without the label of a mobile site, where the site itself is the portal's; its main host for a mirror of it."""
    if portal.is_main(host):
        return portal.host
    if host.startswith(_MOBILE_HOSTS) and not portal.owns(host):
        site = host.partition(".")[2]
        if portal.trusts(f"//{site}"):
            return _host(site, portal)
    return host


def _path(path: str) -> str:
    """The path without sessions and folders of a mobile copy; in small letters where IIS serves it."""
    *folders, page = _PATH_SESSION.sub("", path or "/").split("/")
    kept = [name for name in folders if name.lower() != _MOBILE_FOLDER and not _COOKIELESS.fullmatch(name)]
    path = "/".join([*kept, page]) if kept else f"/{page}"
    if path.lower().endswith(_IIS):
        path = path.lower()
    for twin, original in _twins():
        path = twin.sub(original, path)
    return path


@cache
def _twins() -> tuple[tuple[re2._Regexp, str], ...]:
    """The path of a mobile copy and of the page itself, of every family that has such copies (`rules/families.toml`)."""
    families = read_rules("families").values()
    return tuple((re2.compile(twin), original) for family in families for twin, original in family.get("twins", ()))


def _query(query: str, path: str) -> str:
    """The parameters that select the report, as they stand."""
    pairs = [pair for pair in query.split("&") if pair and not _is_noise(pair.partition("=")[0])]
    if _is_numbered(path) or any(_name(pair) in _SELECTING for pair in pairs):
        is_file = path.endswith(_FILES)
        pairs = [pair for pair in pairs if not _is_session(pair, of_file=is_file) and not _is_moment(pair)]
    if path.endswith(_IIS):
        pairs = [_as_iis_reads(pair) for pair in pairs]
    return "&".join(pairs)


def _name(pair: str) -> str:
    return pair.partition("=")[0].lower()


def _is_noise(key: str) -> bool:
    return key in _TRACKING or key.startswith(_TRACKING_PREFIXES) or _SESSIONS.fullmatch(key) is not None


def _is_session(pair: str, *, of_file: bool) -> bool:
    """True for a parameter that may be a session and has the value of one: letters and digits without order.

    of_file: the path is that of a file, which no parameter chooses; then digits alone are one too.
    """
    value = pair.partition("=")[2]
    if _name(pair) not in _PERHAPS_SESSIONS or _RANDOM.fullmatch(value) is None:
        return False
    return of_file or (any(c.isdigit() for c in value) and any(c.isalpha() for c in value))


def _is_moment(pair: str) -> bool:
    """True for a parameter that only keeps a browser from its cache: the moment of a click, or a random number."""
    return _name(pair) in _PERHAPS_MOMENTS and _MOMENT.fullmatch(pair.partition("=")[2]) is not None


def _is_numbered(path: str) -> bool:
    """True when the path itself names one page: `t20210101_12.html`, `/5839514/index.html`."""
    folder, _, page = path.rpartition("/")
    name = folder.rpartition("/")[2] if page in {"", "index.html", "index.htm", "index.shtml"} else page
    return _NUMBERED.search(name) is not None


def _as_iis_reads(pair: str) -> str:
    key, equals, value = pair.partition("=")
    return f"{key.lower()}{equals}{value.lower() if _GUID.fullmatch(value) else value}"
