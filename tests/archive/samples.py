"""Exchanges made up for tests that need no server, and the member walk that they are held against."""

from __future__ import annotations

import random
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gxgk_crawler.archive.directory import OPEN_SUFFIX, ArchiveDirectory
from gxgk_crawler.archive.exchange import Exchange
from gxgk_crawler.archive.reader import record_capture, record_method, scan
from gxgk_crawler.archive.verify import Verification, Verifier
from gxgk_crawler.archive.writer import WarcWriter
from tests.archive.shapes import ok

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gxgk_crawler.archive.reader import Record
    from gxgk_crawler.items import Capture

INFO = {"software": "gxgk_crawler tests", "robots": "obey", "gxgk-portal": "sample"}


def body_of(number: int, size: int = 2000) -> bytes:
    """Bytes that differ from number to number and hardly compress."""
    return random.Random(number).randbytes(size)


def exchange(number: int, response: bytes | None = None, **more: Any) -> Exchange:
    url = more.pop("url", f"https://sample.test/page/{number}.html")
    return Exchange(
        url=url,
        started_at=datetime(2026, 1, 2, 3, 4, 5, 600_000 + number, UTC),
        request=bytearray(b"GET /page HTTP/1.1\r\nHost: sample.test\r\n\r\n"),
        response=bytearray(ok(body_of(number), b"Content-Type: text/html") if response is None else response),
        ip="192.0.2.1",
        ended=True,
        **more,
    )


def writer_in(directory: Path, **more: Any) -> WarcWriter:
    return WarcWriter(ArchiveDirectory(directory), info=INFO, **more)


def verify(directory: Path, rows: Iterable[Capture], **more: Any) -> Verification:
    """Verify an archive against rows that no database holds."""
    by_file: dict[str, list[Capture]] = {}
    for row in sorted(rows, key=lambda row: row.offset):
        by_file.setdefault(row.warc_file, []).append(row)
    return Verifier(ArchiveDirectory(directory), lambda name: by_file.get(name, []), **more).run(by_file)


def records(path: Path) -> Iterator[Record]:
    """The whole records of a WARC file, in order."""
    return scan(ArchiveDirectory(path.parent), path.name.removesuffix(OPEN_SUFFIX))


def captures(path: Path) -> Iterator[Capture]:
    """The captures that the whole records of a file stand for, in order: what its crawl stored, from the file alone."""
    methods: dict[str, str] = {}
    for record in records(path):
        methods = record_method(record) or methods
        if record.is_capture:
            yield record_capture(record, path.name.removesuffix(OPEN_SUFFIX), methods)


def member_ends(data: bytes) -> list[int]:
    """Ends of all whole gzip members, found without the code under test."""
    ends, position = [], 0
    while position < len(data):
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(data[position:])
        if not unpacker.eof:
            break
        position = len(data) - len(unpacker.unused_data)
        ends.append(position)
    return ends
