"""Crawling from `gxgk`: which portals there are, crawl several at once, how the last crawls ended."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gxgk_crawler.cli.output import AsJson, console, errors, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.store import crawls as store
from gxgk_crawler.store.database import Database
from gxgk_crawler.store.health import portal_health

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.families.base import PortalSpider
    from gxgk_crawler.store.health import PortalHealth


def spiders() -> dict[str, type[PortalSpider]]:
    """All portal files by name."""
    from scrapy.settings import Settings  # noqa: PLC0415  # scrapy costs half a second; most commands never need it
    from scrapy.spiderloader import SpiderLoader  # noqa: PLC0415

    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["gxgk_crawler.spiders"]}))
    return {name: loader.load(name) for name in sorted(loader.list()) if name != "portal"}  # type: ignore[misc]


def portals(*, as_json: AsJson = False) -> None:
    """List the portals that have a file."""
    rows = [
        {
            "name": name,
            "title": spider.portal.title,
            "division": spider.portal.division,
            "family": spider.family.name,
            "entry": spider.portal.entry,
        }
        for name, spider in spiders().items()
    ]
    if as_json:
        print_json(rows)
        return
    made = table("Name", "Title", "Division", "Family", "Entry")
    for row in rows:
        made.add_row(*map(plain, row.values()))
    console.print(made)


def crawl(
    names: Annotated[list[str] | None, typer.Argument(help="Portals to crawl.", metavar="[NAME]...")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Crawl all portals.")] = False,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="How many at once.")] = 2,
    setting: Annotated[
        list[str] | None, typer.Option("-s", help="A Scrapy setting NAME=VALUE, handed on to every crawl.")
    ] = None,
    recheck: Annotated[str, typer.Option(help="Known reports to look at again: all, due or none.")] = "due",
) -> None:
    """Crawl several portals, each in its own process; exit 0 only when all ended ok or unchanged."""
    known = spiders()
    wanted = list(known) if every else list(names or [])
    if not wanted:
        raise ConfigError("name a portal, or give --all; `gxgk portals` lists them")
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise NotFoundError(f"unknown portal {', '.join(unknown)}; `gxgk portals` lists them")
    options = [part for pair in setting or [] for part in ("-s", pair)] + ["-a", f"recheck={recheck}"]
    failed = 0
    with ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(_crawl_one, name, options): name for name in wanted}
        for number, done in enumerate(as_completed(running), 1):
            code, line, log = done.result()
            failed += code != 0
            errors.print(
                f"[{number}/{len(wanted)}] {line}" + (f"  (log: {log})" if code else ""), markup=False, soft_wrap=True
            )
    raise typer.Exit(1 if failed else 0)


def _crawl_one(name: str, options: list[str]) -> tuple[int, str, Path]:
    """Run `scrapy crawl NAME` to its end; returns its exit code, its last line, and where its log lies."""
    logs = config().home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    with log.open("wb") as sink:
        done = subprocess.run(  # noqa: S603  # our own interpreter, names checked against the spiders
            [sys.executable, "-m", "scrapy", "crawl", name, *options],
            stdout=sink,
            stderr=sink,
            env=os.environ | {"SCRAPY_SETTINGS_MODULE": "gxgk_crawler.settings"},
            check=False,
        )
    lines = log.read_text("utf-8", "replace").splitlines()
    return done.returncode, lines[-1] if lines else f"{name}: no output", log


def status(
    name: Annotated[str | None, typer.Argument(help="One portal; all by default.")] = None,
    *,
    stale: Annotated[int, typer.Option(min=1, help="A portal needs a person after so many days without success.")] = 35,
    as_json: AsJson = False,
) -> None:
    """How the last crawl of each portal ended; exit 1 when one needs a person."""
    with Database.open(config()) as database, database.begin() as conn:
        crawls = store.last_crawls(conn, name)
        health = {found.portal: found for found in portal_health(conn, name)}
    rows = [_judged(row, crawls, health[row["portal"]], stale) for row in _last_of_each(crawls)]
    if name is not None and not rows:
        raise NotFoundError(f"{name} was never crawled")
    if as_json:
        print_json(rows[0] if name is not None else rows)
    else:
        _print_status(rows, failures=name is not None)
    raise typer.Exit(1 if any(row["needs_person"] for row in rows) else 0)


def _last_of_each(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of crawls listed newest first, the newest of each portal."""
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        last.setdefault(row["portal"], row)
    return list(last.values())


def _judged(row: dict[str, Any], crawls: list[dict[str, Any]], health: PortalHealth, stale: int) -> dict[str, Any]:
    """The portal's last crawl with what it tells today: running, last_success, days_since_success, needs_person (why, or None).

    While a crawl runs, the one before it is judged. One that neither runs nor ended was killed.
    """
    success = health.last_success
    days = None if success is None else (datetime.now(UTC) - success).days
    ended = [crawl for crawl in crawls if crawl["portal"] == row["portal"] and not (crawl is row and health.running)]
    why = None
    if ended and ended[0]["outcome"] not in GOOD:
        why = ended[0]["cause"] or "the crawl was killed"
    elif days is not None and days > stale:
        why = f"no success for {days} days"
    facts = {"running": health.running, "last_success": success, "days_since_success": days, "needs_person": why}
    return {**row, **facts}


def _print_status(rows: list[dict[str, Any]], *, failures: bool) -> None:
    made = table("Portal", "Started", "Outcome", "Cause", "Success", "New", "Changed", "Gone", "Failed", "Skipped")
    for row in rows:
        counts = row["counts"]
        numbers = [counts.get(k, 0) for k in ("reports_new", "reports_changed", "reports_gone", "failed", "skipped")]
        outcome = row["outcome"] or ("running" if row["running"] else "killed")
        days = row["days_since_success"]
        ago = "never" if days is None else "today" if days == 0 else f"{days} d ago"
        made.add_row(
            *map(plain, (row["portal"], row["started_at"], outcome, row["needs_person"] or row["cause"], ago, *numbers))
        )
    console.print(made)
    for row in rows if failures else []:
        for failure in row["failures"]:
            console.print("{kind}  {url}  {reason}".format_map(failure), markup=False, soft_wrap=True)
