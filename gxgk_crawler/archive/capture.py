"""Captures from WARC fields: one reading of a record, shared by the writer that makes it and the recovery that finds it."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast, get_args

from gxgk_crawler.items import Capture, CaptureRole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gxgk_crawler.archive.message import Head

PROFILE_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
PROFILE_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
EMPTY_SHA256 = hashlib.sha256().hexdigest()
_MEDIA_TYPE = re.compile(rb"\s*([\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+)\s*(?:[;,]|$)")
_ROLES = get_args(CaptureRole)


def capture_of(
    fields: Mapping[str, str],
    head: Head | None,
    *,
    warc_file: str,
    offset: int,
    length: int,
    method: str,
    payload_length: int,
) -> Capture:
    """The capture that a response or revisit record stands for.

    fields: its WARC fields by their names as this package writes them. payload_length: of the payload in the block; a
    revisit holds none and says it in WARC-Payload-Length. status is 0 when no whole HTTP head was received.
    Raises KeyError or ValueError when a field is missing or malformed.
    """
    revisit = fields["WARC-Type"] == "revisit"
    refers_to = fields.get("WARC-Refers-To")
    request = fields.get("WARC-Concurrent-To")
    role = fields.get("WARC-Capture-Role", "page")
    return Capture(
        record_id=fields["WARC-Record-ID"].strip("<>"),
        warc_file=warc_file,
        offset=offset,
        length=length,
        url=fields["WARC-Target-URI"],
        method=method,
        status=status_of(fields, head),
        fetched_at=datetime.fromisoformat(fields["WARC-Date"]).astimezone(UTC),
        payload_sha256=fields.get("WARC-Payload-Digest", f"sha256:{EMPTY_SHA256}").removeprefix("sha256:"),
        payload_length=int(fields.get("WARC-Payload-Length", "0")) if revisit else payload_length,
        media_type=media_type_of(head),
        ip=fields.get("WARC-IP-Address"),
        # On a revisit the field says that the block holds the head only, not that the server sent too little.
        truncated=None if revisit else fields.get("WARC-Truncated"),
        refers_to=refers_to.strip("<>") if revisit and refers_to else None,
        request_record_id=request.strip("<>") if request else None,
        reconstructed=fields.get("WARC-Capture") == "reconstructed",
        role=cast("CaptureRole", role) if role in _ROLES else "page",
    )


def status_of(fields: Mapping[str, str], head: Head | None) -> int:
    """The HTTP status of a record; 0 when no whole head was received, or one with a number that is no status (RFC 9110, 15)."""
    if fields.get("WARC-Profile") == PROFILE_NOT_MODIFIED:
        return 304
    return head.status if head and head.status <= 999 else 0


def media_type_of(head: Head | None) -> str | None:
    """The media type that Content-Type names, lower case, without parameters; None when it names none (RFC 9110, 8.3.1)."""
    value = head.first(b"content-type") if head else None
    found = _MEDIA_TYPE.match(value or b"")
    return found[1].decode("ascii").lower() if found else None
