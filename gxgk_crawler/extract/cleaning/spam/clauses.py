"""Clauses that are nothing but a label or an invitation to one, and texts of links that are labels."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import places, spam_edit
from gxgk_crawler.extract.cleaning.spam.anatomy import Anatomy, dissect, may_be_label
from gxgk_crawler.extract.cleaning.spam.blocks import kind_of
from gxgk_crawler.extract.cleaning.spam.lexicon import (
    SITE,
    any_of,
    is_hard,
    is_mixed_latin,
    is_place,
    is_site,
    is_topic,
    is_unknown_word,
    label_rules,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_spoken_of
from gxgk_crawler.extract.page.text import is_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gxgk_crawler.items import Edit

_COMMAS = "，,；;"
_MARKS = "，,。；;！？!?"
_LONGEST = 48
_LONGEST_HEADLINE = 24
_MOST_LINKS = 40
_MOST_WORDS = 60
_OFTEN = 3
_TWICE = 2
_LINE_BREAKS = str.maketrans(dict.fromkeys(_MARKS, "\n"))
_BRACKETS = "()（）[]【】 "
_CALLS = ("欢迎访问", "欢迎光临", "欢迎来到", "点击进入", "认准", "首选", "尽在")


def advertising_clauses(text: str, hot: Sequence[int]) -> Iterator[Edit]:
    """Clauses that are a label, or that praise one. hot: where words of the trade stand."""
    counts = _clause_counts(text)
    after = 0
    for place in hot:
        if place < after:
            continue
        start, end = _clause_around(text, place)
        after = end
        clause = text[start:end]
        if (
            len(clause) <= _LONGEST
            and _is_advertising(clause, counts)
            and not is_spoken_of(text, start, end, as_firm=False)
        ):
            yield clause_edit(text, start, end)
        after = max(after, place + 1)
    yield from _repeated_words(text, counts)


def _clause_counts(text: str) -> Counter[str]:
    pieces = text.translate(_LINE_BREAKS).split("\n")
    return Counter(piece.strip(_BRACKETS) for piece in pieces if len(piece) <= _LONGEST)


def _clause_around(text: str, place: int) -> tuple[int, int]:
    reach = max(0, place - _LONGEST)
    start = max(text.rfind(mark, reach, place) for mark in _MARKS + "\n") + 1 or reach
    limit = min(len(text), place + _LONGEST)
    end = min((at for mark in _MARKS + "\n" if (at := text.find(mark, place, limit)) >= 0), default=limit)
    return start, end


def _is_advertising(clause: str, counts: Counter[str]) -> bool:
    bare = clause.strip(_BRACKETS)
    repeated = counts[bare] >= _TWICE
    if is_site(bare) or (repeated and kind_of(bare) == ("hard", "")):
        return True
    label = dissect(bare)
    if label is not None:
        if label.place:
            return label.certain
        if label.certain or (label.unknown and label.ads) or (repeated and _is_doubly_told(label)):
            return True
        if counts[bare] >= _OFTEN and label.branded and is_han(label.brand):
            return True
    return _praises(bare, repeated=repeated)


def _praises(clause: str, *, repeated: bool) -> bool:
    """True when nothing but words of advertising stands around a brand: 认准X唯一入口, 点击进入X领取新人礼包."""
    if not may_be_label(clause):
        return False
    found = _advertising_words().findall(clause)
    if not found:
        return False
    site = _site().search(clause)
    brand = _advertising_words().sub("", _site().sub("", clause))
    called = any(word in _CALLS for word in found)
    praised = any(word.rstrip("0123456789") in label_rules()["ads"] for word in found)
    if not brand and site is not None:
        return called or praised
    if not brand:
        return is_hard(clause) and len(found) >= _TWICE and (called or praised)
    if not (called or praised) or is_place(brand):
        return False
    if praised and is_hard(clause) and len(brand) <= _TWICE:
        return True
    label = dissect(brand)
    if label is not None and label.branded:
        return True
    return not is_topic(brand) and is_unknown_word(brand) and (praised or repeated or is_mixed_latin(brand))


@cache
def _site() -> re2._Regexp:
    return re2.compile(f"(?i){SITE}")


@cache
def _advertising_words() -> re2._Regexp:
    rules = label_rules()
    words = any_of(
        [*rules["ads"], *rules["invitations"], *_CALLS, *rules["strong"], *rules["weak"], *rules["soft"], "领取"]
    )
    return re2.compile(rf"(?:注册即送|注册送|首存送|送)\d{{2,4}}|{words}")


def _repeated_words(text: str, counts: Counter[str]) -> Iterator[Edit]:
    """Clauses that are one unknown word, again and again: no sentence has a place for it."""
    often = [piece for piece, count in counts.items() if count >= _TWICE and 1 < len(piece) <= _LONGEST // _TWICE]
    words = [
        piece
        for piece in often[: _MOST_WORDS * _OFTEN]
        if is_site(piece) or (counts[piece] >= _OFTEN and is_unknown_word(piece)) or _is_repeated_label(piece)
    ]
    for word in words[:_MOST_WORDS]:
        for start in places(text, word):
            first, last = start, start + len(word)
            while first and last < len(text) and text[first - 1] in "(（" and text[last] in ")）":
                first, last = first - 1, last + 1
            if (text[first - 1 : first] or "\n") in _MARKS + "\n" and (text[last : last + 1] or "\n") in _MARKS + "\n":
                yield clause_edit(text, first, last)


def _is_repeated_label(piece: str) -> bool:
    label = dissect(piece)
    return label is not None and not label.place and (label.certain or _is_doubly_told(label))


def _is_doubly_told(label: Anatomy) -> bool:
    """True for a brand that no dictionary knows and a word of the trade; a Latin one may be that of a maker of shoes."""
    if not label.unknown or not (is_han(label.brand) or label.stakes):
        return False
    return label.branded or (label.offer and not label.mild)


def foreign_headlines(text: str) -> Iterator[Edit]:
    """Headlines of sports between the clauses of a report: two at least, because one may be what the report speaks of."""
    found: dict[str, tuple[int, int]] = {}
    for league in islice(_leagues().finditer(text), _MOST_WORDS):
        start, end = _clause_around(text, league.start())
        clause = text[start:end]
        is_headline = len(clause) <= _LONGEST_HEADLINE and _headlines().search(clause) is not None
        if is_headline and may_be_label(clause) and not is_spoken_of(text, start, end):
            found.setdefault(clause, (start, end))
    if len(found) >= _TWICE:
        for clause in found:
            for start in places(text, clause):
                yield clause_edit(text, start, start + len(clause))


@cache
def _leagues() -> re2._Regexp:
    return re2.compile(any_of(label_rules()["leagues"]))


@cache
def _headlines() -> re2._Regexp:
    return re2.compile(any_of(label_rules()["headlines"]))


def clause_edit(text: str, start: int, end: int) -> Edit:
    """The mark behind goes with the clause, so that none stands twice; at the end of a sentence the one before."""
    if text[end : end + 1] and text[end] in _COMMAS:
        return spam_edit(text, start, end + 1, "clause")
    if start and text[start - 1] in _COMMAS:
        return spam_edit(text, start - 1, end, "clause")
    if start and text[start - 1] in "。！？" and text[end : end + 1] and text[end] in "。！？":
        return spam_edit(text, start, end + 1, "clause")
    return spam_edit(text, start, end, "clause")


def link_labels(text: str, foreign_links: Iterable[str]) -> Iterator[Edit]:
    """Texts of links that leave the government's hosts and are labels: the markup shows their borders.

    A link to a foreign host proves nothing: pages cite DeepSeek, the IMF and the site of a museum. Only a brand beside a word
    of the trade, or a known brand, is a label.
    """
    for link in list(dict.fromkeys(foreign_links))[:_MOST_LINKS]:
        label = dissect(link)
        if label is not None and label.branded and not label.place:
            for start in places(text, link):
                if not is_spoken_of(text, start, start + len(link)):
                    yield spam_edit(text, start, start + len(link), "foreign_link")
