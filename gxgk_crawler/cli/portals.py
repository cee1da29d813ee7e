"""`gxgk portals`: which portals there are; and the portals that a command line means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.cli.options import (  # noqa: TC001 - typer reads them
    AsJson,
    MinConfidence,
    PortalDivision,
    PortalFamily,
    PortalLevel,
)
from gxgk_crawler.cli.output import show_rows, warn
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.jobs.due import switched_on
from gxgk_crawler.rules.registry import RegistryRow, chosen_rows, level_of
from gxgk_crawler.spiders import portal_loader, spiders

if TYPE_CHECKING:
    from gxgk_crawler.crawl.spider import PortalSpider
    from gxgk_crawler.spiders.loader import PortalLoader
    from gxgk_crawler.store.postgres.database import Database


def portals(
    division: PortalDivision = None,
    level: PortalLevel = None,
    family: PortalFamily = None,
    confidence: MinConfidence = None,
    *,
    registry: Annotated[
        bool, typer.Option("--registry", help="Every portal of the country that is known, with or without a file.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the portals that have a file, or all of the registry; each is crawled by its name.

    Example: gxgk portals --registry --division 15 --level county
    """
    loader, filed = portal_loader(), spiders()
    known = (
        _rows(loader, filed).values()
        if registry
        else [row for row in _rows(loader, filed).values() if row.name in filed]
    )
    rows = chosen_rows(known, division=division, level=level, family=family, confidence=confidence)
    warn_of_broken(loader)
    columns = {"Name": "name", "Title": "title", "Division": "division", "Family": "family", "Entry": "entry"}
    if registry:
        columns |= {"Level": "level", "Sure": "confidence", "Seen": "last_seen"}
    show_rows([_shown(row, is_filed=row.name in filed) for row in rows], columns, as_json=as_json)


def warn_of_broken(loader: PortalLoader) -> bool:
    """Name on stderr every portal file that cannot be used, and every host that portals share; True when a file cannot be used."""
    for path, reason in loader.broken.items():
        warn(f"{path} cannot be used: {reason}")
    for host, names in loader.shared.items():
        warn(f"the portals {', '.join(names)} begin on one host, {host}")
    return bool(loader.broken)


def _shown(row: RegistryRow, *, is_filed: bool) -> dict[str, Any]:
    return {
        "name": row.name,
        "title": row.title,
        "division": row.division,
        "family": row.family or "generic",
        "entry": row.entry,
        "level": row.level,
        "site_code": row.site_code,
        "confidence": row.confidence,
        "sources": row.sources,
        "last_seen": row.last_seen,
        "annual_report_url": row.annual_report_url,
        "note": row.note,
        "file": is_filed,
    }


def _rows(loader: PortalLoader, filed: dict[str, type[PortalSpider]]) -> dict[str, RegistryRow]:
    """Every portal as a row, by name: those with a file first, in their file's words."""
    rows: dict[str, RegistryRow] = {}
    for name, spider in filed.items():
        portal, row = spider.portal, loader.rows.get(name)
        rows[name] = RegistryRow(
            name=name,
            title=portal.title,
            entry=portal.entry,
            division=portal.division,
            level=row.level if row else level_of(portal.division),
            hosts_also=portal.hosts,
            site_code=portal.site_code,
            family=spider.family.name,
            annual_report_url=row.annual_report_url if row else None,
            confidence="A",  # a person has looked at the portal to write its file
            sources=row.sources if row else 1,
            last_seen=row.last_seen if row else None,
            note=row.note if row else None,
        )
    return rows | {name: row for name, row in loader.rows.items() if name not in rows}


def chosen_portals(
    names: list[str] | None,
    *,
    every: bool,
    division: str | None = None,
    level: str | None = None,
    database: Database | None = None,
) -> list[str]:
    """Names of the portals that a command line means.

    names: any of the registry. every: those that have a file or are switched on; database: says which are switched on.
    division, level: those of the registry that are both; see chosen_rows. Raises ConfigError when nothing or two things
    are given, NotFoundError for what does not exist.
    """
    loader = portal_loader()
    by_place = division is not None or level is not None
    if sum((bool(names), every, by_place)) != 1:
        raise ConfigError("name a portal, or give --division and --level, or --all; `gxgk portals` lists them")
    if every:
        if database is None:
            return list(spiders())
        with database.begin() as conn:
            return switched_on(conn)
    if by_place:
        rows = chosen_rows(_rows(loader, spiders()).values(), division=division, level=level)
        if not rows:
            raise NotFoundError("no portal of the registry is of this division and level")
        return [row.name for row in rows]
    wanted = list(dict.fromkeys(names or []))
    unknown = [name for name in wanted if not loader.describes(name) or name == "portal"]
    if unknown:
        raise NotFoundError(f"unknown portal {', '.join(unknown)}; `gxgk portals --registry` lists them")
    return wanted
