"""`gxgk worker`: crawl what is due, here and on as many machines as share the database."""

from __future__ import annotations

from typing import Annotated

import typer

from gxgk_crawler.cli.crawl import chosen_log, crawl_options
from gxgk_crawler.cli.options import MOST, MOST_JOBS, Recheck, ScrapySettings
from gxgk_crawler.config import config
from gxgk_crawler.logs import install


def worker(
    *,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, max=MOST_JOBS, help="How many crawls at once.")] = 2,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
    dead_after: Annotated[
        float,
        typer.Option(
            min=1, max=MOST, help="Seconds without a heartbeat after which another worker's jobs are taken over."
        ),
    ] = 30,
    setting: ScrapySettings = None,
    recheck: Recheck = "due",
) -> None:
    """Crawl portals when they are due, until SIGTERM or Ctrl-C; running crawls then end in order, a second signal kills them."""
    from gxgk_crawler.jobs import worker as jobs_worker  # noqa: PLC0415 - the queue costs half a second

    install(chosen_log(setting))
    options = jobs_worker.WorkerOptions(
        jobs=jobs, crawl_options=crawl_options(setting, recheck), once=once, dead_after=dead_after
    )
    jobs_worker.run(config(), options)
