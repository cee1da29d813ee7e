"""The room of a selection as files for any static host: the same pages, with links that work inside the copy."""

from __future__ import annotations

import asyncio
import hashlib
import posixpath
import re
from collections import deque
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from gxgk_crawler.analysis.matrix import FIRST_YEAR
from gxgk_crawler.store.views.report_lists import Listed, report_page
from gxgk_crawler.store.views.session import reading
from gxgk_crawler.web.address import report_address
from gxgk_crawler.web.app import create_app
from gxgk_crawler.web.archived import ORIGINAL_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Message

    from gxgk_crawler.web.room import Room

_HOST = "localhost"
_LINK = re.compile(r'\b(href|src|background)="(/[^"]*)"')
_CSS_URL = re.compile(r"url\((/w/[^)]*)\)")
_SINGLE = ("/", "/about", "/portals", "/static/room.css", "/static/room.js", "/static/icon.svg")
# Of a report: everything but its cells, which are in its tables.
_OF_REPORT = re.compile(
    r"/reports/([0-9a-z]+)(?:\.(?:json|txt)|(?:/v/\d+)?(?:/(?:versions|tables|removed|cite|original))?|/diff/\d+\.\.\d+)?"
)
_ENDINGS = {
    "text/html": ".html", "text/css": ".css", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
    "image/avif": ".avif", "image/bmp": ".bmp", "image/x-icon": ".ico",
}  # fmt: skip
# A static host sends no headers of ours; what of the policy a page can state of itself.
_META = '<meta http-equiv="Content-Security-Policy" content="{}">'


@dataclass(slots=True)
class Frozen:
    """What was written: pages and their bytes."""

    pages: int = 0
    bytes: int = 0


def freeze(
    room: Room,
    directory: Path,
    listed: Listed,
    *,
    years: tuple[int | None, int | None],
    progress: Callable[[int], None],
) -> Frozen:
    """Write the selected reports, their originals, and the places and portals around them. directory: empty, or a copy to renew.

    years: the first and the last reporting year. progress: called with how many pages are written.
    """
    quiet = replace(room, is_frozen=True, hosts=frozenset({_HOST}))
    copy = _Copy(
        create_app(quiet),
        directory,
        set(_keys(room, listed, years)),
        prefix=listed.prefix,
        last_year=room.clock().year,
        progress=progress,
    )
    return copy.write()


def _keys(room: Room, listed: Listed, years: tuple[int | None, int | None]) -> Iterator[str]:
    after: str | None = None
    first, last = years[0] or 0, years[1] or 9999
    while True:
        with reading(room.database) as conn:
            page = report_page(conn, listed, after=after, limit=500)
        yield from (row["key"] for row in page.rows if first <= (row["year"] or first) <= last)
        after = page.after
        if after is None:
            return


class _Copy:
    """Pages are taken from the application, as a reader would get them, until no link leads to another one of the selection."""

    def __init__(
        self,
        app: ASGIApp,
        directory: Path,
        keys: set[str],
        *,
        prefix: str,
        last_year: int,
        progress: Callable[[int], None],
    ) -> None:
        self._app = app
        self._directory = directory
        self._keys = keys
        self._prefix = prefix
        self._last_year = last_year
        self._progress = progress
        self._files: dict[str, str] = {}
        self._waiting: deque[str] = deque()
        self._missing: set[str] = set()
        self._runner = asyncio.Runner()
        self._done = Frozen()

    def write(self) -> Frozen:
        with self._runner:
            for address in (*_SINGLE, *(report_address(key) for key in sorted(self._keys))):
                self._file_of(address)
            while self._waiting:
                address = self._waiting.popleft()
                self._fetch(address)
        return self._done

    def _fetch(self, address: str) -> bool:
        """Write the file of an address; False when the room has nothing there."""
        status, media_type, body = self._runner.run(_get(self._app, address))
        if status == 200:
            self._keep(address, media_type, body)
        return status == 200

    def _keep(self, address: str, media_type: str, body: bytes) -> None:
        name = self._files[address]
        if media_type == "text/html":
            text = _LINK.sub(lambda found: self._relative(name, found), body.decode())
            text = _CSS_URL.sub(lambda found: self._relative_url(name, found), text)
            body = _with_policy(text, is_original=address.startswith("/frame/")).encode()
        elif media_type == "text/css":
            body = _CSS_URL.sub(lambda found: self._relative_url(name, found), body.decode()).encode()
        path = self._directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        self._done.pages += 1
        self._done.bytes += len(body)
        self._progress(self._done.pages)

    def _relative(self, name: str, found: re.Match[str]) -> str:
        """The attribute with an address inside the copy; without it where the copy has no such page."""
        target, sharp, fragment = unescape(found[2]).partition("#")
        file = self._file_of(target)
        if file is None:
            return "data-left-out" if found[1] == "href" else f'{found[1]}=""'
        address = posixpath.relpath(file, posixpath.dirname(name) or ".")
        return f'{found[1]}="{escape(address + sharp + fragment)}"'

    def _relative_url(self, name: str, found: re.Match[str]) -> str:
        file = self._file_of(found[1])
        return (
            "url(about:invalid)" if file is None else f"url({posixpath.relpath(file, posixpath.dirname(name) or '.')})"
        )

    def _file_of(self, address: str) -> str | None:
        """The file of an address, which is fetched when it is new; None for one that is not copied."""
        address = re.sub(r"^(/static/[^?]*)\?.*", r"\1", address)
        if address in self._missing or (address not in self._files and not self._is_chosen(address)):
            return None
        if address not in self._files:
            self._files[address] = _name(address)
            if not address.startswith("/w/"):
                self._waiting.append(address)
            elif not self._fetch(address):  # not everything that a page loads is archived
                self._missing.add(address)
                return None
        return self._files[address]

    def _is_chosen(self, address: str) -> bool:
        if address in _SINGLE or address.startswith("/w/"):
            return True
        of_report = _OF_REPORT.fullmatch(address)
        if of_report is not None:
            return of_report[1] in self._keys
        kind, _, rest = address.lstrip("/").partition("/")
        if kind == "places":
            return self._is_place(*rest.partition("/")[::2])
        return (kind == "frame" and rest.partition("/")[0] in self._keys) or (
            kind == "portals" and "?" not in rest and "." not in rest
        )

    def _is_place(self, code: str, year: str) -> bool:
        """Places of the selection, each; their years only for provinces and prefectures, as far as there can be reports."""
        if not code.isdecimal() or not code.startswith(self._prefix):
            return False
        return not year or (code.endswith("00") and year.isdecimal() and FIRST_YEAR <= int(year) <= self._last_year)


def _name(address: str) -> str:
    """The path of the file of an address."""
    if address.startswith("/w/"):
        digest = hashlib.sha256(address.encode()).hexdigest()[:24]
        ending = posixpath.splitext(address.partition("?")[0])[1].lower()
        return f"w/{digest}{ending if ending in _ENDINGS.values() else ''}"
    path = unquote(address).strip("/")
    if path.startswith("static/") or path.endswith((".json", ".txt")):
        return path
    return posixpath.join(path, "index.html")


def _with_policy(page: str, *, is_original: bool) -> str:
    """The page with the policy that its server would send, as far as a page can state it."""
    kept = [part for part in ORIGINAL_POLICY.split("; ") if not part.startswith(("sandbox", "frame-ancestors"))]
    if not is_original:
        kept = [
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            "script-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
        ]
    return page.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{_META.format("; ".join(kept))}', 1)


async def _get(app: ASGIApp, address: str) -> tuple[int, str, bytes]:
    """Status, media type and body of an address, asked for inside this process."""
    path, _, query = address.partition("?")
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", _HOST.encode())], "client": None, "server": (_HOST, 80),
    }  # fmt: skip
    messages: list[Message] = []
    asked = asyncio.Event()

    async def receive() -> Message:
        if asked.is_set():
            await asyncio.Event().wait()  # a reader that stays until the answer is whole
        asked.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    headers = {name.lower(): value for name, value in messages[0]["headers"]}
    media_type = headers.get(b"content-type", b"").decode().partition(";")[0]
    return messages[0]["status"], media_type, b"".join(message.get("body", b"") for message in messages[1:])
