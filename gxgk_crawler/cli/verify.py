"""`gxgk verify`: does the archive hold what the database says, and the database what the archive holds?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.cli.options import MOST_JOBS, AsJson
from gxgk_crawler.cli.output import console, errors, plain, print_json, progress_bar, say, table, warn
from gxgk_crawler.config import config
from gxgk_crawler.maintenance import verification
from gxgk_crawler.maintenance.comparison import compare_texts
from gxgk_crawler.maintenance.ingest import ingest_new
from gxgk_crawler.spiders.described import canonical_urls, described_portals
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from gxgk_crawler.maintenance.verification import Verified


def verify(
    *,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="First recover what killed crawls left behind, index what is not, and note what was moved here.",
        ),
    ] = False,
    texts: Annotated[
        bool,
        typer.Option("--texts", help="Also read the bytes of every report again: slow, and not needed every night."),
    ] = False,
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", min=1, max=MOST_JOBS, help="How many processes read with --texts.")
    ] = 2,
    as_json: AsJson = False,
) -> None:
    """Compare every file with the manifest, every capture with its record, every report with its capture. Exit 1 if wrong."""
    archive = ArchiveDirectory(config().archive_dir)
    with Database.open(config()) as database:
        if repair:
            _repair(database, archive)
        with progress_bar() as bar, database.begin() as conn:
            portal_of = described_portals(database) if texts else None
            verified = verification.verify(conn, archive, portal_of=portal_of, jobs=jobs, progress=_Progress(bar))
    left = [archive.open_path(name).name for name in archive.open_names()]
    if as_json:
        print_json(
            {
                "ok": verified.ok,
                **asdict(verified.archive),
                "versions": verified.versions,
                "reread": verified.reread,
                "older": verified.older,
                "problems": [{"kind": one.kind, "message": one.message, "url": one.url} for one in verified.problems],
                "open_files": left,
                "elsewhere": verified.elsewhere,
            }
        )
    else:
        _print(verified, left, texts=texts)
    raise typer.Exit(0 if verified.ok else 1)


class _Progress:
    """One bar for each step that `verification.verify` tells of."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(step, total=total)
        self._bar.update(self._tasks[step], completed=done)


def _print(verified: Verified, left: list[str], *, texts: bool) -> None:
    archive = verified.archive
    console.print(
        f"{archive.files} sealed file(s), {archive.captures} capture(s), {verified.versions} version(s), "
        f"{len(archive.findings) + len(verified.problems)} finding(s)"
    )
    if texts:
        older = (
            f"; {verified.older} by older rules, whose captures and entries were looked at" if verified.older else ""
        )
        console.print(f"{verified.reread} version(s) read again from their bytes{older}")
    for place, count in sorted(verified.elsewhere.items()):
        say(f"{count} file(s) lie elsewhere and were not looked at: {place}")
    made = table("Kind", "File", "Offset", "Message")
    for finding in archive.findings:
        message = f"{finding.message} ({finding.url})" if finding.kind == "text" else finding.message
        made.add_row(finding.kind, finding.file or "", plain(finding.offset), message)
    for problem in verified.problems:
        made.add_row(problem.kind, "", "", f"{problem.message} ({problem.url})")
    if not verified.ok:
        console.print(made)
    if left:
        console.print(f"{len(left)} file(s) being written or left by a killed crawl; the next crawl recovers those")


def _repair(database: Database, archive: ArchiveDirectory) -> None:
    """Cut torn tails, seal, ingest what the database does not know, and write down of all that lies here that it does."""
    done = ingest_new(database, archive, mark_as_here=True, canonical=canonical_urls())
    compare_texts(database)
    for found in done.recovered:
        what = found.damage or f"{found.records} record(s), {found.cut_bytes} byte(s) cut"
        warn(f"recovered {found.file}: {what}")
    if done.files:
        errors.print(f"took {done.items} record(s) of {done.files} file(s) into the database")
