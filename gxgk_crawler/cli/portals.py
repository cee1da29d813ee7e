"""`gxgk portals`: which portals there are, and whether their entry pages answer; and the portals that a command line means."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.cli.options import (  # noqa: TC001 - typer reads them
    AsJson,
    MinConfidence,
    PortalDivision,
    PortalFamily,
    PortalLevel,
    PortalNames,
    ScrapySettings,
)
from gxgk_crawler.cli.output import print_json, print_text, show_rows, warn
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.rules.registry import RegistryRow, chosen_rows, level_of
from gxgk_crawler.rules.registry import registry as registry_rows
from gxgk_crawler.spiders import plain_spiders, portal_loader, spiders
from gxgk_crawler.spiders.plain_files import PlainPortal

if TYPE_CHECKING:
    from gxgk_crawler.crawl.spider import PortalSpider
    from gxgk_crawler.spiders.loader import PortalLoader
    from gxgk_crawler.store.postgres.database import Database


app = typer.Typer(pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def portals(
    context: typer.Context,
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
    if context.invoked_subcommand is not None:
        return
    every, filed = _known_portals()
    known = [row for row in every.values() if registry or row.name in filed]
    rows = chosen_rows(known, division=division, level=level, family=family, confidence=confidence)
    columns = {"Name": "name", "Title": "title", "Division": "division", "Family": "family", "Entry": "entry"}
    if registry:
        columns |= {"Level": "level", "Sure": "confidence", "Seen": "last_seen"}
    show_rows([_shown(row, is_filed=row.name in filed) for row in rows], columns, as_json=as_json)


@app.command()
def check(
    names: PortalNames = None,
    division: PortalDivision = None,
    level: PortalLevel = None,
    family: PortalFamily = None,
    confidence: MinConfidence = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every row of the registry.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the diff to this file, and not to stdout.")] = None,
    setting: ScrapySettings = None,
    as_json: AsJson = False,
) -> None:
    """Ask the entry pages of rows of the registry, and print what has moved, is dead or is another place's as a diff of the registry.

    One or two requests to each host, with the manners of a crawl; no report is read.

    Example: gxgk portals check --division 15 --level county
    """
    from gxgk_crawler.analysis.registry_check import (  # noqa: PLC0415 - only this command needs it: start time
        judge_entry,
        registry_diff,
    )
    from gxgk_crawler.crawl.entry_check import ask_entries  # noqa: PLC0415 - scrapy costs half a second

    loader = portal_loader()
    rows = _rows_to_check(
        loader, names, division=division, level=level, family=family, confidence=confidence, every=every
    )
    answers = ask_entries(
        {row.name: row.entry for row in rows}, dict(pair.partition("=")[::2] for pair in setting or [])
    )
    today = datetime.now(UTC).date()
    judged = (judge_entry(row, answers[row.name], today) for row in rows if row.name in answers)
    findings = {finding.name: finding for finding in judged if finding is not None}
    diffs = [registry_diff(text, findings, path) for text, path in loader.tables()]
    if out is not None:
        out.write_text("".join(diffs), "utf-8")
    if as_json:
        print_json([{"name": f.name, "kind": f.kind, "why": f.why, "entry": f.row.entry} for f in findings.values()])
        return
    if out is None:
        print_text("".join(diffs).rstrip("\n"))
    for finding in findings.values():
        warn(f"{finding.name}: {finding.kind}: {finding.why}")
    unclear = sum(answer.outcome is not None for answer in answers.values()) - sum(
        f.kind == "dead" for f in findings.values()
    )
    warn(f"{len(answers)} portal(s) asked: {len(findings)} row(s) to change, {unclear} refused an answer")


def _rows_to_check(
    loader: PortalLoader, names: list[str] | None, *, every: bool, **filters: str | None
) -> list[RegistryRow]:
    """The rows that a command line means. Raises ConfigError when nothing is given, NotFoundError for what does not exist."""
    if not (names or every or any(filters.values())):
        raise ConfigError("name portals, or give --division, --level, --family or --confidence, or --all")
    unknown = [name for name in names or [] if name not in loader.rows]
    if unknown:
        raise NotFoundError(f"no row of the registry: {', '.join(unknown)}; `gxgk portals --registry` lists them")
    rows = [loader.rows[name] for name in dict.fromkeys(names)] if names else list(loader.rows.values())
    chosen = chosen_rows(rows, **filters)
    if not chosen:
        raise NotFoundError("no row of the registry is all that was asked for")
    return chosen


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


def _known_portals() -> tuple[dict[str, RegistryRow], frozenset[str]]:
    """Every portal as a row, and the names of those that have a file. Names on stderr what is wrong with a file."""
    plain = plain_spiders()
    if plain is not None:
        return _rows(plain, registry_rows()), frozenset(plain)
    loader, filed = portal_loader(), spiders()
    warn_of_broken(loader)
    return _rows(_told(filed), loader.rows), frozenset(filed)


def _told(filed: dict[str, type[PortalSpider]]) -> dict[str, PlainPortal]:
    """What the files of these spiders say."""
    portals = ((name, spider.family.name, spider.portal) for name, spider in filed.items())
    return {
        name: PlainPortal(
            name=name,
            family=family,
            title=portal.title,
            entry=portal.entry,
            division=portal.division,
            site_code=portal.site_code,
            hosts=portal.hosts,
        )
        for name, family, portal in portals
    }


def _rows(filed: dict[str, PlainPortal], known: dict[str, RegistryRow]) -> dict[str, RegistryRow]:
    """Every portal as a row, by name: those with a file first, in their file's words."""
    rows: dict[str, RegistryRow] = {}
    for name, portal in filed.items():
        row = known.get(name)
        rows[name] = RegistryRow(
            name=name,
            title=portal.title,
            entry=portal.entry,
            division=portal.division,
            level=row.level if row else level_of(portal.division),
            hosts_also=portal.hosts,
            site_code=portal.site_code,
            family=portal.family,
            annual_report_url=row.annual_report_url if row else None,
            confidence="A",  # a person has looked at the portal to write its file
            sources=row.sources if row else 1,
            last_seen=row.last_seen if row else None,
            note=row.note if row else None,
        )
    return rows | {name: row for name, row in known.items() if name not in rows}


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
        from gxgk_crawler.jobs.due import switched_on  # noqa: PLC0415 - sqlalchemy costs a second at start

        with database.begin() as conn:
            return switched_on(conn)
    if by_place:
        rows = chosen_rows(_rows(_told(spiders()), loader.rows).values(), division=division, level=level)
        if not rows:
            raise NotFoundError("no portal of the registry is of this division and level")
        return [row.name for row in rows]
    wanted = list(dict.fromkeys(names or []))
    unknown = [name for name in wanted if not loader.describes(name) or name == "portal"]
    if unknown:
        raise NotFoundError(f"unknown portal {', '.join(unknown)}; `gxgk portals --registry` lists them")
    return wanted
