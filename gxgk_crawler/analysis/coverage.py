"""Which divisions have reported for which years, which reports came late, and which are gone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from gxgk_crawler.rules.divisions import division_at
from gxgk_crawler.statutory.deadlines import deadline, last_due, organ_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.rules.divisions import Division


_OF_GONE = ("id", "key", "division", "issuer", "year", "title", "url", "gone_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCell:
    """The reports of a division for one year. late, gone: how many of them came late, have left their portal."""

    reports: int
    late: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """A division and its reports.

    within: names of the divisions above it, such as 四川省攀枝花市; None for a province. years: the reports by year. gaps: years
    without a report, from the first report to the newest one due.
    """

    division: str | None
    name: str | None
    within: str | None
    years: dict[int, CoverageCell]
    gaps: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganRow:
    """A body that reports, and its reports. organ: its full name, else its name as printed. years, gaps: as of CoverageRow."""

    organ: str
    division: str | None
    years: dict[int, CoverageCell]
    gaps: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReport:
    """A report that came after its legal date. days: how many days late. due, published_on: YYYY-MM-DD."""

    id: int
    key: str
    division: str | None
    organ: str | None
    issuer: str | None
    year: int
    due: str
    published_on: str
    days: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The coverage of all divisions on the day `as_of` (YYYY-MM-DD).

    last_due: the newest year for which every organ owes a report. rows: by division. organs: by the body that reports.
    gone: reports whose pages answer 404 or 410. undated, yearless: how many reports state no date, no year, and cannot be
    judged. empty_portals: names of portals without a report.
    """

    as_of: str
    last_due: int
    rows: list[CoverageRow]
    late: list[LateReport]
    gone: list[dict[str, Any]]
    undated: int
    yearless: int
    empty_portals: list[str] = field(default_factory=list)
    organs: list[OrganRow] = field(default_factory=list)

    @property
    def span(self) -> list[int]:
        """All years from the first one reported to the newest one due or reported."""
        years = [year for row in self.rows for year in row.years]
        return list(range(min(years), max([*years, self.last_due]) + 1)) if years else []


def coverage_of(reports: Iterable[dict[str, Any]], portals: Iterable[dict[str, Any]], today: date) -> Coverage:
    """The coverage on the day `today`.

    reports: summaries as `store.report_queries.list_reports` returns them. portals: as `store.crawls.list_portals` does.
    """
    held = list(reports)
    due = last_due(today)
    late = [found for report in held if (found := _late(report)) is not None]
    late_ids = {found.id for found in late}
    by_division: defaultdict[str | None, list[dict[str, Any]]] = defaultdict(list)
    crawled = set()
    for portal in portals:
        by_division[portal["division"]] += []
        crawled.add(portal["name"])
    for report in held:
        by_division[report["division"]].append(report)
    rows = [_row(code, found, late_ids, due) for code, found in by_division.items()]
    return Coverage(
        as_of=today.isoformat(),
        last_due=due,
        rows=sorted(rows, key=lambda row: row.division or "~"),
        late=sorted(late, key=lambda found: (-found.days, found.year, found.id)),
        gone=[
            {**{key: report[key] for key in _OF_GONE}, "organ": name_of(report)}
            for report in held
            if report["gone_at"] is not None
        ],
        undated=sum(report["published_on"] is None for report in held),
        yearless=sum(report["year"] is None for report in held),
        empty_portals=sorted(crawled - {report["portal"] for report in held}),
        organs=_organs(held, late_ids, due),
    )


def name_of(report: dict[str, Any]) -> str | None:
    """What the body that reports is called: its full name, else its name as printed."""
    organ = report["organ"]
    name: str | None = report["issuer"] if organ is None else organ["name"]
    return name


def _organs(reports: list[dict[str, Any]], late: set[int], due: int) -> list[OrganRow]:
    """Two bodies of one name are two when their divisions differ; what names no body is in no row."""
    by_organ: defaultdict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for report in reports:
        if (name := name_of(report)) is not None:
            by_organ[name, report["division"]].append(report)
    rows = []
    for (name, division), found in by_organ.items():
        years = _years(found, late)
        rows.append(OrganRow(organ=name, division=division, years=years, gaps=_gaps(years, due)))
    return sorted(rows, key=lambda row: (row.division or "~", row.organ))


def _late(report: dict[str, Any]) -> LateReport | None:
    if report["year"] is None or report["published_on"] is None:
        return None
    organ = name_of(report)
    due = deadline(report["year"], organ_of(organ))
    published = date.fromisoformat(report["published_on"])
    if due is None or published <= due:
        return None
    return LateReport(
        id=report["id"],
        key=report["key"],
        division=report["division"],
        organ=organ,
        issuer=report["issuer"],
        year=report["year"],
        due=due.isoformat(),
        published_on=report["published_on"],
        days=(published - due).days,
        url=report["url"],
    )


def _years(reports: list[dict[str, Any]], late: set[int]) -> dict[int, CoverageCell]:
    by_year: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for report in reports:
        if report["year"] is not None:
            by_year[report["year"]].append(report)
    return {
        year: CoverageCell(
            reports=len(found),
            late=sum(report["id"] in late for report in found),
            gone=sum(report["gone_at"] is not None for report in found),
        )
        for year, found in sorted(by_year.items())
    }


def _gaps(years: dict[int, CoverageCell], due: int) -> list[int]:
    return [year for year in range(min(years), max(*years, due) + 1) if year not in years] if years else []


def _row(code: str | None, reports: list[dict[str, Any]], late: set[int], due: int) -> CoverageRow:
    years = _years(reports, late)
    newest = max(years, default=due)
    division = None if code is None else division_at(code, newest)
    return CoverageRow(
        division=code,
        name=None if division is None else division.name,
        within=None if division is None else _within(division, newest),
        years=years,
        gaps=_gaps(years, due),
    )


def _within(division: Division, year: int) -> str | None:
    """The names of the divisions above, the highest first."""
    above = None if division.parent is None else division_at(division.parent, year)
    return None if above is None else (_within(above, year) or "") + above.name
