"""The parts of a label: a brand, and behind it the words of the trade that a search engine is meant to find."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

from gxgk_crawler.extract.cleaning.spam.labels import (
    has_latin_brand,
    honest_starts,
    is_neutral,
    is_short_place,
    is_topic,
    may_be_label,
)
from gxgk_crawler.rules.load import read_rules

_LONGEST_BRAND = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """brand: what stands before the words of the trade. domain, offer, weak, region: which kinds of them stand behind it.

    place: the brand is also the name of a province, prefecture or county. mild: the offers are those of any software.
    """

    brand: str
    domain: bool
    offer: bool
    weak: bool
    region: bool
    place: bool
    mild: bool

    @property
    def telling(self) -> bool:
        """More than the words that any firm or site may have in its name."""
        return self.domain or self.region or (self.offer and not self.mild)

    @property
    def certain(self) -> bool:
        """A word of the trade and what a link offers (X体育官网), or a country in brackets beside it (X(中国)官网)."""
        return not self.place and (self.domain or self.region) and self.offer


@cache
def _tail() -> re2._Regexp:
    rules: dict[str, Any] = read_rules("spam")["label"]
    words = sorted([*rules["domain"], *rules["strong"], *rules["weak"], *rules["tails"]], key=len, reverse=True)
    joined = "|".join(re2.escape(word) for word in words)
    region = r"[(（](?:中国|CHINA|China|china|全站|官方)[)）]"
    return re2.compile(rf"^(.{{2,{_LONGEST_BRAND * 3}}}?)((?:[\s·@_.\-]?(?:{joined}|{region}))+)$")


def dissect(text: str) -> Anatomy | None:
    """The parts of a text that is nothing but a label; None for one that is none, or whose brand is an honest word."""
    found = _tail().search(text)
    if found is None or not may_be_label(text) or is_neutral(text):
        return None
    brand, tail = found.groups()
    if not _may_be_brand(brand):
        return None
    rules = read_rules("spam")["label"]
    return Anatomy(
        brand=brand,
        domain=any(word in tail for word in rules["domain"]),
        offer=any(word in tail for word in rules["offers"]),
        weak=any(word in tail for word in rules["weak"]),
        region=any(mark in tail for mark in "(（"),
        place=is_short_place(brand),
        mild=not any(word in tail for word in rules["offers"] if word not in rules["mild"]),
    )


def _may_be_brand(brand: str) -> bool:
    han = sum("\u4e00" <= char <= "\u9fff" for char in brand)
    if han > _LONGEST_BRAND or not all(char.isalnum() for char in brand):
        return False
    if han == 0:
        return has_latin_brand(brand) or brand.isdecimal()
    if brand.startswith(tuple(read_rules("spam")["label"]["domain"])):
        return False
    if brand.startswith(honest_starts()) or brand.endswith(honest_starts()):
        return False
    return not is_topic(brand)
