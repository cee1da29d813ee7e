"""Lines, clauses, rows of keywords, parts of titles and link texts that are nothing but a label."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.edits import places, spam_edit, without_overlaps
from gxgk_crawler.extract.labels import (
    invites,
    is_foreign,
    is_plain_label,
    is_whole_label,
    may_be_label,
    may_follow_a_title,
    without_trade,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gxgk_crawler.items import Edit

_BLOCK_ITEMS = 4
_LONGEST_BLOCK_ITEM = 24
_COMMAS = "，,；;"
_CLAUSE_MARKS = "，,。；;！？!?"
_LONGEST_CLAUSE = 48
_LONGEST_TITLE = 120
_MOST_LINKS = 40


def lines_and_clauses(text: str, hot: Sequence[int]) -> Iterator[Edit]:
    """Labels that fill a line, a clause or a part of a title. hot: where words of the trade stand."""
    # A label of ordinary characters beside a title has no word of the trade.
    for found in _title_lines().finditer(text):
        yield from _title_parts(text, found.start(), found.end())
    at = 0
    while at < len(hot):
        start = text.rfind("\n", 0, hot[at]) + 1
        end = text.find("\n", hot[at])
        end = len(text) if end < 0 else end
        after = bisect_left(hot, end, at)
        yield from _in_line(text, start, end, hot[at:after])
        at = after


def _in_line(text: str, start: int, end: int, hot: Sequence[int]) -> Iterator[Edit]:
    block = _keyword_block(text, start, end)
    if block is not None:
        yield block
        return
    if end - start <= _LONGEST_TITLE:
        yield from _title_parts(text, start, end)
    after = start
    for place in hot:
        if place < after:
            continue
        clause = max((text.rfind(mark, start, place) for mark in _CLAUSE_MARKS), default=-1) + 1 or start
        ends = [at for mark in _CLAUSE_MARKS if (at := text.find(mark, place, min(end, place + _LONGEST_CLAUSE))) >= 0]
        after = min(ends, default=end)
        piece = text[max(clause, start) : after]
        if len(piece) <= _LONGEST_CLAUSE and (is_whole_label(piece) or invites(piece)):
            yield _clause_edit(text, max(clause, start), after, start, end)


def _clause_edit(text: str, clause: int, after: int, start: int, end: int) -> Edit:
    """The mark behind goes with the clause, so that none stands twice; at the end of a sentence the one before."""
    if after < end and text[after] in _COMMAS:
        return spam_edit(text, clause, after + 1, "clause")
    if clause > start and text[clause - 1] in _COMMAS:
        return spam_edit(text, clause - 1, after, "clause")
    return spam_edit(text, clause, min(after + 1, end), "clause")


def title_edits(title: str) -> list[Edit]:
    """The labels before and behind a title, as edits of the title, in text order."""
    return without_overlaps(_title_parts(title, 0, len(title)), len(title))


def _title_parts(text: str, start: int, end: int) -> Iterator[Edit]:
    """A label before or behind a title, set off by `-`, `_` or `|`.

    Behind a report's title there is nothing left to say: what stands there and is neither a topic nor an office nor a
    part of the site is a label, be it of ordinary characters.
    """
    line = text[start:end]
    for mark in "-_|—－｜":
        head, found, rest = line.partition(mark)
        if found and len(head) < len(line) - 6 and (_is_title_label(head) or _is_set_off(head, rest)):
            yield spam_edit(text, start, start + len(head) + 1, "title_part")
        rest, found, tail = line.rpartition(mark)
        if found and len(tail) < len(line) - 6 and (_is_title_label(tail) or _is_set_off(tail, rest)):
            first = end - len(tail) - 1
            while first > start and text[first - 1] in "-_|—－｜ ":
                first -= 1
            yield spam_edit(text, first, end, "title_part")


@cache
def _title_lines() -> re2._Regexp:
    return re2.compile(r"(?m)^.{0,60}(?:信息|政务)公开.{0,12}(?:报告|年报).{0,40}$")


@cache
def _whole_title() -> re2._Regexp:
    return re2.compile(r".{2,40}20\d{2}\s*年?(?:度)?.{0,12}(?:信息|政务)公开.{0,12}(?:报告|年报)")


def _is_set_off(part: str, rest: str) -> bool:
    if rest.strip().endswith("—") or rest.startswith("—"):  # two of them are the mark before a subtitle
        return False
    return not may_follow_a_title(part) and _whole_title().fullmatch(rest.strip()) is not None


def _is_title_label(part: str) -> bool:
    bare = part.strip()
    return may_be_label(bare) and is_plain_label(bare)


def _keyword_block(text: str, start: int, end: int) -> Edit | None:
    """A row of keywords (`X官网,X体育,X下载,X登录`) that fills a line, or what follows the last full stop of a line."""
    if sum(text.count(mark, start, end) for mark in ",，|｜_ ") < _BLOCK_ITEMS - 1:
        return None
    stop = max(text.rfind(mark, start, end - 1) for mark in "。；！？")
    first = start if stop < 0 else stop + 1
    items = [item.strip() for item in _SEPARATORS.split(text[first:end].rstrip("。"))]
    items = [item for item in items if item]
    if len(items) < _BLOCK_ITEMS or max(map(len, items)) > _LONGEST_BLOCK_ITEM or not all(map(may_be_label, items)):
        return None
    brands = [without_trade(item) for item in items]
    if sum(brand != item for brand, item in zip(brands, items, strict=True)) * 4 < len(items) * 3:
        return None
    return spam_edit(text, first, end, "keyword_block") if _has_common_stem(brands) else None


_SEPARATORS = re2.compile(r"[,，|｜_\s]+")


def _has_common_stem(brands: Sequence[str]) -> bool:
    """True when most keywords share two characters in a row that are no word of the trade."""
    stems: defaultdict[str, int] = defaultdict(int)
    for brand in brands:
        for stem in {brand[at : at + 2] for at in range(len(brand) - 1)}:
            stems[stem] += 1
    return max(stems.values(), default=0) * 5 >= len(brands) * 3


def link_labels(text: str, foreign_links: Iterable[str]) -> Iterator[Edit]:
    """Texts of links that leave the government's hosts and are labels: the markup shows their borders."""
    for link in list(dict.fromkeys(foreign_links))[:_MOST_LINKS]:
        if may_be_label(link) and is_foreign(link):
            for start in places(text, link):
                yield spam_edit(text, start, start + len(link), "foreign_link")
