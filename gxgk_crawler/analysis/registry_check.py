"""Holds what entry pages answer against the rows of the registry: moved hosts, dead hosts, wrong places. Pure."""

from __future__ import annotations

import csv
import difflib
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit, urlunsplit

import re2

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from gxgk_crawler.outcomes import Outcome
    from gxgk_crawler.rules.registry import RegistryRow

FindingKind = Literal["moved", "dead", "wrong_place"]

_DEAD: frozenset[Outcome] = frozenset({"dns", "refused", "timeout", "tls", "not_found"})
_PORTAL_WORDS = re2.compile("人民政府|政府网|门户网站|管委会|委员会")
_RANK = re2.compile(
    "(?:人民政府|管理委员会|管委会)$|(?:蒙古族|回族|藏族|维吾尔|壮族|苗族|土家族|彝族|哈萨克)?(?:自治区|自治州|自治县|自治旗)$|(?:省|市|县|区|旗|州|盟|地区)$"
)
_SITE_CODE = re2.compile(r"^\d{10}$")
_LONGEST_NOTE = 60  # characters of a title that a note quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """What the entry page of a portal answered.

    url: where redirects of any kind ended. title: of the page, with its SiteName. site_code: as the page prints it. outcome, reason:
    why there is no page; None when there is one.
    """

    url: str
    title: str = ""
    site_code: str | None = None
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryFinding:
    """One row that an answer contradicts. kind: see FindingKind. why: in a few words. row: as it should be now, by the answer alone."""

    name: str
    kind: FindingKind
    why: str
    row: RegistryRow


def judge_entry(row: RegistryRow, answer: EntryAnswer, today: dt.date) -> RegistryFinding | None:
    """What is wrong with a row; None when its page answers from its host and names its place, or when the answer proves nothing.

    A wall or robots.txt proves nothing: many portals answer mainland addresses or browsers alone.
    """
    month = f"{today:%Y-%m}"
    if answer.outcome is not None:
        if answer.outcome not in _DEAD:
            return None
        why = f"no page: {answer.outcome}, {answer.reason}"
        return RegistryFinding(
            name=row.name, kind="dead", why=why, row=_noted(row, f"{month}: no page, {answer.outcome}")
        )
    wrong = _wrong_place(row, answer)
    if wrong is not None:
        amended = replace(_noted(row, f"{month}: {wrong}"), confidence="C")
        return RegistryFinding(name=row.name, kind="wrong_place", why=wrong, row=amended)
    was, now = urlsplit(row.entry), urlsplit(answer.url)
    if (was.scheme, was.netloc) == (now.scheme, now.netloc) or not (now.hostname or "").endswith(".gov.cn"):
        return None
    entry = urlunsplit((now.scheme, now.netloc, "/", "", ""))
    if was.hostname == now.hostname:
        return RegistryFinding(
            name=row.name, kind="moved", why=f"answers by {now.scheme}", row=replace(row, entry=entry)
        )
    hosts = tuple(
        dict.fromkeys(host for host in (*row.hosts_also, was.hostname or "") if host and host != now.hostname)
    )
    moved = _noted(replace(row, entry=entry, hosts_also=hosts), f"{month}: moved from {was.hostname}")
    return RegistryFinding(name=row.name, kind="moved", why=f"leads to {now.hostname}", row=moved)


def registry_diff(table: str, findings: Mapping[str, RegistryFinding], file: str) -> str:
    """A unified diff of a registry file, as `git apply` takes it; empty when none of its rows changes.

    table: the file's text, one row in a line. findings: by name. file: its path in the diff.
    """
    lines = table.splitlines(keepends=True)
    columns = next(csv.reader(lines[:1]), [])
    amended = lines[:1]
    for line in lines[1:]:
        cells = next(csv.reader([line]), [])
        found = findings.get(cells[0]) if cells else None
        amended.append(line if found is None else _line(dict(zip(columns, cells, strict=False)), columns, found.row))
    return "".join(difflib.unified_diff(lines, amended, f"a/{file}", f"b/{file}", n=1))


def _line(cells: dict[str, str], columns: list[str], row: RegistryRow) -> str:
    """The line of a row, with those cells changed that a finding changes."""
    changed = {
        "entry": row.entry,
        "hosts_also": " ".join(row.hosts_also),
        "confidence": row.confidence,
        "note": row.note or "",
    }
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([(cells | changed).get(column, "") for column in columns])
    return out.getvalue()


def _noted(row: RegistryRow, words: str) -> RegistryRow:
    return replace(row, note=f"{row.note}; {words}" if row.note else words)


def _wrong_place(row: RegistryRow, answer: EntryAnswer) -> str | None:
    """How the page shows that it is another place's: by its site code and its title, neither against the other."""
    code, named = _code_fits(row, answer.site_code), _is_named(row, answer.title)
    if code is False and named is not True:
        return f"site code {answer.site_code}, title {answer.title[:_LONGEST_NOTE]}"
    if code is None and named is False:
        return f"title {answer.title[:_LONGEST_NOTE]}"
    return None


def _code_fits(row: RegistryRow, code: str | None) -> bool | None:
    """Whether a site code begins with the row's division; None where one of them is unknown.

    The last two digits do not count below a prefecture: a renamed or merged county keeps its number.
    """
    if row.division is None or code is None or not _SITE_CODE.search(code):
        return None
    digits = 2 if row.division.endswith("0000") else 4
    return code[:digits] == row.division[:digits]


def _is_named(row: RegistryRow, title: str) -> bool | None:
    """Whether a title that names a government names the row's; None for any other title."""
    place = _RANK.sub("", _RANK.sub("", row.title))
    if len(place) < 2:
        place = _RANK.sub("", row.title) if len(_RANK.sub("", row.title)) > 1 else row.title
    if place in title:
        return True
    return False if row.division is not None and _PORTAL_WORDS.search(title) else None
