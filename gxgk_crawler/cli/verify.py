"""`gxgk verify`: does the archive hold what the database says, and the database what the archive holds?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from gxgk_crawler.archive.manifest import read_manifest
from gxgk_crawler.archive.verify import Finding
from gxgk_crawler.archive.verify import verify as verify_archive
from gxgk_crawler.cli.output import AsJson, console, errors, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.rebuild import settle
from gxgk_crawler.store import captures as store
from gxgk_crawler.store import check, journal, known
from gxgk_crawler.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection


def verify(
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="First recover what killed crawls left behind, and index what is not.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare every WARC file with the manifest, every capture with its record, every report with itself; exit 1 if wrong."""
    directory = config().archive_dir
    with Database.open(config()) as database:
        if repair:
            _repair(database)
        with database.begin() as conn, Progress(console=errors, transient=True) as progress:
            task = progress.add_task("verifying", total=known.count_captures(conn))
            result = verify_archive(
                directory, store.iter_captures(conn), progress=lambda done: progress.update(task, completed=done)
            )
        with database.begin() as conn:
            unsettled = [finding.file for finding in result.findings if finding.kind == "unindexed"]
            result.findings += (f for f in _unsettled(conn, directory) if f.file not in unsettled)
            problems = list(check.check(conn))
    left = sorted(path.name for path in directory.glob("*.warc.gz.open"))
    ok = not result.findings and not problems
    if as_json:
        print_json({"ok": ok, **asdict(result), "problems": problems, "open_files": left})
    else:
        console.print(
            f"{result.files} sealed file(s), {result.captures} capture(s), {len(result.findings) + len(problems)} finding(s)"
        )
        made = table("Kind", "File", "Offset", "Message")
        for finding in result.findings:
            made.add_row(finding.kind, finding.file or "", str(finding.offset or ""), finding.message)
        for problem in problems:
            made.add_row(problem.kind, "", "", f"{problem.message} ({problem.url})")
        if not ok:
            console.print(made)
        if left:
            console.print(f"{len(left)} file(s) being written or left by a killed crawl; the next crawl recovers those")
    raise typer.Exit(0 if ok else 1)


def _unsettled(conn: Connection, directory: Path) -> Iterator[Finding]:
    try:
        sealed = read_manifest(directory)
    except ValueError:
        return  # told as a finding about the chain already
    for name in journal.unsettled(conn, sealed):
        message = f"{name} is sealed, but was not taken in to its end: run `gxgk verify --repair`"
        yield Finding(kind="unindexed", message=message, file=name)


def _repair(database: Database) -> None:
    """Cut torn tails, seal, and index what is not."""
    taken = settle(database, config().archive_dir)
    for found in taken.recovered:
        told = found.damage or f"{found.records} record(s), {found.cut_bytes} byte(s) cut"
        errors.print(f"recovered {found.file}: {told}", markup=False, soft_wrap=True)
    if taken.files:
        errors.print(f"took {taken.items} record(s) of {taken.files} file(s) into the database")
