"""Arguments and options that several commands share, as typer reads them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]

# Which reports.
PortalName = Annotated[str | None, typer.Option(help="Only this portal, by its spider name.")]
Year = Annotated[int | None, typer.Option(help="Only this reporting year.")]
Since = Annotated[int | None, typer.Option(help="Only this reporting year and later ones.")]
Until = Annotated[int | None, typer.Option(help="Only this reporting year and earlier ones.")]
Division = Annotated[str | None, typer.Option(help="Only this division code and everything below it.")]
Issuer = Annotated[str | None, typer.Option(help="Only issuers whose name contains this.")]
Flag = Annotated[str | None, typer.Option(help="Only reports with this flag, such as low_confidence.")]
ReportId = Annotated[int, typer.Argument(help="Number of the report, as `gxgk reports` prints it.", metavar="ID")]

# Which portals, and how they are crawled.
PortalNames = Annotated[list[str] | None, typer.Argument(help="Portals.", metavar="[NAME]...")]
AllPortals = Annotated[bool, typer.Option("--all", help="All portals.")]
ScrapySettings = Annotated[
    list[str] | None, typer.Option("-s", help="A Scrapy setting NAME=VALUE, handed on to every crawl.")
]
Recheck = Annotated[
    Literal["all", "due", "none"], typer.Option(help="Known reports to look at again: all, due or none.")
]
