"""`gxgk reindex` and `gxgk reextract`: the database again from the archive alone, as it was read or by today's rules."""

from __future__ import annotations

from typing import Annotated

import typer

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.cli.options import MOST_JOBS, AsJson
from gxgk_crawler.cli.output import console, print_json, progress_bar, say, warn
from gxgk_crawler.config import config
from gxgk_crawler.maintenance.comparison import compare_texts
from gxgk_crawler.maintenance.figure_reading import FigureReading
from gxgk_crawler.maintenance.ingest import ingest_new
from gxgk_crawler.maintenance.ingest import reindex as reindex_archive
from gxgk_crawler.maintenance.reextract import Rereading
from gxgk_crawler.spiders.described import canonical_urls, described_portals, unite_twins
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.figures.years import settle_all
from gxgk_crawler.store.identity.equal_texts import link_all_equal
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.search import sections


def reindex(
    *,
    search: Annotated[
        bool, typer.Option("--search", help="Only make the search index anew, where another version has made it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read every WARC file into the database: all of a lost one, or what a damaged one lacks. What is there stays."""
    if search:
        _reindex_search(as_json=as_json)
        return
    with Database.open(config()) as database, progress_bar() as progress:
        task = progress.add_task("reading the archive", total=None)
        done = reindex_archive(
            database,
            ArchiveDirectory(config().archive_dir),
            canonical=canonical_urls(),
            progress=lambda count: progress.update(task, completed=count),
        )
        with database.begin() as conn:
            if unite_twins(conn):
                settle_all(conn)
            link_all_equal(conn)
        comparing = progress.add_task("comparing texts", total=None)
        compare_texts(database, progress=lambda count: progress.update(comparing, completed=count))
    if as_json:
        print_json({"files": done.files, "records": done.items, "recovered": len(done.recovered)})
    else:
        console.print(f"{done.items} record(s) of {done.files} file(s) are in the database")


def _reindex_search(*, as_json: bool) -> None:
    with Database.open(config()) as database, progress_bar() as progress:
        task = progress.add_task("indexing", total=None)
        with database.begin() as conn:
            reports = sections.rebuild(conn, progress=lambda done: progress.update(task, completed=done))
    if as_json:
        print_json({"reports": reports})
    else:
        console.print(f"{reports} report(s) indexed anew")


def reextract(
    *,
    portal: Annotated[str | None, typer.Option(help="Only this portal.")] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, max=MOST_JOBS, help="How many worker processes.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Read the archived reports and their figures by today's rules; a changed text becomes a new version.

    Exit 1 when one cannot be read.
    """
    with Database.open(config()) as database, progress_bar() as progress:
        with database.begin() as conn:
            if portal is not None:
                portal_id(conn, portal)
        archive = ArchiveDirectory(config().archive_dir)
        ingest_new(database, archive)
        task = progress.add_task("reading again", total=None)

        def told(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        rereading = Rereading(
            database,
            config(),
            portal_of=described_portals(database),
            jobs=jobs,
            progress=told,
        )
        result = rereading.run(portal)
        figures = FigureReading(database, archive, jobs=jobs, progress=told)
        figures.run(portal)
        result.failed += figures.failed
        compare_texts(database, portal=portal)
    changed, unchanged = result.changes["changed"], result.changes["unchanged"]
    if as_json:
        failed = [{"url": url, "reason": reason} for url, reason in result.failed]
        counts = {"read": changed + unchanged, "changed": changed, "unchanged": unchanged, "failed": failed}
        print_json({**counts, "elsewhere": result.elsewhere, "figures": figures.done})
    else:
        console.print(
            f"{changed + unchanged} page(s) read again, {changed} with a new version, {len(result.failed)} failed"
        )
        if figures.done:
            console.print(f"the figures of {figures.done} more version(s) read")
        for place, count in sorted(result.elsewhere.items()):
            say(f"{count} page(s) lie elsewhere and were not read: {place}")
        for url, reason in result.failed:
            warn(f"{url}: {reason}")
    raise typer.Exit(1 if result.failed else 0)
