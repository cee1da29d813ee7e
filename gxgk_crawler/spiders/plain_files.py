"""What portal files say, read without importing them: a list of portals needs no Scrapy, which costs most of a second."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TOLD = ("title", "entry", "division", "site_code", "hosts")
# The base classes of spiders/families.py and the families they read by.
_FAMILIES = {
    "EasySiteSpider": "easysite",
    "GkmlptSpider": "gkmlpt",
    "JcmsSpider": "jcms",
    "LonsunSpider": "lonsun",
    "OpennessSpider": "openness",
    "PanzhihuaClusterSpider": "panzhihua",
    "PortalSpider": "generic",
    "TrsSpider": "trs",
    "UcapSpider": "ucap",
    "VsbSpider": "vsb",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPortal:
    """One portal file in its own words; the fields are those of Portal. family: of the class that it extends."""

    name: str
    family: str
    title: str
    entry: str
    division: str | None = None
    site_code: str | None = None
    hosts: tuple[str, ...] = ()


def plain_portals(files: Iterable[Path]) -> dict[str, PlainPortal] | None:
    """The portals of these files by name, in order; None when one of them must be imported to be understood or judged.

    A file is plain when it holds imports and classes of known families alone, and states name and portal as literals. Two files
    with one name or one host are left to the loader, which says what is wrong with them.
    """
    found: list[PlainPortal] = []
    for path in files:
        try:
            tree = ast.parse(path.read_text("utf-8"))
        except (OSError, ValueError, SyntaxError):
            return None
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                portal = _portal_of(node)
                if portal is None:
                    return None
                found.append(portal)
            elif not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr):
                return None
    repeated = [Counter(portal.name for portal in found), Counter(portal.entry.split("/")[2] for portal in found)]
    if any(number > 1 for counter in repeated for number in counter.values()):
        return None
    return {portal.name: portal for portal in sorted(found, key=lambda portal: portal.name)}


def _portal_of(node: ast.ClassDef) -> PlainPortal | None:
    base = node.bases[0].id if len(node.bases) == 1 and isinstance(node.bases[0], ast.Name) else ""
    assigned = {
        statement.targets[0].id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    call = assigned.get("portal")
    if base not in _FAMILIES or not isinstance(call, ast.Call) or "name" not in assigned or "family" in assigned:
        return None
    try:
        told: dict[str, Any] = {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg in _TOLD}
        return PlainPortal(name=ast.literal_eval(assigned["name"]), family=_FAMILIES[base], **told)
    except (ValueError, TypeError):
        return None
