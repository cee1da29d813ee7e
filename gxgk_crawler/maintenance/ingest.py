"""From the archive to the database: what a crash left out, or everything after the database was lost.

The archive is written first, so it knows all that the database should. Taking a file in again changes nothing.
"""

from __future__ import annotations

import heapq
import logging
import re
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from gxgk_crawler.archive.manifest import OPEN_SUFFIX, read_manifest
from gxgk_crawler.archive.reader import file_begun, record_capture, record_method, scan, warc_path
from gxgk_crawler.archive.reader import warc_files as files_of
from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.archive.writer import host_name
from gxgk_crawler.entries import CrawlStarted, ReportGone, ReportRead, Seen
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.items import Capture
from gxgk_crawler.store import journal, warc_files
from gxgk_crawler.store.postgres.locks import recovering
from gxgk_crawler.store.warc_files import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gxgk_crawler.archive.manifest import SealedFile
    from gxgk_crawler.archive.recovery import RecoveredFile
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.store.postgres.database import Connection, Database

logger = logging.getLogger(__name__)

_AT_ONCE = 200  # items in one transaction
_SOFTWARE = re.compile(r"gxgk_crawler/(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken in. files: how many were read. items: captures and entries in them. recovered: abandoned files."""

    files: int
    items: int
    recovered: list[RecoveredFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the warcinfo record of a file says of the crawl that wrote it; a later reading names neither portal nor start."""

    portal: str | None = None
    started_at: datetime | None = None
    software: str = "unknown"
    settings: str | None = None
    host: str = "unknown"

    @classmethod
    def of(cls, info: dict[str, str]) -> Self:
        started = info.get("gxgk-crawl")
        software = _SOFTWARE.match(info.get("software", ""))
        return cls(
            portal=info.get("gxgk-portal"),
            started_at=datetime.fromisoformat(started) if started else None,
            software=software[1] if software else "unknown",
            settings=info.get("gxgk-settings-sha256"),
            host=info.get("hostname", "unknown"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One capture or entry of a file, with what the file's warcinfo record says of the crawl that wrote it."""

    at: datetime
    source: Source
    what: Capture | Entry


def place_of(directory: Path) -> Place:
    """The archive directory as the database knows it: on this machine."""
    return Place(host=host_name(), directory=str(directory))


def settle(database: Database, directory: Path, *, claim: bool = False) -> Taken:
    """Recover what killed crawls left behind, and take in every sealed file that the database does not know to its end.

    Only files in `directory` are touched, and only their rows. claim: whatever lies here is said to lie here, as after a
    move or a restore. Waits for another settling to end. Raises ArchiveError and DatabaseError; doing it again then goes on.
    """
    with recovering(database):
        recovered = list(recover(directory))
        sealed = read_manifest(directory)
        with database.begin() as conn:
            names = warc_files.unsettled(conn, sealed)
        paths = [warc_path(directory, name) for name in names]
        # A damaged file is never sealed: what it holds before the damage is looked at each time.
        damaged = [directory / f"{found.file}{OPEN_SUFFIX}" for found in recovered if found.damage is not None]
        items = _take_in(database, directory, [*paths, *damaged])
        if claim:
            _claim(database, directory)
        _seal(database, directory, [sealed[name] for name in (sealed if claim else names)])
    return Taken(files=len(paths) + len(damaged), items=items, recovered=recovered)


def reindex(database: Database, directory: Path, *, progress: Callable[[int], None] | None = None) -> Taken:
    """Take in every file of the archive, as after the loss of the database. progress: told how many items are done.

    Raises ArchiveError and DatabaseError.
    """
    with recovering(database):
        recovered = list(recover(directory))
        paths = files_of(directory)
        items = _take_in(database, directory, paths, progress)
        _claim(database, directory)
        _seal(database, directory, read_manifest(directory).values())
    return Taken(files=len(paths), items=items, recovered=recovered)


def seal(conn: Connection, directory: Path, sealed: SealedFile) -> None:
    """Write down that the database knows all that is in a sealed file."""
    warc_files.put(conn, [sealed.file], place_of(directory))
    warc_files.seal(
        conn,
        sealed.file,
        bytes=sealed.bytes,
        records=sealed.records,
        sha256=sealed.sha256,
        prev_sha256=sealed.previous,
        line_sha256=sealed.line_sha256,
        sealed_at=datetime.fromisoformat(sealed.sealed_at),
    )


def _seal(database: Database, directory: Path, files: Iterable[SealedFile]) -> None:
    with database.begin() as conn:
        for sealed in files:
            seal(conn, directory, sealed)


def _claim(database: Database, directory: Path) -> None:
    """Say of every file that lies here and that the database knows that it lies here."""
    with database.begin() as conn:
        known = {file.name for file in warc_files.known_files(conn)}
        names = (path.name.removesuffix(OPEN_SUFFIX) for path in files_of(directory))
        warc_files.put(conn, [name for name in names if name in known], place_of(directory))


def _take_in(
    database: Database, directory: Path, paths: list[Path], progress: Callable[[int], None] | None = None
) -> int:
    """Store all captures and entries of the files; how many there were."""
    items = _in_order(paths)
    place = place_of(directory)
    beginnings = _Beginnings()
    done = 0
    while batch := list(islice(items, _AT_ONCE)):
        with database.begin() as conn:
            for (source, are_captures), group in groupby(
                batch, key=lambda item: (item.source, type(item.what) is Capture)
            ):
                found = [item.what for item in group]
                beginnings.assure(conn, source, found[0])
                if are_captures:
                    captures = [what for what in found if isinstance(what, Capture)]
                    journal.save_captures(
                        conn, captures, place=place, portal=source.portal, started_at=source.started_at
                    )
                    continue
                for what in found:
                    if not isinstance(what, Capture):
                        beginnings.assure_portal(conn, what)
                        _apply(conn, what)
        done += len(batch)
        if progress is not None:
            progress(done)
    return done


class _Beginnings:
    """Sees to it that every crawl and portal has its row, also when the file is lost that told how the crawl began."""

    def __init__(self) -> None:
        self._crawls: set[Source] = set()
        self._portals: set[str] = set()

    def assure(self, conn: Connection, source: Source, first: Capture | Entry) -> None:
        """Have the rows that the items of a file belong to; what the database or the archive tells of them is better."""
        if source in self._crawls:
            return
        self._crawls.add(source)
        if source.portal is None or source.started_at is None or isinstance(first, CrawlStarted):
            return
        self._assure(conn, source.portal, _site(first), source.started_at)
        journal.assure_crawl(
            conn,
            source.portal,
            source.started_at,
            software_version=source.software,
            settings_digest=source.settings,
            host=source.host,
        )

    def assure_portal(self, conn: Connection, entry: Entry) -> None:
        """Have the row of the portal that an entry names."""
        if not isinstance(entry, CrawlStarted):
            self._assure(conn, entry.portal, _site(entry), entry.at)

    def _assure(self, conn: Connection, portal: str, site: str, at: datetime) -> None:
        if portal not in self._portals and journal.assure_portal(conn, portal, entry=site, at=at):
            logger.warning(
                "the archive has lost how the crawls of %s began: its portal is known by its name alone", portal
            )
        self._portals.add(portal)


def _site(what: Capture | Entry) -> str:
    """Where a portal seems to begin, by one of its URLs; empty when none is at hand."""
    urls: list[str] = []
    match what:
        case Capture() | ReportGone():
            urls = [what.url]
        case ReportRead():
            urls = [what.report.url]
        case Seen():
            urls = [channel.url for channel in what.channels] + [sighting.url for sighting in what.sightings]
    return urljoin(urls[0], "/") if urls else ""


def _apply(conn: Connection, entry: Entry) -> None:
    """Apply an entry, in a savepoint of its own: what a hostile page has put into one must not cost the others."""
    try:
        with conn.begin_nested():
            journal.apply(conn, entry)
    except ConfigError as error:
        if not isinstance(entry, CrawlStarted):
            raise
        # Divisions come and go with versions of the software: the portal is still the portal.
        logger.warning("%s; it is taken in without its division", error)
        journal.apply(conn, replace(entry, division=None))
    except Exception as error:
        if conn.invalidated:
            raise
        # The crawl that wrote it was told the same, and went on.
        logger.error("the database refuses an entry of %s: %s", entry.at.isoformat(), error)  # noqa: TRY400


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
    source = Source()
    methods: dict[str, str] = {}
    for record in scan(path):
        at = max(at, datetime.fromisoformat(record.headers["WARC-Date"]))
        what: Capture | Entry | None = None
        if record.type == "warcinfo":
            source = Source.of(record.info)
        methods = record_method(record) or methods
        if record.is_capture:
            what = record_capture(record, name, methods)
        else:
            try:
                what = record.entry
            except ValueError as error:
                logger.error("%s at %d: %s", name, record.offset, error)  # noqa: TRY400 (damage of the file, no bug)
        if what is not None:
            yield _Item(at=at, source=source, what=what)
