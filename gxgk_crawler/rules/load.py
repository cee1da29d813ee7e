"""The one reader of rules as data: the TOML, CSV and word files of `gxgk_crawler/rules`, each read once."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_rules(name: str) -> dict[str, Any]:
    """The parsed rule file `rules/<name>.toml`. Raises FileNotFoundError and tomllib.TOMLDecodeError."""
    return tomllib.loads(_text(f"{name}.toml"))


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `rules/<name>.csv`, each by its column names. Raises FileNotFoundError."""
    return tuple(csv.DictReader(_text(f"{name}.csv").splitlines()))


def table_text(name: str) -> str:
    """The text of `rules/<name>.csv` as it stands. Raises FileNotFoundError."""
    return _text(f"{name}.csv")


def read_lines(name: str) -> list[str]:
    """The lines of `rules/<name>.txt`, comments (#) and empty lines left out. Raises FileNotFoundError."""
    return [line for line in _text(f"{name}.txt").splitlines() if line and not line.startswith("#")]


def _text(name: str) -> str:
    return (files("gxgk_crawler.rules") / name).read_text("utf-8")
