"""Where WARC files lie: several machines and homes may share one database, and each holds the files of its own archive."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Text, any_, bindparam, select, text

from gxgk_crawler.errors import MissingFileError
from gxgk_crawler.items import ArchiveLocation, warc_begun
from gxgk_crawler.store import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from gxgk_crawler.errors import ArchiveError


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A WARC file as the database knows it.

    host, directory: where it lies; None when that is not known. line_sha256: of its manifest line.
    """

    name: str
    host: str | None
    directory: str | None
    is_sealed: bool
    line_sha256: str | None

    @property
    def place(self) -> str:
        """Where it lies, in words."""
        return f"{self.directory or 'an unknown directory'} on {self.host or 'an unknown machine'}"

    def is_elsewhere(self, here: ArchiveLocation) -> bool:
        """True when the file lies in another archive than `here`. A file whose place is not known counts as here."""
        if self.directory is None:
            return self.host not in {None, here.host}
        return (self.host, self.directory) != (here.host, here.directory)


def known_files(conn: Connection) -> list[KnownFile]:
    """All WARC files that the database knows, by name."""
    file = models.warc_file.c
    query = select(
        file.name, file.host, file.directory, file.sealed_at.is_not(None).label("is_sealed"), file.line_sha256
    ).order_by(file.name)
    return [KnownFile(**row) for row in conn.execute(query).mappings()]


def elsewhere(
    conn: Connection, here: ArchiveLocation, is_here: Callable[[str], bool], *, portal: str | None = None
) -> list[KnownFile]:
    """The files (with captures of a portal) that lie in other archives.

    is_here: whether a file of that name lies in this one. What does lies here, whatever its row says: the archive may have
    been moved, or restored on another machine.
    """
    wanted = None if portal is None else files_of(conn, portal)
    return [
        file
        for file in known_files(conn)
        if (wanted is None or file.name in wanted) and file.is_elsewhere(here) and not is_here(file.name)
    ]


def files_of(conn: Connection, portal: str) -> set[str]:
    """Names of the files that hold captures of a portal."""
    capture, file = models.capture.c, models.warc_file.c
    query = (
        select(file.name)
        .distinct()
        .join(models.capture, capture.warc_file_id == file.id)
        .join(models.portal, models.portal.c.id == capture.portal_id)
        .where(models.portal.c.name == portal)
    )
    return set(conn.execute(query).scalars())


def holding(conn: Connection, record_ids: Iterable[str]) -> dict[str, KnownFile]:
    """The files that hold these captures, by record id; what is not known is left out."""
    files = {file.name: file for file in known_files(conn)}
    capture, file = models.capture.c, models.warc_file.c
    wanted = bindparam("wanted", list(record_ids), type_=ARRAY(Text))
    query = (
        select(capture.record_id, file.name)
        .join(models.warc_file, file.id == capture.warc_file_id)
        .where(capture.record_id == any_(wanted))
    )
    return {row.record_id: files[row.name] for row in conn.execute(query)}


def explained(conn: Connection, error: ArchiveError) -> str:
    """What went wrong when a record was read, and where its file lies if that is in another archive."""
    if isinstance(error, MissingFileError):
        for file in known_files(conn):
            if file.name == error.name and file.directory is not None:
                return f"{error}; it was last seen in {file.place}"
    return str(error)


def put(conn: Connection, names: Iterable[str], place: ArchiveLocation) -> None:
    """Write that these files lie at `place`. A new file was opened when its name says; a known one may have been moved."""
    begun = {name: warc_begun(name) for name in names}
    rows = [{"name": name, "opened_at": at and at.isoformat()} for name, at in begun.items()]
    if rows:
        values = {"rows": json.dumps(rows), "host": place.host, "directory": place.directory}
        conn.execute(_PUT, values)


# A row that says so already is not written and not locked: this runs for every batch of captures.
_PUT = text(
    """
    insert into warc_file (name, host, directory, opened_at)
    select g.name, :host, :directory, coalesce(g.opened_at, now())
    from jsonb_to_recordset(cast(:rows as jsonb)) as g (name text, opened_at timestamptz)
    where not exists (
        select from warc_file f where f.name = g.name and f.host = :host and f.directory = :directory
    )
    order by g.name
    on conflict (name) do update
    set host = excluded.host, directory = excluded.directory, opened_at = least(warc_file.opened_at, excluded.opened_at)
    """
)


def seal(conn: Connection, name: str, **facts: Any) -> None:
    """Write that a file was sealed. facts: bytes, records, sha256, prev_sha256, line_sha256, sealed_at.

    Facts that are there stay, so that no later change of the archive passes for what was sealed. Only the digest of the manifest line
    is added where an older version wrote none.
    """
    conn.execute(_SEAL, {"name": name, **facts})


_SEAL = text(
    """
    update warc_file
    set bytes = :bytes, records = :records, sha256 = :sha256, prev_sha256 = :prev_sha256, line_sha256 = :line_sha256,
        sealed_at = cast(:sealed_at as timestamptz)
    where name = :name
      and (sealed_at is null or (line_sha256 is null and sha256 = :sha256 and prev_sha256 = :prev_sha256))
    """
)


def not_ingested(conn: Connection, names: Iterable[str]) -> list[str]:
    """Those of the sealed files that the database has not ingested to their end."""
    file = models.warc_file.c
    ingested = set(conn.execute(select(file.name).where(file.sealed_at.is_not(None))).scalars())
    return [name for name in names if name not in ingested]
