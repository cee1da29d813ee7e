"""`gxgk coverage`: which divisions have reported for which years, which reports came late, and which are gone."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from gxgk_crawler.analysis.coverage import coverage_of
from gxgk_crawler.cli.options import AsJson  # noqa: TC001 - typer reads it
from gxgk_crawler.cli.output import console, plain, print_json, say, table
from gxgk_crawler.cli.read.coverage_page import page
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.store.crawls import list_portals
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.report_queries import list_reports

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.analysis.coverage import Coverage, CoverageCell

_SHOWN = 20  # late or gone reports in a terminal


def coverage(
    division: Annotated[str | None, typer.Option(help="Only this division and everything below it.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with a colour matrix to this file.")] = None,
    *,
    organs: Annotated[bool, typer.Option("--organs", help="One row per body that reports, not per division.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show which divisions have reported for which years, what came late, and which pages are gone."""
    with Database.open(config()) as database, database.begin() as conn:
        reports = list_reports(conn, Filters(division=division))
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
        say(f"written to {html}")
    else:
        _print(found, organs=organs)


def _print(found: Coverage, *, organs: bool) -> None:
    made = table("Code", "Organ" if organs else "Division", *(f"{year % 100:02d}" for year in found.span))
    made.padding = (0, 1, 0, 0)  # so that 18 years fit into 80 columns
    for column in (made.columns[0], *made.columns[2:]):
        column.no_wrap = True
    named = (
        [(row, row.organ) for row in found.organs] if organs else [(row, row.name or "unknown") for row in found.rows]
    )
    for row, name in named:
        marks = (_mark(row.years.get(year), gap=year in row.gaps) for year in found.span)
        made.add_row(plain(row.division), plain(name), *marks)
    console.print(made)
    console.print("number: reports   !: some late   x: some gone   -: gap")
    late = (
        f"{report.days:>5} days late, due {report.due}: {report.organ or report.division or ''} {report.year}  {report.url}"
        for report in found.late
    )
    gone = (
        f"  gone since {plain(report['gone_at'])[:10]}: {report['organ'] or ''} {report['year'] or ''}  {report['url']}"
        for report in found.gone
    )
    _print_some(f"{len(found.late)} late", late)
    _print_some(f"{len(found.gone)} gone", gone)
    console.print(f"\n{found.undated} without a date, {found.yearless} without a year")
    if found.empty_portals:
        say(f"no report at all: {', '.join(found.empty_portals)}")


def _print_some(head: str, lines: Iterable[str]) -> None:
    """The first lines, and how many more there are."""
    waiting = iter(lines)
    first, rest = list(islice(waiting, _SHOWN)), sum(1 for _ in waiting)
    if not first:
        return
    console.print(f"\n{head}")
    for line in first:
        say(line)
    if rest:
        console.print(f"  and {rest} more: --json or --html lists them all")


def _mark(cell: CoverageCell | None, *, gap: bool) -> Text:
    if cell is None:
        return Text("-", "red") if gap else Text("")
    signs = ("!" if cell.late else "") + ("x" if cell.gone else "")
    return Text(f"{cell.reports}{signs}", "yellow" if signs else "green")
