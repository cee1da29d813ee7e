"""Reading records back: one by (file, offset, length), or all of a file in order.

Members are inflated here with zlib alone. Of a torn file, warcio returned 201 of 215 cut records as good and fastwarc 204;
zlib knows for each member whether its end and its CRC-32 were there.
"""

from __future__ import annotations

import os
import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gxgk_crawler.archive.capture import capture_of, media_type_of, status_of
from gxgk_crawler.archive.message import Head, parse_head, payload_parts
from gxgk_crawler.archive.records import ENTRY_LIMIT, ENTRY_TYPE, GZIP_FORMAT, RECORD_LIMIT, sha256_of
from gxgk_crawler.entries import from_json
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gxgk_crawler.archive.directory import ArchiveDirectory, RecordLocation
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.items import Capture

# The largest body after content decoding: a page of 32 MiB that was sent compressed 4:1.
BODY_LIMIT = 128 << 20
# zlib copies all that follows at the end of each member: a body of a million empty ones would take hours.
_MOST_MEMBERS = 100
# Small, because zlib copies what follows a member's end in the chunk, and most members are about 10 KB.
_CHUNK = 1 << 16
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """One WARC record. headers: its WARC fields. block: as stored. offset, length: the gzip member, in file bytes."""

    headers: dict[str, str]
    block: bytes
    offset: int
    length: int

    @property
    def type(self) -> str:
        return self.headers["WARC-Type"]

    @property
    def record_id(self) -> str:
        return self.headers["WARC-Record-ID"].strip("<>")

    @property
    def is_capture(self) -> bool:
        """True for what the database knows as a capture: a response or a revisit."""
        return self.type in {"response", "revisit"}

    @property
    def entry(self) -> Entry | None:
        """The entry in this record; None for every other record, and for a kind of entry that this version does not know.

        Raises ValueError when an entry cannot be read.
        """
        if self.headers.get("Content-Type") != ENTRY_TYPE:
            return None
        if len(self.block) > ENTRY_LIMIT:
            raise ValueError(f"an entry of {len(self.block)} bytes is not read")
        return from_json(self.block)

    @property
    def info(self) -> dict[str, str]:
        """The named fields of a warcinfo record: software, operator, gxgk-portal ..."""
        pairs = (line.partition(":") for line in self.block.decode("utf-8", "replace").split("\r\n"))
        return {name: value.strip() for name, colon, value in pairs if colon}

    @cached_property
    def head(self) -> Head | None:
        """Status line and header fields; None when the block holds no whole HTTP response head."""
        return parse_head(self.block)

    @property
    def status(self) -> int:
        """The HTTP status; 0 when no whole head was received."""
        return status_of(self.headers, self.head)

    @property
    def http_headers(self) -> list[tuple[bytes, bytes]]:
        return self.head.headers if self.head else []

    @cached_property
    def payload(self) -> bytes:
        """The entity body, transfer-decoded but content-encoded; of a truncated one, what there is.

        Raises ArchiveError for a revisit, which holds none: read the capture that it refers to.
        """
        if self.type == "revisit":
            raise ArchiveError(
                f"{self.record_id} is a revisit: its payload lies in {self.headers.get('WARC-Refers-To')}"
            )
        return b"".join(payload_parts(self.block, self.head))

    @cached_property
    def body(self) -> bytes:
        """The payload without its content coding, as a reader wants it.

        Of a truncated one, what can be decoded. Raises ArchiveError for a coding other than gzip and deflate (the crawl
        asks for no other), for damaged data, and when the body is larger than BODY_LIMIT.
        """
        body = self.payload
        codings = b",".join(self.head.all(b"content-encoding")) if self.head else b""
        for coding in reversed([part.strip().lower() for part in codings.split(b",")]):
            if coding in {b"gzip", b"x-gzip"}:
                body = self._inflate(body, GZIP_FORMAT)
            elif coding == b"deflate":
                # RFC 9110 8.4.1.2 means the zlib format; many servers send raw deflate instead.
                is_zlib = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
                body = self._inflate(body, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
            elif coding not in {b"", b"identity"}:
                raise ArchiveError(
                    f"{self.record_id} has the content coding {coding.decode('latin-1')}, which is not read"
                )
        return body

    @property
    def media_type(self) -> str | None:
        return media_type_of(self.head)

    @property
    def charset(self) -> str | None:
        """What the Content-Type header says, unchecked; None when it says nothing."""
        value = self.head.first(b"content-type") if self.head else None
        found = _CHARSET.search(value or b"")
        return found[1].decode("latin-1") if found else None

    def check(self) -> None:
        """Compare block and payload with their digests. Raises ArchiveError when one differs."""
        self._compare("WARC-Block-Digest", sha256_of([self.block])[0])
        if self.type == "response":
            self._compare("WARC-Payload-Digest", sha256_of(payload_parts(self.block, self.head))[0])

    def _compare(self, field: str, sha256: str) -> None:
        expected = self.headers.get(field)
        if expected is not None and expected != f"sha256:{sha256}":
            raise ArchiveError(f"{self.record_id}: {field} is {expected}, the bytes give sha256:{sha256}")

    def _inflate(self, data: bytes, wbits: int) -> bytes:
        out = bytearray()
        for _ in range(_MOST_MEMBERS):
            unpacker = zlib.decompressobj(wbits)
            try:
                out += unpacker.decompress(data, BODY_LIMIT + 1 - len(out))
            except zlib.error as error:
                raise ArchiveError(f"{self.record_id}: the body cannot be decoded: {error}") from error
            if len(out) > BODY_LIMIT:
                raise ArchiveError(f"{self.record_id}: the body is larger than {BODY_LIMIT >> 20} MiB when decoded")
            data = unpacker.unused_data if wbits == GZIP_FORMAT else b""
            if not data.startswith(b"\x1f\x8b"):
                # A gzip body may hold several members (RFC 1952, 2.2); anything else after one is padding.
                return bytes(out)
        raise ArchiveError(f"{self.record_id}: the body has more than {_MOST_MEMBERS} gzip members")


def file_portal(archive: ArchiveDirectory, name: str) -> str | None:
    """The portal that a file was written for, as its warcinfo record says; None for one that says none.

    Raises ArchiveError and OSError.
    """
    first = next(scan(archive, name), None)
    return first.info.get("gxgk-portal") if first is not None and first.type == "warcinfo" else None


def read(archive: ArchiveDirectory, location: RecordLocation | Capture, *, verify: bool = False) -> Record:
    """The record at (warc_file, offset, length), from a sealed file or from one that is still written.

    The member's length and CRC-32 are always checked; with `verify` its digests too. Raises ArchiveError when no whole
    record lies exactly there.
    """
    place = f"{location.warc_file} at {location.offset}"
    if not 0 < location.length <= RECORD_LIMIT:
        raise ArchiveError(f"{place}: no record has {location.length} bytes")
    try:
        member = archive.pread(location)
        unpacker = zlib.decompressobj(GZIP_FORMAT)
        data = unpacker.decompress(member, RECORD_LIMIT)
    except (OSError, OverflowError, ValueError, zlib.error) as error:
        raise ArchiveError(f"{place}: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ArchiveError(f"{place}: {location.length} bytes are not exactly one record")
    record = parse_record(data, location.offset, location.length)
    if record is None:
        raise ArchiveError(f"{place}: no WARC record")
    if verify:
        record.check()
    return record


def read_entity(
    archive: ArchiveDirectory, capture: Capture, find: Callable[[str], Capture | None]
) -> tuple[Record, bytes]:
    """The record whose head counts, and the content-decoded entity, which for a revisit lies in its original.

    find: the capture with that record id. Raises ArchiveError.
    """
    record = read(archive, capture, verify=True)
    if record.type != "revisit":
        return record, record.body
    original = find(capture.refers_to or "")
    if original is None:
        raise ArchiveError(f"{capture.record_id} repeats a capture that is not known")
    whole = read(archive, original, verify=True)
    return record if record.head is not None else whole, whole.body


def scan(archive: ArchiveDirectory, name: str) -> Iterator[Record]:
    """All records of a file in order, until the last whole one; what follows that, if anything, is not a record.

    Memory is bounded by the largest record. Compare the last offset + length with the file's size to learn whether the
    file is whole. Raises ArchiveError and OSError.
    """
    with archive.opened(name) as descriptor:
        yield from scan_descriptor(descriptor)


def scan_descriptor(descriptor: int, offset: int = 0) -> Iterator[Record]:
    """As `scan`, for a descriptor, from the member at `offset` on."""
    while (found := _member_at(descriptor, offset)) is not None:
        data, length = found
        record = parse_record(data, offset, length)
        if record is None:
            return
        yield record
        offset += length


def _member_at(descriptor: int, offset: int) -> tuple[bytes, int] | None:
    """The inflated member at `offset` and its compressed length; None when no whole member lies there."""
    unpacker = zlib.decompressobj(GZIP_FORMAT)
    pieces: list[bytes] = []
    position, size = offset, 0
    while not unpacker.eof:
        chunk = os.pread(descriptor, _CHUNK, position)
        try:
            piece = unpacker.decompress(chunk, RECORD_LIMIT - size + 1)
        except zlib.error:
            return None
        position += len(chunk)
        size += len(piece)
        if not chunk or size > RECORD_LIMIT:
            return None
        pieces.append(piece)
    return b"".join(pieces), position - len(unpacker.unused_data) - offset


def looks_like_record(descriptor: int, offset: int) -> bool:
    """A cheap look whether a gzip member at `offset` begins as a WARC record does."""
    try:
        return zlib.decompressobj(GZIP_FORMAT).decompress(os.pread(descriptor, 512, offset), 7) == b"WARC/1."
    except zlib.error:
        return False


def parse_record(data: bytes, offset: int, length: int) -> Record | None:
    """The record that an inflated member holds; None when it is not exactly one whole WARC record."""
    end = data.find(b"\r\n\r\n")
    version, _, lines = data[: max(end, 0)].partition(b"\r\n")
    if not version.startswith(b"WARC/1."):
        return None
    pairs = (line.partition(b":") for line in lines.split(b"\r\n"))
    headers = {
        name.decode("latin-1"): value.strip().decode("utf-8", "replace") for name, colon, value in pairs if colon
    }
    size = headers.get("Content-Length", "")
    if not size.isdecimal() or not {"WARC-Type", "WARC-Record-ID", "WARC-Date"} <= headers.keys():
        return None
    start, stop = end + 4, end + 4 + int(size)
    if data[stop:] != b"\r\n\r\n":
        return None
    return Record(headers, data[start:stop], offset, length)


def record_method(record: Record) -> dict[str, str]:
    """The method of a request record by its id, empty for other records; only the last one before a response matters."""
    return {record.record_id: record.block.partition(b" ")[0].decode("latin-1")} if record.type == "request" else {}


def record_capture(record: Record, warc_file: str, methods: dict[str, str]) -> Capture:
    """The capture of one response or revisit record; `methods` by the record id of the request."""
    request = record.headers.get("WARC-Concurrent-To", "").strip("<>")
    return capture_of(
        record.headers,
        record.head,
        warc_file=warc_file,
        offset=record.offset,
        length=record.length,
        method=methods.get(request, "GET"),
        payload_length=sum(len(part) for part in payload_parts(record.block, record.head)),
    )
