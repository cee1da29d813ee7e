"""Which committed captures a revisit record may refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.archive.records import target_uri

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from gxgk_crawler.items import Capture

# A revisit record costs about 1 KB itself: a smaller body is cheaper stored again, and replays without its original.
SMALLEST_PAYLOAD = 1024


@dataclass(frozen=True, slots=True)
class Original:
    """The capture that holds the bytes: what WARC-Refers-To, -Target-URI, -Date and WARC-Payload-Digest say about it."""

    record_id: str
    url: str
    fetched_at: datetime
    payload_sha256: str


class Originals:
    """Captures by the digest of their payload and by URL.

    Only captures that are committed in the database belong here, so that no revisit outlives a lost original.
    """

    def __init__(self) -> None:
        self._by_payload: dict[str, Original] = {}
        self._by_url: dict[str, Original] = {}

    def remember(self, captures: Iterable[Capture]) -> None:
        """Learn whole 200 responses; a revisit among them makes its URL point at the original it repeats."""
        for capture in captures:
            if capture.status != 200 or capture.truncated or capture.reconstructed:
                continue
            if capture.refers_to is not None:
                original = self._by_payload.get(capture.payload_sha256)
            else:
                original = Original(capture.record_id, capture.url, capture.fetched_at, capture.payload_sha256)
                if capture.payload_length >= SMALLEST_PAYLOAD:
                    self._by_payload.setdefault(capture.payload_sha256, original)
            if original is not None:
                self._by_url[target_uri(capture.url)] = original

    def of_payload(self, sha256: str, length: int) -> Original | None:
        """The capture that holds the same payload, when it is big enough for a revisit to pay."""
        return self._by_payload.get(sha256) if length >= SMALLEST_PAYLOAD else None

    def of_url(self, url: str) -> Original | None:
        """The last known 200 response of `url`: what a 304 says is still valid."""
        return self._by_url.get(target_uri(url))
