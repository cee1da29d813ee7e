"""Labels with a colon in mid-sentence: official prose puts none behind a subject, a verb or a preposition."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import spam_edit
from gxgk_crawler.extract.cleaning.spam.anatomy import dissect, may_be_label
from gxgk_crawler.extract.cleaning.spam.lexicon import (
    DELIMITERS,
    honest_starts,
    is_topic,
    is_unknown_word,
    label_rules,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.items import Edit

_LONGEST = 24
_LONGEST_WORD = 8
_MOST_LABELS = 40
_TWICE = 2


def replaced_words(text: str) -> Iterator[Edit]:
    """A label with a colon in mid-sentence, more than once.

    What the places share before the colon, honest words at its beginning aside, is the label.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for found in _colon().finditer(text):
        groups[text[max(0, found.start() - 2) : found.start()]].append(found.start())
    for ends in list(groups.values())[:_MOST_LABELS]:
        label = _common(text, ends)
        inside = {text[end - len(label) - 1] for end in ends if _is_inside(text, end - len(label))}
        if not label or not inside or not (_is_telling(label) or _is_impossible(text, ends, inside)):
            continue
        for end in ends:
            yield spam_edit(text, end - len(label), end + 1, "replaced_word")


def with_colon(text: str, end: int) -> int:
    """The end of a label together with a colon in mid-sentence behind it."""
    return end + 1 if _colon().match(text[end : end + 2]) is not None else end


def _is_telling(label: str) -> bool:
    parts = dissect(label)
    if parts is None:
        return is_unknown_word(label)
    return (parts.telling or parts.offer) and not parts.place


def _is_impossible(text: str, ends: list[int], inside: set[str]) -> bool:
    """True when a colon behind an ordinary word cannot be meant: three places at least, one of them before 、 or 》 or 的."""
    return len(ends) > _TWICE and len(inside) >= _TWICE and any(text[end + 1] in "、》的，" for end in ends)


@cache
def _colon() -> re2._Regexp:
    return re2.compile(r"[:：][\p{Han}《》、，20]")


def _common(text: str, ends: list[int]) -> str:
    """The label before all these colons; empty when they show no border or share none."""
    following = {text[end + 1 : end + 3] for end in ends}
    if len(ends) < _TWICE or len(following) < _TWICE:
        return ""
    before = [text[max(0, end - _LONGEST) : end] for end in ends]
    shortest = min(map(len, before))
    length = next((at for at in range(shortest) if len({one[-1 - at] for one in before}) > 1), shortest)
    if length >= _LONGEST:
        return ""
    shared = before[0][len(before[0]) - length :]
    cut = max((shared.rfind(mark) for mark in DELIMITERS - {*"()（）_-"}), default=-1) + 1
    label = _without_honest_start(shared[cut:])
    words = label_rules()["captions"]
    if not _may_be_word(label) or any(word in label for word in words if word not in {"网址", "网站"}):
        return ""
    return label


def _may_be_word(label: str) -> bool:
    parts = dissect(label)
    if parts is not None:
        return parts.telling or not parts.brand.isdigit()
    if is_unknown_word(label):
        return True
    short = 1 < len(label) <= _LONGEST_WORD and label.isalnum() and not label[0].isdigit() and may_be_label(label)
    return (
        short and not is_topic(label) and not label.startswith(honest_starts()) and not label.endswith(honest_starts())
    )


def _without_honest_start(shared: str) -> str:
    while word := next((word for word in honest_starts() if len(word) > 1 and shared.startswith(word)), ""):
        shared = shared.removeprefix(word)
    return shared


def _is_inside(text: str, start: int) -> bool:
    """True when the word before goes on without a mark: the label stands where a word of the sentence stood."""
    return start > 0 and text[start - 1] not in DELIMITERS and not text[start - 1].isdigit()
