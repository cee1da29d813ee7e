"""`gxgk crawl`: several portals at once, each in a process of its own."""

from __future__ import annotations

import logging
import signal
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from gxgk_crawler.cli.options import (
    MOST_JOBS,
    AllPortals,
    PortalDivision,
    PortalLevel,
    Recheck,
    ScrapySettings,
)
from gxgk_crawler.cli.portals import chosen_portals
from gxgk_crawler.config import config, log_format_of
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.jobs.due import CrawlAttempt, crawl_if_due, due_portals
from gxgk_crawler.jobs.process import Processes
from gxgk_crawler.logs import Log, say
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable


def crawl(
    names: Annotated[list[str] | None, typer.Argument(help="Portals to crawl.", metavar="[NAME]...")] = None,
    *,
    division: PortalDivision = None,
    level: PortalLevel = None,
    every: AllPortals = False,
    due: Annotated[
        bool, typer.Option("--due", help="Crawl those that are due; `gxgk schedule list` shows when.")
    ] = False,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, max=MOST_JOBS, help="How many at once.")] = 2,
    setting: ScrapySettings = None,
    recheck: Recheck = "due",
) -> None:
    """Crawl several portals, each in its own process. Exit 0 only when all ended ok or unchanged.

    Examples: gxgk crawl hlbe sxxz; gxgk crawl --division 15 --level prefecture -j 4
    """
    options, log = crawl_options(setting, recheck), chosen_log(setting)
    if config().contact is None:
        say(log, "GXGK_CONTACT is not set, so no portal can write to you", logging.WARNING)
    processes = Processes(config().logs_dir)
    if not due:
        with Database.open(config()) as database:
            wanted = chosen_portals(names, every=every, division=division, level=level, database=database)

        def begin(name: str) -> CrawlAttempt:
            result = processes.run(name, "scrapy", ["crawl", name, *options])
            return CrawlAttempt(what="stopped" if result is None else "done", result=result)

        raise typer.Exit(_crawl_all(wanted, jobs, processes, begin, log))
    if names or every or division or level:
        raise ConfigError("--due finds the portals itself: leave out names, --division, --level and --all")
    with Database.open(config()) as database:

        def begin_if_due(name: str) -> CrawlAttempt:
            return crawl_if_due(database, processes, name, options)

        code = _crawl_all(due_portals(database), jobs, processes, begin_if_due, log)
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


def _crawl_all(
    wanted: list[str], jobs: int, processes: Processes, begin: Callable[[str], CrawlAttempt], log: Log
) -> int:
    """Crawl the portals and print how each ended; returns the exit code. SIGTERM and Ctrl-C let running crawls end.

    jobs: how many crawls run at once. begin: crawls one portal, in a process of its own.
    """
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
