"""HTTP/1 messages as stored bytes: where the head ends, what it says, and the payload inside the transfer coding.

The parser agrees with the one that Scrapy runs on the live bytes (lenient about line ends and lines without a colon), so
that an archived response is read as the crawl read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATUS_LINE = re.compile(rb"[^ /]+/\d+\.\d+ +(\d{1,9})(?: (.*))?", re.DOTALL)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\r?", re.DOTALL)
# RFC 9110 15.3.5 and 15.4.5: these never carry content.
_NO_CONTENT = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and header fields of a response.

    end: offset of the first body byte. headers: (name, value) as sent, in order, repeated ones kept, folded ones joined.
    """

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    end: int

    def first(self, name: bytes) -> bytes | None:
        """The first value of a header field, by its lower-case name; None when it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def all(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.headers if key.lower() == name]


def interim_length(data: bytes | bytearray) -> int:
    """How many bytes at the start of `data` are whole interim responses (1xx), which precede the one that counts."""
    position = 0
    while (head := parse_head(data, position)) is not None and 100 <= head.status < 200:
        position = head.end
    return position


def parse_head(data: bytes | bytearray, start: int = 0) -> Head | None:
    """The head of the response at `start`; None when the bytes are no HTTP response or stop inside its head."""
    lines = _lines(data, start)
    first = next(lines, None)
    if first is None or (matched := _STATUS_LINE.fullmatch(first[0])) is None:
        return None
    fields: list[list[bytes]] = []
    for line, following in lines:
        if not line:
            parts = (b"".join(field).partition(b":") for field in fields)
            headers = [(name, value.strip()) for name, colon, value in parts if colon]
            return Head(int(matched[1]), matched[2] or b"", headers, following)
        if line[0] in b" \t" and fields:
            fields[-1].append(line)
        else:
            fields.append([line])
    return None


def _lines(data: bytes | bytearray, position: int) -> Iterator[tuple[bytes, int]]:
    while (end := data.find(b"\n", position)) >= 0:
        yield bytes(data[position:end]).removesuffix(b"\r"), end + 1
        position = end + 1


def payload_parts(data: bytes | bytearray, head: Head | None) -> Iterator[memoryview]:
    """The entity body, transfer-decoded but content-encoded, in parts that copy nothing.

    Of a truncated chunked body, as much as can be decoded; nothing for a response without a readable head.
    """
    if head is None or head.status in _NO_CONTENT:
        return
    coding = head.first(b"transfer-encoding")
    if coding is not None and coding.lower() == b"chunked":
        yield from _chunks(data, head.end)
    elif head.end < len(data):
        yield memoryview(data)[head.end :]


def _chunks(data: bytes | bytearray, position: int) -> Iterator[memoryview]:
    view = memoryview(data)
    while (end := data.find(b"\n", position)) >= 0:
        size = _CHUNK_SIZE.fullmatch(bytes(view[position:end]))
        length = int(size[1], 16) if size else 0
        if length == 0:
            return
        position = end + 1
        yield view[position : position + length]
        position += length
        for line_end in (b"\r\n", b"\n"):
            if data.startswith(line_end, position):
                position += len(line_end)
                break
        else:
            return
