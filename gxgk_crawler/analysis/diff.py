"""What changed between two texts, line by line and, inside a changed line, character by character."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_LONGEST = 4000  # characters of a line beyond which it is shown as replaced whole: the comparison is quadratic


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of characters inside a changed line. kind: same stands in both, old only before, new only after."""

    kind: Literal["same", "old", "new"]
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
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        paired = min(b - a, d - c)
        changes += [_changed(before, after, a + i, c + i) for i in range(paired)]
        changes += [_one_sided("old", before[i], old_line=i + 1) for i in range(a + paired, b)]
        changes += [_one_sided("new", after[i], new_line=i + 1) for i in range(c + paired, d)]
    return changes


def _one_sided(
    kind: Literal["old", "new"], text: str, *, old_line: int | None = None, new_line: int | None = None
) -> Change:
    return Change(old_line=old_line, new_line=new_line, pieces=[Piece(kind=kind, text=text)])


def _changed(before: list[str], after: list[str], i: int, j: int) -> Change:
    return Change(old_line=i + 1, new_line=j + 1, pieces=_weave(before[i], after[j]))


def _weave(old: str, new: str) -> list[Piece]:
    if len(old) > _LONGEST or len(new) > _LONGEST:
        return [Piece(kind="old", text=old), Piece(kind="new", text=new)]
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(kind="same", text=old[a:b]))
            continue
        if b > a:
            pieces.append(Piece(kind="old", text=old[a:b]))
        if d > c:
            pieces.append(Piece(kind="new", text=new[c:d]))
    return pieces
