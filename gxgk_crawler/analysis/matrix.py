"""The coverage matrix: divisions by years, with how many reports there are, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.analysis.absence import absence
from gxgk_crawler.rules.divisions import prefix_of
from gxgk_crawler.statutory.deadlines import last_due

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from gxgk_crawler.analysis.absence import Absence

FIRST_YEAR = 2008  # the Regulations came into force on 1 May 2008


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One division, one year. late, gone, tampered: how many of the reports are. absent: why there is none; None when there is one."""

    year: int
    reports: int = 0
    late: int = 0
    gone: int = 0
    tampered: int = 0
    absent: Absence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One division with everything below it. cells: newest year first."""

    division: str
    name: str
    cells: list[MatrixCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceYears:
    """What is known of reports and portals, by division.

    counts: (division code, year) -> (reports, late, gone, tampered). seen: division code -> for each of its portals, the day of the last
    crawl that ended well, and whether the last crawl did.
    """

    counts: Mapping[tuple[str, int], tuple[int, int, int, int]]
    seen: Mapping[str, Sequence[tuple[date | None, bool]]]

    def below(self, prefix: str) -> PlaceYears:
        """The part of the divisions whose codes begin with `prefix`."""
        return PlaceYears(
            counts={key: count for key, count in self.counts.items() if key[0].startswith(prefix)},
            seen={code: portals for code, portals in self.seen.items() if code.startswith(prefix)},
        )


def matrix_years(known: PlaceYears, today: date) -> list[int]:
    """The columns: from the first year with a report to the newest one due or reported, newest first."""
    years = [year for _, year in known.counts if year]
    last = max([last_due(today), *years])
    return list(range(last, min([*(year for year in years if year >= FIRST_YEAR), last_due(today) - 4]) - 1, -1))


def matrix(
    divisions: Iterable[tuple[str, str]], known: PlaceYears, years: Sequence[int], today: date
) -> list[MatrixRow]:
    """One row for each division. divisions: (code, name), in order. years: the columns."""
    found = []
    for code, name in divisions:
        part = known.below(prefix_of(code))
        seen = [portal for portals in part.seen.values() for portal in portals]
        sums: dict[int, list[int]] = {}
        for (_, year), count in part.counts.items():
            sums[year] = [a + b for a, b in zip(sums.get(year, [0, 0, 0, 0]), count, strict=True)]
        cells = [_cell(year, sums.get(year), seen, today) for year in years]
        found.append(MatrixRow(division=code, name=name, cells=cells))
    return found


def _cell(year: int, sums: list[int] | None, seen: Sequence[tuple[date | None, bool]], today: date) -> MatrixCell:
    if sums is None:
        return MatrixCell(year=year, absent=absence(year, seen, today))
    return MatrixCell(year=year, reports=sums[0], late=sums[1], gone=sums[2], tampered=sums[3])
