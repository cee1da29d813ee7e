"""How commands speak: one JSON value or one rich table on stdout, everything else on stderr."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, ProgressColumn
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Print one JSON value; dataclasses become objects, dates ISO strings; Chinese stays readable."""
    json.dump(value, sys.stdout, ensure_ascii=False, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table in the one style that all commands share."""
    made = Table(title=title, box=None, header_style="bold", pad_edge=False, title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def progress_bar(*columns: ProgressColumn) -> Progress:
    """Progress on stderr while the block lasts, where somebody can see it; by default in the columns of rich."""
    return Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)


def plain(value: Any) -> str:
    """A cell: None is empty, a list is joined, a time is cut to the minute."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.strftime("%Y-%m-%d %H:%M") if hasattr(value, "hour") else str(value)
