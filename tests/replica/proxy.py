"""A forward proxy on loopback that is the whole internet a test needs.

A crawler that honours http_proxy and https_proxy meets the replicas under their real host names: plain http by an
absolute request target, https by CONNECT with TLS ended here. A host without a replica is answered as a real proxy
answers one that it cannot reach: 502.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import re
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.client import responses
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from tests.replica.certificates import Certificates
from tests.replica.site import NOT_ALLOWED, Page, Request, Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

BAD_GATEWAY = Page(status=502, media_type="text/plain", body=b"no such host\n", modified=None)
BAD_REQUEST = Page(status=400, media_type="text/plain", body=b"this is a forward proxy\n", modified=None)
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One line of the request log. status: 0 when a fault cut the connection before an answer. at: seconds, monotonic."""

    method: str
    url: str
    status: int
    headers: dict[str, str]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, and with which requests.

    effect: `status` answers with that status and body; `reset` cuts the connection; `delay` answers after so many
    seconds; `truncate` announces the whole body and sends half of it. match: regular expression searched in the URL.
    every: only one of so many URLs, told by a checksum of the URL. times: at most so many requests of each URL, None for
    no end. Neither depends on the order of requests, which a busy machine changes.
    """

    effect: Literal["status", "reset", "delay", "truncate"]
    match: str = ""
    every: int = 1
    times: int | None = None
    status: int = 503
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"Service Unavailable"
    seconds: float = 0.0

    def meets(self, url: str) -> bool:
        return re.search(self.match, url) is not None and zlib.crc32(url.encode()) % self.every == 0

    def page(self) -> Page:
        return Page(status=self.status, headers=self.headers, body=self.body, modified=None)


class _Faults:
    """Which fault, if any, meets the next request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[tuple[Fault, Counter[str]]] = []  # with the requests of each URL that it has met

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append((fault, Counter()))

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def next(self, url: str) -> Fault | None:
        with self._lock:
            for fault, met in self._faults:
                if fault.meets(url) and (fault.times is None or met[url] < fault.times):
                    met[url] += 1
                    return fault
            return None


class ReplicaProxy:
    """Serves sites from a thread of its own; a context manager. Everything here may be called from any thread."""

    def __init__(self, sites: Iterable[Site], *, port: int = 0) -> None:
        self._sites = {site.host: site for site in sites}
        self._port = port
        self._faults = _Faults()
        self._certificates = Certificates()
        self._log: list[Exchange] = []
        self._log_lock = threading.Lock()
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="replica-proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables that send a crawler here, loopback exceptions included."""
        names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
        return dict.fromkeys(names, self.url) | dict.fromkeys(("no_proxy", "NO_PROXY"), "")

    @property
    def log(self) -> tuple[Exchange, ...]:
        """All requests so far, in the order of their answers."""
        with self._log_lock:
            return tuple(self._log)

    def forget(self) -> None:
        """Empty the request log."""
        with self._log_lock:
            self._log.clear()

    def site(self, host: str) -> Site:
        """The site of that host. Raises KeyError when the proxy serves none."""
        return self._sites[host]

    def inject(self, fault: Fault) -> None:
        self._faults.add(fault)

    def heal(self) -> None:
        """Take all faults away."""
        self._faults.clear()

    # The thread: one event loop, one task per connection.

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:  # the port is taken; __enter__ raises it
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        conversations: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._converse(reader, writer))
            conversations.add(task)
            task.add_done_callback(conversations.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", self._port)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        await asyncio.sleep(0.05)  # what was closed or aborted just now is only then really closed

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that goes away in the middle is nothing to tell anybody about.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            try:
                await self._requests(reader, writer, origin=None)
            except asyncio.CancelledError:
                writer.transport.abort()  # the proxy ends: a goodbye in TLS would outlive its loop
                raise
            finally:
                writer.transport.abort() if writer.is_closing() else writer.close()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: str | None) -> None:
        """Answer requests until one of the two sides has enough. origin: https://host inside a tunnel."""
        while head := await _head(reader):
            method, target, version, headers = head
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            if method == "CONNECT" and origin is None:
                host, _, port = target.rpartition(":")
                if host not in self._sites or port != str(PORTS["https"]):
                    self._record(Request(method=method, url=target, headers=headers), BAD_GATEWAY.status)
                    await _send(writer, Request(method=method, url=target), BAD_GATEWAY, close=False)
                    continue
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.start_tls(self._certificates.context(host))
                await self._requests(reader, writer, origin=f"https://{host}")
                return
            url = target if origin is None else origin + target
            request = Request(method=method, url=url, headers=headers, body=body)
            close = version == "HTTP/1.0" or headers.get("connection", "").lower() == "close"
            if not await self._answer(writer, request, close=close) or close:
                return

    async def _answer(self, writer: asyncio.StreamWriter, request: Request, *, close: bool) -> bool:
        """Answer one request; False when the connection is spent."""
        fault = self._faults.next(request.url)
        if fault is not None and fault.effect == "delay":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.effect == "reset":
            self._record(request, 0)
            _reset(writer)
            return False
        page = fault.page() if fault is not None and fault.effect == "status" else self._page(request)
        self._record(request, page.status)
        half = fault is not None and fault.effect == "truncate"
        await _send(writer, request, page, close=close, half=half)
        return not half

    def _page(self, request: Request) -> Page:
        parts = urlsplit(request.url)
        if parts.scheme not in PORTS:
            return BAD_REQUEST
        site = self._sites.get(parts.hostname or "")
        if site is None or (parts.port or PORTS[parts.scheme]) != PORTS[parts.scheme]:
            return BAD_GATEWAY
        if request.method not in {"GET", "HEAD", "POST"}:
            return NOT_ALLOWED
        page = site.answer(request)
        return _not_modified(page) if page.status == HTTPStatus.OK and _is_known(page, request.headers) else page

    def _record(self, request: Request, status: int) -> None:
        exchange = Exchange(
            method=request.method,
            url=request.url,
            status=status,
            headers=dict(request.headers),
            at=time.monotonic(),
        )
        with self._log_lock:
            self._log.append(exchange)


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, str, dict[str, str]] | None:
    """Method, target, version and headers of the next request; None when the client has closed between two."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    line, *fields = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, version = line.split(" ")
    pairs = (name_value.partition(":") for name_value in fields)
    return method, target, version, {name.strip().lower(): value.strip() for name, _, value in pairs}


def _is_known(page: Page, headers: Mapping[str, str]) -> bool:
    """RFC 9110 section 13: If-None-Match decides alone when it is there."""
    if tags := headers.get("if-none-match"):
        return tags.strip() == "*" or page.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = headers.get("if-modified-since")
    if since is None or page.modified is None:
        return False
    try:
        return page.modified <= parsedate_to_datetime(since)
    except ValueError:  # a date that cannot be read is ignored, says the same section
        return False


def _not_modified(page: Page) -> Page:
    return Page(status=304, headers=(("ETag", page.etag),), modified=page.modified)


async def _send(writer: asyncio.StreamWriter, request: Request, page: Page, *, close: bool, half: bool = False) -> None:
    body, headers = page.body, list(page.headers)
    if page.status == HTTPStatus.OK:
        headers.append(("ETag", page.etag))
    if page.modified is not None:
        headers.append(("Last-Modified", format_datetime(page.modified, usegmt=True)))
    if page.status != HTTPStatus.NOT_MODIFIED:
        headers.append(("Content-Type", page.media_type))
        if page.chunk:
            body = _chunked(body, page.chunk)
        elif page.media_type.startswith("text/") and body and "gzip" in request.headers.get("accept-encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        headers.append(("Transfer-Encoding", "chunked") if page.chunk else ("Content-Length", str(len(body))))
    if close:
        headers.append(("Connection", "close"))
    reason = responses.get(page.status, "Unknown")
    lines = [f"HTTP/1.1 {page.status} {reason}", "Server: nginx", *(f"{name}: {value}" for name, value in headers)]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    if request.method != "HEAD":
        writer.write(body[: len(body) // 2] if half else body)
    await writer.drain()


def _chunked(body: bytes, size: int) -> bytes:
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the client sees a reset, not an end: no lingering on the socket."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
