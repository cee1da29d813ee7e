"""The command `gxgk`. A command's module is imported when the command is called, so that help and errors are there at once."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from gxgk_crawler import __version__
from gxgk_crawler.cli.output import warn
from gxgk_crawler.errors import GxgkError

# Every command in the order of the help: where its function or its group of commands is, and its line in the help.
COMMANDS: dict[str, tuple[str, str]] = {
    "crawl": ("crawl:crawl", "Crawl several portals, each in its own process."),
    "reports": ("read.reports:reports", "List the reports, newest year first."),
    "search": ("read.reports:search", "Find the reports that hold all terms, best first."),
    "show": ("read.reports:show", "Show one report: its facts, its clean text, and what was removed from it."),
    "versions": ("read.reports:versions", "List the versions of one report, oldest first."),
    "diff": ("read.reports:diff", "Show what changed between two versions of a report."),
    "tables": ("read.figures:tables", "Show the statutory tables of one report, cell by cell, with their verdicts."),
    "series": ("read.figures:series", "Show one figure over organs and years, each organ and year once."),
    "checks": ("read.figures:checks", "List the equations of the tables, and whether they hold."),
    "reuse": ("read.figures:reuse", "Show what of a report stands word for word in others."),
    "changes": ("read.changes:changes", "List what happened to the reports: new, changed, gone, injected, restored."),
    "cite": ("read.cite:cite", "Cite one version of a report: GB/T 7714, Chicago, BibTeX, CSL-JSON."),
    "coverage": ("read.coverage:coverage", "Show which divisions have reported for which years."),
    "serve": ("read.serve:serve", "Open the reading room: the archive as web pages, read-only."),
    "freeze": ("read.serve:freeze", "Write the reading room of a selection as files for any static host."),
    "withhold": ("read.serve:withhold", "Take a report out of the reading room; the archive keeps every byte."),
    "export": ("export:export", "Write the archive, or a part of it, in a form that other programs read."),
    "status": ("status:status", "Show how the last crawl of each portal ended, and when the next one is due."),
    "forget": ("forget:forget", "Leave a portal out of status and schedules."),
    "portals": ("portals:app", "List the portals that have a file, or all of the registry."),
    "detect": ("detect:detect", "Fetch a few pages of a portal and name its family, with the evidence."),
    "add": ("detect:add", "Write a portal file, one saved page and its golden."),
    "extract": ("extract:extract", "Read saved files into clean text, metadata and tables."),
    "schedule": ("schedule:app", "When portals are crawled, and jobs for the workers."),
    "worker": ("worker:worker", "Crawl portals when they are due, until SIGTERM or Ctrl-C."),
    "alarms": ("alarms:alarms", "List the newest alarms and whether they were delivered."),
    "metrics": ("metrics:metrics", "Print the state of portals and archive in the text format of Prometheus."),
    "verify": (
        "verify:verify",
        "Compare every file with the manifest, every capture with its record, every report with its capture.",
    ),
    "reextract": ("reindex:reextract", "Read the archived reports and their figures by today's rules."),
    "reindex": ("reindex:reindex", "Read every WARC file into the database."),
    "db": ("db:app", "The database server and its schema."),
}


class CommandLine(TyperGroup):
    """The group of all commands: it lists their lines of help, and imports the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the first argument names, with its options. Typer calls it to run, complete or explain a command."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name in COMMANDS else listed, rest


def load_command(name: str) -> Any:
    """The command or group of commands, imported. Raises KeyError for a name that is not in COMMANDS."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(f"gxgk_crawler.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=CommandLine,
    help="Crawl, archive, read and query 政府信息公开工作年度报告.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _listed() -> None:
    """Stands for a command in the list until it is called."""


for _name, (_, _summary) in COMMANDS.items():
    app.command(_name, help=_summary)(_listed)


@app.command()
def version() -> None:
    """Print the version."""
    sys.stdout.write(f"{__version__}\n")


def _print_version(value: bool) -> None:  # noqa: FBT001 - typer hands it on so
    if value:
        version()
        raise typer.Exit


@app.callback()
def _options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Crawl, archive, read and query 政府信息公开工作年度报告."""


def main() -> None:
    """Run `gxgk`. An error meant for a person is one line on stderr and exit code 1; only a fault of ours has a traceback."""
    try:
        app()
    except GxgkError as error:
        _fail(str(error))
    except BrokenPipeError:  # `gxgk reports | head`
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except UnicodeEncodeError:
        # Bytes of the command line that are no UTF-8 arrive as halves of characters, which no database takes.
        odd = next((argument for argument in sys.argv if not argument.isprintable()), None)
        if odd is None:
            raise
        _fail(f"no text in UTF-8: {odd!r}")
    except Exception as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        _fail(refusal)


def _refusal(error: Exception) -> str | None:
    """What the database said, when the error is one of the database."""
    from gxgk_crawler.store.outage import refusal  # noqa: PLC0415 - psycopg costs 0.2 seconds, and no help text needs it

    return refusal(error)


def _fail(line: str) -> None:
    warn(f"gxgk: {line}")
    sys.exit(1)
