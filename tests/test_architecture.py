"""Imports only go down: the rooms of docs/architecture.md, read from the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "gxgk_crawler"

# From the top of the house to its ground; a room may import the rooms behind it in this list, never those before it.
ORDER = [
    "__main__",
    "cli",
    "commands",
    "jobs",
    "guard",
    "audit",
    "reextract",
    "pipelines",
    "fetching",
    "reading",
    "spiders",
    "families",
    "manners",
    "conditional",
    "ledger",
    "alarms",
    "health",
    "outbox",
    "rebuild",
    "archive",
    "extract",
    "statutory",
    "export",
    "store",
]
GROUND = {
    "portal",
    "items",
    "entries",
    "config",
    "errors",
    "rules",
    "outcomes",
    "alarm",
    "alarm_receivers",
    "logs",
    "schedule",
    "compare",
    "worker",
    "settings",
    "__init__",
}
PURE = {"extract", "statutory"}
SQL = {"sqlalchemy", "psycopg", "alembic"}
WARC = {"fastwarc", "warcio"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Dotted names that a module imports at run time; what it imports for type checkers alone does not count."""
    names: set[str] = set()
    pending: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            pending.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        pending.extend(ast.iter_child_nodes(node))
    return names


def own_rooms(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("gxgk_crawler.")}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_go_down(path: Path) -> None:
    room = room_of(path)
    rooms = own_rooms(imports_of(path)) - {"__version__"}
    known = set(ORDER) | GROUND
    assert room in known, f"{room} has no place in the house"
    assert rooms <= known
    if room in GROUND:
        assert rooms <= GROUND
    else:
        assert rooms <= GROUND | set(ORDER[ORDER.index(room) :])


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_trade_stays_in_its_room(path: Path) -> None:
    room = room_of(path)
    outside = {name.split(".")[0] for name in imports_of(path)}
    if room != "store":
        assert not outside & SQL, "only store/ speaks SQL"
    if room != "archive":
        assert not outside & WARC, "only archive/ opens a WARC"
    if room in PURE:
        assert "scrapy" not in outside, "extraction is a function of bytes"
        assert not own_rooms(imports_of(path)) & {"archive", "store", "config"}
