"""What an advertiser's label looks like: the grammar of search-engine advertising, without which nothing is removed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

from gxgk_crawler.extract.page.text import is_han
from gxgk_crawler.rules.divisions import division_names
from gxgk_crawler.rules.load import read_rules

_SHORTEST = 2
_OFFICES = "(?:政府|教育局|财政局|公安局|民政局|司法局|审计局|统计局|水利局|应急管理局|农业农村局|自然资源局|卫生健康局|政务公开|政务服务)"
_COLONS = (":", "：")
DELIMITERS = frozenset('，,。；;！？!?、：:\n\t (（)）《》“”"|｜_—－')


@dataclass(frozen=True, slots=True, kw_only=True)
class Nucleus:
    """A place that looks like a label. start, end: the part that the grammar itself proves to belong to it.

    exact: the left border is proven too (a Latin brand, a known brand). strong: once is enough.
    """

    start: int
    end: int
    exact: bool
    strong: bool


def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = read_rules("spam")["label"]
    return rules


def _any(words: list[str]) -> str:
    return "|".join(re2.escape(word) for word in sorted(words, key=len, reverse=True))


def _any_word(words: list[str]) -> str:
    """Alternatives that never begin or end inside a Latin word or a number."""
    return "|".join(
        ("\\b" if word[0].isascii() else "") + re2.escape(word) + ("\\b" if word[-1].isascii() else "")
        for word in sorted(words, key=len, reverse=True)
    )


@cache
def _patterns() -> dict[str, re2._Regexp]:
    rules = _rules()
    domain, strong, weak = _any(rules["domain"]), _any(rules["strong"]), _any(rules["weak"])
    brands = _any_word(rules["brands"])
    trade = f"(?:{domain}|{strong}|{weak}|[(（](?:中国|CHINA)[)）])"
    joint = r"[\\s·@_.\\-/+]?".replace("\\\\", "\\")
    latin = r"[A-Za-z0-9][A-Za-z0-9.·@_\-]*"
    word = r"[A-Za-z][A-Za-z0-9.·@_\-]*"  # behind a label: a year that follows it is no part of it
    han = r"\p{Han}"
    return {
        # uedbet体育_uedbet官网@, betway必威体育官网, 365bet娱乐场官网注册
        "latin": re2.compile(
            rf"{latin}(?:{han}{{0,4}}?(?:{domain})|{joint}(?:{strong}))(?:{joint}(?:{trade}|{word}))*"
        ),
        # 体育官网, 娱乐城app下载, 比分直播平台
        "trade": re2.compile(rf"(?:{domain})(?:{joint}{trade})+"),
        "brand": re2.compile(rf"(?i:{brands})(?:{joint}(?:{trade}|{word}))*"),
        # 体育人民政府, 娱乐县人民政府: the label of a swapped place name ends where the office begins
        "slot": re2.compile(
            rf"({domain})(?:[省市县区镇乡旗州盟]?(?:人民政府|20\d{{2}}年度?(?:政府|政务|信息公开))|[县区镇乡]{_OFFICES})"
        ),
        # 体育:国务院, in mid-sentence
        "colon": re2.compile(rf"({domain})[:：]{han}"),
        "digits": re2.compile(rf"\d{{2,5}}(?:{domain})(?:{joint}{trade})*"),
        "official": re2.compile(rf"(?:{word}{han}{{0,6}}?(?:{domain})|{han}{{2,4}}?集团)(?:官网|官方网站)"),
        # 12bet市人民政府: a swapped name that begins in Latin letters
        "latin_slot": re2.compile(
            rf"([A-Za-z0-9]*[A-Za-z]{{2}}[A-Za-z0-9]*{han}{{0,4}}?)[省市县区镇乡旗州盟]?(?:人民政府|20\d{{2}}年度?(?:政府|政务|信息公开))"
        ),
        "chain": re2.compile(rf"{han}{{2,6}}?(?:{strong})(?:{strong})(?:{strong})+"),
        "invited": re2.compile(rf"(?:欢迎访问|欢迎光临|欢迎来到|点击进入){han}{{2,6}}?(?:{domain})(?:{trade})*"),
        "hot": re2.compile(rf"(?i){domain}|{strong}|{brands}|{_any(rules['invitations'])}|[a-z]{{3,}}"),
        "brands": re2.compile(rf"(?i){brands}"),
        "never": re2.compile(_any(rules["never"])),
        "topics": re2.compile(_any(rules["topics"])),
        "run": re2.compile(r"[A-Za-z]{3,}"),
        "domain": re2.compile(domain),
        "strong": re2.compile(strong),
        "neutral": re2.compile(_any(rules["neutral"])),
        "whole": re2.compile(rf"(?:{latin}|{han}{{2,6}}?)?(?:{joint}(?:{trade}|{latin}))+"),
    }


def may_be_label(text: str) -> bool:
    """True when nothing in the text rules out that it is a label: no administrative word, no sentence mark, not too long."""
    rules = _rules()
    if not len(text.rstrip("：:")) >= _SHORTEST or len(text) > rules["longest"]:
        return False
    if any(mark in text for mark in ",，、\n") or not text.strip() or text.strip("*＊×xX") == "":
        return False
    return _patterns()["never"].search(text) is None


def is_foreign(text: str) -> bool:
    """True when a filling of a fixed wording looks like an advertiser's: a brand in Latin letters, a known brand, or a
    word of the trade with a brand before it.
    """
    if is_neutral(text):
        return False
    return has_latin_brand(text) or is_brand(text) or ends_in_trade(text) or _is_official(text)


def _is_official(text: str) -> bool:
    """X官网, where X is no topic, no office and no verb."""
    brand = text.removesuffix("官网").removesuffix("官方网站")
    return brand != text and len(brand) > 1 and not is_topic(brand) and not brand.startswith(honest_starts())


@cache
def honest_starts() -> tuple[str, ...]:
    """Words that begin a clause of prose or an honest compound, and never a label."""
    return (*_rules()["starters"], *_rules()["neutral_prefixes"])


def is_neutral(text: str) -> bool:
    """True when every trade word of the text belongs to an honest compound (体育彩票, 网络直播)."""
    patterns = _patterns()
    rest = patterns["neutral"].sub("", text)
    return rest != text and patterns["domain"].search(rest) is None and patterns["strong"].search(rest) is None


def is_trade(text: str) -> bool:
    """True when a word of the trade is left after all honest compounds are taken out."""
    rest = _patterns()["neutral"].sub("", text)
    return _patterns()["domain"].search(rest) is not None or _patterns()["strong"].search(rest) is not None


def without_trade(text: str) -> str:
    """What is left of a label when the words of the trade are taken from its end: 云帆 of 云帆体育官网."""
    return _stripped(text)[0]


def _stripped(text: str) -> tuple[str, set[str]]:
    rules = _rules()
    words = sorted([*rules["domain"], *rules["strong"], *rules["weak"]], key=len, reverse=True)
    taken: set[str] = set()
    while word := next((word for word in words if text.endswith(word)), ""):
        text = text.removesuffix(word)
        taken.add(word)
    return text, taken


def ends_in_trade(text: str) -> bool:
    """True when words of the trade with a brand before them end the text: 云帆体育, 云帆体育官网, and not 体育 or 竞技体育."""
    prefix, taken = _stripped(text)
    return (
        not taken.isdisjoint(_rules()["domain"])
        and (len(prefix) > 1 or (prefix.isascii() and prefix.isalpha()))
        and not is_neutral(text)
        and not prefix.startswith(honest_starts())
    )


def is_brand(text: str) -> bool:
    """True when the text holds a brand that hijacked pages are known for."""
    return _patterns()["brands"].search(text) is not None


def has_latin_brand(text: str) -> bool:
    """True when a run of three Latin letters or more is no abbreviation of official prose."""
    return any(run.lower() not in _known_latin() for run in _patterns()["run"].findall(text))


@cache
def _known_latin() -> frozenset[str]:
    return frozenset(_rules()["latin"])


def hot_places(text: str) -> list[int]:
    """Where a word of the trade, a known brand or an unknown Latin word stands, in text order; honest compounds aside.

    A text without any cannot hold a label, and a line without any cannot either.
    """
    patterns = _patterns()
    blocked = _honest(text)
    return [
        found.start()
        for found in patterns["hot"].finditer(text)
        if blocked.find(1, *found.span()) < 0 and found.group().lower() not in _known_latin()
    ]


def _honest(text: str) -> bytearray:
    """A mark for every character of an honest compound."""
    blocked = bytearray(len(text))
    for honest in _patterns()["neutral"].finditer(text):
        start, end = honest.span()
        blocked[start:end] = b"\x01" * (end - start)
    return blocked


def is_topic(text: str) -> bool:
    """True when a word of a topic, an office or a part of a site stands in the text, or nothing else does."""
    return not text or _patterns()["topics"].search(text) is not None


def is_short_place(text: str) -> bool:
    """True for the name of a province, prefecture or county, with or without 省, 市, 县."""
    return text in division_names()


def may_follow_a_title(text: str) -> bool:
    """True when what a dash sets off from a report's title may honestly stand there."""
    bare = text.strip()
    return not may_be_label(bare) or is_topic(bare) or bare in division_names()


def is_whole_label(text: str) -> bool:
    """True when a clause, a line or a part of a title is nothing but a label, by its grammar alone.

    It needs a word of the trade beside a strong word (or a brand in Latin letters beside either), and no honest word.
    """
    bare = text.strip()
    if not may_be_label(bare) or is_neutral(bare):
        return False
    if any(_patterns()[name].fullmatch(bare) is not None for name in ("digits", "invited")):
        return True
    if bare.startswith(tuple(_rules()["starters"])) or is_topic(without_trade(bare)):
        return False
    if any(_patterns()[name].fullmatch(bare) is not None for name in ("official", "chain")):
        return not bare.startswith(honest_starts())
    if _patterns()["whole"].fullmatch(bare) is None:
        return False
    rest = _patterns()["neutral"].sub("", bare)
    domain, strong = _patterns()["domain"].search(rest), _patterns()["strong"].search(rest)
    if is_brand(bare):
        return domain is not None or strong is not None
    return domain is not None and strong is not None and ends_in_trade(bare)


def is_plain_label(text: str) -> bool:
    """A label where nothing but a label can stand: a known brand, a Latin one beside a trade word, or X体育, X官网."""
    if is_neutral(text):
        return False
    return is_whole_label(text) or is_brand(text) or ends_in_trade(text) or (has_latin_brand(text) and is_trade(text))


def invites(text: str) -> bool:
    """True when a clause invites to play: an invitation beside a label."""
    if not any(word in text for word in _rules()["invitations"]) or any(word in text for word in _rules()["never"]):
        return False
    rest = _patterns()["neutral"].sub("", text)
    return _patterns()["domain"].search(rest) is not None and (
        _patterns()["strong"].search(rest) is not None or has_latin_brand(text) or is_brand(text)
    )


def nuclei(text: str) -> list[Nucleus]:
    """Every place of a text that looks like a label, in text order, without overlaps."""
    patterns = _patterns()
    blocked = _honest(text)
    found: list[Nucleus] = []
    for name in ("brand", "latin", "trade", "slot", "latin_slot", "colon"):
        for match in patterns[name].finditer(text):
            start, end = match.span(1 if name in {"slot", "latin_slot", "colon"} else 0)
            one = _nucleus(text[start:end], start, end, name)
            if one is not None and blocked.find(1, one.start, one.end) < 0:
                found.append(one)
    kept: list[Nucleus] = []
    for one in sorted(found, key=lambda nucleus: (nucleus.start, -nucleus.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _has_stakes(label: str) -> bool:
    """True when Latin letters beside a digit, or a word like bet or win, tell a brand of the trade from a maker of shoes."""
    brand = "".join(char for char in label if char.isascii()).lower()
    return any(char.isdigit() for char in brand) or any(word in brand for word in _rules()["stakes"])


def _nucleus(label: str, start: int, end: int, name: str) -> Nucleus | None:
    domain, strong = _patterns()["domain"].search(label), _patterns()["strong"].search(label)
    if name == "brand":  # 星空体育 may be a club's name as well
        return Nucleus(
            start=start, end=end, exact=True, strong=strong is not None or domain is None or not is_han(label)
        )
    if name == "latin_slot":
        latin = has_latin_brand(label) or any(char.isdigit() for char in label)
        return Nucleus(start=start, end=end, exact=False, strong=True) if latin else None
    if name in {"slot", "colon"}:
        return Nucleus(start=start, end=end, exact=False, strong=True)
    if name == "latin":
        latin = has_latin_brand(label)
        if domain is None or not (latin or (label[0].isdigit() and may_be_label(label))):
            return None
        certain = strong is not None or _has_stakes(label)
        return Nucleus(start=start, end=end, exact=certain, strong=latin and certain)
    return Nucleus(start=start, end=end, exact=False, strong=domain is not None and strong is not None)
