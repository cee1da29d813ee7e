"""One archive directory: which WARC files it holds, and how they are opened. Everything that reads an archive goes through it.

A file is written in this directory, under its name with `.open` at the end, because only a local file can be made durable.
A sealed file has its bare name. To keep sealed files elsewhere, change this module alone.
"""

from __future__ import annotations

import os
import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gxgk_crawler.archive import manifest
from gxgk_crawler.errors import ArchiveError, MissingFileError
from gxgk_crawler.items import WARC_NAME, ArchiveLocation, warc_begun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gxgk_crawler.items import Capture

# The end of a file's name while it is written; gone once the file is sealed.
OPEN_SUFFIX = ".open"
_WARC = "*.warc.gz"


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a record lies. warc_file: base name. offset, length: of the gzip member, in bytes of the compressed file."""

    warc_file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class ArchiveDirectory:
    """The WARC files below `path`, by their base names without `.open`. The directory need not exist yet."""

    path: Path

    @property
    def location(self) -> ArchiveLocation:
        """The directory as the database knows it: on this machine."""
        return ArchiveLocation(host=host_name(), directory=str(self.path))

    def names(self) -> list[str]:
        """Names of all files, sealed and open, in the order they were begun."""
        return sorted({*self.sealed_names(), *self.open_names()})

    def sealed_names(self) -> list[str]:
        """Names of the files that have their final name, in the order they were begun."""
        return sorted(path.name for path in self.path.glob(_WARC) if WARC_NAME.fullmatch(path.name) and path.is_file())

    def open_names(self) -> list[str]:
        """Names of the files that are still written, or that a killed crawl has left."""
        found = {path.name.removesuffix(OPEN_SUFFIX): path for path in self.path.glob(f"{_WARC}{OPEN_SUFFIX}")}
        return sorted(
            name
            for name, path in found.items()
            if WARC_NAME.fullmatch(name) and path.is_file() and not path.is_symlink()
        )

    def strangers(self) -> Iterator[tuple[str, str]]:
        """What no writer has put here under the name of a WARC file, in order: (name in the directory, what is wrong)."""
        for path in sorted([*self.path.glob(_WARC), *self.path.glob(f"{_WARC}{OPEN_SUFFIX}")]):
            if path.is_symlink():
                yield path.name, "is a symbolic link"
            elif not path.is_file():
                yield path.name, "is no regular file"
            elif not WARC_NAME.fullmatch(path.name.removesuffix(OPEN_SUFFIX)):
                yield path.name, "has a name that no WARC file of an archive can have"

    def is_here(self, name: str) -> bool:
        """True when a file of that name lies here."""
        try:
            self.find(name)
        except ArchiveError:
            return False
        return True

    def find(self, name: str) -> Path:
        """Where the file lies: under its final name, or still under its `.open` one.

        Raises MissingFileError when it is nowhere, and ArchiveError when the name could lead out of the directory.
        """
        if not WARC_NAME.fullmatch(name):
            raise ArchiveError(f"{name!r} is no name of a WARC file")
        final = self.path / name
        # The final name once more at the end: the file may be sealed between the two looks.
        for path in (final, self.open_path(name), final):
            if path.exists():
                return path
        raise MissingFileError(f"{name} is not in {self.path}", name)

    def open_path(self, name: str) -> Path:
        """Where the file lies while it is written."""
        return self.path / f"{name}{OPEN_SUFFIX}"

    @contextmanager
    def opened(self, name: str) -> Iterator[int]:
        """A descriptor that reads the file. Raises ArchiveError, also for what is no regular file, and OSError."""
        try:
            descriptor = manifest.open_regular(self.find(name))
        except ValueError as error:
            raise ArchiveError(str(error)) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def pread(self, location: RecordLocation | Capture) -> bytes:
        """The bytes at that place; fewer at the end of the file. Raises ArchiveError and OSError."""
        with self.opened(location.warc_file) as descriptor:
            return os.pread(descriptor, location.length, location.offset)

    def size(self, name: str) -> int:
        """Bytes of the file. Raises ArchiveError and OSError."""
        return self.find(name).stat().st_size

    def sealed(self) -> dict[str, manifest.SealedFile]:
        """The lines of the manifest by file name, in the order of sealing. Raises ArchiveError when one cannot be read."""
        try:
            return manifest.read_manifest(self.path)
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{manifest.MANIFEST} in {self.path} cannot be read: {error}") from error


def begun(name: str) -> datetime:
    """When a file was begun, as its name says, to the millisecond; the beginning of time for a name that does not say."""
    return warc_begun(name) or datetime.min.replace(tzinfo=UTC)


def host_name() -> str:
    """The name of this machine as it stands in the names of WARC files."""
    return re.sub(r"[^A-Za-z0-9.]+", "_", socket.gethostname()) or "localhost"
