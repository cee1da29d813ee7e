"""Recovery of WARC files that a killed crawl left behind (rule R4): pure file work, and safe to repeat.

A file is recovered only when no living writer holds its lock. Its content is reported first; when the caller goes on, its
torn tail is cut and the file is sealed. Killed in between, the next start does it again. The database ingests it like any
sealed file.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gxgk_crawler.archive import manifest
from gxgk_crawler.archive.reader import looks_like_record, scan_descriptor
from gxgk_crawler.archive.writer import seal_file
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.archive.directory import ArchiveDirectory

# A file without a readable record is renamed to this, for a person to look at; nothing is deleted.
UNREADABLE_SUFFIX = ".unreadable"
_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredFile:
    """One file as recovery found it.

    file: its final base name. portal: name of the spider that wrote it, as its warcinfo record says. records: how many
    are whole; captures: how many of those. cut_bytes: of the torn tail. damage: why the file was left as it is instead of
    being cut and sealed, else None.
    """

    file: str
    portal: str | None = None
    captures: int = 0
    records: int = 0
    cut_bytes: int = 0
    damage: str | None = None


def recover(archive: ArchiveDirectory) -> Iterator[RecoveredFile]:
    """Recover every abandoned `.open` file of an archive, one per step.

    The file is cut and sealed when the next step begins, and stays as it was when none does. A file whose damage is followed
    by whole records was not torn by a crash: it is given out with `damage`, and not touched. A file without any record is
    removed when it is empty, and else renamed to `.unreadable`. Raises ArchiveError when a file cannot be worked on.
    """
    if not archive.path.is_dir():
        return
    with ExitStack() as held:
        try:
            for name, descriptor in _abandoned(archive, held):
                found, entry = _examine(archive, name, descriptor)
                yield found
                _seal(archive, descriptor, found, entry)
        except (OSError, ValueError) as error:
            raise ArchiveError(f"the archive in {archive.path} cannot be recovered: {error}") from error


def _abandoned(archive: ArchiveDirectory, held: ExitStack) -> list[tuple[str, int]]:
    """All `.open` files whose writer is gone, each locked by us until `held` is closed."""
    abandoned = []
    # Under the directory's lock no writer stands between creating its file and locking it.
    with manifest.locked(archive.path):
        for name in archive.open_names():
            descriptor = os.open(archive.open_path(name), os.O_RDWR | os.O_CLOEXEC)
            held.callback(os.close, descriptor)
            if manifest.try_lock(descriptor):
                abandoned.append((name, descriptor))
    return abandoned


def _examine(archive: ArchiveDirectory, name: str, descriptor: int) -> tuple[RecoveredFile, manifest.SealedFile]:
    """What the file holds, and the manifest line it would be sealed with."""
    size = os.fstat(descriptor).st_size
    portal = warcinfo_id = None
    records = captures = end = 0
    for record in scan_descriptor(descriptor):
        if record.type == "warcinfo":
            portal, warcinfo_id = record.info.get("gxgk-portal"), record.headers["WARC-Record-ID"]
        captures += record.is_capture
        records += 1
        end = record.offset + record.length
    entry = manifest.SealedFile(
        file=name,
        bytes=end,
        records=records,
        captures=captures,
        sha256=_sha256(descriptor, end),
        sealed_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    damage = None
    known = manifest.read_manifest(archive.path).get(name)
    if known is not None and (known.bytes, known.sha256) != (entry.bytes, entry.sha256):
        damage = f"{name} was sealed with {known.bytes} bytes and is not the same any more: it was left as it is"
    elif (later := _later_record(descriptor, end, size, warcinfo_id)) is not None:
        damage = f"{name} is damaged at {end}, but holds whole records again from {later} on: it was left as it is"
    found = RecoveredFile(
        file=name, portal=portal, captures=captures, records=records, cut_bytes=size - end, damage=damage
    )
    return found, entry


def _later_record(descriptor: int, end: int, size: int, warcinfo_id: str | None) -> int | None:
    """Offset of the first whole record of this file after a gap at `end`; None when nothing follows, as after a crash.

    warcinfo_id: what every record of the file refers to, so that a WARC inside a torn record is not taken for one.
    """
    position = end + 1
    while position < size:
        chunk = os.pread(descriptor, _CHUNK, position)
        at = chunk.find(_MAGIC)
        if at < 0:
            # The magic may lie across two chunks.
            position += max(len(chunk) - len(_MAGIC) + 1, 1)
            continue
        record = None
        if looks_like_record(descriptor, position + at):
            record = next(scan_descriptor(descriptor, position + at), None)
        if record is not None and warcinfo_id in {None, record.headers.get("WARC-Warcinfo-ID")}:
            return position + at
        position += at + 1
    return None


def _sha256(descriptor: int, end: int) -> str:
    digest = hashlib.sha256()
    for position in range(0, end, _CHUNK):
        digest.update(os.pread(descriptor, min(_CHUNK, end - position), position))
    return digest.hexdigest()


def _seal(archive: ArchiveDirectory, descriptor: int, found: RecoveredFile, entry: manifest.SealedFile) -> None:
    """Cut the torn tail and seal the file; put one without a record out of the way."""
    if found.damage is not None:
        return
    if found.records == 0:
        path = archive.open_path(found.file)
        if found.cut_bytes:
            path.rename(path.with_name(f"{found.file}{UNREADABLE_SUFFIX}"))
        else:
            path.unlink()
        manifest.sync_directory(archive.path)
        return
    os.ftruncate(descriptor, entry.bytes)
    os.fsync(descriptor)
    seal_file(archive, entry)
