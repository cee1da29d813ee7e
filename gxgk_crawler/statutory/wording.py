"""Labels as pages write them: a copy without what varies, and the key whose words it holds."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from gxgk_crawler.statutory.layouts import Label

_MAX_LABEL = 90  # the longest official label has 40 characters; notes of Hubei forms add as many
_ORDER_MARK = re2.compile(r"^\(?[一二三四五六七八九十]{1,3}(?:\)|[、.,])")
_NOTE = re2.compile(r"\([^()]{0,200}\)?")
_NOT_HAN = re2.compile(r"[^\p{Han}]+")
_NUMBERED = re2.compile(r"^[一二三四五六七八九十]{1,2}(本年|上年|结转|予以|部分|不予|无法|其[他它]处理|总计|合计)")


@cache
def _plain_forms() -> dict[int, str]:
    """Full-width ASCII to ASCII, brackets of all kinds to round ones, traditional characters to simplified; one to one."""
    table = {0xFF01 + n: chr(0x21 + n) for n in range(94)}
    table |= dict.fromkeys(map(ord, "〔【﹝〖〈［"), "(") | dict.fromkeys(map(ord, "〕】﹞〗〉］"), ")")
    table |= {0x3000: " ", 0xA0: " ", 0x2212: "-", 0xFF0D: "-"}
    rules = read_rules("traditional")
    forms = ["".join(rules[name].split()) for name in ("traditional", "simplified")]
    return {ord(old): new for old, new in zip(*forms, strict=True)} | table


def plain(text: str) -> str:
    """The text in plain forms, character for character, so that every offset stays true."""
    return text.translate(_plain_forms())


@lru_cache(maxsize=8192)
def bare(label: str) -> str:
    """What names a label: its Chinese characters, without the number in front and the notes in brackets."""
    text = "".join(plain(label).split())
    text = _ORDER_MARK.sub("", text)
    without = _NOT_HAN.sub("", _NOTE.sub("", text))
    name: str = without or _NOT_HAN.sub("", text)
    found = _NUMBERED.match(name)
    return name[found.start(1) :] if found else name


class Vocabulary:
    """The keys of one list of labels, found by their words.

    first: take the first key whose words stand in a label, for lists whose later words contain earlier ones; otherwise a
    label that holds the words of several keys has none.
    """

    def __init__(self, labels: tuple[Label, ...], *, first: bool = False) -> None:
        self._labels = labels
        self._first = first
        self._patterns = [(label.key, re2.compile(label.words)) for label in labels]
        self._pairs = [(label.key, _pairs(label.official)) for label in labels]
        self.key = lru_cache(maxsize=4096)(self._key)

    def _key(self, label: str) -> str | None:
        if len(label) > _MAX_LABEL * 2:
            return None
        name = bare(label)
        if not name or len(name) > _MAX_LABEL:
            return None
        keys = [key for key, pattern in self._patterns if pattern.search(name)]
        if keys:
            return keys[0] if self._first or len(keys) == 1 else None
        return self._nearest(name)

    def _nearest(self, name: str) -> str | None:
        """The one key whose official wording shares most pairs of characters with a misspelt or cut label."""
        if len(name) < 4:
            return None
        pairs = _pairs(name)
        scores = sorted(((_share(pairs, other), key) for key, other in self._pairs), reverse=True)
        (best, key), (second, _) = scores[:2]
        return key if best >= 0.6 and best - second >= 0.2 else None


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(text))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
