"""What a page module answers: a page with its data, a move to another address, or bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRows:
    """Rows of a CSV answer. columns: keys in order. rows: called when the answer is sent; it may open transactions of its own."""

    columns: Sequence[str]
    rows: Callable[[], Iterable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPage:
    """A page. template: its file without the ending. data: what `.json` gives. rows: what `.csv` gives. text: what `.txt` gives.

    show: what the template shows beside `data`. feed: what `.atom` shows. status: of HTTP. next: address of the next page of the list.
    is_hidden: search engines are asked to leave it out.
    """

    template: str
    title: str
    data: Any = None
    rows: CsvRows | None = None
    text: str | None = None
    feed: Mapping[str, Any] | None = None
    show: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    next: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A redirect. to: an address of this room, without language."""

    to: str
    status: int = 302
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """Anything else. headers: besides the media type; a Content-Security-Policy here replaces that of the room."""

    body: bytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadedFile:
    """A file of this machine, sent as a download. name: what it is saved as."""

    path: Path
    name: str


Answer = RoomPage | Move | Bytes | DownloadedFile


class MissingError(Exception):
    """There is nothing at this address. hint: a sentence for the reader, or None."""

    def __init__(self, hint: str | None = None) -> None:
        super().__init__(hint)
        self.hint = hint


class MovedError(Exception):
    """The page has another address. to: that address, whole."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class WithheldError(Exception):
    """The report is not shown. reason: as the operator wrote it. since: ISO time."""

    def __init__(self, reason: str, since: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.since = since
