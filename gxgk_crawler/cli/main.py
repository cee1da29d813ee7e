"""The command `gxgk`."""

from __future__ import annotations

import sys

import typer

from gxgk_crawler import __version__
from gxgk_crawler.cli import (
    alarms,
    coverage,
    crawl,
    db,
    detect,
    export,
    extract,
    metrics,
    portals,
    reindex,
    reports,
    schedule,
    status,
    verify,
    worker,
)
from gxgk_crawler.cli.output import warn
from gxgk_crawler.errors import GxgkError

app = typer.Typer(
    help="Crawl, archive, read and query 政府信息公开工作年度报告.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(db.app, name="db", help="The database server and its schema.")
app.add_typer(schedule.app, name="schedule", help="When portals are crawled, and jobs for the workers.")
for command in (
    portals.portals,
    crawl.crawl,
    worker.worker,
    status.status,
    alarms.alarms,
    reports.reports,
    reports.show,
    reports.versions,
    reports.diff,
    reports.search,
    extract.extract,
    detect.detect,
    detect.add,
    verify.verify,
    reindex.reindex,
    reindex.reextract,
    export.export,
    coverage.coverage,
    metrics.metrics,
):
    app.command()(command)


@app.command()
def version() -> None:
    """Print the version."""
    sys.stdout.write(f"{__version__}\n")


def main() -> None:
    """Run `gxgk`; an error meant for a person is one line on stderr and exit code 1."""
    try:
        app()
    except GxgkError as error:
        warn(f"gxgk: {error}")
        sys.exit(1)
    except BrokenPipeError:  # `gxgk reports | head`
        sys.stderr.close()
        sys.exit(1)
    except UnicodeEncodeError:
        # Bytes of the command line that are no UTF-8 arrive as halves of characters, which no database takes.
        odd = next((argument for argument in sys.argv if not argument.isprintable()), None)
        if odd is None:
            raise
        warn(f"gxgk: no text in UTF-8: {odd!r}")
        sys.exit(1)
