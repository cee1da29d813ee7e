"""CDXJ: the index by which replay tools find a capture, one line each, sorted, whatever the number of lines.

Keys are SURTs as the Internet Archive's canonicalizer makes them, because replay tools look up what it would make.
"""

from __future__ import annotations

import heapq
import json
import re
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.items import Capture

_IN_MEMORY = 10_000  # lines that are sorted at once: about 4 MB
_WWW = re.compile(r"^www\d*\.")
# Session numbers that mean nothing for identity (IAURLCanonicalizer).
_SESSION_PATHS = re.compile(r";jsessionid=[0-9a-z.,_-]*(?=[?]|$)|/\((?:[a-z]\([0-9a-z]{24}\))+\)(?=/[^?]+\.aspx)")
_SESSION_KEYS = re.compile(
    r"(?:jsessionid=[0-9a-z$]{10,}|phpsessid=[0-9a-z]{32}|sid=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24})"
)


def surt(url: str) -> str:
    """The sort-friendly key of a URL: host reversed, `www.` and default port gone, all lower case, query sorted."""
    parts = urlsplit(url)
    host = _WWW.sub("", (parts.hostname or "").rstrip("."))
    key = ",".join(reversed(host.split("."))) if not re.fullmatch(r"[\d.]+|.*:.*", host) else host
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and port != {"http": 80, "https": 443}.get(parts.scheme):
        key += f":{port}"
    path = _SESSION_PATHS.sub("", parts.path.lower()) or "/"
    path = re.sub(r"/{2,}", "/", path)
    if len(path) > 1:
        path = path.removesuffix("/")
    pairs = [pair for pair in parts.query.lower().split("&") if not _SESSION_KEYS.fullmatch(pair)]
    query = "&".join(sorted(pairs))
    return f"{key}){path}{f'?{query}' if query else ''}"


def line(capture: Capture, warc_file: str, offset: int) -> str:
    """The line of a capture that lies at `offset` of `warc_file`; times have 14 digits, as pywb and wabac read them."""
    values = {
        "url": capture.url,
        "mime": "warc/revisit" if capture.refers_to else capture.media_type or "unk",
        "status": str(capture.status),
        "digest": f"sha256:{capture.payload_sha256}",
        "length": str(capture.length),
        "offset": str(offset),
        "filename": warc_file,
    }
    return f"{surt(capture.url)} {capture.fetched_at:%Y%m%d%H%M%S} {json.dumps(values, ensure_ascii=False)}\n"


class Sorter:
    """Sorts any number of lines with bounded memory; a context manager."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._runs: list[IO[bytes]] = []
        self._held = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def add(self, text: str) -> None:
        """Take one line, with its line end."""
        self._lines.append(text.encode("utf-8", "replace"))
        if len(self._lines) >= _IN_MEMORY:
            run = self._held.enter_context(TemporaryFile())  # noqa: SIM115 (closed by the stack)
            run.writelines(sorted(self._lines))
            run.seek(0)
            self._runs.append(run)
            self._lines = []

    def sorted(self) -> Iterator[bytes]:
        """All lines in the order of their bytes, which is what readers search by."""
        return heapq.merge(*self._runs, sorted(self._lines))
