"""How much of a report stands word for word in another one: in that of the year before, or in that of a neighbour.

Figures are left out, so that a sentence counts as the same when only its numbers are new. What the official form prescribes is
equal everywhere: a share says more beside those of other reports than alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

REUSE_VERSION = "1"
Kind = Literal["year_before", "same_year"]

_RUN = 8  # characters that must be equal in a row; shorter runs are words that every report has
_MOST_CHARACTERS = 200_000  # of a text that are compared; the longest report seen has 60,000
_MOST_SPANS = 2_000
MOST_NEIGHBOURS = 20
_MOST_OF_A_GROUP = 60  # the province with most divisions below it has 38
_PIECES = re.compile(r"[^\d\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReuse:
    """What of a text stands in another one. share: of the characters of its paragraphs, 0 to 1. characters: how many these are.

    spans: start and end of each run in the text, in order; figures inside a run belong to it.
    """

    share: float
    characters: int
    spans: list[tuple[int, int]]


def reused(text: str, other: str) -> TextReuse:
    """The runs of eight and more characters of `text` that stand in `other` too. Rows of tables, digits and white space are left out.

    Linear in both texts.
    """
    known = {words[at : at + _RUN] for words, _ in _paragraphs(other) for at in range(len(words) - _RUN + 1)}
    spans: list[tuple[int, int]] = []
    total = equal = 0
    for words, places in _paragraphs(text):
        total += len(words)
        for start, end in _runs(words, known):
            equal += end - start
            spans.append((places[start], places[end - 1] + 1))
    share = round(equal / total, 4) if total else 0.0
    return TextReuse(share=share, characters=total, spans=spans[:_MOST_SPANS])


def _runs(words: str, known: set[str]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for at in range(len(words) - _RUN + 1):
        if words[at : at + _RUN] not in known:
            continue
        if at > end:
            if end > 0:
                yield start, end
            start = at
        end = at + _RUN
    if end > 0:
        yield start, end


def _paragraphs(text: str) -> Iterator[tuple[str, list[int]]]:
    """The words of each paragraph without figures, and the place of each character in the text."""
    begin = 0
    for line in text[:_MOST_CHARACTERS].split("\n"):
        if "|" not in line:
            pieces = [(piece[0], piece.start() + begin) for piece in _PIECES.finditer(line)]
            words = "".join(word for word, _ in pieces)
            if len(words) >= _RUN:
                yield words, [at + n for word, at in pieces for n in range(len(word))]
        begin += len(line) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparableReport:
    """A report that others of its year may be compared with. division_name: of its organ."""

    report_id: int
    version_id: int
    organ: str
    division: str
    division_name: str

    @property
    def office(self) -> str:
        """What the organ is, without the place: 人民政府, 教育局."""
        return self.organ.rpartition(self.division_name)[2]


def neighbours(of: ComparableReport, group: Iterable[ComparableReport]) -> list[ComparableReport]:
    """The reports of the same kind of organ in the group, in order of their divisions, `of` among them."""
    alike = [one for one in group if one.office == of.office]
    return sorted(alike, key=lambda one: (one.division, one.report_id))[:_MOST_OF_A_GROUP]


def pairs_of_group(group: Sequence[ComparableReport]) -> set[tuple[int, int]]:
    """Each version of the group with those that it is compared with: the first twenty others."""
    found = set()
    for one in group:
        others = [other for other in group if other.division != one.division][:MOST_NEIGHBOURS]
        found |= {(one.version_id, other.version_id) for other in others}
    return found
