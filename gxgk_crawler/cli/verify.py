"""`gxgk verify`: does the archive hold what the database says?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.archive.verify import verify as verify_archive
from gxgk_crawler.cli.output import AsJson, console, errors, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.store import captures as store
from gxgk_crawler.store import known
from gxgk_crawler.store.database import Database


def verify(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="First recover what killed crawls left behind.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare every WARC file with the manifest and every capture with its record; exit 1 when something is wrong."""
    directory = config().archive_dir
    with Database.open(config()) as database:
        if repair:
            _repair(database)
        with database.begin() as conn, Progress(console=errors, transient=True) as progress:
            task = progress.add_task("verifying", total=known.count_captures(conn))
            result = verify_archive(
                directory, store.iter_captures(conn), progress=lambda done: progress.update(task, completed=done)
            )
    left = sorted(path.name for path in directory.glob("*.warc.gz.open"))
    if as_json:
        print_json({"ok": not result.findings, **asdict(result), "open_files": left})
    else:
        console.print(f"{result.files} sealed file(s), {result.captures} capture(s), {len(result.findings)} finding(s)")
        made = table("Kind", "File", "Offset", "Message")
        for finding in result.findings:
            made.add_row(finding.kind, finding.file or "", str(finding.offset or ""), finding.message)
        if result.findings:
            console.print(made)
        if left:
            console.print(f"{len(left)} file(s) being written or left by a killed crawl; the next crawl recovers those")
    raise typer.Exit(1 if result.findings else 0)


def _repair(database: Database) -> None:
    """Index the whole records of abandoned files, cut their torn tails, seal them."""
    for found in recover(config().archive_dir):
        with database.begin() as conn:
            store.save_captures(conn, found.captures)
        errors.print(f"recovered {found.file}: {found.records} record(s), {found.cut_bytes} byte(s) cut")
