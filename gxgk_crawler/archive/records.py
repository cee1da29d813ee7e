"""WARC/1.1 records (ISO 28500:2017) as gzip members: one member per record, so that each can be read alone."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# Level 9 is 0.3 % smaller than 6 and costs 8 % more CPU (5,000 pages of twelve portal templates).
_GZIP_LEVEL = 6
GZIP_FORMAT = 16 + zlib.MAX_WBITS
# The largest record, inflated, that is written or read: what fits into memory, and four times the largest attachment.
RECORD_LIMIT = 512 << 20
# The largest entry, as JSON. What extract/limits.py lets through takes two thirds of it where every character is escaped, and
# the database holds no larger value without refusing it or taking gigabytes.
ENTRY_LIMIT = 192 << 20
# pywb answers 500 for a target that is not plain ASCII; wget 1.19 wrote <>, which readers took as part of the URL.
_UNSAFE = re.compile(r"[^\x21-\x7e]|[<>]")
# What the record of an entry says about its block; other tools take it for metadata like any other.
ENTRY_TYPE = "application/vnd.gxgk.entry+json"

Buffer = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Member:
    """A compressed record, ready to append. length: bytes of the compressed member."""

    record_id: str
    pieces: list[bytes]
    length: int


def new_record_id() -> str:
    """A fresh record name; random, because time-based ones tell the machine's address."""
    return f"urn:uuid:{uuid4()}"


def warc_date(instant: datetime) -> str:
    """An aware UTC instant as WARC-Date, with microseconds."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def target_uri(url: str) -> str:
    """`url` as WARC-Target-URI: its fragment cut, everything outside printable ASCII percent-encoded as UTF-8."""
    bare = url.partition("#")[0]
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), bare)


def sha256_of(parts: Iterable[Buffer]) -> tuple[str, int]:
    """The SHA-256 of all parts together, lowercase hex, and their length in bytes."""
    digest = hashlib.sha256()
    length = 0
    for part in parts:
        digest.update(part)
        length += len(part)
    return digest.hexdigest(), length


def build_member(record_id: str, fields: Iterable[tuple[str, str | None]], block: Buffer) -> Member:
    """Compress one record: `fields` in order, WARC-Type first (None leaves one out), record id, digest, length, block."""
    kind, *others = fields
    block_sha256, length = sha256_of([block])
    named = [
        kind,
        ("WARC-Record-ID", f"<{record_id}>"),
        *others,
        ("WARC-Block-Digest", f"sha256:{block_sha256}"),
        ("Content-Length", str(length)),
    ]
    lines = "".join(f"{name}: {value}\r\n" for name, value in named if value is not None)
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, GZIP_FORMAT)
    pieces = [
        packer.compress(f"WARC/1.1\r\n{lines}\r\n".encode()),
        packer.compress(block),
        packer.compress(b"\r\n\r\n"),
        packer.flush(),
    ]
    pieces = [piece for piece in pieces if piece]
    return Member(record_id, pieces, sum(map(len, pieces)))
