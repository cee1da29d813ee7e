"""What a table of an export is: its columns, its key, and the rows of other tables that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "strings",  # a list of strings
    "spans",  # a list of [start, end]
    "dates",  # a list of {value, source}
    "failures",  # a list of {url, reason, kind}
    "strings by name",
    "integers by name",
    "objects",  # a list of objects, as `gxgk show --json` prints them
    "object",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. nullable: a row may have no value there. said_by_page: text that a portal wrote, and that may be masked."""

    name: str
    kind: Kind
    meaning: str
    nullable: bool = False
    said_by_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Columns that name a row of another table, whose key `of` is."""

    columns: tuple[str, ...]
    table: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """One table, one file. key: the columns that tell its rows apart."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def said(name: str, meaning: str, kind: Kind = "string", *, nullable: bool = True) -> Column:
    """A column of words that a portal wrote."""
    return Column(name=name, kind=kind, meaning=meaning, nullable=nullable, said_by_page=True)


def fact(name: str, kind: Kind, meaning: str) -> Column:
    """A column that every row has."""
    return Column(name=name, kind=kind, meaning=meaning)


def maybe(name: str, kind: Kind, meaning: str) -> Column:
    """A column that a row may have."""
    return Column(name=name, kind=kind, meaning=meaning, nullable=True)


# Of every row that is about a report.
KEY = fact(
    "key",
    "string",
    "stable name of the report: from the name of its portal and its canonical URL, the same in every archive",
)
