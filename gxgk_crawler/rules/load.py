"""Rules as data: the TOML files of `gxgk_crawler/rules`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_rules(name: str) -> dict[str, Any]:
    """The parsed rule file `rules/<name>.toml`. Raises FileNotFoundError and tomllib.TOMLDecodeError."""
    return tomllib.loads((files("gxgk_crawler.rules") / f"{name}.toml").read_text("utf-8"))
