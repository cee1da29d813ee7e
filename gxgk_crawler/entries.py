"""What the database is told beside captures, as entries that the archive keeps first: so that it can be rebuilt.

Whatever a WARC response does not say by itself - which page was judged a report, what was read out of it, what a list
showed, how a crawl ended - is one entry: written to the archive, made durable, and only then applied to the database by
`store.journal`. Applying all entries again, in the order of `at`, gives the same database.
"""

from __future__ import annotations

import dataclasses
import json
import types
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

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
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Entry)}


def to_json(entry: Entry) -> bytes:
    """The entry as one JSON object, UTF-8; `kind` names its class."""
    values = {"kind": type(entry).__name__, **_plain(entry)}
    try:
        return json.dumps(values, ensure_ascii=False, default=_plain).encode()
    except UnicodeEncodeError:  # a page with lone surrogates: UTF-8 has none, escapes do
        return json.dumps(values, default=_plain).encode()


def _plain(value: Any) -> Any:
    """One level of an object, or a time as ISO 8601. dataclasses.asdict copies all levels, which takes five times as long."""
    if isinstance(value, datetime):
        return value.isoformat()
    return {name: getattr(value, name) for name in _names(type(value))}  # type: ignore[arg-type]  # as below


@cache
def _names(kind: Any) -> list[str]:
    """The fields that say something; one that does not compare is only carried along."""
    return [part.name for part in dataclasses.fields(kind) if part.compare]


def from_json(data: bytes) -> Entry | None:
    """The entry that `to_json` wrote; None for a kind that this version does not know.

    Fields that are missing take their defaults, and unknown ones are left out, so that old archives stay readable.
    Raises ValueError when the data is no entry.
    """
    try:
        values = json.loads(data)
        kind = _KINDS.get(values.pop("kind"))
        return None if kind is None else _object(kind, values)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no entry: {error}") from error


def text_read(data: bytes) -> str | None:
    """The text of the report that an entry tells of; None for an entry of another kind.

    As `from_json`, without making objects of all the rest, which takes ten times as long.
    """
    try:
        values = json.loads(data)
        if values["kind"] != ReportRead.__name__:
            return None
        return str(values["report"]["document"]["text"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no entry: {error}") from error


@cache
def _hints(kind: Any) -> dict[str, Any]:
    # The field types of items.py are written under `TYPE_CHECKING` where they need datetime.
    return get_type_hints(kind, localns={"datetime": datetime})


def _object(kind: type[T], values: dict[str, Any]) -> T:
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]  # mypy takes no class of T for hashable
    return kind(**{name: _value(hints[name], value) for name, value in values.items() if name in hints})


def _value(hint: Any, value: Any) -> Any:
    """The value that JSON made of a field of this type, as the field holds it."""
    if value is None:
        return None
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(option for option in get_args(hint) if option is not types.NoneType)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _object(hint, value)
    if get_origin(hint) is list:
        return [_value(get_args(hint)[0], part) for part in value]
    return value
