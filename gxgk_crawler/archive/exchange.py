"""One HTTP exchange as it crossed the wire: what the tee fills and the writer stores."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from gxgk_crawler.archive.records import RECORD_LIMIT

if TYPE_CHECKING:
    from gxgk_crawler.items import CaptureRole

# The values of WARC-Truncated that WARC/1.1 (ISO 28500:2017, 5.13) knows.
Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(slots=True, kw_only=True, eq=False)
class Exchange:
    """The bytes of one request and of the response to it, inside TLS and inside a CONNECT tunnel.

    url: what was asked for, without fragment. limit: most response bytes to keep; more is an overrun.
    direct: no proxy stands between, so that the peer is the server.
    started_at: the instant before the first request byte was sent, UTC. ip: address of the server, None through a proxy.
    truncated: why the response is not whole, as WARC-Truncated says it; None for a whole one.
    reconstructed: the bytes were made from the parsed response because the tee saw none.
    """

    url: str
    method: str = "GET"
    role: CaptureRole = "page"
    limit: int = RECORD_LIMIT
    direct: bool = True
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)
    ip: str | None = None
    truncated: Truncation | None = None
    ended: bool = False
    overrun: bool = False
    reconstructed: bool = False

    def begin(self, peer: str) -> None:
        """A request is about to be sent; forget what an earlier try over a dead connection left here."""
        self.started_at = datetime.now(UTC)
        self.ip = peer if self.direct else None
        self.request = bytearray()
        self.response = bytearray()
        self.truncated = None
        self.ended = False
        self.overrun = False

    def sent(self, data: bytes) -> None:
        self.request += data

    def received(self, data: bytes) -> None:
        """Keep bytes of the response. What comes after its end, or after more than `limit` bytes, is not kept."""
        if self.ended:
            return
        self.response += data
        if len(self.response) > self.limit:
            self.overflow()

    def overflow(self) -> None:
        """The server sends more than it may: keep what came, and hang up."""
        self.overrun = True
        self.end("length")

    def complete(self, excess: int) -> None:
        """The message is whole; its last `excess` bytes lie beyond its end and are no part of it."""
        if excess and not self.ended:
            del self.response[-excess:]
        self.end(None)

    def end(self, truncated: Truncation | None) -> None:
        """The first cause of an end is the true one; later ones only follow from it."""
        if not self.ended:
            self.ended = True
            self.truncated = truncated
