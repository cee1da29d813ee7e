"""Sentences that speak about advertisers: police notices, lists of banned sites, firms with such names. They stay whole."""

from __future__ import annotations

from functools import cache

import re2

from gxgk_crawler.rules.load import read_rules

_OPENING = '“"‘「『'
_CLOSING = '”"’」』'
_REACH = 80
_STOPS = "。；;！？\n"


@cache
def _words(*kinds: str) -> re2._Regexp:
    rules = read_rules("spam")["label"]
    return re2.compile("|".join(re2.escape(word) for kind in kinds for word in rules[kind]))


def is_mention(text: str, start: int, end: int) -> bool:
    """True when text[start:end] is spoken about: in quotation marks of its own, one of a list, or beside words of the police."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and after and before in _OPENING and after in _CLOSING:
        return True
    return "、" in {before, after} or is_spoken_of(text, start, end)


def is_in_police_notice(text: str, start: int, end: int) -> bool:
    """True when the sentence around text[start:end] names a crime: then the text speaks of the label wherever it stands."""
    return _is_beside(_words("crimes"), text, start, end)


def is_spoken_of(text: str, start: int, end: int, *, as_firm: bool = True) -> bool:
    """True when the sentence around text[start:end] holds a word of police notices, or (as_firm) of registers of firms."""
    words = _words("mentions", "registers") if as_firm else _words("mentions")
    return _is_beside(words, text, start, end)


def _is_beside(words: re2._Regexp, text: str, start: int, end: int) -> bool:
    first = max(text.rfind(mark, max(0, start - _REACH), start) for mark in _STOPS) + 1 or max(0, start - _REACH)
    stops = [at for mark in _STOPS if (at := text.find(mark, end, end + _REACH)) >= 0]
    last = min(stops, default=min(len(text), end + _REACH))
    return words.search(text[first:start]) is not None or words.search(text[end:last]) is not None
