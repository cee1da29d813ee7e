"""What a cell says: a figure with its sign and unit, nothing, or words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.statutory.wording import plain

if TYPE_CHECKING:
    from gxgk_crawler.statutory.tables import Semantic

UNITS = "亿元|万元|千元|百元|元|件次|件|条次|条|宗|项|个|次|人次|人|家|份|篇|场次|场|期|起|例|批次|批|户"
_FIGURE = re2.compile(
    r"^(?:本年)?(?P<sign>增加了?|减少了?|新增|增|减|加|[-+−–—↑↓])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,10})?|\.\d{1,6})"
    r"余?(?P<unit>(?:人民币)?(?:" + UNITS + r"))?\*?[.。;；,]?$"
)
_NOTE = re2.compile(r"\([^()]{0,200}\)$")
_NOT_APPLICABLE = re2.compile(r"^(?:[-−–—―/\\*~～一]{1,6}|无|暂无|不涉及|不适用|无此项|未统计|未涉及|[Nn]/?[Aa])$")
_NOTE_MARK = re2.compile(r"[①-⑳\[\]注]+\d{0,2}$")
_MOST_DIGITS = 15
_LONGEST = 240
_DOWN = frozenset({"减", "减少", "减少了", "-", "−", "–", "—", "↓"})


@dataclass(frozen=True, slots=True)
class Amount:
    """The reading of one cell. value: None unless it is a number or zero. unit: only one that the cell itself names."""

    semantic: Semantic
    value: int | float | None = None
    unit: str | None = None


@lru_cache(maxsize=8192)
def amount_of(raw: str) -> Amount:
    """Read one cell. Digits may be full-width, split by spaces or grouped by commas; 增 and 减 are signs."""
    text = "".join(plain(raw).split()).strip("'\"`")
    if not text:
        return Amount("blank")
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return Amount("number" if int(text) else "zero", int(text))
    if _NOT_APPLICABLE.match(text):
        return Amount("na")
    if len(text) > _LONGEST or not any(char.isdigit() for char in text):
        return Amount("text")
    found = _FIGURE.match(text) or _FIGURE.match(_NOTE.sub("", text)) or _FIGURE.match(_NOTE_MARK.sub("", text))
    if found is None:
        return Amount("text")
    digits = found["digits"].replace(",", "")
    value = float(digits) if "." in digits else int(digits)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value and found["sign"] in _DOWN:
        value = -value
    unit = (found["unit"] or "").removeprefix("人民币") or None
    return Amount("number" if value else "zero", value, unit)
