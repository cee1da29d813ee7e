"""Ways to reach a person in the text of a report: telephone and e-mail.

Exact rather than complete: a figure of a table is never taken for a telephone. What looks like a number of ten digits or more
must stand alone, carry no unit, and where it fills a cell of a table be announced by a heading.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.redaction.text_lines import Headings, Span, before, fills_cell, has_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

# Everything below is matched against a folded text (`lines.fold`).
_AT = r"(?: ?(?:@|[\[({<](?:at|AT|@|a)[\])}>]|艾特) ?| (?:at|AT) )"
_DOT = r"(?: ?[.。] ?| (?:dot|DOT) | ?[\[({<](?:dot|DOT|\.)[\])}>] ?)"
_TOP = r"(?:com|cn|net|org|gov|edu|cc|me|vip|top|info|xyz|mobi|[A-Za-z]{2,6})"
_EMAIL = re2.compile(
    rf"[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}{_AT}(?:[A-Za-z0-9-]{{1,62}}{_DOT}){{1,5}}{_TOP}\b"
    rf"|[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}@[A-Za-z0-9-]{{1,62}},(?:com|cn|net|org)\b"
    # labels and top domains in Chinese signs; a line that was broken behind the at sign
    r"|[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?@ ?[\p{Han}A-Za-z0-9-]{1,30}\.(?:中国|公司|网络|网址|政务|公益|cn|com)"
    r"|[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@\n ?[A-Za-z0-9-]{1,62}\.(?:[A-Za-z0-9-]{1,62}\.){0,3}[a-z]{2,6}\b"
    # a hash in place of the at sign, against address collectors: only before the names of mail services
    r"|[A-Za-z0-9][A-Za-z0-9._-]{2,63}#(?:163|126|139|189|qq|vip|sina|sohu|foxmail|yeah|aliyun|hotmail|outlook|gmail)"
    r"(?:[.。][a-z]{2,8}){1,2}\b"
)
# Behind a label whatever stands in the place of the at sign will do, and a domain may lack its end.
_LABELLED_EMAIL = re2.compile(
    r"(?:邮 ?箱|邮件(?:地址)?|(?i:\be-?mail|\bmail))(?:地址|号码?|\([^()\n]{0,8}\))? ?[:为是|(\]】]{0,2} ?"
    r"([A-Za-z0-9][A-Za-z0-9._+-]{0,63} ?(?:[^A-Za-z0-9\s._+:/|,;()、。-]|艾特) ?[A-Za-z0-9-]{2,62}"
    r"(?: ?[.。·] ?[A-Za-z0-9-]{2,62}){0,4})"
)
# without brackets, comma and semicolon, which may have been full-width and no part of it
_IN_URL = r"[A-Za-z0-9!#$%&'*+./:=?@_~-]"
_URL = re2.compile(
    rf"(?:https?|ftp)://{_IN_URL}+|\b(?:[A-Za-z0-9-]{{1,62}}\.){{1,5}}(?:cn|com|org|net)(?::[0-9]+)?/{_IN_URL}*"
)
# Area codes of the numbering plan: 010, 02x but 026, 03xx to 09xx; a local number begins with 2 to 8.
_AREA = r"(?:010|02[0-57-9]|0[3-9][0-9]{2})"
_LOCAL = r"(?:[2-8][0-9]{6,7}|[2-8][0-9]{2,3} [0-9]{4}|(?:2[1-9]|[3-8][0-9])[0-9]{1,2}[-.·][0-9]{4}|[2-8][0-9]{2,3} - [0-9]{4})"
_EXTENSION = r"(?: ?(?:-|转|分机|转分机|ext\.?) ?:? ?[0-9]{1,6})?"
_BETWEEN = r"(?: ?-{1,2} ?| {1,2}| ?[./:_~*·•、] ?|\)[ -]{0,2})"
_LANDLINE = re2.compile(
    rf"(?:\(?\+ ?86\)?[- ]{{0,2}}|\b0?086[- ]|\b86-)?"
    rf"(?:\({_AREA}\) ?-? ?|\({_AREA}{_BETWEEN}|\b{_AREA}{_BETWEEN})({_LOCAL}){_EXTENSION}\b"
    rf"|\(?\+ ?86\)?[- ]{{1,2}}(?:10|2[0-57-9]|[3-9][0-9]{{2}})[- ]{_LOCAL}\b|\b(?:00)?86-(?:10|2[0-57-9]|[3-9][0-9]{{2}})-{_LOCAL}\b"
)
_BARE_LANDLINE = re2.compile(rf"\b{_AREA}[2-8][0-9]{{6,7}}{_EXTENSION}\b")
# A number without area code is a telephone where a label leads to it, at most over a colon, a verb or a bracket.
_STRONG = (
    r"电 ?话|传 ?真|座 ?机|热 ?线|手 ?机|固 ?话|总 ?机|联系方式|[宅办]电|小灵通|(?:电话|手机|传真|联系|小灵通)号码?|"
    r"拨打|请 ?拨|致电|拨 ?号|电联|内线|[☎℡✆📞📱]|(?i:\btel(?:ephone)?|\bfax|\bphone|\bmobile|\bcell|\b[TF] ?:)"
)
_WEAK = r"咨 ?询|举 ?报|投 ?诉|值 ?班|号 ?码|联 ?系|监 ?督|来 ?电|办 ?公 ?室?|查 ?询|服 ?务"
_LINK = r"(?:/传真|及传真|号码?|\([^()\n]{0,12}\)|如下|为|是|至|到){0,3}[】」』\])〕》]? {0,3}(?:[.:,=→|>]|->){0,2}[ \-(]{0,3}"
_LABELLED_LOCAL = re2.compile(
    rf"(?:(?:{_STRONG}){_LINK}|(?:{_WEAK})(?:号码?)? {{0,2}}[:]{{1,2}} {{0,3}})({_LOCAL}{_EXTENSION})\b"
)
_LOOSE_LOCAL = re2.compile(rf"(?:{_STRONG}){_LINK}([2-8](?:[ .·-]?[0-9]){{6,7}})\b")
_LOOSE_MOBILE = re2.compile(rf"(?:{_STRONG}){_LINK}(1[ .·-]{{0,2}}[3-9](?:[ .·-]{{0,2}}[0-9]){{9}})\b")
_SHORT = re2.compile(rf"(?:短 ?号|内 ?线|分 ?机号?){_LINK}([0-9]{{3,6}})\b")
_BEHIND_NAME = re2.compile(rf"(?:联系人|联络员|承办人|经办人)[^\n|0-9]{{1,16}}[ ,(:]({_LOCAL}{_EXTENSION})\b")
_LABELLED_CELL = re2.compile(
    rf"(?:电 ?话|传 ?真|座机|手机|联系方式|热线)(?:号码?)? ?:? \| ({_LOCAL}{_EXTENSION})(?: \||\n|$)"
)
# Chinese digits, as they are read out.
_HAN_DIGIT = "[〇零○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖⓪①②③④⑤⑥⑦⑧⑨]"
_HAN_MOBILE = re2.compile(rf"[一幺壹][三四五六七八九叁肆伍陆柒捌玖]{_HAN_DIGIT}{{9}}")
_HAN_LOCAL = re2.compile(rf"(?:{_STRONG}){_LINK}({_HAN_DIGIT}(?:[ ·-]?{_HAN_DIGIT}){{6,11}})")
# More numbers behind the first: 2222301、2222302 or 2222301/02.
_FURTHER = re2.compile(rf" ?(?:[、/,;]|或者?|和|及) ?({_LOCAL}{_EXTENSION})\b|/([0-9]{{1,4}})\b")
_FURTHER_AT_ONCE = re2.compile(rf"(?: ?(?:[、/,;]|或者?|和|及) ?(?:{_LOCAL}{_EXTENSION})\b|/[0-9]{{1,4}}\b){{0,8}}")
_IN_NUMBER = r"(?: ?[-./·•_~*] ?| {1,2})"
_MOBILE = re2.compile(
    rf"(?:(?:(?:\(\+? ?86\)|\+ ?86|\b0086)[- ]{{0,2}}|\b86[- ])0?|\b0?)(?:1[3-9][0-9](?:[0-9]{{8}}"
    rf"|{_IN_NUMBER}[0-9]{{4}}{_IN_NUMBER}[0-9]{{4}}|{_IN_NUMBER}[0-9]{{3}}{_IN_NUMBER}[0-9]{{5}}"
    rf"|{_IN_NUMBER}[0-9]{{5}}{_IN_NUMBER}[0-9]{{3}}|(?: {{1,2}}| ?[-/·•_~*] ?)[0-9]{{8}})"
    rf"|1[3-9][0-9]{{2}}{_IN_NUMBER}[0-9]{{4}}{_IN_NUMBER}[0-9]{{3}}|1[3-9][0-9]{{3}}(?: {{1,2}}| ?- ?)[0-9]{{6}}"
    rf"|1[3-9][0-9]{{5}}(?: {{1,2}}| ?- ?)[0-9]{{4}})\b"
    rf"|\(1[3-9][0-9]\)[ -]?[0-9]{{4}}[ -]?[0-9]{{4}}\b"
)
_HOTLINE = re2.compile(r"\b[48]00(?:[0-9]{7}|[-. ][0-9]{3}[-. ]?[0-9]{4}|[-. ][0-9]{4}[-. ]?[0-9]{3}|[- ][0-9]{7})\b")

_NOT_BEFORE = frozenset({".", "_", "=", "~"})
_PHONE_LABEL = r"电 ?话|手 ?机|传 ?真|座 ?机|热 ?线|联系方式|Tel|TEL|tel|Fax|FAX|Phone|(?:电话|手机|传真|联系)号码"
_ANNOUNCED = re2.compile(rf"(?:{_PHONE_LABEL})(?:号码?)?[^0-9]{{0,6}}$")
_OTHER_NUMBER = re2.compile(
    r"(?:索 ?引 ?号|索取号|文 ?号|编 ?号|编 ?码|代 ?码|备 ?案|序 ?号|许可证|标识码|帐 ?号|账 ?号|档案号|流水号|条形码|批号|案号|"
    r"证 ?号|单 ?号|金 ?额|合 ?计|总 ?额|ICP|QQ|分 ?类 ?号|[校验识追溯防伪]{2}码|合同|订单|发票|税号|宗地|地块|学号|工号|准考证|"
    r"受理号|回执|登记号|注册号|准字|专利|标段)[^0-9]{0,8}$|[量数额约共达计超破]:? ?$"
)


def find_contacts(text: str) -> Iterator[Span]:
    """The contacts in a folded text, kind by kind; a place may be named twice."""
    urls = [match.span() for match in _URL.finditer(text)]
    headings = Headings(text, _PHONE_LABEL)
    yield from _emails(text, urls)
    yield from _landlines(text, urls, headings)
    for match in _LOOSE_MOBILE.finditer(text):
        if _is_number(text, match.span(1), urls, labelled=True):
            yield Span(kind="mobile", start=match.start(1), end=match.end(1))
    for match in _MOBILE.finditer(text):
        if _is_number(text, match.span(), urls) and _is_mobile(text, match.span(), headings):
            yield Span(kind="mobile", start=match.start(), end=match.end())
    for match in _HAN_MOBILE.finditer(text):
        yield Span(kind="mobile", start=match.start(), end=match.end())
    for match in _HOTLINE.finditer(text):
        bare = match.group().isdecimal()
        if _is_number(text, match.span(), urls) and (not bare or _is_announced(text, match.span(), headings)):
            yield Span(kind="hotline", start=match.start(), end=match.end())


def _emails(text: str, urls: list[tuple[int, int]]) -> Iterator[Span]:
    """Addresses of the usual shape, and what stands in place of one behind a label."""
    for match in _EMAIL.finditer(text):
        if not _inside(match.span(), urls):
            yield Span(kind="email", start=match.start(), end=match.end())
    for match in _LABELLED_EMAIL.finditer(text):
        yield Span(kind="email", start=match.start(1), end=match.end(1))


def _landlines(text: str, urls: list[tuple[int, int]], headings: Headings) -> Iterator[Span]:
    """Numbers with an area code, and those that a label and a colon announce."""
    for match in _LANDLINE.finditer(text):
        if _is_number(text, match.span(), urls):
            yield _with_further(text, match.start(), match.end())
    for match in _BARE_LANDLINE.finditer(text):
        if _is_number(text, match.span(), urls) and _is_announced(text, match.span(), headings):
            yield _with_further(text, match.start(), match.end())
    for pattern in (_LABELLED_LOCAL, _LOOSE_LOCAL, _LABELLED_CELL, _BEHIND_NAME, _SHORT):
        for match in pattern.finditer(text):
            if _is_number(text, match.span(1), urls, labelled=True):
                yield _with_further(text, match.start(1), match.end(1))
    for match in _HAN_LOCAL.finditer(text):
        if not has_unit(text, match.end(1)):
            yield Span(kind="landline", start=match.start(1), end=match.end(1))


def _with_further(text: str, start: int, end: int) -> Span:
    """The landline and the numbers that follow it without an area code of their own."""
    more = _FURTHER_AT_ONCE.match(text[end : end + 120])
    for further in _FURTHER.finditer(more.group() if more else ""):
        group = 1 if further.group(1) else 2
        if _looks_like_date(further.group(group)) or has_unit(text, end + further.end(group)):
            return Span(kind="landline", start=start, end=end + further.start())
    return Span(kind="landline", start=start, end=end + (more.end() if more else 0))


def _looks_like_date(number: str) -> bool:
    return len(number) == 8 and number[:2] == "20" and number[4:6] <= "12" and number[6:8] <= "31"


def _inside(span: tuple[int, int], urls: list[tuple[int, int]]) -> bool:
    place = bisect_left(urls, (span[1], 0)) - 1
    return place >= 0 and span[0] < urls[place][1]


def _is_number(text: str, span: tuple[int, int], urls: list[tuple[int, int]], *, labelled: bool = False) -> bool:
    """No piece of a longer number or name, no figure with a unit, not announced as some other number.

    labelled: a label leads to it, over a mark.
    """
    start, end = span
    if (
        (text[start - 1 : start] in _NOT_BEFORE and not labelled)
        or text[end : end + 1] in {"_", "="}
        or has_unit(text, end)
    ):
        return False
    if text[start - 1 : start] == "-" and not labelled:
        earlier = text[start - 2 : start - 1]
        if not earlier.strip(" |\n") or (
            earlier.isascii() and earlier.isalnum()
        ):  # a negative figure, or a longer number
            return False
    if text[end : end + 1] in {".", "-"} and text[end + 1 : end + 2].isdecimal():
        return False
    near = before(text, start)
    if " " in text[start:end] and not _ANNOUNCED.search(near) and _in_a_row(text, start, end):
        return False
    return _OTHER_NUMBER.search(near) is None and not _inside(span, urls)


def _in_a_row(text: str, start: int, end: int) -> bool:
    """True when more numbers stand on either side, parted by blanks: figures of a table that has lost its lines."""
    left, right = text[max(0, start - 2) : start], text[end : end + 2]
    return (left[:1].isdecimal() and left[1:] == " ") or (right[:1] == " " and right[1:].isdecimal())


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
