"""Names of persons where a report prints them behind their function, and numbers of bank cards.

A name in a sentence is left: a minister or a model worker is part of what the report says, and only a frame such as
联系人：… or 责任编辑：… tells a name from any other word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.redaction.checksums import is_luhn
from gxgk_crawler.redaction.contacts import Span
from gxgk_crawler.redaction.text_lines import Headings, before, fills_cell
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
_FRAME = re2.compile(rf"(?:{_FUNCTION})(?:姓名)?(?: {{0,4}}[:/] {{0,4}}| \| )")
_FILLING = re2.compile(r"[\p{Han}·•・ 、,/]{2,40}")
_WORD = re2.compile(r"[\p{Han}·•・]+(?: {1,2}[\p{Han}])?")
_MIDDLE_DOTS = frozenset("·•・")
_NEXT_FRAME = re2.compile(rf"(?:{_FUNCTION}|电 ?话|手 ?机|联 ?系|时 ?间|日 ?期|来 ?源|发 ?布)")
_LONGEST_FILLING = 40

# UnionPay cards begin with 62; of all others only one that is announced as a card is taken for it.
_CARD = re2.compile(r"\b[1-9][0-9]{3}(?:[0-9]{12,15}|(?:[ -][0-9]{4}){3}(?:[ -]?[0-9]{1,3})?)\b")
_CARD_LABEL = r"银行卡号?|卡 ?号|账 ?号|帐 ?号|账户|帐户"
_CARD_ANNOUNCED = re2.compile(rf"(?:{_CARD_LABEL})[^0-9]{{0,8}}$")


def find_persons(text: str) -> Iterator[Span]:
    """Names and bank cards in a folded text."""
    for match in _FRAME.finditer(text):
        filling = _FILLING.match(text[match.end() : match.end() + _LONGEST_FILLING])
        if filling is not None:
            following = _NEXT_FRAME.search(filling.group())
            length = filling.end() if following is None else following.start()
            yield from _names(text, match.end(), match.end() + length)
    headings = Headings(text, _CARD_LABEL)
    for match in _CARD.finditer(text):
        digits = "".join(filter(str.isdecimal, match.group()))
        if is_luhn(digits) and _is_card(text, match.span(), digits, headings):
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
    for piece in (word.group(), word.group().split(" ")[0]):
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
    if bare in _NO_NAMES or bare[-1:] in _ORGAN_ENDINGS or (" " in word and len(bare) != 2):
        return False
    if _MIDDLE_DOTS & set(bare):
        return 4 <= len(bare) <= 14 and not _MIDDLE_DOTS & {bare[0], bare[-1]}
    double = bare.startswith(_DOUBLE_SURNAMES)
    return 3 <= len(bare) <= 4 if double else 2 <= len(bare) <= 3 and bare[:1] in _SURNAMES


def _ends_here(after: str) -> bool:
    """A name is followed by a blank, a mark, a number or the end of the text; any other character makes it a longer word."""
    return after in "\n 】、。|" or after.isascii()
