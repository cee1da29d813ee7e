"""Which field of a row belongs to which column: by the columns that header and field share, else by number, else not at all."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.statutory.table_rows import Certainty, Field

Side = Literal["left", "right"]
_MOST_FIELDS = 100
_WHOLE_ROW = 15  # the only row of T4 can be told by its number of fields alone


@dataclass(frozen=True, slots=True)
class Packing:
    """side: where full rows have their figures when rows have more fields than columns. keeps_blanks: a blank cell that
    stands between figures is a field of its own, so that a row that ends early lacks its last cells.
    """

    side: Side | None
    keeps_blanks: bool


@dataclass(frozen=True, slots=True)
class Header:
    """A column of a table: its key, its words, and the grid columns that its header covers, end-exclusive."""

    key: str
    label: str
    start: int
    end: int


def is_laid_out(headers: Sequence[Header]) -> bool:
    """True when every header has columns of its own, from left to right, so that columns can be told by place."""
    ordered = sorted(headers, key=lambda one: one.start)
    apart = all(a.end <= b.start for a, b in pairwise(ordered))
    return len(headers) > 0 and apart and all(one.start < one.end for one in headers)


def assign(
    headers: Sequence[Header], fields: Sequence[Field], certainty: Certainty, packing: Packing
) -> list[tuple[Header, Field]] | None:
    """Each field with its header; None where that cannot be known.

    headers: in the order of the columns. fields: those behind the row's label. packing: how the rows of this table
    that are full stand among their fields.
    """
    if certainty == "columns" and is_laid_out(headers):
        by_place = _by_columns(headers, fields)
        if by_place is not None:
            return by_place
    if len(fields) == len(headers):
        return list(zip(headers, fields, strict=True))
    if certainty == "figures":
        return None
    return _by_side(headers, fields, packing)


def _by_columns(headers: Sequence[Header], fields: Sequence[Field]) -> list[tuple[Header, Field]] | None:
    if len(fields) > _MOST_FIELDS:
        return None
    if [(one.start, one.end) for one in headers] == [(one.col, one.end) for one in fields]:
        return list(zip(headers, fields, strict=True))
    taken: dict[int, Field] = {}
    astray = False
    for field in fields:
        at = _most_shared(headers, field)
        if at is None:
            if not field.is_blank:
                return None
            astray = True
        elif at not in taken or taken[at].is_blank:
            taken[at] = field
        elif not field.is_blank and field.text != taken[at].text:
            return None
    # A blank beside the headers, and a header without a field: the row may have slipped by a column.
    if astray and len(taken) < len(headers):
        return None
    return [(headers[at], taken[at]) for at in sorted(taken)]


def _most_shared(headers: Sequence[Header], field: Field) -> int | None:
    shared = [min(one.end, field.end) - max(one.start, field.col) for one in headers]
    best = max(shared)
    return shared.index(best) if best > 0 else None


def _by_side(headers: Sequence[Header], fields: Sequence[Field], packing: Packing) -> list[tuple[Header, Field]] | None:
    number = len(headers)
    if number == _WHOLE_ROW:
        first = next((at for at, one in enumerate(fields) if not one.is_blank), 0)
        return list(zip(headers, fields[first:], strict=True)) if len(fields) - first == number else None
    if len(fields) < number:
        short = packing.keeps_blanks and packing.side != "right" and fields
        return list(zip(headers, fields, strict=False)) if short else None
    if packing.side is None:
        return None
    left = packing.side == "left"
    chosen, rest = (fields[:number], fields[number:]) if left else (fields[-number:], fields[:-number])
    return None if any(not one.is_blank for one in rest) else list(zip(headers, chosen, strict=True))


def packing_of(rows: Sequence[Sequence[Field]], number: int) -> Packing:
    """How the rows of a table of so many columns are packed; no side when no full row tells it, or rows contradict."""
    sides: set[Side] = set()
    keeps_blanks = False
    for fields in rows:
        filled = [at for at, one in enumerate(fields) if not one.is_blank]
        if not filled:
            continue
        keeps_blanks |= filled[-1] - filled[0] >= len(filled)
        if len(fields) <= number or len(filled) != number or filled[-1] - filled[0] != number - 1:
            continue
        if filled[0] == 0:
            sides.add("left")
        elif filled[-1] == len(fields) - 1:
            sides.add("right")
    return Packing(sides.pop() if len(sides) == 1 else None, keeps_blanks)
