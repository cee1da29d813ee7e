"""From the archive to the database: what a crash left out, or everything after the database was lost.

The archive is written first, so it knows all that the database should. Taking a file in again changes nothing.
"""

from __future__ import annotations

import heapq
import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING

from gxgk_crawler.archive.manifest import OPEN_SUFFIX, read_manifest
from gxgk_crawler.archive.reader import file_begun, record_capture, record_method, scan, warc_files, warc_path
from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.items import Capture
from gxgk_crawler.store import captures as capture_store
from gxgk_crawler.store import journal
from gxgk_crawler.store.lock import recovering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from gxgk_crawler.archive.manifest import SealedFile
    from gxgk_crawler.archive.recovery import RecoveredFile
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.store.database import Database

logger = logging.getLogger(__name__)

_AT_ONCE = 200  # items in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken in. files: how many were read. items: captures and entries in them. recovered: abandoned files."""

    files: int
    items: int
    recovered: list[RecoveredFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One capture or entry of a file, with the portal and the start of the crawl that its warcinfo record names."""

    at: datetime
    portal: str | None
    started_at: datetime | None
    what: Capture | Entry


def settle(database: Database, directory: Path) -> Taken:
    """Recover what killed crawls left behind, and take in every sealed file that the database does not know to its end.

    Waits for another settling to end. Raises ArchiveError and DatabaseError; doing it again then goes on.
    """
    with recovering(database):
        recovered = list(recover(directory))
        sealed = read_manifest(directory)
        with database.begin() as conn:
            names = journal.unsettled(conn, sealed)
        paths = [warc_path(directory, name) for name in names]
        # A damaged file is never sealed: what it holds before the damage is looked at each time.
        damaged = [directory / f"{found.file}{OPEN_SUFFIX}" for found in recovered if found.damage is not None]
        items = _take_in(database, [*paths, *damaged])
        _seal(database, directory, [sealed[name] for name in names])
    return Taken(files=len(paths) + len(damaged), items=items, recovered=recovered)


def reindex(database: Database, directory: Path, *, progress: Callable[[int], None] | None = None) -> Taken:
    """Take in every file of the archive, as after the loss of the database. progress: told how many items are done.

    Raises ArchiveError and DatabaseError.
    """
    with recovering(database):
        recovered = list(recover(directory))
        paths = warc_files(directory)
        items = _take_in(database, paths, progress)
        _seal(database, directory, read_manifest(directory).values())
    return Taken(files=len(paths), items=items, recovered=recovered)


def seal(conn: Connection, directory: Path, sealed: SealedFile) -> None:
    """Write down that the database knows all that is in a sealed file."""
    journal.name_file(conn, sealed.file)
    capture_store.seal_warc_file(
        conn,
        sealed.file,
        directory=str(directory),
        size=sealed.bytes,
        records=sealed.records,
        sha256=sealed.sha256,
        prev_sha256=sealed.previous,
        sealed_at=datetime.fromisoformat(sealed.sealed_at),
    )


def _seal(database: Database, directory: Path, files: Iterable[SealedFile]) -> None:
    with database.begin() as conn:
        for sealed in files:
            seal(conn, directory, sealed)


def _take_in(database: Database, paths: list[Path], progress: Callable[[int], None] | None = None) -> int:
    """Store all captures and entries of the files; how many there were."""
    items = _in_order(paths)
    done = 0
    while batch := list(islice(items, _AT_ONCE)):
        with database.begin() as conn:
            for source, group in groupby(
                batch, key=lambda item: (item.portal, item.started_at, type(item.what) is Capture)
            ):
                portal, started_at, are_captures = source
                if are_captures:
                    found = [item.what for item in group if isinstance(item.what, Capture)]
                    journal.save_captures(conn, found, portal=portal, started_at=started_at)
                else:
                    for item in group:
                        _apply(conn, item)
        done += len(batch)
        if progress is not None:
            progress(done)
    return done


def _apply(conn: Connection, item: _Item) -> None:
    if isinstance(item.what, Capture):
        return
    try:
        journal.apply(conn, item.what)
    except (ConfigError, NotFoundError) as error:
        # The file with the start of its crawl is lost, or its division is not known any more: the rest is still good.
        logger.error("an entry of %s cannot be taken in: %s", item.at.isoformat(), error)  # noqa: TRY400


def _in_order(paths: list[Path]) -> Iterator[_Item]:
    """The items of all files in the order in which they were written; only files of the same time are open together."""
    unopened = deque(sorted((file_begun(path), path) for path in paths))
    opened: list[tuple[datetime, int, _Item, Iterator[_Item]]] = []
    number = 0
    while unopened or opened:
        while unopened and (not opened or unopened[0][0] <= opened[0][0]):
            items = _items(unopened.popleft()[1])
            number += 1
            for item in islice(items, 1):
                heapq.heappush(opened, (item.at, number, item, items))
        if not opened:
            return
        _, order, item, items = opened[0]
        yield item
        following = next(items, None)
        if following is None:
            heapq.heappop(opened)
        else:
            heapq.heapreplace(opened, (following.at, order, following, items))


def _items(path: Path) -> Iterator[_Item]:
    """The captures and entries of one file, at times that never go back: the order within a file is the true one."""
    name = path.name.removesuffix(OPEN_SUFFIX)
    at = datetime.min.replace(tzinfo=UTC)
    portal: str | None = None
    started_at: datetime | None = None
    methods: dict[str, str] = {}
    for record in scan(path):
        at = max(at, datetime.fromisoformat(record.headers["WARC-Date"]))
        what: Capture | Entry | None = None
        if record.type == "warcinfo":
            portal = record.info.get("gxgk-portal")
            started = record.info.get("gxgk-crawl")
            started_at = datetime.fromisoformat(started) if started else None
        methods = record_method(record) or methods
        if record.is_capture:
            what = record_capture(record, name, methods)
        else:
            try:
                what = record.entry
            except ValueError as error:
                logger.error("%s at %d: %s", name, record.offset, error)  # noqa: TRY400 (damage of the file, no bug)
        if what is not None:
            yield _Item(at=at, portal=portal, started_at=started_at, what=what)
