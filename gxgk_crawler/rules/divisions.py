"""Administrative divisions 行政区划 (GB/T 2260) of the county level and above, as they were in each year from 2007.

The table is `rules/divisions.csv`, distilled from yearly lists (see NOTICE). Codes change hands: 420607 was 襄阳区 until
2009 and is 襄州区 since. So every question names a year; for a year outside a code's intervals the nearest one answers,
because lists lag behind decrees (莱芜市, abolished in January 2019, ends in the list of 2017).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A division under one name. level: 1 province, 2 prefecture, 3 county. parent: code of the one above, or None.

    valid_from, valid_to: first and last year of the name, both included.
    """

    code: str
    level: int
    name: str
    parent: str | None
    valid_from: int
    valid_to: int

    def distance(self, year: int) -> int:
        """Years between `year` and the interval; 0 inside it."""
        return max(self.valid_from - year, year - self.valid_to, 0)


@cache
def _by_code() -> dict[str, list[Division]]:
    lines = files("gxgk_crawler.rules").joinpath("divisions.csv").read_text(encoding="utf-8").splitlines()
    table: dict[str, list[Division]] = {}
    for row in csv.DictReader(lines):
        division = Division(
            code=row["code"],
            level=int(row["level"]),
            name=row["name"],
            parent=row["parent"] or None,
            valid_from=int(row["valid_from"]),
            valid_to=int(row["valid_to"]),
        )
        table.setdefault(division.code, []).append(division)
    return table


def division_at(code: str, year: int) -> Division | None:
    """The division that had the code in that year, or in the nearest year known; None for an unknown code."""
    return min(
        _by_code().get(code, ()), key=lambda division: (division.distance(year), -division.valid_from), default=None
    )
