"""Numbers and names that identify one person: identity cards, passports and other papers, plates, QQ and WeChat accounts.

All patterns are matched against a folded text (`text_lines.fold`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.redaction.checksums import is_identity_card
from gxgk_crawler.redaction.text_lines import Span, before, has_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.redaction.text_lines import SpanKind

_GAP = r"(?:号码?|编号|\([^()\n]{0,10}\)){0,2} {0,3}(?:为|是)? {0,3}[:|(-]? {0,3}"
_IN_CARD = r"[ .·•/_-]{0,2}"
_IDENTITY_CARD = re2.compile(rf"\b[1-9](?:{_IN_CARD}[0-9]){{16}}{_IN_CARD}[0-9Xx×]")
_OLD_IDENTITY_CARD = re2.compile(rf"\b[1-9](?:{_IN_CARD}[0-9]){{14}}\b")
_CARD_ANNOUNCED = re2.compile(
    r"(?:身 ?份 ?证|身份号|公民身份|证件|驾驶证|社会?保障?|医保|居住证|残疾人?证|(?i:\bID\b))(?:[^0-9\n|]|\([^()\n]{0,8}\)){0,12}(?:\| )?$"
)
_PAPER = re2.compile(
    rf"(?:护 ?照|通行证|台胞证|回乡证|居留证|旅行证|(?i:passport)(?: ?(?i:no)\.?)?){_GAP}"
    r"((?:[A-Za-z]{1,2}[ -]?)?(?:[0-9]{7,10}|[0-9]{4}[ -][0-9]{4}))\b"
    r"|\b([EGDSPK][A-Z]?[0-9]{7,8})号?(?:普通|公务|外交)?护照"
    r"|(?:军官证|士兵证|警官证)[^0-9\n|]{0,10}([0-9]{6,10})\b"
    rf"|残疾人?证{_GAP}([1-9][0-9]{{16}}[0-9Xx][0-9]{{2}})\b"
    rf"|(?:驾驶证|行驶证|社保卡|社会保障卡|医保卡|居住证|残疾证|学籍){_GAP}([A-Z]?[0-9]{{8,20}})\b"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# GA 36-2018: letter of the office, then five signs, or six for electric cars. I and O are not used.
_PLATE = re2.compile(rf"[{_PROVINCES}][A-HJ-NP-Z][ .·•-]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]")
_AFTER_PLATE = re2.compile(r"[A-Za-z0-9-]")
_ANNOUNCED_PLATE = re2.compile(
    rf"(?:车 ?牌|号 ?牌|车 ?号|牌 ?照|[馆警公]车){_GAP}([{_PROVINCES}][A-Z][ .·•-]?[A-Z0-9]{{4,6}}|使[0-9]{{6}})"
)
_QQ = re2.compile(
    rf"(?i:Q ?Q|扣扣|企鹅)(?:[/、和或及]微信|[\p{{Han}}]{{0,4}}(?:群|服|线|邮箱))?{_GAP}"
    r"([1-9][0-9]{4,11}|[1-9][0-9]{2,4}(?:[ -][0-9]{3,4}){1,2})\b"
)
_ACCOUNT = r"[A-Za-z][A-Za-z0-9_-]{4,19}"
_WECHAT = re2.compile(
    rf"(?:微 ?信|[薇威]信|(?i:weixin|wechat|\bvx|\bwx|\bv信))"
    rf"(?:(?:号码?|[帐账]号|同号| ?(?i:id)){_GAP}({_ACCOUNT}|[0-9]{{6,11}})\b"
    rf"|(?:群主|好友|\([^()\n]{{0,8}}\))? {{0,2}}[:|] {{0,2}}({_ACCOUNT})\b"
    rf"|([A-Za-z][A-Za-z_-]{{1,14}}[0-9][A-Za-z0-9_-]{{0,8}}|1[3-9][0-9]{{9}})\b"
    r"| {1,2}([A-Za-z][A-Za-z_-]{1,14}[0-9][A-Za-z0-9_-]{3,8})\b)"
)
_MESSENGER = re2.compile(
    r"(?:钉钉|飞信|陌陌|支付宝|(?i:\bskype|\btelegram|\bwhatsapp))(?:号码?|[帐账]号|(?i: ?id))?(?: ?[:|] ?)"
    r"([A-Za-z][A-Za-z0-9_.-]{4,30}|[0-9]{6,11})\b"
)
_ANNOUNCED: tuple[tuple[re2._Regexp, SpanKind], ...] = (
    (_PAPER, "passport"),
    (_ANNOUNCED_PLATE, "plate"),
    (_QQ, "account"),
    (_WECHAT, "account"),
    (_MESSENGER, "account"),
)
_COUNTED = frozenset("本张副册枚套")  # measure words of papers: 办理护照2345678本


def find_identities(text: str) -> Iterator[Span]:
    """The identifying numbers and names in a folded text; a place may be named twice."""
    yield from _cards(text)
    for match in _PLATE.finditer(text):
        digits = sum(character.isdecimal() for character in match.group()[2:])
        if digits >= 2 and not _AFTER_PLATE.match(text[match.end() : match.end() + 1]):
            yield Span(kind="plate", start=match.start(), end=match.end())
    for pattern, kind in _ANNOUNCED:
        for match in pattern.finditer(text):
            span = _group(match, kind)
            after = text[span.end : span.end + 1]
            if after == "号" or not (after in _COUNTED or has_unit(text, span.end)):
                yield span


def _cards(text: str) -> Iterator[Span]:
    """Identity cards: with the right check character, or announced as one. A 统一社会信用代码 has 18 characters too."""
    for match in _IDENTITY_CARD.finditer(text):
        if _is_longer(text, match.start(), match.end()):
            continue
        bare = "".join(filter(str.isalnum, match.group())).replace("×", "X")
        near = before(text, match.start())
        announced = _CARD_ANNOUNCED.search(text[max(0, match.start() - 24) : match.start()]) is not None
        if "代码" not in near and (announced or is_identity_card(bare)):
            yield Span(kind="identity_card", start=match.start(), end=match.end())
    for match in _OLD_IDENTITY_CARD.finditer(text):
        announced = _CARD_ANNOUNCED.search(text[max(0, match.start() - 24) : match.start()]) is not None
        if announced and not _is_longer(text, match.start(), match.end()):
            yield Span(kind="identity_card", start=match.start(), end=match.end())


def _is_longer(text: str, start: int, end: int) -> bool:
    """True when the number goes on on either side."""
    return (text[start - 1 : start].isalnum() and text[start - 1 : start].isascii()) or text[end : end + 1].isdecimal()


def _group(match: re2._Match, kind: SpanKind) -> Span:
    """The group of the match that took part."""
    number = next(number for number in range(1, len(match.groups()) + 1) if match.group(number) is not None)
    return Span(kind=kind, start=match.start(number), end=match.end(number))
