"""`gxgk detect NAME|URL` names the family of a portal; `gxgk add NAME|URL` writes its file, one saved page and its golden."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from gxgk_crawler.cli.options import AsJson  # noqa: TC001 - typer reads it
from gxgk_crawler.cli.output import console, plain, print_json, say, table, warn
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders import portal_loader

if TYPE_CHECKING:
    from gxgk_crawler.crawl.survey import Survey
    from gxgk_crawler.rules.registry import RegistryRow

Target = Annotated[
    str,
    typer.Argument(help="A name of the registry, or the portal's home page or disclosure index.", metavar="NAME|URL"),
]
Setting = Annotated[list[str] | None, typer.Option("-s", help="A Scrapy setting NAME=VALUE.")]


def detect(target: Target, setting: Setting = None, *, as_json: AsJson = False) -> None:
    """Fetch a few pages of a portal and name its family, with the evidence."""
    row = _row_of(target)
    url = row.entry if row else target
    survey = _survey(url, setting, row)
    if as_json:
        print_json(
            {
                "url": url,
                "family": survey.family,
                "evidence": [{"url": u, "family": family, "marks": marks} for u, family, marks in survey.evidence],
                "title": survey.title,
                "site_code": survey.site_code,
                "channels": [{"url": u, "title": title} for u, title in survey.channels.items()],
                "sample": survey.sample.url if survey.sample else None,
            }
        )
        return
    say(f"family: {survey.family}")
    made = table("Page", "Family", "Marks")
    for page, family, marks in survey.evidence:
        made.add_row(page, family, plain(marks))
    console.print(made)
    for channel, title in survey.channels.items():
        say(f"channel: {title} {channel}")
    if not survey.channels:
        say("no channel of annual reports was found")


def add(
    target: Target,
    name: Annotated[str | None, typer.Option(help="Name of the spider; by default a label of the host.")] = None,
    division: Annotated[
        str | None,
        typer.Option(help="Division that the portal belongs to, by code or name; none for a central organ."),
    ] = None,
    root: Annotated[Path, typer.Option(help="The checkout to write to.")] = Path(),
    setting: Setting = None,
) -> None:
    """Write a portal file, one saved page and its golden, for you to check and commit. Overwrites nothing.

    Of a row of the registry, name, title, division, hosts and lists are taken from the row.

    Example: gxgk add https://www.hlbe.gov.cn/ --name hlbe --division 150700
    """
    from gxgk_crawler.spiders import scaffold  # noqa: PLC0415 - scrapy costs half a second
    from gxgk_crawler.spiders.registered import portal_of  # noqa: PLC0415

    if not (root / "gxgk_crawler" / "spiders").is_dir():
        raise ConfigError(f"{root.absolute()} is no checkout of gxgk_crawler")
    row = _row_of(target)
    url = row.entry if row else target
    Portal.entered_at(url)  # raises ConfigError before the name of the host is used
    spider = scaffold.checked_name(name or (row.name if row else scaffold.name_of(url)))
    if division is not None:
        scaffold.division_of(division, None)  # raises before anything is fetched
    survey = _survey(url, setting, row)
    if survey.sample is None:
        raise NotFoundError(f"no annual report was found from {url}; `gxgk detect {target}` shows what was looked at")
    if row is not None and division is None:
        portal = portal_of(row)
    else:
        code = scaffold.division_of(division, survey.site_code, title=survey.title, host=urlsplit(url).hostname)
        portal = scaffold.described(survey, url, spider, code)
    made = scaffold.new_files(survey.family, survey.sample, spider, portal)
    files = {root / path: content for path, content in made.items()}
    taken = [path for path in files if path.exists()]
    if taken:
        raise ConfigError(f"{taken[0]} is there already")
    package, docstring = scaffold.package_file(next(iter(files)))
    if not package.exists():
        files[package] = docstring
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        say(f"wrote {path}")
    warn("Read what was written, above all expected.json, before you commit it.")


def _row_of(target: str) -> RegistryRow | None:
    """The row of the registry with this name; None for a URL. Raises NotFoundError for a name that no row has."""
    if "/" in target or "." in target or ":" in target:
        return None
    row = portal_loader().rows.get(target)
    if row is None:
        raise NotFoundError(
            f"no row of the registry has the name {target}: give a URL; `gxgk portals --registry` lists the names"
        )
    return row


def _survey(url: str, setting: list[str] | None, row: RegistryRow | None) -> Survey:
    from gxgk_crawler.crawl.survey import survey_portal  # noqa: PLC0415 - scrapy costs half a second

    further = (row.annual_report_url,) if row is not None and row.annual_report_url else ()
    return survey_portal(url, dict(pair.partition("=")[::2] for pair in setting or []), further)
