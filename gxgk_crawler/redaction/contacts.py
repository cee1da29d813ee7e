"""Ways to reach a person, and identity numbers, in the text of a report: telephone, e-mail, identity card.

Exact rather than complete: a figure of a table is never taken for a telephone. What looks like a number of ten digits or more
must stand alone, carry no unit, and where it fills a cell of a table be announced by a heading.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import re2

from gxgk_crawler.redaction.checksums import is_identity_card
from gxgk_crawler.redaction.text_lines import Headings, before, fills_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

SpanKind = Literal["mobile", "landline", "hotline", "email", "identity_card", "bank_card", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place in a text. start, end: in characters, end-exclusive."""

    kind: SpanKind
    start: int
    end: int


# Everything below is matched against a folded text (`lines.fold`).
_EMAIL = re2.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?(?:@|\[at\]|\(at\)) ?(?:[A-Za-z0-9-]{1,62}\.){1,5}[A-Za-z]{2,18}\b"
    # a hash in place of the at sign, against address collectors: only before the names of mail services
    r"|[A-Za-z0-9][A-Za-z0-9._-]{2,63}#(?:163|126|139|189|qq|vip|sina|sohu|foxmail|yeah|aliyun|hotmail|outlook|gmail)"
    r"(?:\.[a-z]{2,8}){1,2}\b"
)
# without brackets, comma and semicolon, which may have been full-width and no part of it
_IN_URL = r"[A-Za-z0-9!#$%&'*+./:=?@_~-]"
_URL = re2.compile(
    rf"(?:https?|ftp)://{_IN_URL}+|\b(?:[A-Za-z0-9-]{{1,62}}\.){{1,5}}(?:cn|com|org|net)(?::[0-9]+)?/{_IN_URL}*"
)
_IDENTITY_CARD = re2.compile(r"\b[1-9][0-9]{16}[0-9Xx]\b")
_OLD_IDENTITY_CARD = re2.compile(r"身份证(?:号码?)?\s?:?\s?([1-9][0-9]{14})\b")

# Area codes of the numbering plan: 010, 02x but 026, 03xx to 09xx; a local number begins with 2 to 8.
_AREA = r"(?:010|02[0-57-9]|0[3-9][0-9]{2})"
_LOCAL = r"(?:[2-8][0-9]{6,7}|[2-8][0-9]{2,3} [0-9]{4}|(?:2[1-9]|[3-8][0-9])[0-9]{1,2}-[0-9]{4})"
_EXTENSION = r"(?: ?(?:-|转|分机|转分机|ext\.?) ?:? ?[0-9]{1,6})?"
_LANDLINE = re2.compile(
    rf"(?:\+ ?86[- ]{{0,2}}|\b0?086[- ]|\b86-)?"
    rf"(?:\({_AREA}\) ?-? ?|\b{_AREA}(?: ?-{{1,2}} ?| {{1,2}}|\)))({_LOCAL}){_EXTENSION}\b"
    rf"|\+ ?86[- ](?:10|2[0-57-9]|[3-9][0-9]{{2}})[- ]{_LOCAL}\b"
)
_BARE_LANDLINE = re2.compile(rf"\b{_AREA}[2-8][0-9]{{6,7}}{_EXTENSION}\b")
_LABELLED_LOCAL = re2.compile(
    rf"(?:电 ?话|传 ?真|座 ?机|热 ?线|号 ?码|Tel|TEL|tel|Fax|FAX)(?:/传真)?(?:号码)? ?\.?:{{1,2}} ?({_LOCAL}{_EXTENSION})\b"
)
# More numbers behind the first: 2222301、2222302 or 2222301/02.
_FURTHER = re2.compile(rf" ?(?:[、/,;]|或者?|和|及) ?({_LOCAL}{_EXTENSION})\b|/([0-9]{{1,4}})\b")
_FURTHER_AT_ONCE = re2.compile(rf"(?: ?(?:[、/,;]|或者?|和|及) ?(?:{_LOCAL}{_EXTENSION})\b|/[0-9]{{1,4}}\b){{0,8}}")
_MOBILE = re2.compile(r"(?:\+ ?86[- ]?|\b(?:00)?86[- ])?\b1[3-9][0-9](?:[0-9]{8}|[- ][0-9]{4}[- ][0-9]{4})\b")
_HOTLINE = re2.compile(r"\b[48]00(?:[0-9]{7}|[- ][0-9]{3}[- ]?[0-9]{4}|[- ][0-9]{4}[- ]?[0-9]{3})\b")

_UNIT = frozenset("元万亿千百十人件条次个份户亩家名项篇页平吨公米度年月日期批起座套辆台处所宗例笔倍股字只根头株块号%‰")
_PHONE_LABEL = r"电 ?话|手 ?机|传 ?真|座 ?机|热 ?线|联系方式|Tel|TEL|tel|Fax|FAX|Phone|(?:电话|手机|传真|联系)号码"
_ANNOUNCED = re2.compile(rf"(?:{_PHONE_LABEL})(?:号码?)?[^0-9]{{0,6}}$")
_OTHER_NUMBER = re2.compile(
    r"(?:索 ?引 ?号|索取号|文 ?号|编 ?号|编 ?码|代 ?码|备 ?案|序 ?号|许可证|标识码|帐 ?号|账 ?号|档案号|流水号|条形码|批号|案号|"
    r"证 ?号|单 ?号|金 ?额|合 ?计|总 ?额|ICP|QQ)[^0-9]{0,8}$"
)


def find_contacts(text: str) -> Iterator[Span]:
    """The contacts in a folded text, kind by kind; a place may be named twice."""
    urls = [match.span() for match in _URL.finditer(text)]
    headings = Headings(text, _PHONE_LABEL)
    for match in _EMAIL.finditer(text):
        if not _inside(match.span(), urls):
            yield Span(kind="email", start=match.start(), end=match.end())
    yield from _identity_cards(text)
    yield from _landlines(text, urls, headings)
    for match in _MOBILE.finditer(text):
        if _is_number(text, match.span(), urls) and _is_mobile(text, match.span(), headings):
            yield Span(kind="mobile", start=match.start(), end=match.end())
    for match in _HOTLINE.finditer(text):
        bare = match.group().isdecimal()
        if _is_number(text, match.span(), urls) and (not bare or _is_announced(text, match.span(), headings)):
            yield Span(kind="hotline", start=match.start(), end=match.end())


def _identity_cards(text: str) -> Iterator[Span]:
    """A 统一社会信用代码 has 18 characters too: what is announced as one is left, whatever its check character says."""
    for match in _IDENTITY_CARD.finditer(text):
        if is_identity_card(match.group()) and "代码" not in before(text, match.start()):
            yield Span(kind="identity_card", start=match.start(), end=match.end())
    for match in _OLD_IDENTITY_CARD.finditer(text):
        yield Span(kind="identity_card", start=match.start(1), end=match.end(1))


def _landlines(text: str, urls: list[tuple[int, int]], headings: Headings) -> Iterator[Span]:
    """Numbers with an area code, and those that a label and a colon announce."""
    for match in _LANDLINE.finditer(text):
        if _is_number(text, match.span(), urls):
            yield _with_further(text, match.start(), match.end())
    for match in _BARE_LANDLINE.finditer(text):
        if _is_number(text, match.span(), urls) and _is_announced(text, match.span(), headings):
            yield _with_further(text, match.start(), match.end())
    for match in _LABELLED_LOCAL.finditer(text):
        if _is_number(text, match.span(1), urls):
            yield _with_further(text, match.start(1), match.end(1))


def _with_further(text: str, start: int, end: int) -> Span:
    """The landline and the numbers that follow it without an area code of their own."""
    more = _FURTHER_AT_ONCE.match(text[end : end + 120])
    for further in _FURTHER.finditer(more.group() if more else ""):
        group = 1 if further.group(1) else 2
        if _looks_like_date(further.group(group)) or _has_unit(text, end + further.end(group)):
            return Span(kind="landline", start=start, end=end + further.start())
    return Span(kind="landline", start=start, end=end + (more.end() if more else 0))


def _looks_like_date(number: str) -> bool:
    return len(number) == 8 and number[:2] == "20" and number[4:6] <= "12" and number[6:8] <= "31"


def _inside(span: tuple[int, int], urls: list[tuple[int, int]]) -> bool:
    place = bisect_left(urls, (span[1], 0)) - 1
    return place >= 0 and span[0] < urls[place][1]


def _is_number(text: str, span: tuple[int, int], urls: list[tuple[int, int]]) -> bool:
    """No piece of a longer number or name, no figure with a unit, not announced as some other number."""
    start, end = span
    if text[start - 1 : start] in {".", "_", "=", "~"} or text[end : end + 1] in {"_", "="} or _has_unit(text, end):
        return False
    if (
        text[start - 1 : start] == "-"
        and text[start - 2 : start - 1].isascii()
        and text[start - 2 : start - 1].isalnum()
    ):
        return False
    if text[end : end + 1] in {".", "-"} and text[end + 1 : end + 2].isdecimal():
        return False
    near = before(text, start)
    return _OTHER_NUMBER.search(near) is None and not _inside(span, urls)


def _has_unit(text: str, end: int) -> bool:
    after = text[end : end + 3].lstrip(" ")
    return after[:1] in _UNIT and after[:2] != "号码" if after else False


def _is_announced(text: str, span: tuple[int, int], headings: Headings) -> bool:
    if _ANNOUNCED.search(before(text, span[0])):
        return True
    return fills_cell(text, *span) and headings.announce(span[0])


def _is_mobile(text: str, span: tuple[int, int], headings: Headings) -> bool:
    """Eleven digits in a sentence, unless they are a round sum; alone in a cell or line only below or behind a heading."""
    number = text[span[0] : span[1]]
    if not number.isdecimal() or _ANNOUNCED.search(before(text, span[0])):
        return True
    if fills_cell(text, *span):
        return headings.announce(span[0])
    return not number.endswith("00000")
