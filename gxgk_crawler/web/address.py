"""Addresses: `/en` before a page asks for English, `.json`, `.csv`, `.txt` or `.atom` behind it for its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

FORMATS = ("json", "csv", "txt", "atom")
# What stands behind these is an address of its own, whatever its end looks like.
_WHOLE = ("/web/", "/timegate/", "/timemap/", "/w/", "/static/", "/frame/", "/download/")


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart. path: without language and format."""

    path: str
    language: str
    format: str


def parse_address(path: str) -> Address:
    """The parts of the path of a request."""
    language = "zh"
    if path == "/en" or path.startswith("/en/"):
        language, path = "en", path[3:] or "/"
    if path.startswith(_WHOLE) or path == "/openapi.json":
        return Address(path, language, "html")
    head, dot, end = path.rpartition(".")
    if dot and end in FORMATS:
        return Address("/" if head in {"", "/index"} else head, language, end)
    return Address(path, language, "html")


def address_of(path: str, language: str = "zh", form: str = "html", **query: Any) -> str:
    """The address of a page in a language and a format. path: without both. query: parameters; None leaves one out."""
    if form != "html":
        path = f"{'/index' if path == '/' else path}.{form}"
    prefix = f"/{language}" if language != "zh" else ""
    parameters = urlencode({name: str(value) for name, value in query.items() if value is not None})
    return f"{prefix}{path}{'?' if parameters else ''}{parameters}" or "/"


def report_address(key: str) -> str:
    """Where a report stands. key: its stable key."""
    return f"/reports/{quote(key, safe='')}"
