"""The 索引号 block of a page: labels and values, however the portal sets them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.page.signature import is_agency
from gxgk_crawler.extract.page.text import squeeze
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST_VALUE = 80
_MOST_LINES = 400
_COLONS = "：:】"
_BLANKS = " 　\t\xa0"
# A value that is the form's own: 〔〕 号, 样政发[]号, 年 月 日, 0000-00-00, a dash.
_EMPTY = re2.compile(
    r"^(?:[-—/\\\s.*]*|无|暂无|null|NULL|undefined|[^〔\[【(（]{0,12}[〔\[【(（﹝]\s*[〕\]】)）﹞]\s*第?\s*号?|年\s*月\s*日|0{4}[-/.年]0{1,2}[-/.月]0{1,2}日?)$"
)
# Every blank, because RE2 takes only those of ASCII for one.
_BLANK = r"[\s\x{A0}\x{2000}-\x{200A}\x{202F}\x{3000}]"
# A label that no table knows ends a value too: two to ten characters, or single ones apart (审 核 人), with a colon behind them.
_NEXT_LABEL = re2.compile(
    rf"(?:{_BLANK}|[|｜])+(?:[^\s\x{{A0}}\x{{2000}}-\x{{200A}}\x{{202F}}\x{{3000}}:：|｜]{{2,10}}|(?:\p{{Han}}{_BLANK}+){{1,5}}\p{{Han}}){_BLANK}*[:：]"
)
_WORDS = re2.compile(rf"{_BLANK}+|[【\[|｜;；,，/、]+")
_GLUED_LABEL = re2.compile(r"^(.+?)(\p{Han}{2,8})[:：]")
_ISSUER = "发布机构"


def read_fields(lines: Iterable[str]) -> dict[str, str]:
    """The metadata block by normalised labels: 索引号, 发布机构, 文号, 成文日期, 标题 ...

    Reads label and value from one line (`索引号: 002482082/2024-00332`), several pairs from one line with or without anything between them
    (`部门:样例县统计局栏目:年报`), from two lines (`文号`, then the value), from cells side by side and from a row of labels above a row
    of values. A list of labels above a list of values is left alone: empty
    values leave no line, so nothing says which value belongs to which label. The first value of a label counts; an empty form
    (`〔〕 号`) is no value, and what is printed behind a value (`浏览次数：`) is no part of it.
    """
    fields: dict[str, str] = {}
    waiting: list[str | None] = []
    listed = False
    for line, _ in zip(lines, range(_MOST_LINES), strict=False):
        pairs = _pairs(line)
        if len(pairs) > 1 and "|" not in line:
            for label, value in pairs:
                _keep(fields, label, value)
            waiting, listed = [], False
            continue
        pieces = [piece.strip() for piece in line.split("|")]
        labels = [_label(piece) for piece in pieces]
        if not any(labels):
            if len(waiting) == len(pieces) and not listed:
                for label, value in zip(waiting, pieces, strict=True):
                    _keep(fields, label, value)
            waiting, listed = [], False
            continue
        rest: list[str | None] = []
        for number, (piece, label) in enumerate(zip(pieces, labels, strict=True)):
            beside = pieces[number + 1] if number + 1 < len(pieces) and not labels[number + 1] else ""
            value = _split_label(piece)[1].strip() or beside
            _keep(fields, label, value)
            rest.append(None if value else label)
        listed = len(waiting) == len(rest) == 1 and waiting[0] is not None and rest[0] is not None
        waiting = rest if any(rest) and len(set(rest)) == len(rest) else []
    return fields


def _keep(fields: dict[str, str], label: str | None, value: str) -> None:
    if label is None or label in fields:
        return
    value = _without_rest(value)
    if label == _ISSUER:
        value = _issuers(value)
    if value and len(value) <= _LONGEST_VALUE and not _EMPTY.search(value) and _label(value) is None:
        fields[label] = value


def _without_rest(value: str) -> str:
    """The value without a label that follows it and without bars at its end."""
    value = value.strip(_BLANKS + "|｜")
    following = _NEXT_LABEL.search(value)
    if following is not None:
        value = value[: following.start()]
    return value.strip(_BLANKS + "|｜")


def _issuers(value: str) -> str:
    """The public bodies that a value begins with, where it begins with one; else the value.

    What follows them is no name, with a label or without one: 浏览 12 次, 【大 中 小】, 2021-01-20, a department of the editors.
    """
    glued = _GLUED_LABEL.search(value)
    if glued is not None:
        name = f"{glued.group(1)}{glued.group(2)}"
        ends = [end for end in range(len(glued.group(1)), len(name) - 1) if is_agency(name[:end])]
        value = name[: max(ends)] if ends else value
    names: list[str] = []
    for piece in _WORDS.split(value):
        if not is_agency(piece):
            break
        names.append(piece)
    if len(names) < 2:
        return names[0] if names else value
    return value[: value.find(names[-1], value.find(names[-2]) + len(names[-2])) + len(names[-1])]


def _pairs(line: str) -> list[tuple[str | None, str]]:
    """(label, value) of every known label with a colon behind it in the line; labels that are no field give None."""
    if not any(mark in line for mark in _COLONS):
        return []
    found = list(_any_label().finditer(line))
    ends = [*(one.start() for one in found[1:]), len(line)]
    return [(_names().get(squeeze(one.group(1))), line[one.end() : end]) for one, end in zip(found, ends, strict=False)]


def _label(piece: str) -> str | None:
    return _names().get(squeeze(_split_label(piece)[0]))


def _split_label(piece: str) -> tuple[str, str]:
    """(label, value) around the first colon, of either width, or around the bracket that closes a label."""
    at = next((number for number, char in enumerate(piece) if char in _COLONS), len(piece))
    return piece[:at].strip("【[ 　"), piece[at + 1 :]


@cache
def _names() -> Mapping[str, str]:
    """Every way to write a label, to the one name it has here."""
    return {label: name for name, labels in _rules()["fields"].items() for label in labels}


@cache
def _any_label() -> re2._Regexp:
    """A known label, its characters apart or not, with a colon; longer ones first."""
    labels = sorted([*_names(), *_rules()["others"]], key=len, reverse=True)
    spaced = (r"[ 　\xa0]*".join(re2.escape(char) for char in label) for label in labels)
    return re2.compile(rf"({'|'.join(spaced)})[ 　\xa0]*[:：】]")


def _rules() -> dict[str, dict[str, list[str]]]:
    return read_rules("records")
