"""Decodes a chunked body (RFC 9112, 7.1) that may consist of millions of tiny chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twisted.web.http import _ChunkedTransferDecoder

if TYPE_CHECKING:
    from collections.abc import Callable

# A body of the largest size that a crawl takes has 670 bytes in each of so many chunks; servers send some thousand.
MOST_CHUNKS = 200_000


class TooManyChunksError(Exception):
    """A body has more than MOST_CHUNKS chunks."""


class LimitedChunks(_ChunkedTransferDecoder):
    """Twisted's decoder with two differences: it passes on the data of all chunks that arrived together as one, and it counts.

    on_data: called with decoded bytes. on_end: called once with what follows the body. too_many: called before the decoder
    raises TooManyChunksError out of `dataReceived`.
    """

    def __init__(
        self, on_data: Callable[[bytes], None], on_end: Callable[[bytes], None], *, too_many: Callable[[], None]
    ) -> None:
        super().__init__(self._hold, self._end)
        self._on_data = on_data
        self._on_end = on_end
        self._too_many = too_many
        self._held: list[bytes] = []
        self._count = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted names its methods so)
        """Decode bytes from the wire. Twisted calls it when they have arrived."""
        super().dataReceived(data)
        self._pass_on()

    def _hold(self, data: bytes) -> None:
        self._held.append(data)
        self._count += 1
        if self._count > MOST_CHUNKS:
            self._too_many()
            raise TooManyChunksError

    def _pass_on(self) -> None:
        data = b"".join(self._held)
        self._held = []
        if data:
            self._on_data(data)

    def _end(self, rest: bytes) -> None:
        self._pass_on()
        self._on_end(rest)
