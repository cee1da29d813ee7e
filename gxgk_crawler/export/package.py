"""A directory with an export: files are written aside and moved in, the descriptor last. With a descriptor it is complete."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from gxgk_crawler.archive import manifest
from gxgk_crawler.errors import StorageError
from gxgk_crawler.export.columns import EDITS, LINES, PORTALS, REPORT_OBJECTS, TABLES, VERSIONS
from gxgk_crawler.export.csv_table import CsvTable
from gxgk_crawler.export.descriptor import CSVW, DESCRIPTOR, SOFTWARE, About, File, csvw, data_package
from gxgk_crawler.export.figure_columns import INDICATORS, REUSES, STATUTORY_CELLS, STATUTORY_CHECKS
from gxgk_crawler.export.json_lines import JsonLines
from gxgk_crawler.export.parquet_table import ParquetTable
from gxgk_crawler.export.rows import figure_rows_of, plain_row, report_line, version_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from gxgk_crawler.export.export_table import ExportTable
    from gxgk_crawler.redaction.redactor import Redactor

_UNFINISHED = ".unfinished"
FIGURES = (STATUTORY_CELLS, STATUTORY_CHECKS, INDICATORS, REUSES)


class Shape(StrEnum):
    """What the files of an export are."""

    DATAPACKAGE = "datapackage"
    PARQUET = "parquet"
    JSONL = "jsonl"


# Ending and media type of the files.
_FILES = {
    Shape.DATAPACKAGE: ("csv", "text/csv"),
    Shape.PARQUET: ("parquet", "application/vnd.apache.parquet"),
    Shape.JSONL: ("jsonl", "application/jsonl"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Where the rows come from. table: rows by the name of a table, as `store.export.read_table` yields them.

    reports: versions of one report after the other, as `store.export.read_reports` yields them. written: called for every row
    read.
    """

    table: Callable[[str], Iterable[Mapping[str, Any]]]
    reports: Callable[[], Iterable[Sequence[Mapping[str, Any]]]]
    written: Callable[[], object]


def tables_read(shape: Shape) -> list[str]:
    """Names of the tables whose rows will be written, as far as they are rows of the database."""
    return [table.name for table in (LINES if shape is Shape.JSONL else TABLES) if table is not EDITS]


def write_package(
    directory: Path,
    shape: Shape,
    rows: Rows,
    redactor: Redactor,
    *,
    created: datetime,
    filters: Mapping[str, Any],
    replace: bool = False,
    escape: bool = True,
) -> list[File]:
    """Write an export into a directory, which is made when it is not there; other files in it are left alone.

    created: when, UTC. filters: what was asked for. replace: an earlier export in the directory is replaced as a whole. escape:
    texts in CSV that a spreadsheet takes for formulas are escaped (csv_table.py). Memory does not grow with the number of rows.
    Raises StorageError when a file of one of these names is there and may not be replaced, when another export writes to the
    directory, and when it cannot be written. Until all files are complete, the directory keeps what it holds.
    """
    with writing_to(directory), _reserved(directory) as unfinished:
        extension, media_type = _FILES[shape]
        tables = LINES if shape is Shape.JSONL else TABLES
        names = [f"{table.name}.{extension}" for table in tables]
        names += [CSVW] if shape is Shape.DATAPACKAGE else []
        old = _old_files(directory, [*names, DESCRIPTOR], replace=replace)
        portals = list(rows.table(PORTALS.name))
        counts = _write_tables(unfinished, shape, rows, portals, redactor, escape=escape)
        files = [
            _seal(unfinished / f"{table.name}.{extension}", table, media_type, counts[table.name]) for table in tables
        ]
        about = About(created=created, filters=filters, redactor=redactor, portals=portals, escape=escape)
        if shape is Shape.DATAPACKAGE:
            _write_json(unfinished / CSVW, csvw(files, about))
        _write_json(unfinished / DESCRIPTOR, data_package(files, about))
        _move(unfinished, directory, names, old)
    return files


@contextmanager
def writing_to(directory: Path) -> Iterator[None]:
    """Make a directory if need be; an OSError in the block becomes a StorageError with one line."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise StorageError(f"{error.filename or directory} cannot be used: {reason}") from error


@contextmanager
def _reserved(directory: Path) -> Iterator[Path]:
    """An empty directory inside this one, locked for this export and removed afterwards, with what a killed export left there."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if not manifest.try_lock(descriptor):
            raise StorageError(f"another export is writing to {directory}")
        unfinished = directory / _UNFINISHED
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir()
        try:
            yield unfinished
        finally:
            shutil.rmtree(unfinished)
    finally:
        os.close(descriptor)


def _old_files(directory: Path, names: Sequence[str], *, replace: bool) -> list[Path]:
    """The files of the export that is replaced; none when there is none. Raises StorageError."""
    there = [name for name in names if (directory / name).exists()]
    if not there:
        return []
    if not replace:
        raise StorageError(f"{directory} holds {there[0]} already: give another directory, or --replace")
    ours = _names_of_export(directory / DESCRIPTOR)
    if strange := sorted(set(there) - ours):
        raise StorageError(
            f"{directory / strange[0]} is not from a complete export of gxgk: remove it, or give another directory"
        )
    return [directory / name for name in sorted(ours)]


def _names_of_export(descriptor: Path) -> set[str]:
    """Names of the files that a descriptor of gxgk lists, and its own; none when another program wrote it."""
    try:
        package = json.loads(descriptor.read_text("utf-8"))
        if not package["software"].startswith(f"{SOFTWARE}/"):
            return set()
        named = {str(resource["path"]) for resource in package["resources"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return set()
    return {name for name in {*named, CSVW, DESCRIPTOR} if "/" not in name and (descriptor.parent / name).is_file()}


def _write_tables(
    directory: Path,
    shape: Shape,
    rows: Rows,
    portals: Iterable[Mapping[str, Any]],
    redactor: Redactor,
    *,
    escape: bool,
) -> dict[str, int]:
    """Write the files; how many rows each has, by the name of its table."""
    counts: Counter[str] = Counter()

    begin = partial(_begin, directory, shape, escape=escape)

    def written(table: ExportTable, made: Iterable[dict[str, Any]]) -> None:
        with begin(table) as file:
            for row in made:
                file.write(row)
                counts[table.name] += 1
                rows.written()

    def plain(table: ExportTable) -> Iterator[dict[str, Any]]:
        source = portals if table is PORTALS else rows.table(table.name)
        if table in FIGURES:
            return figure_rows_of(table, source, redactor)
        return (plain_row(table, row, redactor) for row in source)

    for table in LINES if shape is Shape.JSONL else TABLES:
        if table is REPORT_OBJECTS:
            written(table, (report_line(versions, redactor) for versions in rows.reports()))
        elif table is VERSIONS:
            with begin(EDITS) as edits:
                written(table, _versions(rows, redactor, edits.write, counts))
        elif table is not EDITS:
            written(table, plain(table))
    return counts


def _begin(directory: Path, shape: Shape, table: ExportTable, *, escape: bool) -> CsvTable | ParquetTable | JsonLines:
    path = directory / f"{table.name}.{_FILES[shape][0]}"
    match shape:
        case Shape.DATAPACKAGE:
            return CsvTable(path, table, escape=escape)
        case Shape.PARQUET:
            return ParquetTable(path, table)
        case Shape.JSONL:
            return JsonLines(path, table)


def _versions(
    rows: Rows, redactor: Redactor, write_edit: Callable[[dict[str, Any]], None], counts: Counter[str]
) -> Iterator[dict[str, Any]]:
    """Rows of versions. The edits of each version are written here too, because they are masked together."""
    for row in rows.table(VERSIONS.name):
        version, edits = version_rows(row, redactor)
        for edit in edits:
            write_edit(edit)
            counts[EDITS.name] += 1
        yield version


def _seal(path: Path, table: ExportTable, media_type: str, rows: int) -> File:
    """Sync a finished file to the disk; what the descriptor says about it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return File(
        path=path.name,
        table=table,
        format=path.suffix[1:],
        media_type=media_type,
        size=size,
        sha256=digest,
        rows=rows,
    )


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _move(unfinished: Path, directory: Path, names: Sequence[str], old: Sequence[Path]) -> None:
    """Replace the old files by the new ones. The old descriptor is removed first, and the new one moved in last."""
    if old:
        (directory / DESCRIPTOR).unlink()
        manifest.sync_directory(directory)
        for path in old:
            path.unlink(missing_ok=True)
    for name in names:
        (unfinished / name).rename(directory / name)
    manifest.sync_directory(directory)
    (unfinished / DESCRIPTOR).rename(directory / DESCRIPTOR)
    manifest.sync_directory(directory)
