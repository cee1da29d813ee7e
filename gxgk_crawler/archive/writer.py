"""The only writer of WARC files: one exchange at a time, durable before its capture is returned.

Order and rules are those of docs/archive-format.md (R1-R7). Nothing here knows Scrapy or the database.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakSet

from gxgk_crawler.archive import manifest
from gxgk_crawler.archive.directory import host_name
from gxgk_crawler.archive.exchange_records import build_exchange
from gxgk_crawler.archive.records import ENTRY_LIMIT, ENTRY_TYPE, Member, build_member, new_record_id, warc_date
from gxgk_crawler.archive.revisits import Originals
from gxgk_crawler.config import creation_mode
from gxgk_crawler.entries import ReportGone, ReportRead, to_json
from gxgk_crawler.errors import ArchiveError, ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.archive.exchange import Exchange
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.items import Capture

# WARC/1.1, annex C: about 1 GB a file, which every tool can still copy and hash in one go.
ROTATE_BYTES = 1_000_000_000


class _WarcFile:
    """One `.open` file, locked while this process lives, and the end of its last durable record."""

    def __init__(self, archive: ArchiveDirectory, serial: int) -> None:
        self.day = datetime.now(UTC).date()
        self.end = 0
        self.records = 0
        self.captures = 0
        self.sha256 = hashlib.sha256()
        # Under the directory's lock, so that a recovery that runs now cannot take the file for an abandoned one.
        with manifest.locked(archive.path):
            self.name = _free_name(archive, serial)
            self.path = archive.open_path(self.name)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            self.descriptor = os.open(self.path, flags, creation_mode(0o666))
            manifest.try_lock(self.descriptor)
            manifest.sync_directory(archive.path)
        _open_files.add(self)

    def append(self, members: list[Member]) -> None:
        """Write all members and make them durable, or leave the file as it was and raise OSError."""
        try:
            manifest.write_whole(self.descriptor, [piece for member in members for piece in member.pieces])
            os.fdatasync(self.descriptor)
        except OSError:
            os.ftruncate(self.descriptor, self.end)
            os.fsync(self.descriptor)
            raise
        for member in members:
            for piece in member.pieces:
                self.sha256.update(piece)
            self.end += member.length
        self.records += len(members)

    def entry(self) -> manifest.SealedFile:
        """The manifest line of the file as it is now. Raises OSError when a failed write could not be taken back."""
        if os.fstat(self.descriptor).st_size != self.end:
            raise OSError(f"there is more in {self.path} than was stored")
        return manifest.SealedFile(
            file=self.name,
            bytes=self.end,
            records=self.records,
            captures=self.captures,
            sha256=self.sha256.hexdigest(),
            sealed_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def close(self) -> None:
        _open_files.discard(self)
        os.close(self.descriptor)


_open_files: WeakSet[_WarcFile] = WeakSet()


def _close_in_child() -> None:
    # A flock lives as long as any copy of its descriptor. A forked worker that outlives a killed crawl must not keep the
    # crawl's file locked, or recovery would wait for it for ever.
    for file in list(_open_files):
        file.close()


os.register_at_fork(after_in_child=_close_in_child)


def _file_name(serial: int) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
    return f"gxgk-{stamp}-{serial:05d}-{host_name()}-{os.getpid()}.warc.gz"


def _free_name(archive: ArchiveDirectory, serial: int) -> str:
    """A name that no file has, open or sealed; two writers of one process may begin in the same millisecond."""
    while True:
        name = _file_name(serial)
        if not archive.is_here(name):
            return name


def seal_file(archive: ArchiveDirectory, entry: manifest.SealedFile) -> manifest.SealedFile:
    """Give a whole, durable `.open` file its line in the manifest and its final name.

    The line comes first: a crash between the two leaves an `.open` file that has its line, and never a final name without
    one. Sealing again changes nothing. Raises OSError.
    """
    with manifest.locked(archive.path):
        sealed = manifest.read_manifest(archive.path).get(entry.file) or manifest.append(archive.path, entry)
        archive.open_path(entry.file).rename(archive.path / entry.file)
        manifest.sync_directory(archive.path)
    return sealed


class WarcWriter:
    """Appends exchanges to WARC files of an archive; used by one thread at a time.

    info: the fields of the warcinfo record that opens every file. min_free_bytes: free space below which nothing is
    written (R7). rotate_bytes: size at which a file is sealed and the next one begun.
    """

    def __init__(
        self,
        archive: ArchiveDirectory,
        *,
        info: Mapping[str, str],
        min_free_bytes: int = 0,
        rotate_bytes: int = ROTATE_BYTES,
    ) -> None:
        self._archive = archive
        self.originals = Originals()
        self._info = info
        self._min_free_bytes = min_free_bytes
        self._rotate_bytes = rotate_bytes
        self._file: _WarcFile | None = None
        self._warcinfo_id = ""
        self._serial = 0
        self._broken: ArchiveError | None = None
        self._sealed: list[manifest.SealedFile] = []

    def check(self) -> None:
        """Raise ArchiveError when nothing can be written: an earlier failure, no directory, too little free space."""
        if self._broken is not None:
            raise self._broken
        directory = self._archive.path
        try:
            directory.parent.mkdir(parents=True, exist_ok=True)
            directory.mkdir(exist_ok=True, mode=creation_mode(0o777))
            free = shutil.disk_usage(directory).free
        except OSError as error:
            raise ArchiveError(f"the archive directory {directory} cannot be used: {error}") from error
        if free < self._min_free_bytes:
            raise ArchiveError(
                f"only {free // 1_000_000} MB are free in {directory}, and GXGK_MIN_FREE_MB asks for "
                f"{self._min_free_bytes // 1_000_000} MB: make room, or set GXGK_MIN_FREE_MB lower"
            )

    def write(self, exchange: Exchange) -> Capture:
        """Store one exchange and return where its response lies, after it is durable.

        Raises ArchiveError when it cannot be stored; the file then ends with the last whole record, and every later call
        fails as well, so that no crawl goes on without its archive.
        """
        with self._storing() as file:
            built = build_exchange(
                exchange, self.originals, warcinfo_id=self._warcinfo_id, warc_file=file.name, offset=file.end
            )
            file.append(built.members)
            file.captures += 1
        return built.capture

    def note(self, entry: Entry) -> None:
        """Store an entry, and return after it is durable.

        Raises ArchiveError as `write` does, and ExtractionError, which stops nothing, for an entry that is too large.
        """
        block = to_json(entry)
        if len(block) > ENTRY_LIMIT:
            raise ExtractionError(f"an entry of {len(block)} bytes is more than an archive takes: {ENTRY_LIMIT}")
        with self._storing() as file:
            about = entry.report.capture if isinstance(entry, ReportRead) else None
            if isinstance(entry, ReportGone):
                about = entry.capture
            # Like all metadata records here it names no target, so that replay never offers it in place of a page.
            fields = [
                ("WARC-Type", "metadata"),
                ("WARC-Date", warc_date(entry.at)),
                ("WARC-Warcinfo-ID", f"<{self._warcinfo_id}>"),
                ("WARC-Refers-To", f"<{about.record_id}>" if about else None),
                ("Content-Type", ENTRY_TYPE),
            ]
            file.append([build_member(new_record_id(), fields, block)])

    @contextmanager
    def _storing(self) -> Iterator[_WarcFile]:
        """The file to append to, sealed afterwards when it is full; a failed write ends the use of this writer."""
        self.check()
        try:
            file = self._current()
            yield file
            if file.end >= self._rotate_bytes:
                self.seal()
        except OSError as error:
            self._broken = ArchiveError(
                f"the archive in {self._archive.path} cannot be written: {error.strerror or error}"
            )
            raise self._broken from error

    def seal(self) -> None:
        """Seal the open file, if there is one, into the manifest. Raises ArchiveError; the file then stays `.open`."""
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            if file.records == 0:
                file.path.unlink()
            else:
                self._sealed.append(seal_file(self._archive, file.entry()))
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{file.path} cannot be sealed: {error}; the next start recovers it") from error
        finally:
            file.close()

    def take_sealed(self) -> list[manifest.SealedFile]:
        """The files that were sealed since the last call."""
        sealed, self._sealed = self._sealed, []
        return sealed

    def _current(self) -> _WarcFile:
        if self._file is not None and self._file.day != datetime.now(UTC).date():
            self.seal()
        if self._file is None:
            file = _WarcFile(self._archive, self._serial)
            self._serial += 1
            self._file = file
            file.append([self._warcinfo(file)])
        return self._file

    def _warcinfo(self, file: _WarcFile) -> Member:
        self._warcinfo_id = new_record_id()
        info = {
            "format": "WARC File Format 1.1",
            "hostname": socket.gethostname(),
            "os": platform.platform(),
            **self._info,
        }
        lines = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in info.items())
        fields = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Date", warc_date(datetime.now(UTC))),
            ("WARC-Filename", file.name),
            ("Content-Type", "application/warc-fields"),
        ]
        return build_member(self._warcinfo_id, fields, lines.encode())
