"""What changed between two texts: line by line and, inside a changed line, figure by figure, word by word."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A figure with its separators and its sign of percent, a Latin word, or one character: 224 became 233, never 2(2→3)4. Neither pattern
# looks at a character twice, so that `re` is linear too; google-re2 took ten times as long for the many short matches.
_TOKEN = re.compile(r"(?s)[0-9]+(?:[,.][0-9]+)*[%％‰]?|[A-Za-z]+|.")
_CLAUSE = re.compile(r"(?s)[^，。；！？,;!?]*[，。；！？,;!?]|[^，。；！？,;!?]+")

# Difflib compares every token with all its equals on the other side: so many pairs are a tenth of a second.
_MOST_PAIRS = 200_000  # of one comparison
_MOST_WORK = 2_000_000  # pairs and tokens of all lines together; what is left then is shown as replaced whole
_SIMILAR = 0.35  # share of equal pairs of characters from which on two lines are one that changed
_MOST_LINE_PAIRS = 10_000  # lines of a changed block, on one side times on the other
_LONGEST_PAIRED = 4_000  # characters of a line that its likeness is judged by

Kind = Literal["same", "old", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of characters inside a changed line. kind: same stands in both, old only before, new only after."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. old_line, new_line: line numbers from 1, None on the side that has no such line.

    pieces: the line, or both lines woven together, so that what stayed is seen beside what changed.
    """

    old_line: int | None
    new_line: int | None
    pieces: list[Piece]


def compare(old: str, new: str) -> list[Change]:
    """The changes that lead from `old` to `new`, in reading order; empty when the texts are equal."""
    before, after = old.splitlines(), new.splitlines()
    changes: list[Change] = []
    work = _Work()
    for kind, a, b, c, d in _opcodes(before, after):
        if kind != "equal":
            changes += _block(before, after, range(a, b), range(c, d), work)
    return changes


@dataclass(slots=True)
class _Work:
    """What may still be spent on a comparison. A hostile text is long and alike everywhere."""

    left: int = _MOST_WORK

    def allows(self, before: Sequence[str], after: Sequence[str]) -> bool:
        """Whether these tokens may be compared; they are paid for then."""
        cost = _pairs(before, after)
        if cost > _MOST_PAIRS or cost > self.left:
            return False
        self.left -= cost + 50 * (len(before) + len(after))
        return True


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """What difflib says; where the comparison would take too long, equal ends and all between them replaced."""
    if _pairs(before, after) <= _MOST_PAIRS:
        return list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    b, d = len(before) - tail, len(after) - tail
    return [("equal", 0, head, 0, head), ("replace", head, b, head, d), ("equal", b, len(before), d, len(after))]


def _pairs(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pairs of equal elements there are, which is what difflib spends its time on."""
    there = Counter(after)
    return sum(count * there[element] for element, count in Counter(before).items())


def _block(before: list[str], after: list[str], olds: range, news: range, work: _Work) -> Iterator[Change]:
    """The changes of a block of lines of which none is equal: what is alike is one line that changed."""
    i, j = olds.start, news.start
    for a, b in [*_alike(before, after, olds, news), (olds.stop, news.stop)]:
        for number in range(i, a):
            yield Change(old_line=number + 1, new_line=None, pieces=[Piece(kind="old", text=before[number])])
        for number in range(j, b):
            yield Change(old_line=None, new_line=number + 1, pieces=[Piece(kind="new", text=after[number])])
        if a < olds.stop and b < news.stop:
            yield Change(old_line=a + 1, new_line=b + 1, pieces=_weave(before[a], after[b], work))
        i, j = a + 1, b + 1


def _alike(before: list[str], after: list[str], olds: range, news: range) -> list[tuple[int, int]]:
    """Pairs of lines that are one line before and after, in the order of both: the best likeness as a whole."""
    if len(olds) * len(news) > _MOST_LINE_PAIRS:
        return [
            (a, b)
            for a, b in zip(olds, news, strict=False)
            if _likeness(_bigrams(before[a]), _bigrams(after[b])) >= _SIMILAR
        ]
    left = [_bigrams(before[a]) for a in olds]
    right = [_bigrams(after[b]) for b in news]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    liked = [[0.0] * len(news) for _ in olds]
    for i in range(len(olds) - 1, -1, -1):
        for j in range(len(news) - 1, -1, -1):
            likeness = _likeness(left[i], right[j])
            liked[i][j] = likeness if likeness >= _SIMILAR else 0.0
            paired = best[i + 1][j + 1] + liked[i][j] if liked[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(olds) and j < len(news):
        if liked[i][j] and best[i][j] == best[i + 1][j + 1] + liked[i][j]:
            found.append((olds[i], news[j]))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _bigrams(line: str) -> Counter[str]:
    line = line[:_LONGEST_PAIRED]
    return Counter(map("".join, pairwise(line))) if len(line) > 1 else Counter([line])


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice's measure of the pairs of characters that stand in both, from 0 to 1."""
    if len(other) < len(one):
        one, other = other, one
    shared = sum(min(count, other[pair]) for pair, count in one.items())
    return 2 * shared / max(one.total() + other.total(), 1)


def _weave(old: str, new: str, work: _Work) -> list[Piece]:
    """Both lines in one: by tokens, by clauses where that would take too long, and at worst one after the other."""
    for pattern in (_TOKEN, _CLAUSE):
        before, after = pattern.findall(old), pattern.findall(new)
        if work.allows(before, after):
            return _joined(_without_islands(list(_woven(before, after))))
    return [Piece(kind="old", text=old), Piece(kind="new", text=new)]


def _woven(before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(kind="same", text="".join(before[a:b]))
            continue
        if b > a:
            yield Piece(kind="old", text="".join(before[a:b]))
        if d > c:
            yield Piece(kind="new", text="".join(after[c:d]))


def _without_islands(pieces: list[Piece]) -> list[Piece]:
    """One equal character between two replacements belongs to them: it is the same by chance."""
    found: list[Piece] = []
    for number, piece in enumerate(pieces):
        is_island = (
            piece.kind == "same"
            and len(piece.text) == 1
            and _is_replaced(pieces[max(number - 2, 0) : number])
            and _is_replaced(pieces[number + 1 : number + 3])
        )
        found += [Piece(kind=kind, text=piece.text) for kind in ("old", "new")] if is_island else [piece]
    return found


def _is_replaced(pieces: list[Piece]) -> bool:
    return {piece.kind for piece in pieces} == {"old", "new"}


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Between two equal runs all that is old stands together, and then all that is new."""
    found: list[Piece] = []
    waiting: dict[Kind, str] = {"old": "", "new": ""}
    for piece in [*pieces, Piece(kind="same", text="")]:
        if piece.kind != "same":
            waiting[piece.kind] += piece.text
            continue
        found += [Piece(kind=kind, text=text) for kind, text in waiting.items() if text]
        waiting = {"old": "", "new": ""}
        if piece.text:
            found.append(piece)
    return found


def changed_figures(changes: list[Change]) -> list[tuple[str, str]]:
    """Figures that stand for others now, as (before, after), in reading order."""
    found = []
    for change in changes:
        for one, other in pairwise(change.pieces):
            if one.kind == "old" and other.kind == "new" and _is_figure(one.text) and _is_figure(other.text):
                found.append((one.text, other.text))
    return found


def _is_figure(text: str) -> bool:
    return text[:1].isdecimal() and all(character.isdecimal() or character in ",.%％‰" for character in text)
