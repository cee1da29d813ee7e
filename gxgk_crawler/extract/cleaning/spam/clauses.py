"""Lines, clauses, rows of keywords, parts of titles and link texts that are nothing but a label."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import places, spam_edit, without_overlaps
from gxgk_crawler.extract.cleaning.spam.anatomy import Anatomy, dissect
from gxgk_crawler.extract.cleaning.spam.labels import (
    has_latin_brand,
    invites,
    is_brand,
    is_foreign,
    is_plain_label,
    is_whole_label,
    may_be_label,
    may_follow_a_title,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_spoken_of

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
_LONGEST_LINE = 4000
_LONGEST_HEADING = 70
_TITLE_MARKS = "-_|—－｜"
_WEAK_MARKS = " ·,，"
_WELCOMES = ("欢迎访问", "欢迎光临", "欢迎来到", "点击进入")
_NEWEST = ("最新网址", "最新官网")
_SITES = ("官网", "官方网站", "官方网址", "网址", "app下载", "APP下载", "登录入口", "手机版app", "sports")
_HONEST_ENDS = ("影院", "彩票", "传奇", "真人")


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
    yield from _keyword_blocks(text, start, end)
    if end - start <= _LONGEST_TITLE:
        yield from _title_parts(text, start, end)
    after = start
    for place in hot:
        if place < after:
            continue
        reach = max(start, place - _LONGEST_CLAUSE)
        clause = max((text.rfind(mark, reach, place) for mark in _CLAUSE_MARKS), default=-1) + 1 or reach
        if clause == reach > start:  # it begins further away than a label is long
            continue
        ends = [at for mark in _CLAUSE_MARKS if (at := text.find(mark, place, min(end, place + _LONGEST_CLAUSE))) >= 0]
        after = min(ends, default=end)
        piece = text[max(clause, start) : after]
        if len(piece) > _LONGEST_CLAUSE or not _is_advertising(piece):
            continue
        if not is_spoken_of(text, max(clause, start), after, as_firm=False):
            yield _clause_edit(text, max(clause, start), after, start, end)


def _is_advertising(clause: str) -> bool:
    """True for a clause that is a label, or that welcomes a reader to one."""
    if is_whole_label(clause) or invites(clause):
        return True
    bare = clause.strip()
    welcomed = next((bare.removeprefix(word) for word in _WELCOMES if bare.startswith(word)), "")
    label = dissect(welcomed or bare)
    if label is None or label.place:
        return False
    return label.certain or (bool(welcomed) and (label.domain or label.region)) or any(word in bare for word in _NEWEST)


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
    """A label before or behind a title, set off by `-`, `_` or `|`, or more weakly by a space, a comma or a dot.

    Behind a report's title there is nothing left to say: what stands there and is neither a topic nor an office nor a
    part of the site is a label, be it of ordinary characters.
    """
    line = text[start:end]
    weakly = "" if len(line) > _LONGEST_HEADING or "。" in line else _WEAK_MARKS
    for mark in _TITLE_MARKS + weakly:
        head, found, rest = line.partition(mark)
        if found and len(head) < len(line) - 6 and _is_beside_title(head, rest, mark):
            after = start + len(head) + 1
            while after < end and text[after] in _TITLE_MARKS + " ":
                after += 1
            yield spam_edit(text, start, after, "title_part")
        rest, found, tail = line.rpartition(mark)
        if found and len(tail) < len(line) - 6 and _is_beside_title(tail, rest, mark):
            first = end - len(tail) - 1
            while first > start and text[first - 1] in _TITLE_MARKS + " ":
                first -= 1
            yield spam_edit(text, first, end, "title_part")


def _is_beside_title(part: str, rest: str, mark: str) -> bool:
    """True when a part of a title is a label. rest: the other side of the mark."""
    label = dissect(part.strip())
    report = _whole_title().fullmatch(rest.strip(_TITLE_MARKS + " ")) is not None
    if label is not None and (label.certain or (report and not label.place and (label.domain or label.offer))):
        return True
    return mark in _TITLE_MARKS and (_is_title_label(part) or (report and _is_set_off(part, rest)))


@cache
def _title_lines() -> re2._Regexp:
    return re2.compile(r"(?m)^.{0,60}(?:信息|政务)公开.{0,12}(?:报告|年报).{0,40}$")


@cache
def _whole_title() -> re2._Regexp:
    return re2.compile(r".{2,40}20\d{2}\s*年?(?:度)?.{0,12}(?:信息|政务)公开.{0,12}(?:报告|年报)")


def _is_set_off(part: str, rest: str) -> bool:
    if rest.strip().endswith("—") or rest.startswith("—"):  # two of them are the mark before a subtitle
        return False
    return not may_follow_a_title(part)


def _is_title_label(part: str) -> bool:
    bare = part.strip()
    label = dissect(bare)
    if label is not None and not label.place and any(word in bare for word in _SITES):
        return True
    if bare.endswith(_HONEST_ENDS):  # 星空影院, 城市影院
        return False
    if label is None and not has_latin_brand(bare) and not is_brand(bare):
        return may_be_label(bare) and is_whole_label(bare)
    return may_be_label(bare) and is_plain_label(bare)


def _keyword_blocks(text: str, start: int, end: int) -> Iterator[Edit]:
    """Rows of keywords (`X官网,X体育,X下载,X登录`): four in a row with one brand and nothing but words of the trade behind it."""
    if end - start > _LONGEST_LINE or sum(text.count(mark, start, end) for mark in ",，、|｜_ ") < _BLOCK_ITEMS - 1:
        return
    run: list[tuple[int, int]] = []
    stem, told = "", 0
    for first, last in (*_items(text, start, end), (end, end)):
        item = text[first:last]
        label = dissect(item) if last - first <= _LONGEST_BLOCK_ITEM else None
        if stem and label is not None and item.startswith(stem):
            run.append((first, last))
            told += _tells(label)
            continue
        if stem and len(run) >= _BLOCK_ITEMS and told and _is_block(text, run[0][0], run[-1][1]):
            yield spam_edit(text, run[0][0], run[-1][1], "keyword_block")
        run = [(first, last)] if label is not None else []
        stem = _stem(label.brand) if label is not None else ""
        told = _tells(label) if label is not None else 0


def _tells(label: Anatomy) -> bool:
    """False for what any software is advertised with, and for the name of a place before 体育 or 官网."""
    return label.offer and not label.mild if label.place else label.telling


def _stem(brand: str) -> str:
    """What all keywords of a row begin with: two characters, or the whole of a brand in Latin letters."""
    return brand if brand[:2].isascii() else brand[:2]


def _is_block(text: str, first: int, last: int) -> bool:
    """False for a list in a sentence: joined by 、 it must stand by itself."""
    if is_spoken_of(text, first, last):
        return False
    before, after = (
        text[max(0, first - 4) : first].rstrip(" \u3000\xa0")[-1:],
        text[last : last + 4].lstrip(" \u3000\xa0。")[:1],
    )
    return "、" not in text[first:last] or (
        before in {"", "\n", "。"} and (after in {"", "\n"} or text[last : last + 1] == "。")
    )


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of what stands between the separators of a line."""
    at = start
    for found in _SEPARATORS.finditer(text[start:end]):
        if start + found.start() > at:
            yield at, start + found.start()
        at = start + found.end()
    if at < end:
        yield at, end


_SEPARATORS = re2.compile(r"[,，、|｜_;；。！？\s\x{a0}\x{3000}]+")


def link_labels(text: str, foreign_links: Iterable[str]) -> Iterator[Edit]:
    """Texts of links that leave the government's hosts and are labels: the markup shows their borders."""
    for link in list(dict.fromkeys(foreign_links))[:_MOST_LINKS]:
        if may_be_label(link) and is_foreign(link):
            for start in places(text, link):
                yield spam_edit(text, start, start + len(link), "foreign_link")
