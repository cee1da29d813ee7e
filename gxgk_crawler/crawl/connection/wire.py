"""Scrapy's HTTP/1.1 handler, which archives the bytes on the wire of every exchange before the response goes on.

It uses names of Scrapy 2.19 and Twisted that are not public; pyproject.toml pins the minor version, and
tests/archive/test_wire.py compares captured bytes with served bytes.
"""

# ruff: noqa: N802 (Twisted names its methods so)
from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urldefrag, urlsplit

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
)
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import BODY
from twisted.web._newclient import Request as TxRequest

from gxgk_crawler.archive.exchange import Exchange, Truncation
from gxgk_crawler.archive.records import RECORD_LIMIT
from gxgk_crawler.crawl.archiving import Archive
from gxgk_crawler.crawl.connection.chunked import LimitedChunks
from gxgk_crawler.crawl.connection.tls import OldAndNewContextFactory
from gxgk_crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress, IStreamClientEndpoint
    from twisted.web.client import Agent, HTTPConnectionPool
    from twisted.web.iweb import IPolicyForHTTPS, IResponse

# Chunk framing, header fields and interim responses come on top of the body that DOWNLOAD_MAXSIZE limits.
_FRAMING_ALLOWANCE = 1 << 20
# Real heads are below 64 KB, cookies and all; each header line costs many times its bytes in memory.
_HEAD_LIMIT = 256 << 10
# The record has its own head beside the response, and must be readable again.
_LARGEST = RECORD_LIMIT - _FRAMING_ALLOWANCE
# Archives are published; the credentials for the operator's own proxy must not be in them.
_PRIVATE_HEADER = b"proxy-authorization:"


class _TeeTransport:
    """The transport while a request is written to it; copies the bytes to the exchange."""

    def __init__(self, transport: Any, exchange: Exchange) -> None:
        self._transport = transport
        self._exchange = exchange

    def write(self, data: bytes) -> None:
        self._exchange.sent(data)
        self._transport.write(data)

    def writeSequence(self, lines: Iterable[bytes]) -> None:
        whole = list(lines)
        self._exchange.sent(b"".join(line for line in whole if not line.lower().startswith(_PRIVATE_HEADER)))
        self._transport.writeSequence(whole)

    def registerProducer(self, producer: Any, streaming: bool) -> None:  # noqa: FBT001
        self._transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        self._transport.unregisterProducer()


class _OverrunError(Exception):
    """More bytes than the exchange may have: endless headers, or chunks that are mostly framing."""


class _WireRequest(TxRequest):
    """A request that reports to its exchange when and how it is sent."""

    def __init__(self, request: TxRequest, exchange: Exchange) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            request.method, request.uri, request.headers, request.bodyProducer, request.persistent
        )
        self._parsedURI = request._parsedURI  # noqa: SLF001
        self.exchange = exchange

    def writeTo(self, transport: Any) -> Deferred[None]:
        """Send the request. Twisted calls it once, and again on a new connection when a kept-alive one was dead."""
        self.exchange.begin(transport.getPeer().host)
        tee = _TeeTransport(transport, self.exchange)
        return cast("Deferred[None]", super().writeTo(tee))  # type: ignore[no-untyped-call]


class _WireProtocol(_LenientHTTP11ClientProtocol):
    """One connection. While a request is in flight, its exchange sees every byte in both directions."""

    _exchange: Exchange | None = None

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        """Begin an exchange. The pool calls it for each request on this connection."""
        assert isinstance(request, _WireRequest)
        self._exchange = request.exchange
        answered = super().request(request)
        assert self._parser is not None
        limited: Any = partial(LimitedChunks, too_many=request.exchange.overflow)
        self._parser._transferDecoders = {b"chunked": limited}  # noqa: SLF001
        return answered

    def dataReceived(self, data: bytes) -> None:
        """Record the bytes and parse them. Twisted calls it when bytes have arrived."""
        exchange = self._exchange
        if exchange is not None:
            exchange.received(data)
            if self._parser is not None and self._parser.state != BODY and len(exchange.response) > _HEAD_LIMIT:
                exchange.overflow()
            if exchange.overrun:
                self._giveUp(Failure(_OverrunError()))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if exchange is not None and self._parser is None:
            # Either the response is complete, which has ended the exchange already, or the parser gave up.
            exchange.end("unspecified")

    def _finishResponse(self, rest: bytes) -> None:
        """End the exchange. Twisted's parser calls it when the response is complete. rest: bytes after its end."""
        if self._exchange is not None:
            self._exchange.complete(len(rest))
            self._exchange = None
        if rest and self._currentRequest is not None:
            # Bytes beyond the end could pose as the answer to the next request: do not use this connection again.
            self._currentRequest.persistent = False
        super()._finishResponse(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End the exchange that is in flight. Twisted calls it when the connection has closed."""
        exchange = self._exchange
        if exchange is not None and not reason.check(ConnectionDone):  # type: ignore[no-untyped-call]
            # A body without a length ends with the connection; it is whole only when the connection was closed properly.
            exchange.end("disconnect")
        super().connectionLost(reason)  # type: ignore[no-untyped-call]
        if exchange is not None:
            exchange.end("disconnect")
        self._exchange = None


class _WireFactory(_LenientHTTP11ClientFactory):
    """Makes a _WireProtocol for each new connection."""

    def buildProtocol(self, addr: IAddress | None) -> _WireProtocol:  # noqa: ARG002
        return _WireProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _TaggedConnection:
    """A connection of the pool for one request, which it sends with the exchange attached."""

    def __init__(self, connection: Any, exchange: Exchange) -> None:
        self._connection = connection
        self._exchange = exchange

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        return cast("Deferred[IResponse]", self._connection.request(_WireRequest(request, self._exchange)))


class _TaggingPool:
    """The shared connection pool for one request; it attaches the exchange to the connection that the request gets."""

    def __init__(self, pool: HTTPConnectionPool, exchange: Exchange) -> None:
        self.persistent = pool.persistent
        self._pool = pool
        self._exchange = exchange

    def getConnection(self, key: Hashable, endpoint: IStreamClientEndpoint) -> Deferred[_TaggedConnection]:
        found: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return found.addCallback(_TaggedConnection, self._exchange)


class _WireAgent(_ScrapyAgent):
    """Scrapy's agent for one request, which uses the tagging pool."""

    def __init__(self, *, exchange: Exchange, **options: Any) -> None:
        super().__init__(**options)
        self._exchange = exchange

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        agent._pool = cast("HTTPConnectionPool", _TaggingPool(agent._pool, self._exchange))  # noqa: SLF001
        return agent


class WireDownloadHandler(HTTP11DownloadHandler):
    """Download handler for http and https that archives each exchange before its response goes on.

    Sets `request.meta["capture"]` (items.Capture). A failed exchange of which bytes were received is archived too, with
    WARC-Truncated, and its error raised again. Raises ArchiveError when the archive cannot be written.
    Needs the Archive extension.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _WireFactory  # noqa: SLF001 (Scrapy sets its own in the same way)
        self._contextFactory = cast("IPolicyForHTTPS", OldAndNewContextFactory.from_crawler(crawler))

    async def download_request(self, request: Request) -> Response:
        """Fetch and archive one request. Scrapy calls it for every request that no middleware answers."""
        # A retried or redirected request inherits the meta of the one before; its capture is not this one's.
        request.meta.pop("capture", None)
        archive = self._archive()
        archive.check()
        exchange = self._exchange(request)
        try:
            response = await self._fetch(request, exchange)
        except Exception as error:
            exchange.end(_truncation(error))
            if exchange.response:
                request.meta["capture"] = await archive.record(exchange)
            raise
        # Scrapy accepts a response without its end only when a signal handler stopped the download.
        exchange.end("unspecified")
        if not exchange.response:
            _reconstruct(exchange, request, response)
        request.meta["capture"] = await archive.record(exchange)
        return response

    def _archive(self) -> Archive:
        archive = self._crawler.get_extension(Archive)
        if archive is None:
            raise ArchiveError(
                "the wire handler needs the archive: add gxgk_crawler.crawl.archiving.Archive to EXTENSIONS"
            )
        return archive

    def _exchange(self, request: Request) -> Exchange:
        url = urldefrag(request.url)[0]
        maxsize = request.meta.get("download_maxsize", self._default_maxsize)
        is_robots = urlsplit(url).path == "/robots.txt"
        return Exchange(
            url=url,
            method=request.method,
            role=request.meta.get("role", "robots" if is_robots else "page"),
            direct=not request.meta.get("proxy"),
            limit=min(maxsize + maxsize // 4 + _FRAMING_ALLOWANCE, _LARGEST) if maxsize else _LARGEST,
        )

    async def _fetch(self, request: Request, exchange: Exchange) -> Response:
        """The same as HTTP11DownloadHandler.download_request, with an agent that knows the exchange."""
        agent = _WireAgent(
            exchange=exchange,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        finally:
            if exchange.overrun:
                # The parser may report the cut as another error; an exchange that is too large must not be retried.
                raise DownloadCancelledError(
                    f"{request.url}: the head has no end, the body too many chunks, or all more than {exchange.limit} bytes"
                )


def _truncation(error: Exception) -> Truncation:
    if isinstance(error, DownloadTimeoutError):
        return "time"
    # Raised when a body is, or says it will be, larger than DOWNLOAD_MAXSIZE.
    return "length" if isinstance(error, DownloadCancelledError) else "unspecified"


def _reconstruct(exchange: Exchange, request: Request, response: Response) -> None:
    """Fill an exchange without wire bytes from what Scrapy parsed. Header order and transfer coding are lost."""
    exchange.reconstructed = True
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    exchange.request = bytearray(f"{request.method} {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n".encode())
    exchange.request += _header_lines(request.headers) + b"\r\n" + request.body
    exchange.response = bytearray(f"{response.protocol or 'HTTP/1.1'} {response.status} \r\n".encode())
    exchange.response += _header_lines(response.headers) + b"\r\n" + response.body


def _header_lines(headers: Any) -> bytes:
    pairs = ((name, value) for name, values in headers.items() for value in values)
    lines = [b"%b: %b\r\n" % pair for pair in pairs]
    return b"".join(line for line in lines if not line.lower().startswith(_PRIVATE_HEADER))
