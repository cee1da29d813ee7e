"""Archived responses for pages: found by record or by URL and time, read from the archive, and never of a report that is withheld."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gxgk_crawler.archive.reader import read_entity
from gxgk_crawler.errors import ArchiveError, NotFoundError
from gxgk_crawler.store.selection import find_capture
from gxgk_crawler.store.views.provenance import capture_row
from gxgk_crawler.store.views.withholding import withheld_report
from gxgk_crawler.web.answers import MissingError, WithheldError

if TYPE_CHECKING:
    from typing import Any

    from gxgk_crawler.archive.reader import Record
    from gxgk_crawler.items import Capture
    from gxgk_crawler.web.room import Ask

# What an original is served under: it is a document of no origin, in which nothing runs and which loads from this archive alone.
# `'self'` is the room, also inside a sandbox (Chromium, Firefox).
ORIGINAL_POLICY = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
ORIGINAL_HEADERS = {"Content-Security-Policy": ORIGINAL_POLICY, "Referrer-Policy": "no-referrer"}
# For images and style sheets: they are loaded by a document of no origin.
RESOURCE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Referrer-Policy": "no-referrer",
}
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
)
_MOMENT = re.compile(r"\d{14}")


def capture_shown(ask: Ask, record_id: str) -> dict[str, Any]:
    """The facts of a capture. Raises MissingError, and WithheldError when a report that was read from it is withheld."""
    try:
        row = capture_row(ask.conn, record_id)
    except NotFoundError:
        raise MissingError("capture") from None
    for reader in row["reports"]:
        held = withheld_report(ask.conn, reader["report"])
        if held is not None:
            raise WithheldError(held.reason, held.withheld_at.isoformat())
    return row


def capture_at(ask: Ask, record_id: str) -> Capture:
    """Where the bytes of a capture lie. Raises MissingError."""
    found = find_capture(ask.conn, record_id)
    if found is None:
        raise MissingError("capture")
    return found


def entity(ask: Ask, capture: Capture) -> tuple[Record, bytes]:
    """The record and the content-decoded entity of a capture. Raises MissingError when its file is not here or is damaged."""
    try:
        return read_entity(ask.room.archive, capture, lambda record_id: find_capture(ask.conn, record_id))
    except ArchiveError:
        raise MissingError("file") from None


def image_type(body: bytes) -> str | None:
    """The media type of an image that browsers show and that can hold no script; None for anything else."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    return next((media_type for magic, media_type in _IMAGES if body.startswith(magic)), None)


def moment_of(text: str) -> datetime | None:
    """The time of 14 digits, in UTC; None for anything else."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def digits_of(at: datetime) -> str:
    """The time as 14 digits, in UTC."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def url_behind(ask: Ask, head: str) -> str:
    """The URL that stands in the address behind `head` and one more part, with its query, as it was sent. Raises MissingError."""
    _, found, rest = ask.path["raw"].partition(head)
    url = re.sub(r"^(https?):/+", r"\1://", rest.partition("/")[2] if head != "/timegate/" else rest)
    if not found or not url.startswith(("http://", "https://")):
        raise MissingError("url")
    return url
