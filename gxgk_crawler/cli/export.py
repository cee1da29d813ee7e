"""`gxgk export`: the archive, or a part of it, for other programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, fields
from dataclasses import replace as replace_field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.reader import file_portal
from gxgk_crawler.archive.wacz import WaczPage, write_wacz
from gxgk_crawler.cli.options import (
    AsJson,
    Changed,
    Division,
    Flag,
    Gone,
    Issuer,
    OnlyReport,
    Organ,
    PortalName,
    Since,
    Tampered,
    Until,
    Year,
    chosen_state,
)
from gxgk_crawler.cli.output import console, print_json, progress_bar, say, warn
from gxgk_crawler.config import config
from gxgk_crawler.errors import NotFoundError, QueryError, StorageError
from gxgk_crawler.export.package import Rows, Shape, tables_read, write_package, writing_to
from gxgk_crawler.redaction.redactor import Level, Redactor
from gxgk_crawler.store import export as export_store
from gxgk_crawler.store import selection, warc_files
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.filters import Filters, expect_known, unmet
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.archive.wacz import Exported
    from gxgk_crawler.export.descriptor import File
    from gxgk_crawler.store.postgres.database import Connection


class Format(StrEnum):
    """What an export may be: tables or lines of what was read, or the archived pages themselves."""

    DATAPACKAGE = "datapackage"
    PARQUET = "parquet"
    JSONL = "jsonl"
    WACZ = "wacz"


_REDACT_HELP = (
    "What is masked in texts: nothing; telephone, e-mail and identity numbers (the default); also names that are printed as "
    "contact, editor or author, and bank cards."
)


def _directory(given: str) -> Path:
    if not given:
        raise typer.BadParameter("give the name of a directory")
    return Path(given)


def export(
    directory: Annotated[Path, typer.Argument(help="Where to write; made when it is not there.", parser=_directory)],
    *,
    as_format: Annotated[Format, typer.Option("--format", help="What to write.")],
    portal: PortalName = None,
    year: Year = None,
    since: Since = None,
    until: Until = None,
    division: Division = None,
    issuer: Issuer = None,
    organ: Organ = None,
    flag: Flag = None,
    report: OnlyReport = None,
    gone: Gone = False,
    changed: Changed = False,
    tampered: Tampered = False,
    redact: Annotated[Level | None, typer.Option(help=_REDACT_HELP, show_default=False)] = None,
    escape: Annotated[
        bool, typer.Option("--escape/--no-escape", help="Escape texts in CSV that a spreadsheet takes for formulas.")
    ] = True,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an export that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the archive, or a part of it, in a form that other programs read."""
    filters = Filters(
        portal=portal,
        year=year,
        since=since,
        until=until,
        division=division,
        issuer=issuer,
        organ=organ,
        flag=flag,
        state=chosen_state(gone=gone, changed=changed, tampered=tampered),
    )
    if report is not None:
        with Database.open(config()) as database, database.begin() as conn:
            filters = replace_field(filters, report=find_report(conn, report))
    if as_format is Format.WACZ:
        _refuse_for_wacz(filters, redact)
        _export_wacz(directory, filters, replace=replace, as_json=as_json)
    else:
        redactor = Redactor(level=redact or Level.CONTACTS)
        _export_tables(directory, Shape(as_format), filters, redactor, escape=escape, replace=replace, as_json=as_json)


def _export_tables(
    directory: Path,
    shape: Shape,
    filters: Filters,
    redactor: Redactor,
    *,
    escape: bool,
    replace: bool,
    as_json: bool,
) -> None:
    with Database.open(config()) as database, database.begin() as conn:
        export_store.snapshot(conn)
        expect_known(conn, filters)
        if not export_store.count_rows(conn, filters, ["reports"]):
            reason = unmet(conn, filters) or "no report is all of this"
            raise NotFoundError(f"there is nothing to export: {reason}")
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with progress_bar(*columns) as progress:
            task = progress.add_task("rows", total=export_store.count_rows(conn, filters, tables_read(shape)))
            files = write_package(
                directory,
                shape,
                Rows(
                    table=lambda name: export_store.read_table(conn, filters, name),
                    reports=lambda: export_store.read_reports(conn, filters),
                    written=lambda: progress.advance(task),
                ),
                redactor,
                created=datetime.now(UTC),
                filters=_given(filters),
                replace=replace,
                escape=escape,
            )
    if as_json:
        print_json(
            {
                "path": directory,
                "tables": {file.table.name: file.rows for file in files},
                "files": [directory / file.path for file in files],
                "bytes": sum(file.size for file in files),
                "redaction": {"level": redactor.level, "masked": dict(redactor.masked)},
            }
        )
    else:
        _tell(directory, files, redactor)


def _tell(directory: Path, files: list[File], redactor: Redactor) -> None:
    held = ", ".join(f"{file.rows} {file.table.name}" for file in files)
    say(f"{directory}: {held}, {sum(file.size for file in files) / 1e6:.1f} MB")
    masked = ", ".join(f"{count} {kind}" for kind, count in sorted(redactor.masked.items()))
    if redactor.level is Level.NONE:
        console.print("nothing masked")
    else:
        say(f"masked ({redactor.level}): {masked or 'nothing found'}")


def _given(filters: Filters) -> dict[str, str | int]:
    return {name: value for name, value in asdict(filters).items() if value is not None}


def _refuse_for_wacz(filters: Filters, redact: Level | None) -> None:
    """Raise QueryError for what a WACZ file cannot be: masked, or chosen by what a text says of itself."""
    if redact not in {None, Level.NONE}:
        raise QueryError("a wacz export holds the pages as they were served: it cannot be redacted")
    known = {"portal", "year"}
    if unknown := sorted({one.name for one in fields(filters)} & _given(filters).keys() - known):
        raise QueryError(f"a wacz export is chosen by --portal and --year, not by --{unknown[0]}")


def _export_wacz(directory: Path, filters: Filters, *, replace: bool, as_json: bool) -> None:
    with Database.open(config()) as database, database.begin() as conn, writing_to(directory):
        if filters.portal is not None:
            portal_id(conn, filters.portal)
        done = _wacz(conn, directory, filters.portal, filters.year, replace=replace)
        away = _elsewhere(conn, filters.portal, filters.year)
    if as_json:
        print_json(
            {
                "path": done.path,
                "files": done.files,
                "captures": done.captures,
                "pages": done.pages,
                "bytes": done.bytes,
                "elsewhere": away,
            }
        )
    else:
        say(f"{done.path}: {done.pages} page(s), {done.captures} capture(s), {done.bytes / 1e6:.1f} MB")
    for place, count in sorted(away.items()):
        warn(f"{count} file(s) with more of it lie elsewhere: {place}")
    if done.missing:
        warn(f"{len(done.missing)} original(s) that revisits refer to are not in the archive: run `gxgk verify`")
        raise typer.Exit(1)


def _wacz(conn: Connection, directory: Path, portal: str | None, year: int | None, *, replace: bool) -> Exported:
    """One WACZ file of the sealed WARC files, or of what the reports of one year need."""
    name = "-".join(str(part) for part in (portal or "gxgk", year) if part is not None)
    target = directory / f"{name}.wacz"
    if target.exists() and not replace:
        raise StorageError(f"{target} is there already: give another directory, or --replace")
    archive = ArchiveDirectory(config().archive_dir)
    names = list(archive.sealed())
    if portal is not None:
        names = [name for name in names if file_portal(archive, name) == portal]
    wanted = None
    if year is not None:
        wanted = selection.report_captures(conn, portal=portal, year=year)
        holding = set(wanted.values())
        names = [name for name in names if name in holding]
    if not names:
        away = "; ".join(f"{count} file(s) in {place}" for place, count in _elsewhere(conn, portal, year).items())
        message = "there is nothing to export: no sealed WARC file holds any of it"
        raise NotFoundError(f"{message} here, but {away} do" if away else message)
    with progress_bar() as progress:
        task = progress.add_task("exporting", total=sum(map(archive.size, names)))
        return write_wacz(
            target,
            archive,
            names,
            _pages(conn, set(names), portal, year),
            title=f"政府信息公开工作年度报告 ({name})",
            created=datetime.now(UTC),
            wanted=None if wanted is None else wanted.__contains__,
            progress=lambda done: progress.update(task, completed=done),
        )


def _elsewhere(conn: Connection, portal: str | None, year: int | None) -> Counter[str]:
    """How many WARC files with something of it lie in other archives, by place: those machines export their own."""
    archive = ArchiveDirectory(config().archive_dir)
    away = warc_files.elsewhere(conn, archive.location, archive.is_here, portal=portal)
    if year is not None:
        holding = set(selection.report_captures(conn, portal=portal, year=year).values())
        away = [file for file in away if file.name in holding]
    return Counter(file.place for file in away)


def _pages(conn: Connection, names: set[str], portal: str | None, year: int | None) -> Iterator[WaczPage]:
    for page in selection.report_pages(conn, portal=portal, year=year):
        if page.warc_file in names:
            yield WaczPage(url=page.url, at=page.fetched_at, title=page.title)
