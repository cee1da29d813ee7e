"""Asks an ASGI application in this process: no server, no socket, no other package."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """What came back. headers: by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """A reader at `http://localhost`."""

    def __init__(self, app: ASGIApp, host: str = "localhost") -> None:
        self._app = app
        self._host = host

    def get(
        self, address: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, client: str = "127.0.0.1"
    ) -> Answer:
        """The answer; a redirect is not followed. address: a path with its query, Chinese as it is."""
        parts = urlsplit(quote(address, safe="/%?&=:;,.!~*'()+-_#@\""))
        given = {"host": self._host, **(headers or {})}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
            "client": (client, 1),
            "server": ("127.0.0.1", 80),
        }
        return asyncio.run(self._ask(scope))

    async def _ask(self, scope: dict[str, Any]) -> Answer:
        messages: list[Message] = []
        asked = asyncio.Event()

        async def receive() -> Message:
            if asked.is_set():
                await asyncio.Event().wait()  # a reader that stays
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, send)
        start = messages[0]
        headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        body = b"".join(message.get("body", b"") for message in messages[1:])
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return Answer(start["status"], headers, body)
