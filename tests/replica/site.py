"""What a replica serves: pages by address, changeable while a crawl runs."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from urllib.parse import urlsplit

LONG_AGO = dt.datetime(2024, 3, 29, 1, 30, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked for. url: absolute. headers: by lower-case name, the last of equal names."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query, as the request line of an origin server names them."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a portal. headers: beside the usual ones. modified: Last-Modified, or None to send none.

    chunk: bytes in each chunk of a chunked body; None for a body with a length.
    """

    body: bytes = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    modified: dt.datetime | None = LONG_AGO
    chunk: int | None = None

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Page:
        return cls(status=status, headers=(("Location", location),), modified=None)

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:16]}"'


Answer = Page | Callable[[Request], Page]

NOT_FOUND = Page(
    status=404,
    modified=None,
    body="<html><head><title>404</title></head><body><p>您访问的页面不存在或已删除</p></body></html>".encode(),
)
NOT_ALLOWED = Page(status=405, modified=None, headers=(("Allow", "GET, HEAD"),))


class Site:
    """One host and its pages. Safe to change from any thread while a proxy serves it.

    pages: target (path and query) -> Page, or a function of the request for what a script would answer. A page stands
    for itself under any query that has no page of its own, as a file on a web server does. schemes: those the host
    answers; a request with the other one is redirected to the first. Whatever has no page is a 404 of this portal.
    """

    def __init__(self, host: str, pages: Mapping[str, Answer], *, schemes: tuple[str, ...] = ("https",)) -> None:
        self.host = host
        self.schemes = schemes
        self._pages = dict(pages)
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Page:
        scheme, rest = request.url.split("://", 1)
        if scheme not in self.schemes:
            return Page.redirect(f"{self.schemes[0]}://{rest}", 301)
        with self._lock:
            found = self._pages.get(request.target) or self._pages.get(request.target.partition("?")[0])
        if found is None:
            return NOT_FOUND
        if not isinstance(found, Page):
            return found(request)
        return found if request.method in {"GET", "HEAD"} else NOT_ALLOWED

    def set(self, target: str, answer: Answer) -> None:
        with self._lock:
            self._pages[target] = answer

    def delete(self, target: str) -> None:
        """Take a page away. Raises KeyError when there is none."""
        with self._lock:
            del self._pages[target]

    def replace(self, target: str, old: str, new: str) -> None:
        """Change the text of a page. Raises KeyError for an unknown page, ValueError when `old` is not on it."""
        with self._lock:
            page = self._pages[target]
            if not isinstance(page, Page) or old.encode() not in page.body:
                raise ValueError(f"{self.host}{target} does not hold {old!r}")
            self._pages[target] = replace(page, body=page.body.replace(old.encode(), new.encode()))

    def redraw(self, pages: Mapping[str, Answer]) -> None:
        """Put `pages` in the place of all the pages there were."""
        with self._lock:
            self._pages = dict(pages)


def by_host(answers: Mapping[str, Answer]) -> dict[str, dict[str, Answer]]:
    """Answers by absolute URL -> host -> target -> answer: what a Site for each host is made of."""
    hosts: defaultdict[str, dict[str, Answer]] = defaultdict(dict)
    for url, answer in answers.items():
        parts = urlsplit(url)
        assert parts.hostname is not None
        hosts[parts.hostname][parts.path + (f"?{parts.query}" if parts.query else "")] = answer
    return dict(hosts)
