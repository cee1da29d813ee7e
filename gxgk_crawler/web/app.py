"""The reading room as an ASGI application: addresses, and the pages behind them."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gxgk_crawler.errors import DatabaseError, NotFoundError, TooSlowError
from gxgk_crawler.store.views.session import reading
from gxgk_crawler.web.address import parse_address
from gxgk_crawler.web.answers import Bytes, MissingError, MovedError, RoomPage, WithheldError
from gxgk_crawler.web.gate import Gate
from gxgk_crawler.web.pace import Pace
from gxgk_crawler.web.rendering import respond, static_file
from gxgk_crawler.web.room import Ask
from gxgk_crawler.web.site import HANDLERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Room

    Handler = Callable[[Ask], Answer]

logger = logging.getLogger(__name__)

_THREADS = 8
_GZIP_LEVEL = 5  # level 9 takes twice the time for one byte in a hundred
_STATIC_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_ROBOTS = "User-agent: *\nDisallow: /injected\nDisallow: /en/injected\nDisallow: /search\nDisallow: /en/search\n"


def create_app(room: Room) -> ASGIApp:
    """The room as an application for any ASGI server."""
    routes = [Route(path, partial(_answer, room, handler), methods=["GET"]) for path, handler in HANDLERS]
    plain = [
        Route("/static/{name}", _static),
        Route("/robots.txt", _robots),
        Route("/healthz", partial(_alive, room)),
    ]
    inner = Starlette(
        routes=[*plain, *routes],
        lifespan=_lifespan,
        exception_handlers={404: partial(_nothing, room)},
    )
    inner.router.redirect_slashes = False
    packed = GZipMiddleware(_Addressed(inner), compresslevel=_GZIP_LEVEL)
    return Gate(packed, room.hosts, Pace() if room.is_public else None)


@asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncIterator[None]:
    """Pages are made in as many threads as the database gives connections."""
    to_thread.current_default_thread_limiter().total_tokens = _THREADS
    yield


class _Addressed:
    """Takes language and format off the path before a route is looked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            address = parse_address(scope["path"])
            query = scope["query_string"].decode("latin-1")
            raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1") + (f"?{query}" if query else "")
            scope = {**scope, "path": address.path, "state": {"address": address, "raw": raw}}
        await self._app(scope, receive, send)


def _answer(room: Room, handler: Handler, request: Request) -> Response:
    """Run a page in a thread, inside one transaction that only reads."""
    try:
        with reading(room.database) as conn:
            ask = _ask(room, request, conn)
            try:
                answer = handler(ask)
            except (MissingError, NotFoundError) as error:
                answer = _missing_page(getattr(error, "hint", None))
            except MovedError as error:
                return Response(status_code=301, headers={"Location": error.to})
            except WithheldError as error:
                answer = _withheld_page(error)
            return respond(ask, answer)
    except TooSlowError:
        ask = _ask(room, request, None)
        told = RoomPage(
            template="trouble", title="503", show={"words": "too_slow"}, status=503, headers={"Retry-After": "30"}
        )
        return respond(ask, told)
    except DatabaseError as error:
        logger.warning("%s", error)
        told = RoomPage(
            template="trouble", title="503", show={"words": "no_database"}, status=503, headers={"Retry-After": "10"}
        )
        return respond(_ask(room, request, None), told)


def _ask(room: Room, request: Request, conn: Any) -> Ask:
    address = request.state.address
    return Ask(
        room=room,
        conn=conn,
        path={**request.path_params, "raw": request.state.raw},
        query=dict(request.query_params),
        language=address.language,
        format=address.format,
        address=address.path,
        url=f"{request.url.scheme}://{request.headers.get('host', 'localhost')}",
        headers=request.headers,
    )


def _missing_page(hint: str | None) -> RoomPage:
    data = {"error": "not found", "hint": hint}
    return RoomPage(template="missing", title="404", data=data, text="404\n", show={"hint": hint}, status=404)


def _withheld_page(error: WithheldError) -> RoomPage:
    data = {"error": "withheld", "reason": error.reason, "since": error.since}
    return RoomPage(template="withheld", title="451", data=data, text="451\n", show={"withheld": data}, status=451)


def _nothing(room: Room, request: Request, _: Exception) -> Response:
    ask = _ask(room, request, None)
    return respond(ask, _missing_page(None))


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    content = static_file(name)
    if content is None:
        return PlainTextResponse("no such file\n", 404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content, 200, headers, _STATIC_TYPES[name.rpartition(".")[2]])


def _robots(_: Request) -> Response:
    return PlainTextResponse(_ROBOTS)


def _alive(room: Room, request: Request) -> Response:
    """Whether the room can read its database, for a supervisor."""
    return _answer(room, lambda _: Bytes(body=b"ok\n", media_type="text/plain"), request)
