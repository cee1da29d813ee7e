"""The parts of a label: a brand, and behind it the words of the trade that a search engine is meant to find."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import re2

from gxgk_crawler.extract.cleaning.spam.lexicon import (
    any_of,
    has_latin_brand,
    has_stakes,
    holds_honest_word,
    honest_starts,
    is_brand,
    is_brand_name,
    is_hard,
    is_mixed_latin,
    is_neutral,
    is_place,
    is_site,
    is_topic,
    is_unknown_word,
    known_share,
    label_rules,
    without_brands,
)
from gxgk_crawler.extract.page.text import is_han

_LONGEST_BRAND = 6
_SHORT_REST = 2
_TWO_SHORTEST = 7
_JOINTS = "-_|·—－ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """brand: what stands before the words of the trade. domain, offer, weak, region, ads: which kinds of them stand behind it.

    place: the brand is also the name of a province, prefecture or county. mild: the offers are those of any software.
    known: a brand that hijacked pages are known for. hard: words that nothing but the trade uses as a name, or an address.
    unknown: no dictionary knows the brand. stakes: Latin letters that tell a brand of the trade (bet, win, a digit).
    """

    brand: str
    domain: bool = False
    offer: bool = False
    weak: bool = False
    region: bool = False
    ads: bool = False
    place: bool = False
    mild: bool = True
    known: bool = False
    hard: bool = False
    unknown: bool = False
    stakes: bool = False

    @property
    def telling(self) -> bool:
        """More than the words that any firm or site may have in its name."""
        if self.place:
            return self.hard or ((self.domain or self.ads) and self.offer and not self.mild)
        return self.known or self.hard or self.domain or self.region or self.ads or (self.offer and not self.mild)

    @property
    def certain(self) -> bool:
        """Advertising by itself: a known brand, a word of the trade and what a link offers, an address, 时时彩."""
        if self.place:
            return self.hard and self.offer
        if self.stakes and self.offer and not self.mild:
            return True
        return self.known or self.hard or ((self.domain or self.region) and (self.offer or self.ads))

    @property
    def branded(self) -> bool:
        """A word of the trade behind a brand: X体育, X棋牌; enough where nothing but a name of the trade can stand."""
        return (
            self.certain
            or ((self.domain or self.region or self.ads) and not self.place)
            or (self.stakes and self.offer)
        )


@cache
def _tail() -> re2._Regexp:
    rules = label_rules()
    kinds = ("domain", "hard", "strong", "weak", "tails", "ads")
    joined = any_of([word for kind in kinds for word in rules[kind]])
    region = _region().pattern
    return re2.compile(rf"^(.{{0,{_LONGEST_BRAND * 3}}}?)((?:[\s·@_.\-—]?(?:{joined}|{region}))+)$")


@cache
def _region() -> re2._Regexp:
    return re2.compile(r"[(（](?:中国|CHINA|China|china|全站|官方)[)）](?:有限公司|股份公司|集团)?")


@lru_cache(maxsize=4096)
def dissect(text: str) -> Anatomy | None:
    """The parts of a text that is nothing but a label; None for one that is none, or whose brand is an honest word.

    A label of several parts (`X_X官网登录入口`, `2024欧洲杯竞猜_X`) is one when each part is a label or an unknown word.
    """
    text = text.strip()
    if len(text) > _TWO_SHORTEST and text[: len(text) // 2] * 2 == text:  # the same label twice, for two words that met
        text = text[: len(text) // 2]
    if not may_be_label(text) or is_neutral(text):
        return None
    whole = _one(text)
    if whole is not None or not any(joint in text for joint in _JOINTS):
        return whole
    return _joined([part for part in _split(text) if part])


def _split(text: str) -> list[str]:
    for joint in _JOINTS[1:]:
        text = text.replace(joint, _JOINTS[0])
    return text.split(_JOINTS[0])


def _joined(parts: list[str]) -> Anatomy | None:
    labels = [_one(part) for part in parts]
    if len(parts) < 2 or not any(label is not None and label.telling for label in labels):
        return None
    if any(label is None and not is_unknown_word(part) for label, part in zip(labels, parts, strict=True)):
        return None
    found = [label for label in labels if label is not None]
    return Anatomy(
        brand=next((label.brand for label in found if label.brand), ""),
        domain=any(label.domain for label in found),
        offer=any(label.offer for label in found),
        mild=all(label.mild for label in found),
        known=any(label.known for label in found),
        hard=any(label.hard for label in found),
        ads=any(label.ads for label in found),
    )


def _one(text: str) -> Anatomy | None:
    if is_site(text):
        return Anatomy(brand=text, hard=True)
    if is_brand_name(text):
        return Anatomy(brand=text, known=True)
    if is_hard(text) and not text.startswith(honest_starts()):
        rest = _trade_word("soft").sub("", _region().sub("", text)).strip(_JOINTS)
        if not rest or (len(rest) <= _SHORT_REST and is_han(rest)):
            return Anatomy(brand=text, hard=True, offer=any(word in text for word in label_rules()["offers"]))
    found = _tail().search(text)
    if found is None:
        return Anatomy(brand=text, known=True) if _is_known(text) else None
    brand, tail = found.groups()
    if not _may_be_brand(brand, tail):
        return None
    rules = label_rules()
    return Anatomy(
        brand=brand,
        domain=any(word in tail for word in (*rules["domain"], *rules["hard"])),
        offer=any(word in tail for word in rules["offers"]),
        weak=any(word in tail for word in rules["weak"]),
        region=any(mark in tail for mark in "(（"),
        ads=any(word in tail for word in rules["ads"]),
        place=bool(brand) and is_place(brand),
        mild=not any(word in tail for word in rules["offers"] if word not in rules["mild"]),
        known=_is_known(text)
        or is_brand_name(brand)
        or (is_brand(f"{brand} ") and not without_brands(f"{brand} ").strip()),
        hard=is_hard(text) or is_site(brand),
        unknown=is_unknown_word(brand),
        stakes=brand.isascii() and has_stakes(brand) and not brand.isdecimal(),
    )


def _is_known(text: str) -> bool:
    """True for a known brand, or two, with nothing beside it but words of the trade."""
    if is_brand_name(text):
        return True
    rest = _trade_word("tails").sub("", without_brands(text)).strip(_JOINTS)
    return rest != text and is_brand(text) and (not rest or is_brand_name(rest) or is_unknown_word(rest))


@cache
def _trade_word(also: str) -> re2._Regexp:
    rules = label_rules()
    kinds = ("domain", "hard", "strong", "weak", "tails", "ads", also)
    return re2.compile(any_of([word for kind in kinds for word in rules[kind]]))


def may_be_label(text: str) -> bool:
    """True when nothing in the text rules out that it is a label: no word of administration, no sentence mark, not too long."""
    bare = text.rstrip("：:")
    if len(bare) < 2 or len(text) > label_rules()["longest"]:
        return False
    if any(mark in text for mark in ",，、\n") or text.strip("*＊×xX") == "":
        return False
    return not holds_honest_word(text)


def _may_be_brand(brand: str, tail: str) -> bool:
    if not brand:  # 时时彩平台, 百家乐官网: the trade names itself
        return is_hard(tail)
    if is_site(brand):
        return True
    han = sum("\u4e00" <= char <= "\u9fff" for char in brand)
    if han > _LONGEST_BRAND or not all(char.isalnum() or char == "-" for char in brand):
        return False
    if han == 0:
        return has_latin_brand(brand) or is_mixed_latin(brand) or (brand.isdecimal() and is_hard(tail + brand))
    if brand.startswith(honest_starts()) or brand.endswith(honest_starts()):
        return False
    return not is_topic(brand)


def is_foreign(text: str) -> bool:
    """True when a filling of a fixed wording looks like an advertiser's."""
    label = dissect(text)
    if label is not None:
        return label.telling or label.offer
    if is_neutral(text) or not may_be_label(text):
        return False
    if text.isascii():
        return is_mixed_latin(text) or has_latin_brand(text)
    return has_latin_brand(text) and has_stakes(text) and known_share("".join(filter(is_han, text))) == 0


def is_unknown(text: str) -> bool:
    """True for a word that no dictionary knows, with or without 平台, 国际 and the like behind it."""
    label = dissect(text)
    return is_unknown_word(text) or (label is not None and label.unknown)
