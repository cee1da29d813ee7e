"""Names of persons where a report prints them behind their function, and numbers of bank cards.

A name in a sentence is left: a minister or a model worker is part of what the report says, and only a frame such as
联系人：… or 责任编辑：… tells a name from any other word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.redaction.checksums import is_luhn
from gxgk_crawler.redaction.text_lines import Headings, Span, before, fills_cell
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

# Surnames by frequency; together with the double ones they cover some 99 of 100 Han Chinese.
_RULES = read_rules("persons")
_FUNCTION = "|".join(_RULES["functions"])
_SURNAMES = frozenset(_RULES["surnames"])
_DOUBLE_SURNAMES = tuple(_RULES["double_surnames"].split())
_TITLES = tuple(_RULES["titles"].split())
_ORGAN_ENDINGS = frozenset(_RULES["organ_endings"])
_NO_NAMES = frozenset(_RULES["no_names"].split())
# What a name follows at once, in a line or bracket of its own.
_BARE = (
    r"(?:主要|单位|部门|统计)?负责人|法人代表|法定代表人|(?:审核|经办|承办|联系|签发|校对|拟稿|复核|填[表报]|制表|统计|审批|审定|撰稿|供稿|发布|录入|编制)人|责任编辑|责编|联络[员人]|信息员|录入员|"
    r"初审|复审|终审|校对"
)
# Surnames that are other words as well: 申请人应当…, 申请人于…; without a mark in front they begin no name.
_OTHER_WORDS = frozenset("应于从同和与向因对可按经须需符自将已曾方时别全都能要来又还后所未并在申查单有无不公任兼带主")
_FRAME = re2.compile(
    rf"(?:(?:{_FUNCTION})员?(?:姓 ?名|签[字名章]|\([^()\n]{{0,8}}\)|[及和、](?:联系)?(?:电 ?话|方式|号码))?"
    rf"(?: {{0,4}}(?:[:/(]|-{{1,2}}) {{0,4}}|\|| \| | {{1,4}})|(?:联系人|联络员)(?:为|是) ?|(?:文|图|摄影?|供图)/)"
)
# Without anything between function and name: where a way to reach the person follows, where the line ends, and in a lawsuit.
_BARE_FRAME = re2.compile(
    rf"(?:{_FUNCTION})([\p{{Han}}]{{2,4}}?)(?:[ ,、;(]{{0,2}})(?:联系电话|电 ?话|手 ?机|联系方式|0[0-9]{{2,3}}[- ]?[0-9]|[0-9]{{5}})"
    rf"|(?m:(?:^|[ ,;。|(【])(?:{_BARE})"
    r"([\p{Han}]{2,3})(?:$| |[)】]))"
    r"|(?:原告|上诉人|第三人|申请人|投诉人|举报人|信访人|当事人)([\p{Han}]{2,4}?)(?:诉|不服|因|向|申请|提出|反映|举报|投诉|要求)"
    r"|(?m:(?:投诉人|举报人|信访人|复议申请人|上诉人|当事人)([\p{Han}]{2,3})$)"
    r"|(?:请|可|直接)(?:联系|与|和|找)([\p{Han}]{2,4}?)(?:同志|老师|[科股主]?[长任])?(?:联系|咨询|\(?[0-9]{5})"
    r"|由([\p{Han}]{2,4}?)同志(?:负责|承办|经办|办理)"
)
# A name in Latin letters: only where the frame asks for nothing but a person.
_LATIN = re2.compile(
    r"(?:联 ?系 ?人|联络[员人]|承办人|经办人|审核人|填报人|负责人|姓 ?名|(?i:\bcontact(?: person)?|\bname)) {0,2}[:|] {0,2}"
    r"([A-Za-z]{2,15}(?: [A-Za-z]{2,15}){0,2})(?:$|[^A-Za-z0-9@:/._-])"
)
_FILLING = re2.compile(r"[\p{Han}·•・‧∙⋅. 、,/]{2,40}")
_WORD = re2.compile(r"[\p{Han}·•・‧∙⋅]+(?:\.[\p{Han}]+)?(?: {1,2}[\p{Han}]+)?")
_MIDDLE_DOTS = frozenset("·•・‧∙⋅．")
_TRANSLITERATION = frozenset(_RULES["transliteration"])
_NEXT_FRAME = re2.compile(rf"(?:{_FUNCTION}|电 ?话|手 ?机|联 ?系|时 ?间|日 ?期|来 ?源|发 ?布)")
_LONGEST_FILLING = 40

# UnionPay cards begin with 62; of all others only one that is announced as a card is taken for it.
_CARD = re2.compile(
    r"\b[1-9][0-9]{3}(?:[0-9]{12,15}|(?:[ .·-]{1,2}[0-9]{4}){3}(?:[ .·-]{0,2}[0-9]{1,3})?|[ -][0-9]{12,15})\b"
)
_CARD_LABEL = r"银行卡号?|卡 ?号|账 ?号|帐 ?号|账户|帐户|储蓄卡|借记卡|信用卡|工资卡|一卡通"
_CARD_NAMED = re2.compile(r"(?:银行卡|储蓄卡|借记卡|信用卡|工资卡)(?:卡?号码?)?[^0-9]{0,4}$")
_CARD_ANNOUNCED = re2.compile(rf"(?:{_CARD_LABEL})[^0-9]{{0,8}}$")


def find_persons(text: str) -> Iterator[Span]:
    """Names and bank cards in a folded text."""
    for match in _FRAME.finditer(text):
        filling = _FILLING.match(text[match.end() : match.end() + _LONGEST_FILLING])
        if filling is not None:
            following = _NEXT_FRAME.search(filling.group())
            length = filling.end() if following is None else following.start()
            yield from _names(text, match.end(), match.end() + length)
    for match in _LATIN.finditer(text):
        yield Span(kind="name", start=match.start(1), end=match.end(1))
    for match in _BARE_FRAME.finditer(text):
        number = next(one for one in range(1, len(match.groups()) + 1) if match.group(one) is not None)
        if _is_name(match.group(number)) and match.group(number)[0] not in _OTHER_WORDS:
            yield Span(kind="name", start=match.start(number), end=match.end(number))
    headings = Headings(text, _CARD_LABEL)
    for match in _CARD.finditer(text):
        digits = "".join(filter(str.isdecimal, match.group()))
        named = _CARD_NAMED.search(before(text, match.start())) is not None
        if named or (is_luhn(digits) and _is_card(text, match.span(), digits, headings)):
            yield Span(kind="bank_card", start=match.start(), end=match.end())


def _is_card(text: str, span: tuple[int, int], digits: str, headings: Headings) -> bool:
    if _CARD_ANNOUNCED.search(before(text, span[0])):
        return True
    if fills_cell(text, *span):
        return headings.announce(span[0])
    return digits.startswith("62") and "码" not in before(text, span[0])


def _names(text: str, start: int, end: int) -> Iterator[Span]:
    """The names at the beginning of text[start:end], one behind the other, up to the first word that is none."""
    at = start
    while at < end:
        while at < end and text[at] in " 、,/":
            at += 1
        name, title = _name(text, at, end)
        if not name:
            return
        yield Span(kind="name", start=at, end=at + len(name))
        at += len(name) + len(title)
        if at >= end or text[at] not in " 、,/":
            return


def _name(text: str, start: int, end: int) -> tuple[str, str]:
    """The name that begins here, and the title behind it; both empty when none does."""
    word = _WORD.match(text[start:end])
    if word is None:
        return "", ""
    for piece in dict.fromkeys((word.group(), word.group().split(" ")[0])):
        bare = piece
        titled = next((title for title in _TITLES if piece.endswith(title) and len(piece) > len(title)), "")
        if titled:
            bare = piece.removesuffix(titled)
        at = start + len(piece)
        if (titled and bare in _SURNAMES) or (_is_name(bare) and (at == end or _ends_here(text[at : at + 1]))):
            return bare, titled
    return "", ""


def _is_name(word: str) -> bool:
    bare = word.replace(" ", "")
    if bare in _NO_NAMES or bare[-1:] in _ORGAN_ENDINGS:
        return False
    if "." in bare:  # a full-width stop that stands for the middle dot of a Uyghur name
        return set(bare) - {"."} <= _TRANSLITERATION
    if _MIDDLE_DOTS & set(bare):
        return 4 <= len(bare) <= 20 and not _MIDDLE_DOTS & {bare[0], bare[-1]}
    if 2 <= len(bare) <= 10 and set(bare) <= _TRANSLITERATION:
        return True
    if " " in word and (len(bare) > 3 or len(word.split(" ", maxsplit=1)[0]) > 2):
        return False
    if bare[:1] in {"小", "老"}:
        return len(bare) == 2 and bare[1:] in _SURNAMES
    double = bare.startswith(_DOUBLE_SURNAMES)
    return 3 <= len(bare) <= 4 if double else 2 <= len(bare) <= 3 and bare[:1] in _SURNAMES


def _ends_here(after: str) -> bool:
    """A name is followed by a blank, a mark, a number or the end of the text; any other character makes it a longer word."""
    return after in "\n 】、。|；" or after.isascii()
