"""Pages saved as one file (MHT): what Office and browsers write as a mail with parts. RFC 2557."""

from __future__ import annotations

from email import message_from_bytes
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_MOST_PARTS = 500


def pages_of_mht(data: bytes) -> Iterator[tuple[bytes, str | None]]:
    """Each page in the file with the charset that its header names; a workbook has one for each sheet.

    Raises ExtractionError for a file whose parts cannot be told.
    """
    try:
        parts = _parts(message_from_bytes(data))
        for part in parts:
            if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
                body = part.get_payload(decode=True)
                if isinstance(body, bytes):
                    yield body, part.get_content_charset()
    except (ValueError, LookupError, RecursionError, TypeError) as error:
        raise ExtractionError(f"not a readable MHT file: {error}") from error


def _parts(message: Message) -> list[Message]:
    found: list[Message] = []
    for part in message.walk():
        found.append(part)
        if len(found) > _MOST_PARTS:
            raise ExtractionError(f"an MHT file of more than {_MOST_PARTS} parts")
    return found
