"""Arguments and options that several commands share, as typer reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gxgk_crawler.errors import ConfigError
from gxgk_crawler.rules.registry import Confidence, Level

if TYPE_CHECKING:
    from gxgk_crawler.store.filters import State

_FIRST_YEAR, _LAST_YEAR = 1900, 2999
MOST = 1_000_000  # what a number of rows, versions, days or seconds may be at most
MOST_JOBS = 256  # processes at once

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print a table as CSV and nothing else.")]

# Which reports.
PortalName = Annotated[str | None, typer.Option(help="Only this portal, by its spider name.")]
Year = Annotated[int | None, typer.Option(min=_FIRST_YEAR, max=_LAST_YEAR, help="Only this reporting year.")]
Since = Annotated[
    int | None, typer.Option(min=_FIRST_YEAR, max=_LAST_YEAR, help="Only this reporting year and later ones.")
]
Until = Annotated[
    int | None, typer.Option(min=_FIRST_YEAR, max=_LAST_YEAR, help="Only this reporting year and earlier ones.")
]
Division = Annotated[
    str | None,
    typer.Option(help="Only this division and everything below it: a code of 2, 4 or 6 digits, or a name."),
]
Issuer = Annotated[str | None, typer.Option(help="Only issuers whose name contains this.")]
Organ = Annotated[str | None, typer.Option(help="Only organs whose full name contains this, such as 呼伦贝尔市教育局.")]
Flag = Annotated[str | None, typer.Option(help="Only reports with this flag, such as low_confidence.")]
Gone = Annotated[bool, typer.Option("--gone", help="Only reports that the portal no longer has.")]
Changed = Annotated[bool, typer.Option("--changed", help="Only reports with more than one version.")]
Tampered = Annotated[bool, typer.Option("--tampered", help="Only reports whose page held foreign words.")]
Limit = Annotated[int | None, typer.Option("-n", "--limit", min=1, max=MOST, help="At most so many.")]
ReportId = Annotated[
    str, typer.Argument(help="Number or key of the report, as `gxgk reports` prints them.", metavar="ID")
]
OnlyReport = Annotated[
    str | None, typer.Option("--report", help="Only the report of this number or key.", metavar="ID")
]

# Which portals, and how they are crawled.
PortalNames = Annotated[list[str] | None, typer.Argument(help="Portals.", metavar="[NAME]...")]
PortalDivision = Annotated[
    str | None,
    typer.Option(
        "--division", help="Those of this division and everything below it: a code of 2, 4 or 6 digits, or a name."
    ),
]
PortalLevel = Annotated[Level | None, typer.Option("--level", help="Only portals of this level.")]
PortalFamily = Annotated[str | None, typer.Option("--family", help="Only portals of this CMS, such as trs.")]
MinConfidence = Annotated[
    Confidence | None,
    typer.Option("--confidence", help="At least so sure: A two or more sources, B one and a page title, C one."),
]
AllPortals = Annotated[bool, typer.Option("--all", help="All portals that have a file or are switched on.")]
ScrapySettings = Annotated[
    list[str] | None, typer.Option("-s", help="A Scrapy setting NAME=VALUE, handed on to every crawl.")
]
Recheck = Annotated[
    Literal["all", "due", "none"], typer.Option(help="Known reports to look at again: all, due or none.")
]


def chosen_state(*, gone: bool, changed: bool, tampered: bool) -> State | None:
    """The one state of --gone, --changed and --tampered that is asked for. Raises ConfigError for two of them."""
    asked: dict[State, bool] = {"gone": gone, "changed": changed, "tampered": tampered}
    given = [state for state, wanted in asked.items() if wanted]
    if len(given) > 1:
        raise ConfigError(f"--{given[0]} and --{given[1]} exclude each other: give one of them")
    return given[0] if given else None
