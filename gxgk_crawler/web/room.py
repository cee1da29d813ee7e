"""What all pages share: the database, the archive, and how the room is run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gxgk_crawler.portal import PORTAL_TIME
from gxgk_crawler.rules.divisions import division_at
from gxgk_crawler.web.address import address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.store.postgres.database import Connection, Database
    from gxgk_crawler.web.page_reader import OriginalReader

NEWEST_NAME = 9999  # a division is called by its newest name where no year is meant


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One reading room.

    home: GXGK_HOME. hosts: names by which it may be addressed. is_public: contacts are masked and details of the machine left out.
    has_originals: archived pages are shown.
    is_frozen: pages are copied to files, so that nothing can be asked of them. clock: the time now, in UTC.
    """

    database: Database
    archive: ArchiveDirectory
    home: Path
    reader: OriginalReader
    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "[::1]"})
    is_public: bool = False
    has_originals: bool = True
    is_frozen: bool = False
    clock: Callable[[], datetime] = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. conn: a transaction that only reads. path: parts of the address. query: its parameters, the last of each name.

    language: zh or en. format: html, json, csv, txt or atom. address: the path without language and format. url: scheme and host.
    """

    room: Room
    conn: Connection
    path: Mapping[str, str]
    query: Mapping[str, str]
    language: str = "zh"
    format: str = "html"
    address: str = "/"
    url: str = "http://localhost"
    headers: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A parameter without blanks around it; None when it is empty."""
        return self.query.get(name, "").strip()[:1000] or None

    def number(self, name: str, least: int = 0, most: int = 9_999_999) -> int | None:
        """A parameter as a whole number; None when it is none, or outside of what makes sense."""
        value = self.text(name) or ""
        if not value.isascii() or not value.isdecimal() or len(value) > 9:
            return None
        return int(value) if least <= int(value) <= most else None

    @property
    def today(self) -> Any:
        """The day in China."""
        return self.room.clock().astimezone(PORTAL_TIME).date()


def division_name(code: str | None, year: int = NEWEST_NAME) -> str | None:
    """The name that a division has or had; None for an unknown code."""
    found = None if not code else division_at(code.ljust(6, "0"), year)
    return None if found is None else found.name


def following(ask: Ask, after: str | None) -> str | None:
    """The address of the next page of a list, in the same format; None when there is none. after: where it goes on."""
    return None if after is None else address_of(ask.address, ask.language, ask.format, **{**ask.query, "after": after})
