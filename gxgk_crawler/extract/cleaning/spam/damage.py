"""Damage: genuine words that are lost or changed, so that the text cannot be quoted, and nothing proves what they were."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import spam_edit
from gxgk_crawler.extract.cleaning.spam.lexicon import is_word
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from gxgk_crawler.items import Edit

_ENOUGH = 3
_TWICE = 2


def readings(text: str) -> list[Edit]:
    """Readings in brackets behind everyday characters: 內(nèi)容, 辦(ban)公廳.

    An honest text annotates rare characters (孬(nāo), 郴(chēn)); nobody needs the reading of 政 or 信.
    """
    rules = read_rules("spam")["pinyin"]
    common = _common()
    found = [one for one in _annotation().finditer(text) if one.group(1) in common]
    different = len({one.group(1) for one in found})
    if different < rules["enough"] and not (different > 1 and len(found) >= rules["often"]):
        return []
    return [spam_edit(text, one.start(2), one.end(2), "pinyin") for one in found]


def is_damaged(text: str) -> bool:
    """True when words are starred out, cut by marks, turned round, half converted, misread or replaced by their readings."""
    return any(asked(text) for asked in (_is_masked, _is_scrambled, _is_half_traditional, _is_romanised, _is_misread))


@cache
def _common() -> frozenset[str]:
    common = frozenset("".join(read_rules("spam")["pinyin"]["common"].split()))
    table = read_rules("traditional")
    forms = zip("".join(table["traditional"].split()), "".join(table["simplified"].split()), strict=True)
    return common | {traditional for traditional, simplified in forms if simplified in common}


@cache
def _annotation() -> re2._Regexp:
    return re2.compile(read_rules("spam")["pinyin"]["pattern"])


def _is_masked(text: str) -> bool:
    """Names starred out of fixed wordings: 党**、国务院, **总书记, **院办公厅."""
    return _mask().search(text) is not None


@cache
def _mask() -> re2._Regexp:
    return re2.compile("|".join(read_rules("spam")["masked"]["patterns"]))


def _is_scrambled(text: str) -> bool:
    """Words that are cut by a full stop (政。府) or another mark, or turned round (府政), several times."""
    rules = read_rules("spam")["scrambled"]
    enough: int = rules["enough"]
    if len({found.group() for pattern in _cuts() for found in pattern.finditer(text)}) >= enough:
        return True
    stops = {one.groups() for one in _stop().finditer(text)}
    cut = sum(is_word(before, after) for before, after in stops)
    return cut > enough and cut * int(rules["one_in"]) >= len(stops)


@cache
def _stop() -> re2._Regexp:
    """A full stop in a line with the characters on either side; two that meet at one character count as one."""
    return re2.compile(r"(\p{Han})。(\p{Han})")


@cache
def _cuts() -> tuple[re2._Regexp, re2._Regexp]:
    rules = read_rules("spam")["scrambled"]
    cut = "|".join(f"{word[0]}{rules['marks']}{word[1]}" for word in rules["words"])
    turned = "|".join(f"[^{word[0]}]{word[1]}{word[0]}[^{word[1]}]" for word in rules["turned"])
    return re2.compile(cut), re2.compile(turned)


def _is_half_traditional(text: str) -> bool:
    """Both scripts in one text, neither of them in a quotation only: a converter that knew half of the characters."""
    rules = read_rules("spam")["mixed_script"]
    traditional, simplified = _scripts()
    if len(traditional.intersection(text)) < _ENOUGH:
        return False
    ours = sum(char in traditional for char in text)
    if ours < rules["traditional"]:
        return False
    theirs = [char for char in text if char in simplified]
    if len(theirs) < rules["simplified"] or len(set(theirs)) < _ENOUGH:
        return False
    return not _is_quoted(text, traditional, ours) or sum(word in text for word in rules["words"]) >= _TWICE


@cache
def _scripts() -> tuple[frozenset[str], frozenset[str]]:
    """Characters of the traditional script only, and of the simplified one only."""
    table = read_rules("traditional")
    traditional = frozenset("".join(table["traditional"].split()))
    simplified = frozenset("".join(table["simplified"].split())) - frozenset(read_rules("spam")["mixed_script"]["both"])
    return traditional, simplified - traditional


def _is_quoted(text: str, traditional: frozenset[str], count: int) -> bool:
    """True when the traditional characters stand in a few whole lines or quotations: a name, a letter, a translation."""
    inside = sum(
        sum(char in traditional for char in found.group())
        for found in re2.finditer(r"[《“「『][^《》“”「」『』]{1,80}[》”」』]", text)
    )
    lines = [line for line in text.split("\n") if line.strip()]
    with_some = sum(any(char in traditional for char in line) for line in lines)
    return inside * 2 >= count or (len(lines) > 2 * _ENOUGH and with_some <= _ENOUGH)


def _is_romanised(text: str) -> bool:
    """Readings in the place of characters, or beside them without brackets: 政zhèng府, 主dong公开."""
    rules = read_rules("spam")["romanised"]
    toned = {one.group(1) for one in _toned().finditer(text)}
    plain = [one.group(1) for one in _syllable().finditer(text)]
    different = len(set(plain))
    if len(toned) >= _ENOUGH or different >= rules["enough"] or (different > 1 and len(plain) >= rules["often"]):
        return True
    return len(_row_of_syllables().findall(text)) >= _TWICE


@cache
def _row_of_syllables() -> re2._Regexp:
    rules = read_rules("spam")["romanised"]
    syllable = "|".join(sorted(rules["syllables"].split(), key=len, reverse=True))
    return re2.compile(rf"\b(?:(?:{syllable})[ \d]+){{{rules['row']},}}")


def _is_misread(text: str) -> bool:
    """Bytes of UTF-8 that were read as Latin-1, between characters that were not."""
    rules = read_rules("spam")["mojibake"]
    return not text.isascii() and len(_misread().findall(text)) >= rules["enough"]


@cache
def _misread() -> re2._Regexp:
    pattern = read_rules("spam")["mojibake"]["pattern"]
    return re2.compile(rf"\p{{Han}}{pattern}|{pattern}\p{{Han}}")


@cache
def _toned() -> re2._Regexp:
    return re2.compile(r"\p{Han}([a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,3})\p{Han}")


@cache
def _syllable() -> re2._Regexp:
    rules = read_rules("spam")["romanised"]
    return re2.compile(rf"\p{{Han}}({'|'.join(sorted(rules['syllables'].split(), key=len, reverse=True))})\p{{Han}}")
