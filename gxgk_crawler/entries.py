"""Entries: what the archive keeps beside captures, so that the database can be rebuilt from it. A file format.

A WARC response does not say which page was judged a report, what was read out of it, what a list showed and how a crawl
ended. Each of these facts is one entry. It is written to the archive and made durable; only then `store.journal` applies it
to the database. Applying all entries again, in the order of `at`, gives the same database.

The names of classes and fields here and in `items.py` are the format: old archives are decoded by them. A field may be
added when it has a default; none is renamed or removed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, get_args

import msgspec

from gxgk_crawler.items import Capture, Channel, CrawlResult, Report, Sighting  # noqa: TC001 (read at run time)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlStarted:
    """A crawl of a portal begins. at: also the start in the crawl's row. host: the machine. The rest is the portal's file."""

    at: datetime
    portal: str
    title: str
    family: str
    entry: str
    division: str | None
    site_code: str | None
    software_version: str
    settings_digest: str | None
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlEnded:
    """The crawl that started at `started_at` has ended."""

    at: datetime
    portal: str
    started_at: datetime
    result: CrawlResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What lists showed: channels, and known reports that were not fetched again."""

    at: datetime
    portal: str
    channels: list[Channel] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRead:
    """A report as it was read. started_at: of the crawl, None for a later reading. reason: crawl or reextract."""

    at: datetime
    report: Report
    extractor_version: str
    started_at: datetime | None = None
    reason: Literal["crawl", "reextract"] = "crawl"

    @property
    def portal(self) -> str:
        return self.report.portal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGone:
    """A known report whose URL answers 404 or 410; `capture` proves it."""

    at: datetime
    portal: str
    url: str
    capture: Capture


Entry = CrawlStarted | CrawlEnded | Seen | ReportRead | ReportGone
_KINDS: dict[str, type[Entry]] = {kind.__name__: kind for kind in get_args(Entry)}


class _Kind(msgspec.Struct):
    """The one field that every entry has."""

    kind: str


def to_json(entry: Entry) -> bytes:
    """The entry as one JSON object, UTF-8; `kind` names its class. These bytes are the format: they never change."""
    values = {"kind": type(entry).__name__, **_plain(entry)}
    try:
        return json.dumps(values, ensure_ascii=False, default=_plain).encode()
    except UnicodeEncodeError:  # a page with lone surrogates: UTF-8 has none, escapes do
        return json.dumps(values, default=_plain).encode()


def _plain(value: Any) -> Any:
    """One level of an object, or a time as ISO 8601. dataclasses.asdict copies all levels, which takes five times as long."""
    if isinstance(value, datetime):
        return value.isoformat()
    return {name: getattr(value, name) for name in _names(type(value))}  # type: ignore[arg-type]  # mypy takes no class for hashable


@cache
def _names(kind: Any) -> list[str]:
    return [part.name for part in fields(kind)]


def from_json(data: bytes) -> Entry | None:
    """The entry that `to_json` wrote; None for a kind that this version does not know.

    Missing fields take their defaults and unknown fields are left out, so that archives of other versions stay readable.
    Raises ValueError when the data is no entry.
    """
    try:
        kind = _KINDS.get(decode_json(data, _Kind).kind)
        return None if kind is None else decode_json(data, kind)
    except ValueError as error:
        raise ValueError(f"no entry: {error}") from error


def decode_json(data: bytes, kind: type[T]) -> T:
    """The object of class `kind`, a dataclass, that the JSON describes. Raises ValueError when it describes none.

    Lone surrogates in strings are kept. Only the standard library reads those, and it takes ten times as long.
    """
    try:
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.ValidationError:
            raise
        except ValueError:
            return msgspec.convert(json.loads(data), kind)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deep") from error
