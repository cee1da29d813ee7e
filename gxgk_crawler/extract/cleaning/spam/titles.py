"""Labels before and behind a title or a heading, set off by a bracket, a dash, a bar, a colon or a space."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import spam_edit, without_overlaps
from gxgk_crawler.extract.cleaning.spam.anatomy import dissect
from gxgk_crawler.extract.cleaning.spam.blocks import kind_of
from gxgk_crawler.extract.cleaning.spam.lexicon import (
    has_latin_brand,
    has_stakes,
    is_brand_name,
    is_mixed_latin,
    is_place,
    is_topic,
    is_unknown_word,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_spoken_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gxgk_crawler.items import Edit

_LONGEST_TITLE = 120
_LONGEST_HEADING = 70
_SHORTEST_REST = 6
_DASHES = "-_|—－｜~～·"
_OPENING = "（(【[「『《<〈［"
_CLOSING = "）)】]」』》>〉］"
_MARKS = _DASHES + _OPENING + _CLOSING + " \u3000\xa0"
_CODE = "abcdefghijklmnopqrstuvwxyz0123456789"  # behind a brand: 利来国际w66
_HONEST_ENDS = ("影院", "彩票", "传奇", "真人")
_SITES = ("官网", "官方网站", "官方网址", "网址", "app下载", "APP下载", "登录入口", "手机版app", "sports")


def title_edits(title: str) -> list[Edit]:
    """The labels before and behind a title, as edits of the title, in text order."""
    return without_overlaps(_affixes(title, 0, len(title)), len(title))


def labels_beside_titles(text: str, hot: Sequence[int]) -> Iterator[Edit]:
    """Labels beside the title and the headings of a text. hot: where words of the trade stand."""
    after = 0
    for place in hot:
        if place < after:
            continue
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        after = end
        if end - start <= _LONGEST_TITLE:
            yield from _affixes(text, start, end)


def repeated_affixes(text: str) -> Iterator[Edit]:
    """The same unknown word behind several headings, set off by a mark."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in _heading_with_tail().finditer(text):
        found[one.group(2)].append(one.span(1))
    for word, spans in found.items():
        label = dissect(word)
        known = label is not None and (label.branded or (label.unknown and (label.offer or label.weak)))
        heads = {text[text.rfind("\n", 0, start) + 1 : start] for start, _ in spans}
        chapters = sum(map(_is_chapter, heads))
        if len(heads) > 1 and (known or _is_stake(word) or (chapters > 1 and is_unknown_word(word))):
            for start, end in spans:
                yield spam_edit(text, start, end, "title_part")


def _is_chapter(heading: str) -> bool:
    """True for the heading of a chapter of a report, behind which no name stands."""
    return heading[:1] in "一二三四五六七八九" and heading[1:2] == "、" and ("公开" in heading or "问题" in heading)


@cache
def _heading_with_tail() -> re2._Regexp:
    return re2.compile(r"(?m)^[^。；\n|]{4,60}?([-_|—－｜（(【]([^-_|—－｜（(【）)】。，、；\s]{2,20})[）)】]?)$")


def _affixes(text: str, start: int, end: int) -> Iterator[Edit]:
    line = text[start:end]
    report = _report().search(line)
    if report is not None:
        tail = _last_label_part(line, report.end())
        if tail is not None:
            yield spam_edit(text, start + tail, end, "title_part")
        head = _first_label_part(line, report.start())
        if head is not None:
            yield spam_edit(text, start, start + head, "title_part")
        return
    if len(line) <= _LONGEST_HEADING and "。" not in line and not is_spoken_of(text, start, end):
        yield from _beside_heading(text, start, end)


@cache
def _report() -> re2._Regexp:
    """The end of a report's title; its beginning is sought among the parts before it."""
    law, kind = "(?:政府信息公开|政务公开|信息公开)", "(?:年度报告|年度工作报告|工作报告|报告|年报)书?"
    return re2.compile(rf"(?:20\d{{2}}\s*年?度?[^-_|—－｜]{{0,30}})?{law}[^-_|—－｜]{{0,12}}?{kind}")


def _last_label_part(line: str, after: int) -> int | None:
    """Where the label begins that ends a report's title; None when what stands there is honest or proves nothing."""
    tail = line[after:]
    for at in _part_starts(tail):
        if _is_label(tail[at:]):
            return after + _with_marks_before(tail, at)
    return None


def _part_starts(tail: str) -> Iterator[int]:
    yield 0
    for found in _mark().finditer(tail):
        yield found.end()


@cache
def _mark() -> re2._Regexp:
    return re2.compile(r"[-_|—－｜~～·（(【\[「『《<〈［\s\x{3000}\x{a0}]+")


def _with_marks_before(tail: str, at: int) -> int:
    while at and tail[at - 1] in _MARKS and tail[at - 1] not in _CLOSING:
        at -= 1
    return at


def _first_label_part(line: str, before: int) -> int | None:
    """Where the label ends that begins a report's title."""
    head = line[:before]
    ends: list[int] = [
        found.end() for found in re2.finditer(r"[-_|—－｜~～·）)】\]」』》>〉］:：\s\x{3000}\x{a0}]+", head)
    ]
    for end in ends[::-1]:
        if _is_label(head[:end].rstrip(":： ")):
            return end
    return None


def _is_label(part: str) -> bool:
    """True when every word of a part is an advertiser's, and one of them proves it."""
    bare = part.strip(_MARKS)
    if not bare:
        return False
    label = dissect(bare) or dissect(bare.rstrip(_CODE))
    if label is not None and (label.branded or (label.unknown and label.offer)):
        return not label.place or label.hard
    if _is_stake(bare):
        return True
    kinds = [kind_of(word)[0] for word in _words(bare)]
    if not kinds or "honest" in kinds:
        return False
    return kinds.count("hard") > 0 or is_brand_name(bare) or (kinds.count("offer") > 1)


def _is_stake(word: str) -> bool:
    """True for a Latin brand of the trade by itself: nuobet88, lunbet."""
    sure = any(stake in word.lower() for stake in ("bet", "casino", "poker", "lotto", "yabo"))
    return word.isascii() and has_latin_brand(word) and has_stakes(word) and (is_mixed_latin(word) or sure)


def _words(part: str) -> list[str]:
    return [word for word in re2.split(r"[-_|—－｜~～·,，、/\s\x{3000}\x{a0}（(【\[「『）)】\]」』]+", part) if word]


def _beside_heading(text: str, start: int, end: int) -> Iterator[Edit]:
    """A label beside a heading or a title that is no report's: it must be certain."""
    line = text[start:end]
    for at in reversed([found.start() for found in _mark().finditer(line)]):
        tail = line[at:]
        if at < _SHORTEST_REST or not _is_certain(tail.strip(_MARKS)):
            continue
        yield spam_edit(text, start + at, end, "title_part")
        break
    for found in re2.finditer(r"[-_|—－｜~～）)】\]」』:：\s]+", line):
        if len(line) - found.end() >= _SHORTEST_REST and _is_certain(line[: found.start()].strip(_MARKS)):
            yield spam_edit(text, start, start + found.end(), "title_part")
            break


def _is_certain(part: str) -> bool:
    label = dissect(part)
    if label is None or label.place or is_topic(label.brand) or is_place(part):
        return False
    if label.certain:
        return True
    if part.endswith(_HONEST_ENDS):  # 星空影院, 城市影院
        return False
    return label.branded or any(word in part for word in _SITES)
