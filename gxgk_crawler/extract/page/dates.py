"""Dates as government pages write them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
# Full-width digits and marks, which no \d matches.
_WIDE_DIGITS = "０１２３４５６７８９"
_NARROW = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")
_EARLIEST = 1990
_LATEST = 2100

_NUMERIC = re2.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_SPELT = re2.compile(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日")
_IN_PATH = (
    re2.compile(r"/((?:19|20)\d{2})[-/]?(\d{1,2})[-/](\d{1,2})/"),
    re2.compile(r"/t((?:19|20)\d{2})(\d{2})(\d{2})_"),
    re2.compile(r"[/_-]((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{6,})?[/_.-]"),
    re2.compile(r"/((?:19|20)\d{2})-(\d{2})/(\d{2})/"),
)


def narrow(text: str) -> str:
    """The text with full-width digits, dashes, slashes and points as ASCII; it keeps its length."""
    return text.translate(_NARROW) if any(digit in text for digit in _WIDE_DIGITS) else text


def iso_date(year: str, month: str, day: str) -> str | None:
    """YYYY-MM-DD, or None when there is no such day or it lies outside 1990 to 2100."""
    try:
        date = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return date.isoformat() if _EARLIEST <= date.year <= _LATEST else None


def find_dates(text: str) -> Iterator[str]:
    """Every date in a text as YYYY-MM-DD, in order: 2019-02-11, 2019/2/11, 2019年2月11日; spelt-out ones follow."""
    for found in _NUMERIC.finditer(narrow(text)):
        value = iso_date(*found.groups())
        if value:
            yield value
    for found in _SPELT.finditer(text):
        year, month, day = found.groups()
        value = iso_date("".join(_DIGITS[char] for char in year), str(_number(month)), str(_number(day)))
        if value:
            yield value


def first_date(text: str) -> str | None:
    """The first date of a text as YYYY-MM-DD; eight digits at its start (20220120) are one too."""
    if text[:8].isdecimal():
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    return next(find_dates(text), None)


def date_in_url(url: str) -> str | None:
    """The day that the path of a URL names (`/201703/t20170302_110732.shtml`, `/art/2018/2/28/`), or None."""
    for pattern in _IN_PATH:
        for found in pattern.finditer(url):
            value = iso_date(*found.groups())
            if value:
                return value
    return None


def year_in_words(text: str) -> str | None:
    """The digits of a spelt-out year: 二〇一六 is 2016. None when a character is no digit."""
    digits = [_DIGITS.get(char) for char in text]
    return "".join(digit for digit in digits if digit) if all(digits) else None


def _number(text: str) -> int:
    """A spelt-out number below 100: 十二 is 12, 二十 is 20, 二十三 is 23."""
    tens, ten, ones = text.rpartition("十")
    value = int(_DIGITS[ones]) if ones in _DIGITS else 0
    if ten:
        value += 10 * (int(_DIGITS[tens]) if tens in _DIGITS else 1)
    return value
