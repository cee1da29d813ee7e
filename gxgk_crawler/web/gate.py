"""What every request passes: its host is one of the room's, it only reads, and the answer carries the headers that protect a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from gxgk_crawler.web.pace import Pace

ROOM_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": ROOM_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "x-frame-options": "DENY",
}
_LONGEST_ADDRESS = 8000  # bytes


class Gate:
    """An ASGI application around the room.

    hosts: names that a Host header may hold; a page elsewhere that lets its own name lead to this machine is refused. pace: limits
    requests by address, or None.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], pace: Pace | None = None) -> None:
        self._app = app
        self._hosts = hosts
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if "frame-ancestors 'self'" in headers["content-security-policy"]:
                    del headers["x-frame-options"]
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_protected)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """Why a request is not answered; None when it is."""
        if _host(Headers(scope=scope).get("host", "")) not in self._hosts:
            return PlainTextResponse("this room is not known by that name\n", 421)
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("this room only reads\n", 405, {"Allow": "GET, HEAD"})
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _LONGEST_ADDRESS:
            return PlainTextResponse("the address is too long\n", 414)
        client = scope.get("client")
        if self._pace is not None and client is not None and not self._pace.allows(str(client[0])):
            return PlainTextResponse("too many requests\n", 429, {"Retry-After": "2"})
        return None


def _host(header: str) -> str:
    """The host without its port, in lower case."""
    name = header.strip().lower()
    head, _, port = name.rpartition(":")
    return head if head and port.isdecimal() else name
