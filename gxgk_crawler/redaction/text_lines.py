"""Where in a text a number stands: alone in a cell or in a sentence, behind which label, beside what.

Texts have one block per line, a table row is one line of cells joined by ` | `. Everything here looks at a folded text
(`fold`), and no further than the line and, for the heading of a column, the lines of the same table above it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

import re2

_BAR = " | "
_NEAR = 24
_LONGEST_CELL = 60
_LONGEST_ROW = 4000
_MOST_ROWS = 400

# Full-width ASCII, wide and hard blanks, and what is printed for a hyphen; one character for one, so that places stay true.
_FOLDED: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−─﹣ー"), "-"),
    **dict.fromkeys(map(ord, "︰﹕∶"), ":"),
}
_UNIT = frozenset(
    "元万亿千百十人件条次个份户亩家名项篇页平吨公米度年月日期批起座套辆台处所宗例笔倍股字只根头株块号余多%‰"
)


class _Folding(dict[int, int | str]):
    """Character code -> folded character; decimal digits of all scripts become ASCII, each worked out once."""

    def __missing__(self, code: int) -> int | str:
        digit = unicodedata.decimal(chr(code), None)
        folded = _FOLDED.get(code, chr(code)) if digit is None else str(digit)
        self[code] = folded
        return folded


_FOLDING = _Folding(_FOLDED)

# What is not seen: zero-width signs, soft hyphens, directions, variation selectors. Put into a number they would break it.
_INVISIBLE = re2.compile(
    r"[\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{180e}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{fe00}-\x{fe0f}\x{feff}]+"
)

SpanKind = Literal[
    "mobile",
    "landline",
    "hotline",
    "email",
    "identity_card",
    "passport",
    "plate",
    "account",
    "bank_card",
    "name",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place in a text. start, end: in characters, end-exclusive."""

    kind: SpanKind
    start: int
    end: int


def fold(text: str) -> str:
    """The text with full-width forms, blanks, dashes and digits of other scripts made ASCII, character for character."""
    return text.translate(_FOLDING)


def without_invisible(text: str) -> tuple[str, list[int] | None]:
    """The text without invisible characters, and the offset of each remaining one in the text; None when there were none."""
    if _INVISIBLE.search(text) is None:
        return text, None
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for match in _INVISIBLE.finditer(text):
        pieces.append(text[at : match.start()])
        offsets.extend(range(at, match.start()))
        at = match.end()
    pieces.append(text[at:])
    offsets.extend(range(at, len(text)))
    return "".join(pieces), offsets


def has_unit(text: str, end: int) -> bool:
    """True when a unit follows the number that ends here: it is a figure."""
    after = text[end : end + 3].lstrip(" ")
    return after[:1] in _UNIT and after[:2] != "号码" if after else False


def before(text: str, start: int) -> str:
    """What stands before this place in the same line and cell, the last few characters of it."""
    near = text[max(0, start - _NEAR) : start]
    return near[near.rfind("\n") + 1 :].rpartition(_BAR)[2]


def fills_cell(text: str, start: int, end: int) -> bool:
    """True when a cell, or a line, holds nothing but text[start:end]."""
    left = text[max(0, start - _NEAR) : start].rstrip(" ")
    right = text[end : end + _NEAR].lstrip(" ")
    return (left == "" or left.endswith(("\n", " |"))) and (right == "" or right.startswith(("\n", "| ")))


class Headings:
    """What the cells to the left, and the first row of a table, say about a cell."""

    def __init__(self, text: str, label: str) -> None:
        """text: folded. label: RE2 pattern that a heading ends with."""
        self._text = text
        self._label = re2.compile(rf"(?:{label})\s*(?:\([^()]{{0,12}}\))?\s*:?\s*$")
        self._first_rows: dict[int, int] = {}

    def announce(self, start: int) -> bool:
        """True when a cell to the left, the line above a line of its own, or the heading of the column ends with the label."""
        text = self._text
        row = text.rfind("\n", max(0, start - _LONGEST_ROW), start) + 1
        if row == 0 and start > _LONGEST_ROW:
            return False
        left = text[row:start].split(_BAR)
        if any(self._is_label(cell) for cell in left[:-1]):
            return True
        first = self._first_row(row)
        if first == row:
            above = text[self._line_above(row) : max(0, row - 1)]
            return _BAR not in above and self._is_label(above)
        cells = text[first : first + _LONGEST_ROW].partition("\n")[0].split(_BAR)
        return len(left) <= len(cells) and self._is_label(cells[len(left) - 1])

    def _is_label(self, cell: str) -> bool:
        return len(cell) <= _LONGEST_CELL and self._label.search(cell) is not None

    def _line_above(self, row: int) -> int:
        return self._text.rfind("\n", max(0, row - 1 - _LONGEST_ROW), max(0, row - 1)) + 1

    def _first_row(self, row: int) -> int:
        """Where the table begins whose row begins here; the row itself outside a table."""
        passed: list[int] = []
        at = row
        while at not in self._first_rows and len(passed) < _MOST_ROWS:
            passed.append(at)
            above = self._line_above(at)
            if at == 0 or self._text.find(_BAR, above, at) < 0:
                break
            at = above
        first = self._first_rows.get(at, at)
        self._first_rows.update(dict.fromkeys(passed, first))
        return first
