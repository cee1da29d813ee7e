"""Foreign advertising inside a text: fixed wordings whose hole holds a label, and what that label fills elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gxgk_crawler.extract.rules import read_rules
from gxgk_crawler.items import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class _Formula:
    original: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _LabelRules:
    longest: int
    words: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """A hole of a formula that is filled with something foreign."""

    start: int
    end: int
    original: str


@cache
def _rules() -> tuple[tuple[_Formula, ...], _LabelRules]:
    raw = read_rules("spam")
    formulas = tuple(
        _Formula(original=one["original"], left=tuple(one["left"]), right=tuple(one["right"])) for one in raw["formula"]
    )
    label = raw["label"]
    return formulas, _LabelRules(longest=label["longest"], words=tuple(label["words"]), never=tuple(label["never"]))


def find_spam(text: str) -> list[Edit]:
    """The spam of a text as edits in text order that do not overlap.

    A hole proves itself when its filling looks like an advertiser's label. `suggestion` is the formula's original.
    A label found in two holes is a brand of this document: its other places are edits as well, without suggestion.
    """
    gaps = _without_overlaps(_gaps(text))
    labels: dict[str, int] = {}
    for gap in gaps:
        label = text[gap.start : gap.end]
        labels[label] = labels.get(label, 0) + 1
    edits = [
        Edit(
            kind="spam",
            start=gap.start,
            end=gap.end,
            text=text[gap.start : gap.end],
            rule="formula",
            suggestion=gap.original,
        )
        for gap in gaps
    ]
    taken = [(gap.start, gap.end) for gap in gaps]
    for label, count in labels.items():
        if count >= 2:
            edits += _propagated(text, label, taken)
    return sorted(edits, key=lambda edit: edit.start)


def _propagated(text: str, label: str, taken: list[tuple[int, int]]) -> Iterator[Edit]:
    at = text.find(label)
    while at >= 0:
        end = at + len(label)
        if not any(at < other_end and start < end for start, other_end in taken):
            yield Edit(kind="spam", start=at, end=end, text=label, rule="brand_of_document")
        at = text.find(label, end)


def _gaps(text: str) -> list[_Gap]:
    formulas, label = _rules()
    gaps = []
    for formula in formulas:
        for right in formula.right:
            at = text.find(right)
            while at >= 0:
                gap = _gap_before(text, at, formula, label)
                if gap is not None:
                    gaps.append(gap)
                at = text.find(right, at + 1)
    return gaps


def _gap_before(text: str, end: int, formula: _Formula, label: _LabelRules) -> _Gap | None:
    """The hole that ends at `end`, when the rightmost left anchor stands near and the filling is a label."""
    window = text[max(0, end - label.longest - 8) : end]
    start = max((found + len(left) for left in formula.left if (found := window.rfind(left)) >= 0), default=-1)
    if start < 0:
        return None
    filling = window[start:]
    if not _is_label(filling, label):
        return None
    return _Gap(start=end - len(filling), end=end, original=formula.original)


def _is_label(filling: str, label: _LabelRules) -> bool:
    if not 2 <= len(filling) <= label.longest or any(word in filling for word in label.never) or not filling.strip():
        return False
    if any(mark in filling for mark in ",，、\n"):
        return False
    letters = sum(char.isascii() and char.isalpha() for char in filling)
    return filling.endswith((":", "：")) or letters >= 2 or any(word in filling for word in label.words)


def _without_overlaps(gaps: list[_Gap]) -> list[_Gap]:
    """Of two holes that overlap the longer is kept."""
    kept: list[_Gap] = []
    for gap in sorted(gaps, key=lambda one: (one.start, -one.end)):
        if kept and gap.start < kept[-1].end:
            if gap.end - gap.start > kept[-1].end - kept[-1].start:
                kept[-1] = gap
            continue
        kept.append(gap)
    return kept
