"""The words of the room in Chinese and English, from one file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

from gxgk_crawler.logs import escaped

LANGUAGES = ("zh", "en")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Words by key and language. The file is `messages.toml`."""
    return tomllib.loads(files("gxgk_crawler.web").joinpath("messages.toml").read_text("utf-8"))


def say(language: str, key: str, **values: Any) -> Markup:
    """The words of a key, as HTML, with values put in. Raises KeyError for a key that is not in the catalogue."""
    shown = {name: visible(value) for name, value in values.items()}
    return Markup(escape(catalogue()[key][language])).format(**shown)  # noqa: S704 - escaped here; `format` escapes the values


def visible(value: Any) -> Any:
    """A value of a page as it is printed: controls and bidirectional characters as escapes, so that no text turns what is around it.

    This is called for everything that a template prints; None is empty.
    """
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    return escaped(value, keep="\n\t") if isinstance(value, str) else value


@cache
def known_flags() -> frozenset[str]:
    """The flags of versions that have words."""
    return frozenset(key.removeprefix("flag.") for key in catalogue() if key.startswith("flag."))
