"""How commands print: one JSON value or one table on stdout, everything else on stderr.

Text that comes from portals is only ever text: no console here knows markup or emoji codes, and characters that could move the
cursor, change colours or turn the direction of a line are printed as escapes.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import Progress, ProgressColumn
from rich.table import Table

from gxgk_crawler.export.csv_table import csv_cell
from gxgk_crawler.logs import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rich.console import ConsoleOptions
    from rich.text import Text

    Row = Mapping[str, Any]
    Column = str | Callable[[Row], Any]

_UNBOUNDED = 1_000_000  # characters of a line that is read by no person
_MOST_KEPT = "\n\t"  # in a text of several lines; a cell and a message have one line


class PlainConsole(Console):
    """A console that prints every string as it is, but for what steers a terminal. Styles come from `Text` alone."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does; into a file or a pipe without wrapping and without blanks at the ends of lines."""
        if self.is_terminal:
            super().print(*objects, **options)
            return
        with self.capture() as captured:
            super().print(*objects, **{"crop": False, **options})  # else rich cuts what is wider than a terminal
        self.file.write("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))
        self.file.flush()

    @property
    def options(self) -> ConsoleOptions:
        """How wide rich may print; rich asks for every print."""
        found = super().options
        return found if self.is_terminal else found.update_width(_UNBOUNDED)

    def render_str(self, text: str, **options: Any) -> Text:
        """The string as rich prints it; rich calls this for every string in a message and in a cell."""
        return super().render_str(escaped(text, keep=_MOST_KEPT), **{**options, "markup": False, "emoji": False})


console = PlainConsole()
errors = PlainConsole(stderr=True)


def print_json(value: Any) -> None:
    """Print one JSON value; dataclasses become objects, dates ISO strings; Chinese stays readable."""
    sys.stdout.write(f"{escaped(json.dumps(value, ensure_ascii=False, default=_plain))}\n")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def show_rows(rows: Sequence[Row], columns: Mapping[str, Column], *, as_json: bool) -> None:
    """Print rows: all of them as one JSON value, or as a table.

    columns: heading -> key of the row, or what makes the cell of a row.
    """
    if as_json:
        print_json(rows)
        return
    made = table(*columns)
    for row in rows:
        made.add_row(*(plain(row[column] if isinstance(column, str) else column(row)) for column in columns.values()))
    console.print(made)


def print_csv(rows: Iterable[Row], names: Sequence[str]) -> None:
    """Print rows as CSV with a line of names. Texts that a spreadsheet takes for formulas are escaped as in an export."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_cell(row[name]) for name in names])


def _csv_cell(value: Any) -> str | int | float | None:
    cell = csv_cell(value, escape=True)
    return escaped(cell) if isinstance(cell, str) else cell


def answer(value: Any, line: str, *, as_json: bool) -> None:
    """Print what a command has done: the value as JSON, or the line."""
    if as_json:
        print_json(value)
    else:
        say(line)


def table(*columns: str) -> Table:
    """An empty table in the one style that all commands share."""
    made = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def say(line: str) -> None:
    """Print one line on stdout, however long it is."""
    console.print(line, soft_wrap=True)


def warn(line: str) -> None:
    """Print one line on stderr, however long it is."""
    errors.print(escaped(line), soft_wrap=True)


def print_text(text: str) -> None:
    """Print a text of several lines on stdout, unwrapped."""
    typer.echo(escaped(text, keep=_MOST_KEPT))


def progress_bar(*columns: ProgressColumn) -> Progress:
    """Progress on stderr while the block lasts, when stderr is a terminal; by default in the columns of rich."""
    return Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)


def plain(value: Any) -> str:
    """A cell, in one line: None is empty, a list is joined, a time is cut to the minute."""
    if value is None:
        return ""
    if isinstance(value, list):
        return escaped(", ".join(map(str, value)))
    return value.strftime("%Y-%m-%d %H:%M") if hasattr(value, "hour") else escaped(str(value))
