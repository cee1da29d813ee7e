"""Fixed wordings with a hole: where official prose leaves no choice of words, a foreign filling proves itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from gxgk_crawler.extract.cleaning.spam.anatomy import dissect, is_foreign, is_unknown, may_be_label
from gxgk_crawler.extract.cleaning.spam.lexicon import DELIMITERS, has_latin_brand, honest_chars, label_rules
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LONGEST_ANCHOR = 8
_MOST_LABELS = 100
_MOST_HOLES = 1000  # no page has so many; it bounds the work on a hostile one
_COLONS = ("：", ":")
_JOINTS = "-—－_|｜·~"
_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A hole that is filled with a foreign label: text[start:end] stands where `original` belongs (None: not certain which)."""

    start: int
    end: int
    original: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Formula:
    original: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    loose: bool
    strict: bool
    unsure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hole:
    """One place of a formula with every filling that its left anchors allow, the shortest first."""

    end: int
    formula: _Formula
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
            unsure=one.get("unsure", False),
        )
        for one in read_rules("spam")["formula"]
    )


def find_gaps(text: str) -> list[Gap]:
    """The proven holes of a text, in text order, without overlaps (of two that overlap the longer is kept).

    Several left anchors may stand before a hole (`自治区党委政府和` holds 党 and 和), so a hole has several possible
    fillings. Taken is the one that most holes of the document share, and of equals the shortest. A filling is foreign
    when it looks like an advertiser's label, when holes of two different originals share it, or when it is a word that
    no dictionary knows and the text repeats it.
    """
    holes = list(islice(_holes(text), _MOST_HOLES))
    originals: defaultdict[str, set[str]] = defaultdict(set)
    shared: Counter[str] = Counter()
    for hole in holes:
        for filling in hole.fillings:
            originals[filling].add(hole.formula.original)
            shared[filling] += 1
    repeated = _repeated(text, shared)
    doubted: dict[str, bool] = {}
    gaps = []
    for hole in holes:
        proven = [
            one
            for one in hole.fillings
            if _is_proven(one, hole.formula, repeated, len(originals[one]), text[hole.end - len(one) - 1])
        ]
        best = max(proven, key=lambda one: (shared[one], -len(one)), default=None)
        if best is None or _begins_with_honest_words(best, text, doubted):
            continue
        before, after = _around(best, hole.formula.original)
        original = None if hole.formula.unsure or before or after else hole.formula.original
        gaps.append(Gap(start=hole.end - len(best) + before, end=hole.end - after, original=original))
    return _without_overlaps(gaps)


def _repeated(text: str, fillings: Iterable[str]) -> set[str]:
    """Which fillings stand more than once in the text; only the first hundred that may be labels are looked at."""
    may_be = [one for one in dict.fromkeys(fillings) if one.endswith(_COLONS) or is_unknown(one)]
    return {one for one in may_be[:_MOST_LABELS] if text.count(one) > 1}


def _begins_with_honest_words(filling: str, text: str, known: dict[str, bool]) -> bool:
    """True when a label that the text holds elsewhere makes up only the end of a filling: `保障12bet` before 区政府.

    Then the hole is another one than the wording's, and what belongs there is not known. Only the first hundred
    different fillings are looked at; further ones (no page has so many) are doubted.
    """
    if filling not in known:
        known[filling] = len(known) >= _MOST_LABELS or (
            text.count(filling) == 1
            and any(
                _looks_foreign(end) and text.count(end) > 1 and not _looks_foreign(filling[:at])
                for at in range(1, len(filling) - 1)
                if (end := filling[at:].rstrip("：:"))
            )
        )
    return known[filling]


def _is_proven(filling: str, formula: _Formula, repeated: set[str], originals: int, before: str) -> bool:
    bare = filling.rstrip("：:")
    label = bare.rstrip(_JOINTS)  # 以X-新时代: the dash belongs to the label
    if originals > 1 and (bare != filling or not _is_known_prose(bare)):
        return True
    if _looks_foreign(label):
        return not formula.loose or bare != filling or has_latin_brand(label) or _is_certain(label)
    if formula.loose:
        return False
    # A word that no dictionary knows, without any mark of the trade: the text must repeat it.
    if is_unknown(label) and (bare != filling or (bare in repeated and not _is_product(label))):
        return True
    # A colon in mid-sentence behind an ordinary word. Where no other word is possible once is enough; elsewhere it must
    # stand there again, because the replacing was done all through the page.
    if bare == filling or any(word in bare for word in label_rules()["captions"]):
        return False
    return formula.strict or (filling in repeated and before not in DELIMITERS)


def _around(filling: str, original: str) -> tuple[int, int]:
    """How many characters of the original stand before and behind a label that was put into it: 国[X]务院."""
    for at in range(len(original) - 1, 0, -1):
        if filling.startswith(original[:at]) and filling.endswith(original[at:]):
            return at, len(original) - at
    return 0, 0


def _is_known_prose(filling: str) -> bool:
    """True for a filling of ordinary words (贯彻好, 领会把握): that two wordings share it proves nothing."""
    return not is_foreign(filling) and not is_unknown(filling)


def _is_product(filling: str) -> bool:
    """True for 喜马拉雅平台 and the like: offices have accounts there."""
    label = dissect(filling)
    return label is not None and label.weak and not filling.endswith(("国际", "集团"))


def _looks_foreign(filling: str) -> bool:
    return is_foreign(filling)


def _is_certain(filling: str) -> bool:
    label = dissect(filling)
    return label is not None and label.certain


def _holes(text: str) -> Iterator[_Hole]:
    longest = label_rules()["longest"]
    for formula in _formulas():
        for right in formula.right:
            at = text.find(right)
            while at >= 0:
                if text[at - 1 : at] in honest_chars():
                    at = text.find(right, at + 1)
                    continue
                window = text[max(0, at - longest - _LONGEST_ANCHOR) : at]
                fillings = tuple(_fillings(window, formula))
                if fillings:
                    yield _Hole(end=at, formula=formula, fillings=fillings)
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
