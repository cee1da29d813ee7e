"""Crawling from `gxgk`: which portals there are, crawl several at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from gxgk_crawler.cli.output import AsJson, console, errors, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.families.base import PortalSpider


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
