"""`gxgk export`: take it away."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from gxgk_crawler.archive.manifest import read_manifest
from gxgk_crawler.archive.reader import file_portal, warc_path
from gxgk_crawler.archive.wacz import Page, write_wacz
from gxgk_crawler.cli.output import AsJson, console, errors, print_json
from gxgk_crawler.config import config
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store import selection
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from gxgk_crawler.archive.wacz import Exported


class Format(StrEnum):
    """What an export may be; each has its writer in `_WRITERS`."""

    WACZ = "wacz"


def export(
    directory: Annotated[Path, typer.Argument(help="Where to write; made when it is not there.")],
    *,
    as_format: Annotated[Format, typer.Option("--format", help="What to write.")],
    portal: Annotated[str | None, typer.Option(help="Only this portal.")] = None,
    year: Annotated[int | None, typer.Option(help="Only reports of this reporting year.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the archive, or a part of it, in a form that other programs read."""
    directory.mkdir(parents=True, exist_ok=True)
    with Database.open(config()) as database, database.begin() as conn:
        if portal is not None:
            portal_id(conn, portal)
        done = _WRITERS[as_format](conn, directory, portal, year)
    if as_json:
        print_json(
            {
                "path": done.path,
                "files": done.files,
                "captures": done.captures,
                "pages": done.pages,
                "bytes": done.bytes,
            }
        )
    else:
        console.print(
            f"{done.path}: {done.pages} page(s), {done.captures} capture(s), {done.bytes / 1e6:.1f} MB", soft_wrap=True
        )
    if done.missing:
        errors.print(
            f"{len(done.missing)} original(s) that revisits refer to are not in the archive: run `gxgk verify`"
        )
        raise typer.Exit(1)


def _wacz(conn: Connection, directory: Path, portal: str | None, year: int | None) -> Exported:
    """One WACZ file of the sealed WARC files, or of what the reports of one year need."""
    archive = config().archive_dir
    paths = [warc_path(archive, name) for name in read_manifest(archive)]
    if portal is not None:
        paths = [path for path in paths if file_portal(path) == portal]
    wanted = None
    if year is not None:
        wanted = selection.report_captures(conn, portal=portal, year=year)
        holding = set(wanted.values())
        paths = [path for path in paths if path.name in holding]
    if not paths:
        raise NotFoundError("there is nothing to export: no sealed WARC file holds any of it")
    name = "-".join(str(part) for part in (portal or "gxgk", year) if part is not None)
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("exporting", total=sum(path.stat().st_size for path in paths))
        return write_wacz(
            directory / f"{name}.wacz",
            paths,
            _pages(conn, {path.name for path in paths}, portal, year),
            title=f"政府信息公开工作年度报告 ({name})",
            created=datetime.now(UTC),
            wanted=None if wanted is None else wanted.__contains__,
            progress=lambda done: progress.update(task, completed=done),
        )


def _pages(conn: Connection, names: set[str], portal: str | None, year: int | None) -> Iterator[Page]:
    for page in selection.report_pages(conn, portal=portal, year=year):
        if page.warc_file in names:
            yield Page(url=page.url, at=page.fetched_at, title=page.title)


_WRITERS: dict[Format, Callable[[Connection, Path, str | None, int | None], Exported]] = {Format.WACZ: _wacz}
