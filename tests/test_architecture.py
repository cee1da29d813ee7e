"""The house: its documents show the import order that import-linter holds, and files are found at first guess.

The order itself is checked by `lint-imports`, which `make check` runs.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "gxgk_crawler"
MODULES = sorted(PACKAGE.rglob("*.py"))
CONTRACTS: dict[str, dict[str, Any]] = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
ORDER = [re.findall(r"\w+", layer) for layer in CONTRACTS["order"]["layers"]]

# Rooms whose modules are named for what they show, keep or describe, which another room does.
FACES = ("cli/scrapy_commands", "cli", "web", "store", "spiders")


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def face_of(path: Path) -> str:
    """The face a module belongs to; empty for all others, which share one name space."""
    return next((face for face in FACES if place(path).startswith(f"{face}/")), "")


def repeated(names: Iterable[Any]) -> list[Any]:
    return [name for name, times in Counter(names).items() if times > 1]


def rooms_that_exist() -> set[str]:
    return {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {
        "__init__"
    }


def test_the_document_shows_the_order_that_is_held() -> None:
    chapter = (ROOT / "docs" / "architecture.md").read_text().partition("## Rooms")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", chapter, re.MULTILINE)
    assert [re.findall(r"`(\w+)`", row) for row in rows] == ORDER


def test_only_rooms_that_are_still_to_come_are_optional() -> None:
    optional = set(re.findall(r"\((\w+)\)", " ".join(CONTRACTS["order"]["layers"])))
    assert {room for row in ORDER for room in row} - rooms_that_exist() == optional


def test_every_room_but_the_reading_room_and_the_pure_ones_is_kept_from_starlette() -> None:
    named = {name.partition(".")[2] for name in CONTRACTS["web"]["source_modules"]}
    pure = {name.partition(".")[2] for name in CONTRACTS["pure"]["source_modules"]}
    assert named | pure | {"web"} >= {room for room in rooms_that_exist() if (PACKAGE / room).is_dir()}


def test_of_the_archive_export_may_know_the_manifest_alone() -> None:
    forbidden = set(CONTRACTS["export"]["forbidden_modules"])
    modules = {f"gxgk_crawler.archive.{path.stem}" for path in PACKAGE.glob("archive/*.py") if path.stem != "__init__"}
    assert modules - forbidden == {"gxgk_crawler.archive.manifest"}


def test_a_module_has_a_name_of_its_own() -> None:
    assert not repeated((face_of(path), path.stem) for path in MODULES if path.stem != "__init__")


def test_a_public_class_has_a_name_of_its_own() -> None:
    classes = [
        node.name
        for path in MODULES
        if path.name != "entries.py"  # a file format: archives name these classes
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert not repeated(classes)


def test_a_room_has_at_most_twenty_files() -> None:
    files = Counter(path.parent for path in MODULES if path.stem != "__init__")
    assert not {place(room): count for room, count in files.items() if count > 20}


def test_a_file_has_at_most_350_lines() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert not {name: length for name, length in lengths.items() if length > 350}


@pytest.mark.parametrize("path", [p for p in MODULES if "PLC0415" in p.read_text("utf-8")], ids=place)
def test_an_import_inside_a_function_says_what_it_saves_at_start(path: Path) -> None:
    """ruff finds these imports (PLC0415); the first of a module gives the reason for all."""
    first = next(line for line in path.read_text("utf-8").splitlines() if "noqa: PLC0415" in line)
    assert re.search(r"PLC0415 +[-#] .*(second|start|never need)", first), first
