"""`scrapy crawl NAME`: one portal; says in one line how it ended; exit 0 only when the outcome is ok or unchanged."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from gxgk_crawler.errors import ConfigError
from gxgk_crawler.ledger import Ledger
from gxgk_crawler.outcomes import GOOD

if TYPE_CHECKING:
    import argparse

    from gxgk_crawler.items import CrawlResult


class Command(ScrapyCrawl):
    """Scrapy's crawl command, with our outcome, exit code and error lines."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("one portal name is wanted, as in: scrapy crawl hlbe", print_help=False)
        assert self.crawler_process is not None
        name = args[0]
        if name not in self.crawler_process.spider_loader.list():
            raise UsageError(f"unknown portal {name!r}; `scrapy list` names them all", print_help=False)
        crawler = self._create_crawler(name)
        try:
            crawler.spidercls(**opts.spargs)  # wrong arguments are said here, before anything is opened
        except (ConfigError, TypeError) as error:
            raise UsageError(str(error), print_help=False) from error
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        ledger = crawler.get_extension(Ledger)
        result = ledger.result if ledger is not None else None
        self.exitcode = _report(name, result)


def _report(name: str, result: CrawlResult | None) -> int:
    """Print the line that says how the crawl ended, and return its exit code."""
    if result is None:
        sys.stderr.write(f"{name}: the crawl could not start; see the log above\n")
        return 1
    place = f" ({result.evidence_url})" if result.evidence_url else ""
    sys.stderr.write(f"{name}: {result.outcome}: {result.cause}{place}\n")
    return 0 if result.outcome in GOOD and not result.counts["stopped"] else 1
