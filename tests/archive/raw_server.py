"""A server that sends exactly the bytes it is told to, over http, https, and as a forward proxy, and logs what it saw."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Shape:
    """What to send. parts: sent one by one, `pause` seconds apart. end: keep, close or reset the connection afterwards.

    excess: how many of the last bytes are no part of the message. hang: seconds to wait before the end.
    dies_when_reused: close without an answer when the request came over a connection that was used before.
    """

    parts: tuple[bytes, ...]
    end: str = "keep"
    pause: float = 0.0
    hang: float = 0.0
    excess: int = 0
    dies_when_reused: bool = False

    @property
    def message(self) -> bytes:
        whole = b"".join(self.parts)
        return whole[: len(whole) - self.excess]


@dataclass
class Seen:
    """One request as it arrived, and where: the shape's name, and whether it came over TLS or in a kept-alive connection."""

    name: str
    request: bytes
    tls: bool
    nth: int
    connect: bytes = b""


@dataclass
class RawServer:
    """Answers `/NAME` with `shapes[NAME]`. A CONNECT opens a tunnel to the server itself, inside TLS."""

    shapes: dict[str, Shape]
    directory: Path
    tls: bool = False
    log: list[Seen] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._context = server_context(self.directory)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in (self._accepting, *self._threads):
            thread.join(10)

    def requests(self, name: str) -> list[bytes]:
        return [seen.request for seen in self.log if seen.name == name]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, suppress(OSError):
            if self.tls:
                with self._context.wrap_socket(connection, server_side=True) as inner:
                    self._converse(inner)
            else:
                self._converse(connection)

    def _converse(self, connection: socket.socket, connect: bytes = b"") -> None:
        for nth in range(1000):
            request = _read_request(connection)
            method, target, _ = request.split(b" ", 2)
            if method == b"CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                with self._context.wrap_socket(connection, server_side=True) as inner:
                    self._converse(inner, request)
                return
            name = urlsplit(target.decode()).path.strip("/")
            tls = isinstance(connection, ssl.SSLSocket)
            self.log.append(Seen(name, request, tls, nth, connect))
            shape = self.shapes[name]
            if (shape.dies_when_reused and nth) or not self._answer(connection, shape):
                return

    def _answer(self, connection: socket.socket, shape: Shape) -> bool:
        for number, part in enumerate(shape.parts):
            time.sleep(shape.pause if number else 0)
            connection.sendall(part)
        time.sleep(shape.hang)
        if shape.end == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif shape.end == "close" and isinstance(connection, ssl.SSLSocket):
            with suppress(OSError):
                connection.unwrap()
        return shape.end == "keep"


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionResetError
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def server_context(directory: Path) -> ssl.SSLContext:
    """A server context with a self-signed certificate for loopback and sample.test."""
    path = directory / "server.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sample.test")])
        now = dt.datetime.now(dt.UTC)
        names = [x509.DNSName("sample.test"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
