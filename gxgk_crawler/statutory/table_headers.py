"""The header rows of the statutory tables: which columns they name, and over which columns of the grid they stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.alignment import Header, is_laid_out
from gxgk_crawler.statutory.wording import Vocabulary, bare, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gxgk_crawler.statutory.table_rows import Certainty, Field

T3_ROWS = Vocabulary(layouts.T3_ROWS)
T3_GROUPS = Vocabulary(layouts.T3_GROUPS)
T3_COLUMNS = Vocabulary(layouts.T3_COLUMNS)
T2_ROWS = Vocabulary(layouts.T2_ROWS)
T2_COLUMNS = Vocabulary(layouts.T2_COLUMNS)
T4_GROUPS = Vocabulary(layouts.T4_GROUPS, first=True)
T4_COLUMNS = Vocabulary(layouts.T4_COLUMNS)

# The forms have three header rows and fifteen columns; hostile pages have as many as they like.
_MOST_ROWS = 12
_MOST_FIELDS = 100
_UNIT = re2.compile(r"(?:单位)?[:：(]?\s*(亿元|万元|千元|元)")


@dataclass(slots=True)
class HeaderRows:
    """What a table has shown so far: the fields of its header rows, and its entries."""

    heads: list[list[Field]] = field(default_factory=list)
    used: bool = False

    def add(self, fields: list[Field]) -> None:
        if self.used:
            self.heads, self.used = [], False
        del self.heads[:-_MOST_ROWS]
        self.heads.append([replace(one, end=one.reach) if one.reach else one for one in fields[:_MOST_FIELDS]])


def group_of(label: str) -> str | None:
    """The group of T4 that a label names; words in brackets count, for 行政诉讼（复议后起诉） stands there too."""
    key = T4_GROUPS.key(label)
    return T4_GROUPS.key("".join(char for char in plain(label) if char not in "()")) if key == "litigation" else key


def unit_of(label: str) -> str | None:
    found = _UNIT.search(plain(label))
    return found[1] if found else None


def _headers_of(heads: Iterable[list[Field]], key_of: Callable[[str], str | None]) -> list[Header]:
    found = [Header(key, one.text, one.col, one.end)
             for fields in heads for one in fields if one.is_words and (key := key_of(one.text))]  # fmt: skip
    return sorted(found, key=lambda one: one.start)


def _group_headers(section: HeaderRows) -> list[Header]:
    return [one for one in _headers_of(section.heads, group_of) if one.key != "litigation"]


def t3_headers(section: HeaderRows, certainty: Certainty) -> list[Header]:
    """The columns of T3 by its headers, where they stand in columns; else in the order of the form."""
    found = _headers_of(section.heads, T3_COLUMNS.key)
    whole = sorted(one.key for one in found) == sorted(layouts.T3_COLUMN_ORDER) and is_laid_out(found)
    if whole and certainty == "columns":
        return found
    return [Header(label.key, label.official, 0, 0) for label in layouts.T3_COLUMNS]


def t2_headers(section: HeaderRows, row: str, leaf: Field) -> list[Header]:
    """The columns of a row of T2 by the header above it; words that a line break cut into two rows are put together."""
    columns: list[tuple[int, int, str]] = []
    for fields in section.heads:
        for one in fields:
            if not one.is_words or one.end <= leaf.end or bare(one.text) == "信息内容" or "二十条" in bare(one.text):
                continue
            if columns and columns[-1][1:] == (one.col, one.text) and T2_COLUMNS.key(one.text):
                columns[-1] = (columns[-1][0], one.end, one.text)
                continue
            at = next((n for n, (start, end, _) in enumerate(columns) if one.col < end and start < one.end), None)
            if at is None:
                columns.append((one.col, one.end, one.text))
            else:
                start, end, text = columns[at]
                columns[at] = (min(start, one.col), max(end, one.end), text + one.text)
    headers = [Header(T2_COLUMNS.key(text) or "", text, start, end) for start, end, text in sorted(columns)]
    return _named(headers, row)


def _named(headers: list[Header], row: str) -> list[Header]:
    """The headers with the keys that only their order tells: two columns that say no more than 本年新."""
    keys = [one.key for one in headers]
    if headers and all(keys) and len(set(keys)) == len(keys):
        return headers
    for cells in layouts.T2_CELLS.values():
        wanted = cells.get(row, ())
        if (
            len(wanted) == len(keys)
            and any(keys)
            and all(not key or key == name for key, name in zip(keys, wanted, strict=True))
        ):
            return [Header(name, one.label, one.start, one.end) for name, one in zip(wanted, headers, strict=True)]
    return []


def t4_headers(section: HeaderRows, certainty: Certainty) -> list[Header]:
    wanted = [f"{row}/{col}" for row, col in layouts.T4_CELLS]
    if certainty != "columns":
        return [Header(key, "", 0, 0) for key in wanted]
    groups = _group_headers(section)
    found = []
    for one in _headers_of(section.heads, T4_COLUMNS.key):
        own = group_of(one.label)
        over = (
            own
            if own and own != "litigation"
            else next((g.key for g in groups if g.start < one.end and one.start < g.end), "")
        )
        found.append(Header(f"{over}/{one.key}", one.label, one.start, one.end))
    if sorted(one.key for one in found) == sorted(wanted) and is_laid_out(found):
        return found
    groups_apart = {one.key.rpartition("/")[0] for one in found}
    if len(found) == 5 * len(groups_apart) and "" not in groups_apart and is_laid_out(found):
        return found
    return [Header(key, "", 0, 0) for key in wanted]


def t4_result_headers(section: HeaderRows) -> list[Header]:
    found = _headers_of(section.heads, T4_COLUMNS.key)
    if sorted(one.key for one in found) == sorted(layouts.T4_COLUMN_ORDER):
        return found
    return [Header(label.key, label.official, 0, 0) for label in layouts.T4_COLUMNS]


def t4_group_headers(section: HeaderRows, result: str) -> list[Header]:
    found = _group_headers(section)
    if sorted(one.key for one in found) == sorted(layouts.T4_ROW_ORDER):
        return [Header(f"{one.key}/{result}", one.label, one.start, one.end) for one in found]
    return [Header(f"{row}/{result}", "", 0, 0) for row in layouts.T4_ROW_ORDER]
