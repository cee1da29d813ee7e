"""A webhook: a real HTTP server on loopback that keeps what it is sent."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Hook:
    """answers: the status of the next answers, 200 when there is none left. got: the bodies that were taken (2xx).

    asked: method and path of every request. silent: take the request, and say nothing until it is set.
    """

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.silent: threading.Event | None = None
        self.url = ""

    @property
    def turned(self) -> list[tuple[str, str]]:
        return [(facts["portal"], facts["turned"]) for facts in self.got]


@contextmanager
def hook() -> Iterator[Hook]:
    """A running webhook."""
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.asked.append(f"POST {self.path}")
            if made.silent is not None:
                made.silent.wait()
                return
            status = made.answers.pop(0) if made.answers else 200
            if status < 300:
                made.got.append(json.loads(body))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            made.asked.append(f"GET {self.path}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/T0/secret"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
