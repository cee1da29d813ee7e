"""Automatic numbers of Word paragraphs: `一、`, `（一）`, `1.` stand in no text, but every reader sees and quotes them.

ECMA-376 part 1, 17.9 (Numbering).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import re2

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WX = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_LEVELS = 9
_DEEPEST = 20  # styles that build on styles
_LARGEST = 32_767
_PLACE = re2.compile(r"%([1-9])")

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_CHINESE = frozenset({
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
    "ideographTraditional", "koreanCounting",
})  # fmt: skip
_LEGAL_FORMATS = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
_BARE = frozenset({"bullet", "none"})


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list. text: the label with %1 to %9 for the numbers of the levels. restart: the level that resets it."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    is_legal: bool = False
    restart: int | None = None


@dataclass(slots=True)
class _List:
    """One w:num. counters: the last number of each level; shared by all w:num of one abstract list."""

    levels: dict[int, _Level]
    counters: list[int | None]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of one document; `label` must be asked for every numbered paragraph once, in the order of the document."""

    def __init__(self, numbering: _Element | None, styles: _Element | None) -> None:
        self._lists = _lists(numbering) if numbering is not None else {}
        self._styles = _styles(styles) if styles is not None else {}

    def label(self, paragraph: _Element) -> str:
        """The number in front of the paragraph as it is printed; empty for a paragraph without one."""
        written = paragraph.find(f"{W}pPr/{W}listPr/{WX}t")
        if written is not None:  # Word 2003 writes the number itself
            return written.get(f"{WX}val", "")[:40]
        number, level = self._place(paragraph)
        found = self._lists.get(number)
        if found is None or level not in found.levels:
            return ""
        return _counted(found, level)

    def _place(self, paragraph: _Element) -> tuple[str, int]:
        """The list and level of a paragraph, from its own properties or those of its style."""
        number, level = _num_pr(paragraph.find(f"{W}pPr"))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        for _ in range(_DEEPEST):
            if (number is not None and level is not None) or name not in self._styles:
                break
            of_style, level_of_style, name = self._styles[name]
            number = of_style if number is None else number
            level = level_of_style if level is None else level
        return number or "0", level or 0


def _counted(found: _List, level: int) -> str:
    """Count the paragraph, and write its label."""
    counters = found.counters
    shape = found.levels[level]
    for upper in range(level):
        if counters[upper] is None:
            counters[upper] = found.levels.get(upper, _Level()).start
    before = counters[level]
    first = found.starts.pop(level, None)
    counters[level] = first if first is not None else shape.start if before is None else min(before + 1, _LARGEST)
    for lower in range(level + 1, _LEVELS):
        restart = found.levels.get(lower, _Level()).restart
        if restart is None or 0 < restart <= level + 1:
            counters[lower] = None
    if shape.format in _BARE:
        return ""

    def number(mark: re2._Match[str]) -> str:
        at = int(mark[1]) - 1
        kind = "decimal" if shape.is_legal else found.levels.get(at, _Level()).format
        return _written(counters[at] or 0, kind)

    return str(_PLACE.sub(number, shape.text))


def _num_pr(properties: _Element | None) -> tuple[str | None, int | None]:
    if properties is None:
        return None, None
    number, level = (properties.find(f"{W}numPr/{W}{name}") for name in ("numId", "ilvl"))
    depth = _int(level, 0) if level is not None else None
    return (number.get(f"{W}val") if number is not None else None), depth


def _styles(root: _Element) -> dict[str, tuple[str | None, int | None, str]]:
    """By style: its list, its level, and the style that it builds on."""
    found = {}
    for style in root.iterfind(f"{W}style"):
        base = style.find(f"{W}basedOn")
        above = base.get(f"{W}val", "") if base is not None else ""
        found[style.get(f"{W}styleId", "")] = (*_num_pr(style.find(f"{W}pPr")), above)
    return found


def _lists(root: _Element) -> dict[str, _List]:
    abstract = {one.get(f"{W}abstractNumId", ""): one for one in root.iterfind(f"{W}abstractNum")}
    by_style = {
        link.get(f"{W}val", ""): one for one in abstract.values() if (link := one.find(f"{W}styleLink")) is not None
    }
    counters: dict[str, list[int | None]] = {}
    lists = {}
    for num in root.iterfind(f"{W}num"):
        name = _value(num.find(f"{W}abstractNumId"))
        one = abstract.get(name)
        if one is None:
            continue
        link = one.find(f"{W}numStyleLink")
        one = one if link is None else by_style.get(link.get(f"{W}val", ""), one)
        made = _List(_levels(one), counters.setdefault(name, [None] * _LEVELS))
        for override in num.iterfind(f"{W}lvlOverride"):
            level = _int_of(override.get(f"{W}ilvl"), 0)
            start = override.find(f"{W}startOverride")
            if start is not None:
                made.starts[level] = _int(start, 1)
            for own in override.iterfind(f"{W}lvl"):
                made.levels[level] = _level(own)
        lists[num.get(f"{W}numId", "")] = made
    return lists


def _levels(abstract: _Element) -> dict[int, _Level]:
    return {_int_of(one.get(f"{W}ilvl"), 0): _level(one) for one in abstract.iterfind(f"{W}lvl")}


def _level(element: _Element) -> _Level:
    start, kind, text, legal, restart = (
        element.find(f"{W}{name}") for name in ("start", "numFmt", "lvlText", "isLgl", "lvlRestart")
    )
    return _Level(
        start=_int(start, 1),
        format=_value(kind) or "decimal",
        text=_value(text)[:40],
        is_legal=legal is not None and legal.get(f"{W}val") not in {"0", "false"},
        restart=_int(restart, 0) if restart is not None else None,
    )


def _written(number: int, kind: str) -> str:
    if kind in _CHINESE:
        return chinese(number)
    if kind in _LEGAL_FORMATS:
        return chinese(number, _LEGAL, "拾佰仟")
    if kind == "ideographDigital":
        return "".join((_DIGITS if digit != "0" else "〇")[int(digit)] for digit in str(number))
    if kind in _CIRCLED and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if kind in {"upperRoman", "lowerRoman"}:
        return _roman(number) if kind == "upperRoman" else _roman(number).lower()
    if kind in {"upperLetter", "lowerLetter"} and number > 0:
        letter = chr(ord("A" if kind == "upperLetter" else "a") + (number - 1) % 26)
        return letter * min((number - 1) // 26 + 1, 10)
    if kind == "decimalFullWidth":
        return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    if kind == "none":
        return ""
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """A number below 10,000 in Chinese: 12 is 十二, 105 is 一百零五. Larger ones are written in digits."""
    if not 0 < number < 10_000:
        return digits[0] if number == 0 else str(number)
    written, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = False
    return written[1:] if 10 <= number < 20 and digits == _DIGITS else written


def _roman(number: int) -> str:
    written = ""
    for value, sign in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
                        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):  # fmt: skip
        written += sign * (number // value)
        number %= value
    return written


def _value(element: _Element | None) -> str:
    return element.get(f"{W}val", "") if element is not None else ""


def _int(element: _Element | None, default: int) -> int:
    return _int_of(element.get(f"{W}val") if element is not None else None, default)


def _int_of(text: str | None, default: int) -> int:
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > 5:
        return default
    return min(int(text), _LARGEST)
