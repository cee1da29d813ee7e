"""Old portals: TLS 1.0 and weak keys are spoken to the hosts that need them, and to no others."""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from tests.replica.certificates import Certificates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.archive.conftest import Crawl

MIDDLEWARES = {"gxgk_crawler.crawl.connection.tls.LegacyHosts": 560}


class Server:
    """Answers every TLS handshake it accepts with one page, and remembers the protocol."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.protocols: list[str | None] = []
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self._socket.getsockname()[1]}/"

    def _run(self) -> None:
        while True:
            try:
                raw, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        try:
            with self._context.wrap_socket(raw, server_side=True) as connection:
                self.protocols.append(connection.version())
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        except OSError:
            self.protocols.append(None)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def servers() -> Iterator[dict[str, Server]]:
    old = Certificates().context("localhost")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that TLS 1.0 is deprecated is what this is about
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1
    old.set_ciphers("ALL:@SECLEVEL=0")
    running = {"old": Server(old), "new": Server(Certificates().context("localhost"))}
    yield running
    for server in running.values():
        server.close()


def test_a_host_that_speaks_only_tls_1_0_is_read_and_archived(crawl: Crawl, servers: dict[str, Server]) -> None:
    done = crawl([{"url": servers["old"].url}], settings={"DOWNLOADER_MIDDLEWARES": MIDDLEWARES})
    assert [result.get("status") for result in done.results] == [200], done.log
    assert servers["old"].protocols[-1] == "TLSv1"
    assert "needs old TLS" in done.log


def test_other_hosts_keep_modern_terms(crawl: Crawl, servers: dict[str, Server]) -> None:
    done = crawl([{"url": servers["new"].url}], settings={"DOWNLOADER_MIDDLEWARES": MIDDLEWARES})
    assert [result.get("status") for result in done.results] == [200], done.log
    assert servers["new"].protocols == ["TLSv1.3"]
    assert "needs old TLS" not in done.log


def test_without_the_middleware_an_old_host_fails_by_name(crawl: Crawl, servers: dict[str, Server]) -> None:
    done = crawl([{"url": servers["old"].url}])
    assert "error" in done.results[0]
