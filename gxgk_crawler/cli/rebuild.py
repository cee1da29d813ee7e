"""`gxgk reindex`: the database again, from the archive alone."""

from __future__ import annotations

from rich.progress import Progress

from gxgk_crawler.cli.output import AsJson, console, errors, print_json
from gxgk_crawler.config import config
from gxgk_crawler.rebuild import reindex as reindex_archive
from gxgk_crawler.store.database import Database


def reindex(*, as_json: AsJson = False) -> None:
    """Read every WARC file into the database: all of a lost one, or what a damaged one lacks. What is there stays."""
    with Database.open(config()) as database, Progress(console=errors, transient=True) as progress:
        task = progress.add_task("reading the archive", total=None)
        taken = reindex_archive(
            database, config().archive_dir, progress=lambda done: progress.update(task, completed=done)
        )
    if as_json:
        print_json({"files": taken.files, "records": taken.items, "recovered": len(taken.recovered)})
    else:
        console.print(f"{taken.items} record(s) of {taken.files} file(s) are in the database")
