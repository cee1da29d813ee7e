"""From the archive to the database: what a crash left out, or everything after the database was lost.

The archive is written first, so it knows all that the database should. Ingesting a file again changes nothing.
"""

from __future__ import annotations

import heapq
import logging
import re
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from gxgk_crawler.archive.directory import begun
from gxgk_crawler.archive.reader import record_capture, record_method, scan
from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.entries import CrawlStarted, ReportGone, ReportRead, Seen
from gxgk_crawler.errors import ConfigError, first_line
from gxgk_crawler.items import Capture
from gxgk_crawler.maintenance.old_attachments import OldAttachments
from gxgk_crawler.store import crawls, journal, warc_files
from gxgk_crawler.store.identity.report_keys import remember_former
from gxgk_crawler.store.postgres.locks import recovering
from gxgk_crawler.store.selection import find_capture
from gxgk_crawler.store.views.coverage_years import refresh_coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.archive.manifest import SealedFile
    from gxgk_crawler.archive.recovery import RecoveredFile
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.store.postgres.database import Connection, Database

    CanonicalUrl = Callable[[Connection, str, str], str]  # of a portal's name and a URL

logger = logging.getLogger(__name__)

_AT_ONCE = 200  # items in one transaction
_SOFTWARE = re.compile(r"gxgk_crawler/(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What was ingested. files: how many were read. items: captures and entries in them. recovered: abandoned files."""

    files: int
    items: int
    recovered: list[RecoveredFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The crawl that wrote a file, as its warcinfo record says; re-extraction names neither portal nor start."""

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


def ingest_new(
    database: Database, archive: ArchiveDirectory, *, mark_as_here: bool = False, canonical: CanonicalUrl | None = None
) -> Ingested:
    """Recover what killed crawls left behind, and ingest every sealed file that the database does not know to its end.

    Only files of this archive are touched, and only their rows. mark_as_here: write down of every file here that it lies
    here, as after a move or a restore. canonical: see `reindex`. Waits until another process has done the same. Raises
    ArchiveError and DatabaseError; calling it again then goes on.
    """
    with recovering(database):
        recovered = list(recover(archive))
        sealed = archive.sealed()
        with database.begin() as conn:
            names = warc_files.not_ingested(conn, sealed)
        # A damaged file is never sealed: what it holds before the damage is looked at each time.
        damaged = [found.file for found in recovered if found.damage is not None]
        items = _ingest(database, archive, [*names, *damaged], canonical=canonical)
        if mark_as_here:
            _mark_as_here(database, archive)
        _seal(database, archive, [sealed[name] for name in (sealed if mark_as_here else names)])
    return Ingested(files=len(names) + len(damaged), items=items, recovered=recovered)


def reindex(
    database: Database,
    archive: ArchiveDirectory,
    *,
    canonical: CanonicalUrl | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ingested:
    """Ingest every file of the archive, as after the loss of the database.

    canonical: the canonical URL by today's rules of what was canonical when the archive was written; without it reports stay
    under the URLs of their day. progress: called with how many items are done.
    Raises ArchiveError and DatabaseError.
    """
    with recovering(database):
        recovered = list(recover(archive))
        names = archive.names()
        items = _ingest(database, archive, names, canonical=canonical, progress=progress)
        _mark_as_here(database, archive)
        _seal(database, archive, archive.sealed().values())
    return Ingested(files=len(names), items=items, recovered=recovered)


def seal(conn: Connection, archive: ArchiveDirectory, sealed: SealedFile) -> None:
    """Write down that the database knows all that is in a sealed file."""
    warc_files.put(conn, [sealed.file], archive.location)
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


def _seal(database: Database, archive: ArchiveDirectory, files: Iterable[SealedFile]) -> None:
    with database.begin() as conn:
        for sealed in files:
            seal(conn, archive, sealed)


def _mark_as_here(database: Database, archive: ArchiveDirectory) -> None:
    """Write down of every file here that the database knows that it lies here."""
    with database.begin() as conn:
        known = {file.name for file in warc_files.known_files(conn)}
        warc_files.put(conn, [name for name in archive.names() if name in known], archive.location)


def _ingest(
    database: Database,
    archive: ArchiveDirectory,
    names: list[str],
    *,
    canonical: CanonicalUrl | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Store all captures and entries of the files; how many there were."""
    with OldAttachments(archive) as old:
        return _ingest_all(database, archive, names, old, canonical=canonical, progress=progress)


def _ingest_all(
    database: Database,
    archive: ArchiveDirectory,
    names: list[str],
    old: OldAttachments,
    *,
    canonical: CanonicalUrl | None,
    progress: Callable[[int], None] | None,
) -> int:
    items = _in_order(archive, names)
    place = archive.location
    beginnings = _Beginnings()
    portals: set[str] = set()
    done = 0
    while batch := list(islice(items, _AT_ONCE)):
        with database.begin() as conn:
            for (source, are_captures), group in groupby(
                batch, key=lambda item: (item.source, type(item.what) is Capture)
            ):
                found = [item.what for item in group]
                beginnings.assure(conn, source, found[0])
                portals |= {source.portal} if source.portal else set()
                if are_captures:
                    captures = [what for what in found if isinstance(what, Capture)]
                    journal.save_captures(
                        conn, captures, place=place, portal=source.portal, started_at=source.started_at
                    )
                    continue
                for what in found:
                    if not isinstance(what, Capture):
                        beginnings.assure_portal(conn, what)
                        whole = (
                            old.completed(what, partial(find_capture, conn)) if isinstance(what, ReportRead) else what
                        )
                        _apply(conn, whole, canonical)
        done += len(batch)
        if progress is not None:
            progress(done)
    with database.begin() as conn:  # a crawl that was killed has not counted its reports
        for portal in sorted(portals):
            refresh_coverage(conn, portal)
    return done


class _Beginnings:
    """Makes the rows of crawls and portals, also when the file is lost that says how the crawl began."""

    def __init__(self) -> None:
        self._crawls: set[Source] = set()
        self._portals: set[str] = set()

    def assure(self, conn: Connection, source: Source, first: Capture | Entry) -> None:
        """Make the rows that the items of a file belong to; those that are there stay."""
        if source in self._crawls:
            return
        self._crawls.add(source)
        if source.portal is None or source.started_at is None or isinstance(first, CrawlStarted):
            return
        self._assure(conn, source.portal, _site(first), source.started_at)
        crawls.start_crawl(
            conn,
            source.portal,
            source.started_at,
            software_version=source.software,
            settings_digest=source.settings,
            host=source.host,
        )

    def assure_portal(self, conn: Connection, entry: Entry) -> None:
        """Make the row of the portal that an entry names; one that is there stays."""
        if not isinstance(entry, CrawlStarted):
            self._assure(conn, entry.portal, _site(entry), entry.at)

    def _assure(self, conn: Connection, portal: str, site: str, at: datetime) -> None:
        if portal not in self._portals and journal.assure_portal(conn, portal, entry=site, at=at):
            logger.warning(
                "the archive has lost how the crawls of %s began: its portal is known by its name alone", portal
            )
        self._portals.add(portal)


def _site(what: Capture | Entry) -> str:
    """The root of the site that one of its URLs names, as the entry page of a portal; empty when there is no URL."""
    urls: list[str] = []
    match what:
        case Capture() | ReportGone():
            urls = [what.url]
        case ReportRead():
            urls = [what.report.url]
        case Seen():
            urls = [channel.url for channel in what.channels] + [sighting.url for sighting in what.sightings]
    return urljoin(urls[0], "/") if urls else ""


def _apply(conn: Connection, entry: Entry, canonical: CanonicalUrl | None) -> None:
    """Apply an entry in a savepoint of its own, so that an entry which the database refuses costs no other."""
    try:
        with conn.begin_nested():
            todays = entry if canonical is None else renamed(entry, partial(canonical, conn, entry.portal))
            journal.apply(conn, todays)
            if (
                isinstance(entry, ReportRead)
                and isinstance(todays, ReportRead)
                and todays.report.url != entry.report.url
            ):
                remember_former(conn, entry.portal, entry.report.url, todays.report.url)
    except ConfigError as error:
        if not isinstance(entry, CrawlStarted):
            raise
        # Divisions come and go with versions of the software: the portal is still the portal.
        logger.warning("%s; it is ingested without its division", error)
        journal.apply(conn, replace(entry, division=None))
    except Exception as error:
        if conn.invalidated:
            raise
        # The crawl that wrote it met the same error and went on.
        what = f"{type(entry).__name__} of {journal.url_of(entry)}"
        logger.error("the database refuses the %s: %s", what, first_line(error))  # noqa: TRY400 - a page's fault, not a bug


def renamed(entry: Entry, canonical: Callable[[str], str]) -> Entry:
    """The entry with the canonical URLs of its reports by today's rules."""
    match entry:
        case ReportRead():
            return replace(entry, report=replace(entry.report, url=canonical(entry.report.url)))
        case ReportGone():
            return replace(entry, url=canonical(entry.url))
        case Seen():
            return replace(entry, sightings=[replace(one, url=canonical(one.url)) for one in entry.sightings])
    return entry


def _in_order(archive: ArchiveDirectory, names: list[str]) -> Iterator[_Item]:
    """The items of all files in the order in which they were written; only files of the same time are open together."""
    unopened = deque(sorted((begun(name), name) for name in names))
    opened: list[tuple[datetime, int, _Item, Iterator[_Item]]] = []
    number = 0
    while unopened or opened:
        while unopened and (not opened or unopened[0][0] <= opened[0][0]):
            items = _items(archive, unopened.popleft()[1])
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


def _items(archive: ArchiveDirectory, name: str) -> Iterator[_Item]:
    """The captures and entries of one file, at times that never go back: the order within a file is the true one."""
    at = datetime.min.replace(tzinfo=UTC)
    source = Source()
    methods: dict[str, str] = {}
    for record in scan(archive, name):
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
