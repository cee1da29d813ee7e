"""The registry: every government portal of the country that is known, one row each (`rules/portals.csv`; see NOTICE).

A row is data, not a promise: `confidence` says how sure host and place are, `last_seen` the year in which a source last
named them. A name is never changed once it was released, because reports are kept under it (docs/registry.md).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import urlsplit

import re2

from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.rules.load import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Level = Literal["ministry", "province", "prefecture", "county", "zone"]
Confidence = Literal["A", "B", "C"]

NAME = re2.compile(r"[a-z][a-z0-9_]{0,62}")
_WANTED = ("name", "title", "entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRow:
    """One portal of the registry.

    name: as in `scrapy crawl NAME`. division: GB/T 2260 code, or None for a central organ. entry: the URL a crawl begins at.
    hosts_also: further hosts of the portal. family: the CMS that its URLs show, or None. annual_report_url: a list of annual
    reports, or a page beside them. confidence: A two or more sources, B one source and a page title that names the place,
    C one source. sources: how many. last_seen: year of the newest source. note: what is odd about the row.
    """

    name: str
    title: str
    entry: str
    level: Level
    division: str | None = None
    hosts_also: tuple[str, ...] = ()
    site_code: str | None = None
    family: str | None = None
    annual_report_url: str | None = None
    confidence: Confidence = "C"
    sources: int = 1
    last_seen: int | None = None
    note: str | None = None


@cache
def registry() -> dict[str, RegistryRow]:
    """All portals of the registry by name, in its order: central organs, provinces, then by division code."""
    return rows_of(read_table("portals"), "rules/portals.csv")


def read_overlay(path: Path) -> dict[str, RegistryRow]:
    """The rows of a further registry file with the columns of `rules/portals.csv`; {} when there is none.

    Raises ConfigError, with the line, when a row cannot be used.
    """
    if not path.is_file():
        return {}
    return rows_of(csv.DictReader(path.read_text("utf-8").splitlines()), str(path))


def rows_of(table: Iterable[Mapping[str, str | None]], source: str) -> dict[str, RegistryRow]:
    """The rows of a table by name. source: what an error calls the table. Raises ConfigError when a row cannot be used."""
    found: dict[str, RegistryRow] = {}
    for number, cells in enumerate(table, 2):  # the first line of the file names the columns
        try:
            row = _row(cells)
        except (ValueError, TypeError) as error:
            raise ConfigError(f"{source}, line {number}: {error}") from error
        if row.name in found:
            raise ConfigError(f"{source}, line {number}: the name {row.name} stands twice")
        found[row.name] = row
    return found


_FIELDS = frozenset(field.name for field in fields(RegistryRow))
_ALLOWED = (("level", get_args(Level)), ("confidence", get_args(Confidence)))


def _row(cells: Mapping[str, str | None]) -> RegistryRow:
    given = {key: value.strip() for key, value in cells.items() if value and key in _FIELDS and not value.isspace()}
    missing = [name for name in _WANTED if name not in given]
    if missing:
        raise ValueError(f"no {' and no '.join(missing)}")
    if not NAME.fullmatch(given["name"]):
        raise ValueError(f"a name is small letters, digits and _, not {given['name']!r}")
    entry = urlsplit(given["entry"])
    if entry.scheme not in {"http", "https"} or not entry.hostname:
        raise ValueError(f"entry must be an http or https URL, not {given['entry']!r}")
    for key, allowed in _ALLOWED:
        if given.get(key, allowed[-1]) not in allowed:
            raise ValueError(f"{key} must be one of {', '.join(allowed)}, not {given[key]!r}")
    return RegistryRow(
        name=given["name"],
        title=given["title"],
        entry=given["entry"],
        level=given.get("level", level_of(given.get("division"))),  # type: ignore[arg-type]  # checked just above
        division=given.get("division"),
        hosts_also=tuple(given.get("hosts_also", "").replace(",", " ").replace(";", " ").split()),
        site_code=given.get("site_code"),
        family=given.get("family"),
        annual_report_url=given.get("annual_report_url"),
        confidence=given.get("confidence", "C"),  # type: ignore[arg-type]  # checked just above
        sources=int(given.get("sources", "1")),
        last_seen=int(given["last_seen"]) if "last_seen" in given else None,
        note=given.get("note"),
    )


def level_of(division: str | None) -> Level:
    """The level of a row that gives none, by its code: 150000 province, 150700 prefecture, 150702 county."""
    if division is None:
        return "ministry"
    return "province" if division.endswith("0000") else "prefecture" if division.endswith("00") else "county"


def chosen_rows(
    rows: Iterable[RegistryRow],
    *,
    division: str | None = None,
    level: str | None = None,
    family: str | None = None,
    confidence: str | None = None,
) -> list[RegistryRow]:
    """The rows that are all of what is given.

    division: a code of 2, 4 or 6 digits or an official name, with everything below it. level: one of Level. family: its
    name, `generic` for rows that name none. confidence: this one or a better one. Raises NotFoundError for an unknown division
    and for a family of no row.
    """
    rows = list(rows)
    if family is not None and not any(family == (row.family or "generic") for row in rows):
        known = sorted({row.family or "generic" for row in rows})
        raise NotFoundError(f"no portal is of the family {family!r}; the families are {', '.join(known)}")
    prefixes = tuple(code_prefixes(division)) if division is not None else ("",)
    return [
        row
        for row in rows
        if (row.division or "").startswith(prefixes)
        and level in {None, row.level}
        and family in {None, row.family or "generic"}
        and (confidence is None or row.confidence <= confidence)
    ]
