"""WACZ 1.1.1: WARC files, their index and a list of pages in one file that replay tools open as it is.

Members of the WARC files are copied byte for byte; only where a part is taken do they stand at other places. Everything is
streamed: memory does not grow with the archive.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from gxgk_crawler import __version__
from gxgk_crawler.archive.cdx import Sorter, line
from gxgk_crawler.archive.reader import record_capture, scan_descriptor
from gxgk_crawler.archive.records import warc_date
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.archive.reader import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class WaczPage:
    """One line of the list of pages. url: as captured. at: when. title: of the report."""

    url: str
    at: datetime
    title: str | None


@dataclass(slots=True, kw_only=True)
class Exported:
    """What went into a WACZ file. captures: how many can be replayed. missing: originals of revisits that were not there."""

    path: Path
    files: int = 0
    captures: int = 0
    pages: int = 0
    bytes: int = 0
    missing: set[str] = field(default_factory=set)


def write_wacz(
    path: Path,
    archive: ArchiveDirectory,
    names: Iterable[str],
    pages: Iterable[WaczPage],
    *,
    title: str,
    created: datetime,
    wanted: Callable[[str], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Exported:
    """Write a WACZ file of sealed WARC files, whole, or only of the captures whose record id is `wanted`.

    names: of the WARC files, in the order in which they go in. pages: what replay tools list. created: when, UTC. progress:
    called with the bytes read. Written under another name first, so that a file with the name `path` is always whole. Raises
    ArchiveError and OSError.
    """
    done = Exported(path=path)
    resources: list[dict[str, object]] = []
    unfinished = path.with_name(f"{path.name}.part")
    with ZipFile(unfinished, "w", ZIP_STORED, allowZip64=True) as package, Sorter() as index:
        copier = _Copier(archive, done, index, wanted, progress)
        for name in names:
            with _member(package, f"archive/{name}", created, resources) as member:
                copier.copy(name, member)
            done.files += 1
        done.missing = copier.referred - copier.kept
        # CDXJ under the name .cdx: pywb unpacks no other, wabac takes both.
        with _member(package, "indexes/index.cdx", created, resources) as member:
            for text in index.sorted():
                member.write(text)
        first = None
        with _member(package, "pages/pages.jsonl", created, resources) as member:
            member.write(_json({"format": "json-pages-1.0", "id": "pages", "title": "Reports"}))
            for number, page in enumerate(pages, start=1):
                first = first or page
                member.write(
                    _json({"id": str(number), "url": page.url, "ts": _second(page.at), "title": page.title or page.url})
                )
                done.pages = number
        descriptor = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": title,
            "created": _second(created),
            "software": f"gxgk_crawler/{__version__}",
            **({"mainPageUrl": first.url, "mainPageDate": _second(first.at)} if first else {}),
            "resources": resources,
        }
        data = json.dumps(descriptor, ensure_ascii=False, indent=1).encode()
        with _member(package, "datapackage.json", created, []) as member:
            member.write(data)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        with _member(package, "datapackage-digest.json", created, []) as member:
            member.write(_json(digest))
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
        done.bytes = os.fstat(file.fileno()).st_size
    unfinished.replace(path)
    return done


class _Copier:
    """Copies the members of WARC files that are wanted, and indexes the captures among them."""

    def __init__(
        self,
        archive: ArchiveDirectory,
        done: Exported,
        index: Sorter,
        wanted: Callable[[str], bool] | None,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.kept: set[str] = set()
        self.referred: set[str] = set()
        self._archive = archive
        self._done = done
        self._index = index
        self._wanted = wanted
        self._progress = progress
        self._read = 0

    def copy(self, name: str, target: _Hashing) -> None:
        """Copy what is wanted. Raises ArchiveError when the file is not whole."""
        end = 0
        with self._archive.opened(name) as descriptor:
            for record in scan_descriptor(descriptor):
                end = record.offset + record.length
                if self._is_wanted(record):
                    if record.is_capture:
                        self._add(record, name, target.size)
                    target.write(os.pread(descriptor, record.length, record.offset))
            if end != os.fstat(descriptor).st_size:
                raise ArchiveError(f"{name} is damaged at {end}: run `gxgk verify`")
        self._read += end
        if self._progress is not None:
            self._progress(self._read)

    def _is_wanted(self, record: Record) -> bool:
        """A request and what was received beside a response go with the response."""
        if self._wanted is None or record.type == "warcinfo":
            return True
        named = [record.record_id] if record.is_capture else []
        if record.type == "request":
            named = [record.headers.get("WARC-Concurrent-To", "")]
        elif record.type == "metadata":
            named = [record.headers.get("WARC-Refers-To", "")]
        return any(self._wanted(name.strip("<>")) for name in named)

    def _add(self, record: Record, warc_file: str, offset: int) -> None:
        capture = record_capture(record, warc_file, {})
        self._index.add(line(capture, warc_file, offset))
        self._done.captures += 1
        if self._wanted is not None:
            self.kept.add(capture.record_id)
            if capture.refers_to is not None:
                self.referred.add(capture.refers_to)


@contextmanager
def _member(package: ZipFile, name: str, created: datetime, resources: list[dict[str, object]]) -> Iterator[_Hashing]:
    """A member of the zip file to write to; it becomes one of the `resources` with its size and hash."""
    info = ZipInfo(name, created.timetuple()[:6])
    info.external_attr = 0o644 << 16
    with package.open(info, "w", force_zip64=True) as stream:
        hashing = _Hashing(stream)
        yield hashing
    resources.append(
        {
            "name": name.rpartition("/")[2],
            "path": name,
            "hash": f"sha256:{hashing.sha256.hexdigest()}",
            "bytes": hashing.size,
        }
    )


class _Hashing:
    """Writes on, and keeps count."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0
        self._stream = stream

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        self.size += len(data)
        return self._stream.write(data)


def _second(instant: datetime) -> str:
    return warc_date(instant.replace(microsecond=0)).replace(".000000Z", "Z")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
