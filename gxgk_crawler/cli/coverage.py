"""`gxgk coverage`: which divisions have reported for which years, who was late, and what is gone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from gxgk_crawler.cli.coverage_page import page
from gxgk_crawler.cli.output import AsJson, console, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.rules.divisions import division_at
from gxgk_crawler.statutory.deadlines import deadline, last_due, organ_of
from gxgk_crawler.store.crawls import list_portals
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.report_queries import list_reports

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.rules.divisions import Division

_SHOWN = 20  # late or gone reports in a terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The reports of a division for one year. late, gone: how many of them."""

    reports: int
    late: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A division. within: the names of those above it, such as 四川省攀枝花市; None for a province.

    years: what there is. gaps: years without a report, from the first report on to the newest one due.
    """

    division: str | None
    name: str | None
    within: str | None
    years: dict[int, Cell]
    gaps: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A report that came after its legal date. days: how many. due: YYYY-MM-DD."""

    id: int
    division: str | None
    issuer: str | None
    year: int
    due: str
    published_on: str
    days: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The whole picture on the day `as_of` (YYYY-MM-DD). last_due: the newest year that everybody owes a report for.

    gone: reports whose pages answer 404 or 410. undated, yearless: how many cannot be judged. empty_portals: their names.
    """

    as_of: str
    last_due: int
    rows: list[Row]
    late: list[Late]
    gone: list[dict[str, Any]]
    undated: int
    yearless: int
    empty_portals: list[str] = field(default_factory=list)

    @property
    def span(self) -> list[int]:
        """All years from the first reported to the newest one due or reported."""
        years = [year for row in self.rows for year in row.years]
        return list(range(min(years), max([*years, self.last_due]) + 1)) if years else []


def coverage_of(reports: Iterable[dict[str, Any]], portals: Iterable[dict[str, Any]], today: date) -> Coverage:
    """The coverage that summaries of reports (`list_reports`) and portals (`list_portals`) show on that day."""
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
            {key: report[key] for key in ("id", "division", "issuer", "year", "title", "url", "gone_at")}
            for report in held
            if report["gone_at"] is not None
        ],
        undated=sum(report["published_on"] is None for report in held),
        yearless=sum(report["year"] is None for report in held),
        empty_portals=sorted(crawled - {report["portal"] for report in held}),
    )


def _late(report: dict[str, Any]) -> Late | None:
    if report["year"] is None or report["published_on"] is None:
        return None
    due = deadline(report["year"], organ_of(report["issuer"]))
    published = date.fromisoformat(report["published_on"])
    if due is None or published <= due:
        return None
    return Late(
        id=report["id"],
        division=report["division"],
        issuer=report["issuer"],
        year=report["year"],
        due=due.isoformat(),
        published_on=report["published_on"],
        days=(published - due).days,
        url=report["url"],
    )


def _row(code: str | None, reports: list[dict[str, Any]], late: set[int], due: int) -> Row:
    by_year: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for report in reports:
        if report["year"] is not None:
            by_year[report["year"]].append(report)
    years = {
        year: Cell(
            reports=len(found),
            late=sum(report["id"] in late for report in found),
            gone=sum(report["gone_at"] is not None for report in found),
        )
        for year, found in sorted(by_year.items())
    }
    newest = max(years, default=due)
    division = None if code is None else division_at(code, newest)
    gaps = [year for year in range(min(years), max(*years, due) + 1) if year not in years] if years else []
    return Row(
        division=code,
        name=None if division is None else division.name,
        within=None if division is None else _within(division, newest),
        years=years,
        gaps=gaps,
    )


def _within(division: Division, year: int) -> str | None:
    """The names of the divisions above, the highest first."""
    above = None if division.parent is None else division_at(division.parent, year)
    return None if above is None else (_within(above, year) or "") + above.name


def coverage(
    division: Annotated[str | None, typer.Option(help="Only this division and everything below it.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with a colour matrix to this file.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show which divisions have reported for which years, what came late, and which pages are gone."""
    with Database.open(config()) as database, database.begin() as conn:
        reports = list_reports(conn, division=division)
        portals = list_portals(conn) if division is None else []
    found = coverage_of(reports, portals, datetime.now(UTC).date())
    if html is not None:
        try:
            html.write_text(page(found), "utf-8")
        except OSError as error:
            raise ConfigError(f"{html} cannot be written: {error.strerror}") from error
    if as_json:
        print_json(found)
    elif html is not None:
        console.print(f"written to {html}", markup=False, soft_wrap=True)
    else:
        _print(found)


def _print(found: Coverage) -> None:
    made = table("Code", "Division", *(f"{year % 100:02d}" for year in found.span))
    made.padding = (0, 1, 0, 0)  # so that 18 years fit into 80 columns
    for column in (made.columns[0], *made.columns[2:]):
        column.no_wrap = True
    for row in found.rows:
        marks = (_mark(row.years.get(year), gap=year in row.gaps) for year in found.span)
        made.add_row(plain(row.division), row.name or "unknown", *marks)
    console.print(made)
    console.print("number: reports   !: some late   x: some gone   -: gap")
    late = (
        f"{report.days:>5} days late, due {report.due}: {report.issuer or report.division or ''} {report.year}  {report.url}"
        for report in found.late
    )
    gone = (
        f"  gone since {plain(report['gone_at'])[:10]}: {report['issuer'] or ''} {report['year'] or ''}  {report['url']}"
        for report in found.gone
    )
    _print_some(f"{len(found.late)} late", late)
    _print_some(f"{len(found.gone)} gone", gone)
    console.print(f"\n{found.undated} without a date, {found.yearless} without a year")
    if found.empty_portals:
        console.print(f"no report at all: {', '.join(found.empty_portals)}", markup=False, soft_wrap=True)


def _print_some(head: str, lines: Iterable[str]) -> None:
    """The first lines, and how many more there are."""
    waiting = iter(lines)
    first, rest = list(islice(waiting, _SHOWN)), sum(1 for _ in waiting)
    if not first:
        return
    console.print(f"\n{head}")
    for line in first:
        console.print(line, markup=False, soft_wrap=True)
    if rest:
        console.print(f"  and {rest} more: --json or --html lists them all")


def _mark(cell: Cell | None, *, gap: bool) -> Text:
    if cell is None:
        return Text("-", "red") if gap else Text("")
    signs = ("!" if cell.late else "") + ("x" if cell.gone else "")
    return Text(f"{cell.reports}{signs}", "yellow" if signs else "green")
