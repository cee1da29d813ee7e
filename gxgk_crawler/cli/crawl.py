"""Crawling from `gxgk`: which portals there are, crawl several at once."""

from __future__ import annotations

import logging
import signal
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from gxgk_crawler.cli.options import AsJson, Recheck, ScrapySettings  # noqa: TC001 - typer reads them
from gxgk_crawler.cli.output import show_rows
from gxgk_crawler.config import config, log_format_of
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.jobs.due import CrawlAttempt, crawl_if_due, due_portals
from gxgk_crawler.jobs.process import Processes
from gxgk_crawler.logs import Log, say
from gxgk_crawler.spiders import spiders
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable


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
    columns = {"Name": "name", "Title": "title", "Division": "division", "Family": "family", "Entry": "entry"}
    show_rows(rows, columns, as_json=as_json)


def crawl(
    names: Annotated[list[str] | None, typer.Argument(help="Portals to crawl.", metavar="[NAME]...")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Crawl all portals.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Crawl those that are due; `gxgk schedule list` shows when.")
    ] = False,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="How many at once.")] = 2,
    setting: ScrapySettings = None,
    recheck: Recheck = "due",
) -> None:
    """Crawl several portals, each in its own process; exit 0 only when all ended ok or unchanged."""
    options, log = crawl_options(setting, recheck), chosen_log(setting)
    processes = Processes(config().logs_dir)
    if not due:
        wanted = chosen_portals(names, every=every)

        def begin(name: str) -> CrawlAttempt:
            result = processes.run(name, "scrapy", ["crawl", name, *options])
            return CrawlAttempt(what="stopped" if result is None else "done", result=result)

        raise typer.Exit(_crawl_all(wanted, jobs, processes, begin, log))
    if names or every:
        raise ConfigError("--due finds the portals itself: leave out names and --all")
    with Database.open(config()) as database:

        def begin_if_due(name: str) -> CrawlAttempt:
            return crawl_if_due(database, processes, name, options)

        code = _crawl_all(due_portals(database, spiders()), jobs, processes, begin_if_due, log)
    raise typer.Exit(code)


def crawl_options(setting: list[str] | None, recheck: str) -> tuple[str, ...]:
    """The command line of `scrapy crawl` behind the name. Raises ConfigError."""
    for pair in setting or []:
        if "=" not in pair:
            raise ConfigError(f"-s wants NAME=VALUE, not {pair!r}")
    return (*(part for pair in setting or [] for part in ("-s", pair)), "-a", f"recheck={recheck}")


def chosen_log(setting: list[str] | None) -> Log:
    """The log that a command line asks for: -s GXGK_LOG_FORMAT=... wins over the environment. Raises ConfigError."""
    pairs = dict(pair.partition("=")[::2] for pair in setting or [])
    return Log(format=log_format_of(pairs.get("GXGK_LOG_FORMAT", config().log_format)))


def chosen_portals(names: list[str] | None, *, every: bool) -> list[str]:
    """The portals that a command line names. Raises ConfigError when there is none, NotFoundError for an unknown one."""
    known = spiders()
    wanted = list(known) if every else list(dict.fromkeys(names or []))
    if not wanted:
        raise ConfigError("name a portal, or give --all; `gxgk portals` lists them")
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise NotFoundError(f"unknown portal {', '.join(unknown)}; `gxgk portals` lists them")
    return wanted


def _crawl_all(
    wanted: list[str], jobs: int, processes: Processes, begin: Callable[[str], CrawlAttempt], log: Log
) -> int:
    """Crawl so many portals at a time, and say how each ended; the exit code. SIGTERM and Ctrl-C let running crawls end."""
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: _stop(processes, log))
    good = True
    with ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(begin, name): name for name in wanted}
        for number, done in enumerate(as_completed(running), 1):
            attempt, name = done.result(), running[done]
            level = logging.INFO
            line = f"{name}: not begun" if attempt.result is None else attempt.result.line
            if attempt.what == "elsewhere":
                line = f"{name}: crawled elsewhere"
            elif attempt.result is None or attempt.result.code:
                good, level = False, logging.ERROR
                line += "" if attempt.result is None else f"  (log: {attempt.result.log})"
            say(replace(log, portal=name), f"[{number}/{len(wanted)}] {line}", level)
    return 0 if good else 1


def _stop(processes: Processes, log: Log) -> None:
    running = processes.stop()
    if running:
        say(log, f"waiting for {running} crawl(s) to end; once more, and they are killed", logging.WARNING)
