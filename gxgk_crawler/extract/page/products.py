"""What the CMS products print, read from `rules/families.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from gxgk_crawler.rules.load import read_rules

# Endings of document files, as portals attach them. Images and styles are no documents.
FILE_ENDS = (
    ".doc", ".docx", ".xls", ".xlsx", ".pdf", ".wps", ".et", ".ofd", ".zip", ".rar", ".7z", ".ppt", ".pptx", ".txt", ".csv", ".rtf",
    ".docm", ".xlsm", ".ceb", ".mht",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An element that holds the article. kind: id, class or tag. numbered: `name_2` counts as well."""

    name: str
    kind: str
    numbered: bool


@cache
def containers() -> tuple[Container, ...]:
    """The article containers of all families."""
    found = []
    for written in _of_all("containers"):
        kind = {"#": "id", ".": "class"}.get(written[0], "tag")
        name = written.lstrip("#.")
        found.append(Container(name=name.rstrip("*"), kind=kind, numbered=name.endswith("*")))
    return tuple(found)


@cache
def downloads() -> tuple[str, ...]:
    """Parts of addresses, in lower case, that serve a file without naming it."""
    return tuple(_of_all("downloads"))


@cache
def scripted() -> tuple[dict[str, Any], ...]:
    """How each family carries an article in a script."""
    return tuple(family["scripted"] for family in read_rules("families").values() if "scripted" in family)


def _of_all(key: str) -> list[str]:
    return list(dict.fromkeys(one for family in read_rules("families").values() for one in family.get(key, ())))
