"""`scrapy crawl NAME`: crawls one portal; the last line says how it ended; exit 0 only when the outcome is ok or unchanged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from gxgk_crawler.config import config, log_format_of
from gxgk_crawler.crawl.archiving import OF_RECORD
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.logs import Log, install, say
from gxgk_crawler.outcomes import GOOD, WRONG_START
from gxgk_crawler.spiders.loader import PortalLoader

if TYPE_CHECKING:
    import argparse

    from gxgk_crawler.items import CrawlResult


class Command(ScrapyCrawl):
    """Scrapy's command of that name, with our log lines, outcome, alarms, exit code and error lines."""

    default_settings: ClassVar[dict[str, Any]] = {OF_RECORD: True}

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options, and set up logging before Scrapy's first line. Scrapy calls it after parsing the command line."""
        super().process_options(args, opts)
        settings = self.settings
        assert settings is not None
        try:
            form = log_format_of(settings["GXGK_LOG_FORMAT"])
        except ConfigError as error:
            raise UsageError(str(error), print_help=False) from error
        self._log = Log(
            format=form,
            portal=args[0] if args else None,
            level=settings["LOG_LEVEL"],
            file=settings["LOG_FILE"],
            append=settings.getbool("LOG_FILE_APPEND"),
        )
        settings.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="cmdline")
        if settings.getbool("LOG_ENABLED"):
            try:
                install(self._log)
            except (OSError, ValueError) as error:
                raise UsageError(f"no log can be written: {error}", print_help=False) from error

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl the portal, deliver its alarms, and set the exit code. Scrapy calls it once, after process_options."""
        from gxgk_crawler.alarms.delivery import send_alarms  # noqa: PLC0415 - `scrapy list` saves half a second at start
        from gxgk_crawler.crawl.ledger import Ledger  # noqa: PLC0415 - the same half second

        if len(args) != 1:
            raise UsageError("one portal name is wanted, as in: scrapy crawl hlbe", print_help=False)
        assert self.crawler_process is not None
        name = args[0]
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, PortalLoader)
        for path, reason in loader.broken.items():
            say(self._log, f"{path} cannot be used: {reason}", logging.ERROR)
        if not loader.describes(name):
            raise UsageError(f"unknown portal {name!r}; `gxgk portals --registry` names them all", print_help=False)
        crawler = self._create_crawler(name)
        try:
            crawler.spidercls(**opts.spargs)  # raises for wrong arguments, before anything is opened
        except (ConfigError, TypeError) as error:
            raise UsageError(str(error), print_help=False) from error
        if config().contact is None:
            say(self._log, "GXGK_CONTACT is not set, so no portal can write to you", logging.WARNING)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        ledger = crawler.get_extension(Ledger)
        result = ledger.result if ledger is not None else None
        send_alarms(config())
        self.exitcode = _report(self._log, name, result)


def _report(log: Log, name: str, result: CrawlResult | None) -> int:
    """Print the line that says how the crawl ended, and return its exit code."""
    if result is None:
        say(log, f"{name}: the crawl could not start; see the log above", logging.ERROR)
        return 1
    place = f" ({result.evidence_url})" if result.evidence_url else ""
    good = result.outcome in GOOD
    say(log, f"{name}: {result.outcome}: {result.cause}{place}", logging.INFO if good else logging.ERROR)
    return 0 if good else WRONG_START if result.outcome == "configuration" else 1
