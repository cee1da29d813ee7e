"""Numbers of spreadsheets as their cells show them: dates, shares, decimals. ECMA-376 part 1, 18.8.30 (numFmt)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import re2

# Formats that are known by number alone; those of 27 to 58 are what a Chinese Excel shows.
BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "yyyy-mm-dd", 16: "m-d", 17: "yyyy-mm",
    18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"',
    35: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0",
    43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re2.compile(r'(?is)"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|上午/下午|y+|m+|d+|h+|s+(?:\.0+)?|aaaa?|[0#?.,]+|.')
_LAST_DAY = 2_958_466  # 9999-12-31 and a day
_LONGEST = 200  # characters of a format
_MOST_DECIMALS = 15
_CLOCK = frozenset("hs")


def shown(value: str, pattern: str, *, since_1904: bool = False) -> str:
    """The number as its cell shows it. value: as the file writes it. pattern: its number format; empty for General.

    A date whose place in the calendar is the reader's own choice is written YYYY-MM-DD. What cannot be told stays as it is
    written; so does a zero that is shown as a dash, because a dash says less than the file does.
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or len(value) > _LONGEST or abs(number.adjusted()) > 300:
        return value
    sections = _sections(pattern[:_LONGEST])
    if not sections or not sections[0]:
        return _general(value)
    pieces = sections[0]
    if is_date(pieces):
        return _date(number, pieces, since_1904=since_1904) or value
    if number == 0 and len(sections) > 2 and not sections[2]:
        return ""  # a section that shows nothing
    return _plain_number(number, pieces, value)


def _sections(pattern: str) -> list[list[str]]:
    """The pieces of each section: for positive numbers, negative ones, zero, text. Fillers, colours and locales are gone."""
    sections: list[list[str]] = [[]]
    for found in _TOKEN.finditer(pattern):
        piece = found[0]
        if piece == ";":
            sections.append([])
        elif piece[0] in "_*" or (
            piece[0] == "[" and piece.lower() not in {"[h]", "[m]", "[s]", "[hh]", "[mm]", "[ss]"}
        ):
            continue
        elif piece.lower() != "general":
            sections[-1].append(piece)
    if "".join(sections[0]).lower() == "general":
        return []
    return sections


def is_date(pieces: list[str]) -> bool:
    """True for the pieces of a format that shows a date or a time."""
    return any(piece[0].lower() in "ymdh" or piece[:2].lower() in {"s", "ss"} or piece[:2] == "[h" for piece in pieces)


def _general(value: str) -> str:
    """A number without a format: whole numbers as they are, others to the fifteen digits that a spreadsheet knows."""
    if "." not in value and "e" not in value.lower():
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def _plain_number(number: Decimal, pieces: list[str], value: str) -> str:
    places = [piece for piece in pieces if piece[0] in "0#?.,"]
    digits = "".join(places)
    if not any(char in "0#?" for char in digits) or any(piece.lower() == "e" or piece == "/" for piece in pieces):
        return _general(value)
    share = sum(1 for piece in pieces if piece == "%")
    whole, _, fraction = digits.partition(".")
    decimals = min(sum(1 for char in fraction if char in "0#?"), _MOST_DECIMALS)
    scaled = number.scaleb(2 * share)
    rounded = (
        scaled.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) if scaled.adjusted() < 20 else scaled
    )
    text = f"{rounded:,f}" if "," in whole.rstrip(",") else f"{rounded:f}"
    optional = len(fraction) - len(fraction.rstrip("#?,"))
    if optional and "." in text:
        kept = len(text) - optional
        text = text[:kept] + text[kept:].rstrip("0")
        text = text.rstrip(".")
    before, behind = _words_around(pieces)
    return f"{before}{text}{behind}"


def _words_around(pieces: list[str]) -> tuple[str, str]:
    """What a format prints before and behind the number: units, percent signs."""
    first = next(at for at, piece in enumerate(pieces) if piece[0] in "0#?.,")
    words = ["" if piece[0] in "0#?.," else _literal(piece) for piece in pieces]
    return "".join(words[:first]).strip(), "".join(words[first:]).strip()


def _literal(piece: str) -> str:
    if piece[0] == '"':
        return piece[1:-1]
    return piece[1:] if piece[0] == "\\" else piece


def _date(number: Decimal, pieces: list[str], *, since_1904: bool) -> str | None:
    """The date or time that the number counts: days since 1899-12-30, or since 1904-01-01."""
    if not 0 <= number < _LAST_DAY:
        return None
    if any(piece[0] == "[" for piece in pieces):
        return _elapsed(number)
    base = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 31 if number < 60 else 30)  # noqa: DTZ001 (no zone)
    when = base + dt.timedelta(seconds=int((number * 86400).to_integral_value(ROUND_HALF_UP)))
    written = "".join(_piece(pieces, at, when) for at in range(len(pieces))).strip()
    return written or None


def _elapsed(number: Decimal) -> str:
    seconds = int((number * 86400).to_integral_value(ROUND_HALF_UP))
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _piece(pieces: list[str], at: int, when: dt.datetime) -> str:
    piece = pieces[at]
    kind, size = piece[0].lower(), len(piece)
    if kind == "y":
        return f"{when.year:04d}" if size > 2 else f"{when.year % 100:02d}"
    if kind == "m":
        number = when.minute if _is_minute(pieces, at) else when.month
        return f"{number:02d}" if size == 2 else str(number)
    if kind == "d":
        return (f"{when.day:02d}" if size == 2 else str(when.day)) if size < 3 else ""
    if kind == "h":
        return f"{when.hour:02d}" if size == 2 else str(when.hour)
    if kind == "s":
        return f"{when.second:02d}"
    if piece.lower() in {"am/pm", "a/p", "上午/下午", "aaa", "aaaa"} or kind in "@;":
        return ""
    return _literal(piece)


def _is_minute(pieces: list[str], at: int) -> bool:
    """An m stands for minutes behind hours and before seconds."""
    before = next((one[0].lower() for one in reversed(pieces[:at]) if one[0].lower() in "ymdhs"), "")
    behind = next((one[0].lower() for one in pieces[at + 1 :] if one[0].lower() in "ymdhs"), "")
    return before in _CLOCK or (behind == "s" and before not in {"y", "d"})
