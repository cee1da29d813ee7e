"""A series as a table: one row for each organ, one column for each year, and a state for every place in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The forms of the statutory tables: until 2018, 2019 and 2020, since 2021.
FORM_CHANGES = (2019, 2021)

PointState = Literal["ok", "blank", "text", "check_failed", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoint:
    """One organ in one year. row: of the series; None where the archive has no such cell."""

    year: int
    state: PointState
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTable:
    """rows: (organ, division, points in the order of `years`). missing, failed: how many points are."""

    years: list[int]
    rows: list[tuple[str, str | None, list[SeriesPoint]]] = field(default_factory=list)
    missing: int = 0
    failed: int = 0


def series_table(series: Iterable[Mapping[str, Any]]) -> SeriesTable:
    """The table of a series. series: rows as `store.figures.series.read_series` returns them; one for each organ and year."""
    found: dict[tuple[str, str | None], dict[int, Mapping[str, Any]]] = {}
    for row in series:
        if row["year"] is not None:
            found.setdefault((row["organ"], row["division"]), {}).setdefault(row["year"], row)
    seen = {year for points in found.values() for year in points}
    years = list(range(min(seen), max(seen) + 1)) if seen else []
    rows = [
        (organ, division, [_point(year, points.get(year)) for year in years])
        for (organ, division), points in found.items()
    ]
    states = [point.state for _, _, points in rows for point in points]
    return SeriesTable(years=years, rows=rows, missing=states.count("missing"), failed=states.count("check_failed"))


def _point(year: int, row: Mapping[str, Any] | None) -> SeriesPoint:
    if row is None:
        return SeriesPoint(year=year, state="missing")
    if row["value"] is None:
        return SeriesPoint(year=year, state="blank" if row["semantic"] in {"blank", "na"} else "text", row=row)
    return SeriesPoint(year=year, state="check_failed" if row["verdict"] == "fail" else "ok", row=row)
