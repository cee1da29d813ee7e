"""Masking what leads to a person, in texts that leave the house. The archive itself is never masked.

A mask is as long as what it covers, so that every offset stays true: `*` for a narrow character, `＊` for a wide one.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any

import re2

from gxgk_crawler.redaction.contacts import find_contacts
from gxgk_crawler.redaction.identity import find_identities
from gxgk_crawler.redaction.persons import find_persons
from gxgk_crawler.redaction.text_lines import Span, fold, without_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Level(StrEnum):
    """What is masked: nothing; ways to reach a person and identity numbers; names and bank cards as well."""

    NONE = "none"
    CONTACTS = "contacts"
    PERSONS = "persons"


# No contact without one of these, and no name: most texts need no closer look. Matched against a folded text.
_CONTACT = re2.compile(
    r"(?:[0-9〇零○一二三四五六七八九幺][^\n0-9]{0,3}){5}|[@#]|艾特|(?i:\bat\b|[\[({<]a|微 ?信|[薇威]信|wechat|weixin|\bvx|\bwx|v信)"
    r"|邮 ?[箱件]|(?i:\be?-?mail)|短 ?号|内 ?线|分机|车 ?牌|[⓪①②③④⑤⑥⑦⑧⑨]{5}"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
)
_PERSON = re2.compile(r"[:|/( -]|[0-9]{4}|[人辑员告]\p{Han}{2,4}")
_WIDEST_GRID = 200


def find(text: str, level: Level) -> list[Span]:
    """The places to mask, in the order of the text and without overlaps; of two that overlap the earlier, longer one stays."""
    if level is Level.NONE:
        return []
    seen, offsets = without_invisible(fold(text))
    found: list[Span] = []
    if _CONTACT.search(seen) is not None:
        found += [*find_contacts(seen), *find_identities(seen)]
    if level is Level.PERSONS and _PERSON.search(seen) is not None:
        found += find_persons(seen)
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    if offsets is None:
        return kept
    return [Span(kind=one.kind, start=offsets[one.start], end=offsets[one.end - 1] + 1) for one in kept]


@dataclass(slots=True, kw_only=True)
class Redactor:
    """Masks texts and counts what it masked, by kind."""

    level: Level
    masked: Counter[str] = field(default_factory=Counter)

    def text(self, text: str) -> str:
        """The text with its places masked."""
        return _covered(text, self._places(text))

    def optional(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)

    def fields(self, fields: Mapping[str, str]) -> dict[str, str]:
        """The values masked, each as it would be behind its label: `{"编辑": …}` is read as 编辑：…"""
        return {label: self.text(f"{label}：{value}")[len(label) + 1 :] for label, value in fields.items()}

    def version(
        self, extracted_text: str, text: str, edits: Sequence[Mapping[str, Any]]
    ) -> tuple[str, str, list[dict[str, Any]]]:
        """extracted_text, text and edits with the same places masked in all of them; each place counts once.

        edits: [{start, end, text, suggestion, ...}] with offsets in extracted_text, as in `items.Edit`. Both texts are looked
        at, since advertising may have been planted in the middle of a telephone number.
        """
        kept = list(_kept(len(extracted_text), edits))
        suggestions = [self.optional(edit["suggestion"]) for edit in edits]
        fits = all(extracted_text[edit["start"] : edit["end"]] == edit["text"] for edit in edits)
        if not fits or "".join(extracted_text[start:end] for start, end in kept) != text:
            # Not what extraction promises of them; they are masked each by itself then.
            changed = [
                {**edit, "text": self.text(edit["text"]), "suggestion": suggestion}
                for edit, suggestion in zip(edits, suggestions, strict=True)
            ]
            return self.text(extracted_text), self.text(text), changed
        mask = bytearray(len(extracted_text))
        for start, end in self._places(extracted_text):
            mask[start:end] = b"\x01" * (end - start)
        if edits:
            self._add_seen_in(text, kept, mask)
        covered = _covered(extracted_text, _runs(mask))
        changed = [
            {**edit, "text": covered[edit["start"] : edit["end"]], "suggestion": suggestion}
            for edit, suggestion in zip(edits, suggestions, strict=True)
        ]
        return covered, "".join(covered[start:end] for start, end in kept), changed

    def grids(self, grids: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Grids [{cells: [{row, col, text, ...}]}] with the texts of their cells masked as they would be in a table."""
        return [{**grid, "cells": self._cells(grid["cells"])} for grid in grids]

    def _cells(self, cells: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The cells are written down as the rows of a text, masked there, and cut out again."""
        pieces: list[str] = []
        starts: dict[int, int] = {}
        at = 0

        def write(piece: str) -> None:
            nonlocal at
            pieces.append(piece)
            at += len(piece)

        width = max((cell["col"] for cell in cells), default=0)
        ordered = sorted(range(len(cells)), key=lambda number: (cells[number]["row"], cells[number]["col"]))
        for _, row in groupby(ordered, key=lambda number: cells[number]["row"]):
            column = 0
            for number in row:
                write(" | " * min(cells[number]["col"] - column, _WIDEST_GRID))
                column = cells[number]["col"]
                starts[number] = at
                write(cells[number]["text"].replace("\n", " "))
            write(" | " * min(width - column, _WIDEST_GRID) + "\n")
        covered = _covered("".join(pieces), self._places("".join(pieces)))
        return [
            {**cell, "text": _with_breaks(covered[starts[number] : starts[number] + len(cell["text"])], cell["text"])}
            for number, cell in enumerate(cells)
        ]

    def _places(self, text: str) -> list[tuple[int, int]]:
        spans = find(text, self.level)
        self.masked.update(span.kind for span in spans)
        return [(span.start, span.end) for span in spans]

    def _add_seen_in(self, text: str, kept: Sequence[tuple[int, int]], mask: bytearray) -> None:
        """Mask the places of the text where they stand in the extracted text; new are those of which nothing was masked."""
        offsets = list(accumulate((end - start for start, end in kept), initial=0))
        for span in find(text, self.level):
            moved = list(_moved(span.start, span.end, kept, offsets))
            if all(mask.find(1, start, end) < 0 for start, end in moved):
                self.masked[span.kind] += 1
            for start, end in moved:
                mask[start:end] = b"\x01" * (end - start)


def _covered(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with every character of these places, but line breaks, covered. places: in order, without overlaps."""
    pieces: list[str] = []
    at = 0
    for start, end in places:
        pieces.append(text[at:start])
        pieces.extend(_cover(character) for character in text[start:end])
        at = end
    return "".join([*pieces, text[at:]]) if pieces else text


def _cover(character: str) -> str:
    if character == "\n":
        return character
    return "＊" if unicodedata.east_asian_width(character) in "WF" else "*"


def _with_breaks(text: str, original: str) -> str:
    return (
        "".join("\n" if before == "\n" else after for after, before in zip(text, original, strict=True))
        if "\n" in original
        else text
    )


def _runs(mask: bytearray) -> Iterator[tuple[int, int]]:
    """[start, end) of what is masked."""
    start = mask.find(1)
    while start >= 0:
        end = mask.find(0, start)
        end = len(mask) if end < 0 else end
        yield start, end
        start = mask.find(1, end)


def _kept(length: int, edits: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """[start, end) of the pieces of a text of this length that the edits leave."""
    borders = [0, *(border for edit in edits for border in (edit["start"], edit["end"])), length]
    return ((start, end) for start, end in zip(borders[::2], borders[1::2], strict=True))


def _moved(start: int, end: int, kept: Sequence[tuple[int, int]], offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where [start, end) of the kept pieces, one behind the other, stands in the text they were cut from.

    offsets: where each piece begins, one behind the other.
    """
    piece = bisect_right(offsets, start) - 1
    while piece < len(kept) and offsets[piece] < end:
        shift = kept[piece][0] - offsets[piece]
        first, last = max(start, offsets[piece]), min(end, offsets[piece + 1])
        if first < last:
            yield first + shift, last + shift
        piece += 1
