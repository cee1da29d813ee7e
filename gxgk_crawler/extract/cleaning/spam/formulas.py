"""Fixed wordings with a hole: where official prose leaves no choice of words, a foreign filling proves itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gxgk_crawler.extract.cleaning.spam.anatomy import dissect
from gxgk_crawler.extract.cleaning.spam.labels import DELIMITERS, has_latin_brand, is_brand, is_foreign, may_be_label
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LONGEST_ANCHOR = 8
_MOST_LABELS = 100
_COLONS = ("：", ":")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A hole that is filled with a foreign label: text[start:end] stands where `original` belongs."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Formula:
    original: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    loose: bool
    strict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hole:
    """One place of a formula with every filling that its left anchors allow, the shortest first."""

    end: int
    original: str
    loose: bool
    strict: bool
    fillings: tuple[str, ...]


@cache
def _formulas() -> tuple[_Formula, ...]:
    return tuple(
        _Formula(
            original=one["original"],
            left=tuple(one["left"]),
            right=tuple(one["right"]),
            loose=one.get("loose", False),
            strict=one.get("strict", False),
        )
        for one in read_rules("spam")["formula"]
    )


def find_gaps(text: str) -> list[Gap]:
    """The proven holes of a text, in text order, without overlaps (of two that overlap the longer is kept).

    Several left anchors may stand before a hole (`自治区党委政府和` holds 党 and 和), so a hole has several possible
    fillings. Taken is the one that most holes of the document share, and of equals the shortest. A filling counts as
    foreign when it looks like an advertiser's label, or when holes of two different originals share it.
    """
    holes = list(_holes(text))
    originals: defaultdict[str, set[str]] = defaultdict(set)
    shared: Counter[str] = Counter()
    for hole in holes:
        for filling in hole.fillings:
            originals[filling].add(hole.original)
            shared[filling] += 1
    repeated = _repeated(text, shared)
    doubted: dict[str, bool] = {}
    gaps = []
    for hole in holes:
        proven = [
            one
            for one in hole.fillings
            if _is_proven(one, hole, repeated, len(originals[one]), text[hole.end - len(one) - 1])
        ]
        best = max(proven, key=lambda one: (shared[one], -len(one)), default=None)
        if best is not None and not _begins_with_honest_words(best, text, doubted):
            gaps.append(Gap(start=hole.end - len(best), end=hole.end, original=hole.original))
    return _without_overlaps(gaps)


def _repeated(text: str, labels: Iterable[str]) -> set[str]:
    """Which labels with a colon stand more than once in the text; only the first hundred are looked at."""
    with_colon = [label for label in dict.fromkeys(labels) if label.endswith(_COLONS)]
    return {label for label in with_colon[:_MOST_LABELS] if text.count(label) > 1}


def _begins_with_honest_words(filling: str, text: str, known: dict[str, bool]) -> bool:
    """True when a label that the text holds elsewhere makes up only the end of a filling: `保障12bet` before 区政府.

    Then the hole is another one than the wording's, and what belongs there is not known. Only the first hundred
    different fillings are looked at; further ones (no page has so many) are doubted.
    """
    if filling not in known:
        known[filling] = len(known) >= _MOST_LABELS or (
            text.count(filling) == 1
            and any(
                _looks_foreign(end) and text.count(end) > 1
                for at in range(1, len(filling) - 1)
                if (end := filling[at:].rstrip("：:"))
            )
        )
    return known[filling]


def _is_proven(filling: str, hole: _Hole, repeated: set[str], originals: int, before: str) -> bool:
    if originals > 1:
        return True
    bare = filling.rstrip("：:")
    if _looks_foreign(bare):
        return not hole.loose or bare != filling or has_latin_brand(bare) or is_brand(bare)
    # A colon in mid-sentence behind an unknown word. Where no other word is possible once is enough; elsewhere it must
    # stand there again, because the replacing was done all through the page.
    if bare == filling or hole.loose or any(word in bare for word in read_rules("spam")["label"]["captions"]):
        return False
    return hole.strict or (filling in repeated and before not in DELIMITERS)


def _looks_foreign(filling: str) -> bool:
    if is_foreign(filling):
        return True
    label = dissect(filling)
    return label is not None and label.telling


def _holes(text: str) -> Iterator[_Hole]:
    longest = read_rules("spam")["label"]["longest"]
    for formula in _formulas():
        for right in formula.right:
            at = text.find(right)
            while at >= 0:
                window = text[max(0, at - longest - _LONGEST_ANCHOR) : at]
                fillings = tuple(_fillings(window, formula))
                if fillings:
                    yield _Hole(
                        end=at, original=formula.original, loose=formula.loose, strict=formula.strict, fillings=fillings
                    )
                at = text.find(right, at + 1)


def _fillings(window: str, formula: _Formula) -> list[str]:
    """What stands between each left anchor in the window and its end, unless the original itself does."""
    if window.endswith((formula.original, *formula.left)):
        return []
    found: set[str] = set()
    for left in formula.left:
        at = window.find(left)
        while at >= 0:
            filling = window[at + len(left) :]
            if may_be_label(filling) and not (left == "在" and filling.startswith("线")):  # 在线登录 is the label's own
                found.add(filling)
            at = window.find(left, at + 1)
    return sorted(found, key=len)


def _without_overlaps(gaps: Sequence[Gap]) -> list[Gap]:
    kept: list[Gap] = []
    for gap in sorted(gaps, key=lambda one: (one.start, -one.end)):
        if kept and gap.start < kept[-1].end:
            if gap.end - gap.start > kept[-1].end - kept[-1].start:
                kept[-1] = gap
            continue
        kept.append(gap)
    return kept
