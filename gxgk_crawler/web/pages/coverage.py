"""Home and places: which divisions have reported for which years, and why there is no report where there is none."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gxgk_crawler.analysis.absence import absence
from gxgk_crawler.analysis.matrix import PlaceYears, matrix, matrix_years
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.portal import PORTAL_TIME
from gxgk_crawler.rules.divisions import above, division_at, divisions_below, prefix_of, provinces
from gxgk_crawler.statutory.deadlines import last_due
from gxgk_crawler.store.views import coverage_years, events
from gxgk_crawler.store.views.report_lists import Listed, report_page
from gxgk_crawler.web.answers import CsvRows, MissingError, RoomPage
from gxgk_crawler.web.masking import masked_rows
from gxgk_crawler.web.room import NEWEST_NAME, division_name, following
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gxgk_crawler.analysis.matrix import MatrixRow
    from gxgk_crawler.rules.divisions import Division
    from gxgk_crawler.store.views.coverage_years import WatchedPortal, YearCount
    from gxgk_crawler.web.room import Ask

_WEEK = timedelta(days=7)
_TOTALS = ("reports", "undated", "late", "gone", "tampered", "doubtful")


def home(ask: Ask) -> RoomPage:
    """The country: provinces by years, totals, and what happened in the last seven days."""
    counts = coverage_years.province_counts(ask.conn)
    known = _known(counts, coverage_years.portals_below(ask.conn, ""), digits=2)
    years = matrix_years(known, ask.today)
    rows = matrix([(f"{one.code}0000", one.name) for one in provinces().values()], known, years, ask.today)
    totals = {name: sum(getattr(count, name) for count in counts) for name in _TOTALS}
    totals["portals"] = len([portal for portals in known.seen.values() for portal in portals])
    happened = events.Happened(since=ask.room.clock() - _WEEK, until=ask.room.clock())
    week = events.event_counts(ask.conn, happened)
    data = {
        "as_of": ask.today.isoformat(),
        "last_due": last_due(ask.today),
        "totals": totals,
        "yearless": sum(count.reports for count in counts if count.year == 0),
        "week": week,
        "rows": [_json_row(row) for row in rows],
    }
    return RoomPage(
        template="home",
        title=str(say(ask.language, "home.title")),
        data=data,
        rows=_csv(rows),
        show={
            "rows": rows,
            "years": years,
            "latest": masked_rows(ask, events.events(ask.conn, happened, 8)) if totals["reports"] else [],
            "is_empty": not totals["reports"] and not totals["portals"],
        },
    )


def place(ask: Ask) -> RoomPage:
    """One division: its own organs and what is below it by years, its portals, its reports, what happened here."""
    division = _division(ask.path["code"])
    prefix = prefix_of(division.code)
    counts = coverage_years.counts_below(ask.conn, prefix, 6)
    portals = coverage_years.portals_below(ask.conn, prefix)
    known = _known(counts, portals, digits=6)
    years = matrix_years(known, ask.today)
    below = [(one.code, one.name) for one in divisions_below(division.code)]
    rows = matrix(below, known, years, ask.today)
    own = coverage_years.counts_of(ask.conn, division.code)
    listed = report_page(
        ask.conn, Listed(prefix=division.code if ask.text("own") else prefix, own=bool(ask.text("own"))),
        after=ask.text("after"),
    )  # fmt: skip
    happened = events.Happened(since=ask.room.clock() - 52 * _WEEK, until=ask.room.clock(), prefix=prefix)
    data = {
        "division": division.code,
        "name": division.name,
        "within": [one.code for one in above(division, NEWEST_NAME)],
        "counts": [asdict(count) for count in own],
        "rows": [_json_row(row) for row in rows],
        "portals": portals if len(portals) <= 60 else [one for one in portals if one.division == division.code],
        "reports": masked_rows(ask, listed.rows),
        "after": listed.after,
    }
    return RoomPage(
        template="place",
        title=division.name,
        data=data,
        rows=_csv(rows) if rows else _csv_reports(masked_rows(ask, listed.rows)),
        next=following(ask, listed.after),
        show={
            "division": division,
            "within": above(division, NEWEST_NAME)[::-1],
            "rows": rows,
            "years": years,
            "own": _own_rows(own, years),
            "own_absent": {year: _own_absence(year, portals, division, ask.today) for year in years},
            "latest": masked_rows(ask, events.events(ask.conn, happened, 10)),
        },
    )


def place_year(ask: Ask) -> RoomPage:
    """One division in one year: every division in it with its reports, or with the reason why there is none."""
    division = _division(ask.path["code"])
    year = int(ask.path["year"])
    if not 1990 <= year <= 2100:
        raise MissingError
    prefix = prefix_of(division.code)
    known = _known(
        coverage_years.counts_below(ask.conn, prefix, 6),
        watched := coverage_years.portals_below(ask.conn, prefix),
        digits=6,
    )
    chosen = list(_all_below(division))
    portals: defaultdict[str, list[WatchedPortal]] = defaultdict(list)
    for portal in watched:
        portals[portal.division or ""].append(portal)
    rows = []
    for one in chosen:
        reports, late, gone, tampered = known.counts.get((one.code, year), (0, 0, 0, 0))
        reason = None if reports else absence(year, known.seen.get(one.code, ()), ask.today)
        seen = max((p.last_success for p in portals[one.code] if p.last_success), default=None)
        rows.append(
            {
                "division": one.code, "name": one.name, "within": division_name(one.parent), "year": year, "reports": reports,
                "late": late, "gone": gone, "tampered": tampered, "absent": reason,
                "portal": portals[one.code][0].name if portals[one.code] else None, "last_success": seen,
            }
        )  # fmt: skip
    only = ask.text("only")
    shown = [row for row in rows if not (only == "missing" and row["reports"])]
    listed = report_page(ask.conn, Listed(prefix=prefix, year=year), after=ask.text("after"))
    return RoomPage(
        template="place_year",
        title=f"{division.name} {year}",
        data={"division": division.code, "year": year, "rows": shown, "reports": masked_rows(ask, listed.rows), "after": listed.after},
        rows=CsvRows(columns=tuple(rows[0]), rows=lambda: shown),
        next=following(ask, listed.after),
        show={"division": division, "year": year, "rows": shown, "only": only, "all": len(rows),
              "missing": sum(1 for row in rows if not row["reports"]), "within": above(division, year)[::-1]},
    )  # fmt: skip


def _division(code: str) -> Division:
    """Raises MissingError for what is no code of a division."""
    full = code.ljust(6, "0") if code.isascii() and code.isdecimal() and len(code) in {2, 4, 6} else ""
    found = division_at(full, NEWEST_NAME)
    if found is None:
        raise MissingError("division")
    return found


def _all_below(division: Division) -> Iterable[Division]:
    """The division itself and all below it, each before those in it."""
    yield division
    for one in divisions_below(division.code):
        yield from _all_below(one)


def _known(counts: Iterable[YearCount], portals: Iterable[WatchedPortal], *, digits: int) -> PlaceYears:
    """digits: as far as the codes of the counts go."""
    seen: defaultdict[str, list[tuple[date | None, bool]]] = defaultdict(list)
    for portal in portals:
        day = None if portal.last_success is None else portal.last_success.astimezone(PORTAL_TIME).date()
        seen[(portal.division or "")[:digits]].append((day, portal.outcome in GOOD))
    found = {(one.division, one.year): (one.reports, one.late, one.gone, one.tampered) for one in counts if one.year}
    return PlaceYears(counts=found, seen=seen)


def _own_rows(counts: Iterable[YearCount], years: list[int]) -> list[tuple[str, list[YearCount | None]]]:
    """Kinds of organs, each with its count of every year."""
    by_organ: defaultdict[str, dict[int, YearCount]] = defaultdict(dict)
    for count in counts:
        by_organ[count.organ or "unknown"][count.year] = count
    order = ("government", "department", "township", "unknown")
    return [(organ, [by_organ[organ].get(year) for year in years]) for organ in order if organ in by_organ]


def _own_absence(year: int, portals: Iterable[WatchedPortal], division: Division, today: date) -> str:
    own = _known((), [portal for portal in portals if portal.division == division.code], digits=6)
    return absence(year, own.seen.get(division.code, ()), today)


def _json_row(row: MatrixRow) -> dict[str, Any]:
    return {
        "division": row.division,
        "name": row.name,
        "years": {
            cell.year: {"reports": cell.reports, "late": cell.late, "gone": cell.gone, "tampered": cell.tampered}
            for cell in row.cells
            if cell.reports
        },
        "absent": {cell.year: cell.absent for cell in row.cells if cell.absent},
    }


def _csv(rows: list[MatrixRow]) -> CsvRows:
    columns = ("division", "name", "year", "reports", "late", "gone", "tampered", "absent")
    return CsvRows(
        columns=columns,
        rows=lambda: (
            {"division": row.division, "name": row.name, **asdict(cell)} for row in rows for cell in row.cells
        ),
    )


_REPORT_COLUMNS = (
    "id",
    "portal",
    "url",
    "title",
    "issuer",
    "division",
    "year",
    "published_on",
    "version",
    "flags",
    "gone_at",
)


def _csv_reports(rows: list[dict[str, Any]]) -> CsvRows:
    return CsvRows(columns=_REPORT_COLUMNS, rows=lambda: rows)
