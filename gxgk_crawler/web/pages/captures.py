"""Captures: the proof that something stood somewhere at a time, and its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gxgk_crawler.archive.directory import RecordLocation
from gxgk_crawler.archive.reader import read
from gxgk_crawler.errors import ArchiveError
from gxgk_crawler.web.answers import Bytes, MissingError, RoomPage
from gxgk_crawler.web.archived import RESOURCE_HEADERS, capture_at, capture_shown, digits_of, entity, image_type
from gxgk_crawler.web.pages.originals import as_download
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask

_OPERATOR = ("host", "directory", "ip")
_MOST_HEADERS = 200


def capture(ask: Ask) -> RoomPage:
    """The provenance card of one capture: request, answer, digests, and where its record lies."""
    row = capture_shown(ask, ask.path["record"])
    headers: list[tuple[str, str]] = []
    is_here = True
    try:
        found = read(ask.room.archive, capture_at(ask, ask.path["record"]), verify=True)
        headers = [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in found.http_headers]
    except ArchiveError:
        is_here = False
    shown: dict[str, Any] = {name: row[name] for name in row if not (ask.room.is_public and name in _OPERATOR)}
    return RoomPage(
        template="capture",
        title=str(say(ask.language, "capture.title")),
        data={**shown, "headers": headers[:_MOST_HEADERS], "verified": is_here},
        show={"is_here": is_here, "digits": digits_of(row["fetched_at"])},
        is_hidden=True,
    )


def payload(ask: Ask) -> Answer:
    """The entity of a capture: an image as such, anything else as a download."""
    if ask.room.is_public:
        raise MissingError("masked")
    capture_shown(ask, ask.path["record"])
    found = capture_at(ask, ask.path["record"])
    _, body = entity(ask, found)
    media_type = image_type(body)
    if media_type is not None:
        return Bytes(body=body, media_type=media_type, headers=RESOURCE_HEADERS)
    return as_download(found, body)


def record(ask: Ask) -> Answer:
    """The WARC record of a capture as it lies in its file: one gzip member, readable by every WARC tool."""
    if ask.room.is_public:
        raise MissingError("masked")
    row = capture_shown(ask, ask.path["record"])
    place = RecordLocation(row["warc_file"], row["record_offset"], row["record_length"])
    try:
        read(ask.room.archive, place, verify=True)
        member = ask.room.archive.pread(place)
    except (ArchiveError, OSError):
        raise MissingError("file") from None
    name = row["record_id"].removeprefix("urn:uuid:")
    headers = {**RESOURCE_HEADERS, "Content-Disposition": f'attachment; filename="{name}.warc.gz"'}
    return Bytes(body=member, media_type="application/warc", headers=headers)
