"""Extracted text to clean text: all removals as edits, and nothing left for a second cleaning to remove."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from gxgk_crawler.extract.cleaning.chrome import find_chrome
from gxgk_crawler.extract.cleaning.spam.find import find_spam
from gxgk_crawler.extract.facts.title import title_line, title_of_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.items import Edit

_MOST_PASSES = 6
_BLOCKS = {"keyword_block", "keyword_line"}  # 关键词:X官网,X下载 looks like a label of the record


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """text: the extracted text minus all edits. edits: in text order, without overlaps. flags: spam, damaged."""

    text: str
    edits: list[Edit]
    flags: set[str]


def clean(
    text: str,
    title: str | None,
    *,
    names: frozenset[str] = frozenset(),
    foreign_links: Iterable[str] = (),
    place: str | None = None,
) -> Cleaned:
    """Remove chrome and spam.

    names: of site and column. foreign_links: texts of links that leave .gov.cn. place: the name of the division that the page
    speaks for, when it is known.

    What is left is cleaned again, as a plain text that knows nothing of the page, until nothing more is found: so
    cleaning a cleaned text changes nothing. (Six passes at most; two show that one was enough.)
    """
    spam = find_spam(text, foreign_links=foreign_links, place=place)
    edits = _together(find_chrome(text, title, names), spam.edits, len(text))
    left = apply_edits(text, edits)
    # A title over several lines is looked for again only where the first was read out of the text itself.
    retitled = title_of_text if title == title_of_text(text) else title_line
    for _ in range(_MOST_PASSES):
        if not edits:
            break
        more = find_spam(left, place=place).edits if spam.edits else []
        more = _together(find_chrome(left, retitled(left)), more, len(left))
        if not more:
            break
        edits = _merged(text, edits, more)
        left = apply_edits(text, edits)
    flags = {"damaged"} if spam.damaged else set()
    if any(edit.kind == "spam" for edit in edits):
        flags.add("spam")
    return Cleaned(text=left, edits=edits, flags=flags)


def apply_edits(extracted_text: str, edits: list[Edit]) -> str:
    """The text without its edits, which are in text order and do not overlap."""
    kept, at = [], 0
    for edit in edits:
        kept.append(extracted_text[at : edit.start])
        at = edit.end
    kept.append(extracted_text[at:])
    return "".join(kept)


def _merged(text: str, edits: list[Edit], more: list[Edit]) -> list[Edit]:
    """The edits together with those found in what they left, moved to their places in the text itself.

    A later edit that reaches over an earlier one becomes two, one on either side of it.
    """
    starts = [0, *(edit.end for edit in edits)]
    lengths = [edit.start - start for start, edit in zip(starts, edits, strict=False)]
    offsets = [0, *accumulate(lengths)]  # where each kept piece begins in what was left
    merged = list(edits)
    for edit in more:
        at = edit.start
        while at < edit.end:
            piece = bisect_right(offsets, at) - 1
            piece_end = offsets[piece + 1] if piece + 1 < len(offsets) else edit.end
            start, stop = starts[piece] + at - offsets[piece], min(edit.end, piece_end)
            end = start + stop - at
            merged.append(replace(edit, start=start, end=end, text=text[start:end]))
            at = stop
    return sorted(merged, key=lambda one: one.start)


def _together(chrome: list[Edit], spam: list[Edit], length: int) -> list[Edit]:
    """Both kinds of edits, in text order and without overlaps. length: of the extracted text.

    What was planted in a line that leaves the text as chrome (the repeated title, 主办:X) is told apart from it.
    """
    edits: list[Edit] = []
    blocks = [one for one in spam if one.rule in _BLOCKS]
    for line in chrome:  # a hundred at most
        inside = [one for one in spam if line.start < one.end and one.start < line.end]
        if any(one.start <= line.start + 1 and line.end - 1 <= one.end for one in blocks):
            continue
        edits += _split(line, inside)
    taken = bytearray(length)
    for edit in edits:
        taken[edit.start : edit.end] = b"\x01" * (edit.end - edit.start)
    edits += [one for one in spam if taken.find(1, one.start, one.end) < 0]
    return sorted(edits, key=lambda edit: edit.start)


def _split(line: Edit, inside: list[Edit]) -> list[Edit]:
    pieces, at = [], line.start
    for start, end in [*((one.start, one.end) for one in inside), (line.end, line.end)]:
        if at < start:
            pieces.append(replace(line, start=at, end=start, text=line.text[at - line.start : start - line.start]))
        at = end
    return pieces
