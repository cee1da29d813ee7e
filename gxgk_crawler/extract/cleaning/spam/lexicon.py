"""Words and characters of advertisers and of official prose: the data of `rules/spam.toml` and `rules/words.txt` as questions."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any

import re2

from gxgk_crawler.extract.page.text import is_han
from gxgk_crawler.rules.divisions import division_names
from gxgk_crawler.rules.load import read_lines, read_rules

DELIMITERS = frozenset('，,。；;！？!?、：:\n\t (（）)《》“”"|｜_—－')
_MOST_KNOWN = 0.5
_LONGEST_WORD = 8
_MOST_PLACES = 2000  # no page has so many; it bounds the work on a hostile one


def label_rules() -> dict[str, Any]:
    """The table [label] of `rules/spam.toml`."""
    rules: dict[str, Any] = read_rules("spam")["label"]
    return rules


def any_of(words: list[str]) -> str:
    """A pattern that matches any of the words, the longest first."""
    return "|".join(re2.escape(word) for word in sorted(words, key=len, reverse=True))


def any_whole(words: list[str]) -> str:
    """The same, but a match never begins or ends inside a Latin word or a number."""
    return "|".join(
        ("\\b" if word[0].isascii() else "") + re2.escape(word) + ("\\b" if word[-1].isascii() else "")
        for word in sorted(words, key=len, reverse=True)
    )


@cache
def _patterns() -> dict[str, re2._Regexp]:
    rules = label_rules()
    domain, brands = any_of([*rules["domain"], *rules["hard"]]), any_whole(rules["brands"])
    wide = f"{domain}|{any_of([*rules['strong'], *rules['ads']])}|{brands}|{any_of(rules['invitations'])}"
    return {
        "hot": re2.compile(rf"(?i){wide}|[a-z]{{3,}}|[a-z]+\d|\d+[a-z]|{SITE}"),
        "brands": re2.compile(rf"(?i){brands}"),
        "names": re2.compile(f"(?:{any_whole(rules['names'])})"),
        "hard": re2.compile(any_of(rules["hard"])),
        "domain": re2.compile(domain),
        "never": re2.compile(any_of(rules["never"])),
        "days": re2.compile(any_of(rules["days"])),
        "topics": re2.compile(any_of(rules["topics"])),
        "neutral": re2.compile(any_of(rules["neutral"])),
        "site": re2.compile(rf"(?i)^(?:{SITE})$"),
        "run": re2.compile(r"[A-Za-z]{3,}"),
        "mixed": re2.compile(r"^[A-Za-z0-9\-]*(?:[A-Za-z]\-?\d|\d\-?[A-Za-z])[A-Za-z0-9\-]*$"),
    }


# An address whose last part advertisers buy; a government's ends in gov.cn, a school's in edu.cn.
SITE = r"(?:[a-z0-9\-]+\.){1,3}(?:com|net|vip|top|cc|xyz|app|club|bet|win|fun|live|site|online|info|co|me|tv)\b"


@cache
def words_of_two() -> dict[str, frozenset[str]]:
    """Known words of two characters: the first one, and all that may follow it."""
    return {line[0]: frozenset(line[1:]) for line in read_lines("words")}


def is_word(first: str, second: str) -> bool:
    """True when two characters are a known word."""
    return second in words_of_two().get(first, ())


def known_share(text: str) -> float:
    """The share of the characters that stand in a known word of two characters."""
    known = [False] * len(text)
    for at in range(len(text) - 1):
        if is_word(text[at], text[at + 1]):
            known[at] = known[at + 1] = True
    return sum(known) / len(text) if text else 1.0


def is_unknown_word(text: str) -> bool:
    """True for a short name that no dictionary knows: 霁阙, qx7o, v8锦瀛; False for a place, a topic, a known Latin word."""
    if not 1 < len(text) <= _LONGEST_WORD * 2 or holds_honest_word(text) or text in division_names():
        return False
    han = "".join(char for char in text if is_han(char))
    if len(han) > _LONGEST_WORD or not all(char.isalnum() or char == "-" for char in text):
        return False
    if han == text:
        return len(text) > 1 and known_share(text) <= _MOST_KNOWN and not is_topic(text)
    latin = "".join(char for char in text if not is_han(char))
    if not han:
        return is_mixed_latin(latin) or has_latin_brand(latin)
    return known_share(han) <= (_MOST_KNOWN if any(char.isalpha() for char in latin) else 0)


def is_mixed_latin(text: str) -> bool:
    """True for letters with digits, as in qx7o or 188bet."""
    return _patterns()["mixed"].search(text) is not None and len(text) > _SHORTEST_MIXED and not _is_model(text)


_SHORTEST_MIXED = 3


def _is_model(text: str) -> bool:
    """True for names such as IPv6, H5N1, PM10 and Web3 that official prose uses."""
    return text.lower() in label_rules()["latin"]


def has_latin_brand(text: str) -> bool:
    """True when a run of three Latin letters or more is no word of official prose."""
    return any(run.lower() not in _known_latin() for run in _patterns()["run"].findall(text))


@cache
def _known_latin() -> frozenset[str]:
    return frozenset(label_rules()["latin"])


def has_stakes(text: str) -> bool:
    """True when letters beside a digit, or a word like bet or win, tell a brand of the trade from a maker of shoes."""
    brand = "".join(char for char in text if char.isascii()).lower()
    return any(char.isdigit() for char in brand) or any(word in brand for word in label_rules()["stakes"])


def is_site(text: str) -> bool:
    """True for the bare address of a site, such as m.qk77.vip."""
    return _patterns()["site"].search(text) is not None


def holds_honest_word(text: str) -> bool:
    """True when a word of administration or a sentence mark stands in the text: no label holds one but in 今日 and its kin."""
    if honest_chars().isdisjoint(text) and _patterns()["never"].search(text) is None:
        return False
    bare = _patterns()["days"].sub("", text)
    return bare == text or not honest_chars().isdisjoint(bare) or _patterns()["never"].search(bare) is not None


@cache
def honest_chars() -> frozenset[str]:
    """The characters that no label holds: 省, 市, 局, 党 ..."""
    return frozenset(word for word in label_rules()["never"] if len(word) == 1)


def is_brand(text: str) -> bool:
    """True when the text holds a brand that hijacked pages are known for."""
    return _patterns()["brands"].search(text) is not None


def without_brands(text: str) -> str:
    """The text without the brands that hijacked pages are known for."""
    rest: str = _patterns()["brands"].sub("", text)
    return rest


def is_brand_name(text: str) -> bool:
    """True when the whole text is a brand of the trade that is also the name of honest firms: 开云, 乐鱼."""
    return _patterns()["names"].fullmatch(text) is not None


def is_topic(text: str) -> bool:
    """True when a word of a topic, an office or a part of a site stands in the text, or nothing else does."""
    return not text or _patterns()["topics"].search(text) is not None


def is_place(text: str) -> bool:
    """True for the name of a province, prefecture or county, with or without 省, 市, 县."""
    return text in division_names()


def without_honest_compounds(text: str) -> str:
    """The text without 体育彩票, 网络直播 and other compounds in which a word of the trade is none."""
    rest: str = _patterns()["neutral"].sub("", text)
    return rest


def is_neutral(text: str) -> bool:
    """True when every word of the trade in the text belongs to an honest compound."""
    rest = without_honest_compounds(text)
    return rest != text and _patterns()["domain"].search(rest) is None


def is_hard(text: str) -> bool:
    """True when the text holds words that nothing but the trade uses as a name: 时时彩, 百家乐, 私服."""
    return _patterns()["hard"].search(without_honest_compounds(text)) is not None


def is_trade(text: str) -> bool:
    """True when a word of the trade is left after all honest compounds are taken out."""
    return _patterns()["domain"].search(without_honest_compounds(text)) is not None


@cache
def honest_starts() -> tuple[str, ...]:
    """Words that begin a clause of prose or an honest compound, and never a label."""
    return (*label_rules()["starters"], *label_rules()["neutral_prefixes"])


def hot_places(text: str) -> list[int]:
    """Where a word of the trade, a brand, an address or an unknown Latin word stands, in text order; honest compounds aside.

    A line without any holds no label that its looks alone can prove.
    """
    blocked = honest_compounds(text)
    found = (
        one.start()
        for one in _patterns()["hot"].finditer(text)
        if blocked.find(1, *one.span()) < 0 and one.group().lower() not in _known_latin()
    )
    return list(islice(found, _MOST_PLACES))


def honest_compounds(text: str) -> bytearray:
    """A mark for every character of an honest compound."""
    blocked = bytearray(len(text))
    for honest in _patterns()["neutral"].finditer(text):
        start, end = honest.span()
        blocked[start:end] = b"\x01" * (end - start)
    return blocked
