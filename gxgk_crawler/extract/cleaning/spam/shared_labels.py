"""Labels that several places of one document share: what is common to the places shows where the label begins and ends."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import places, spam_edit
from gxgk_crawler.extract.cleaning.spam.labels import (
    DELIMITERS,
    Nucleus,
    has_latin_brand,
    is_brand,
    is_neutral,
    is_plain_label,
    is_trade,
    may_be_label,
    nuclei,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_in_police_notice, is_mention
from gxgk_crawler.extract.page.text import is_han
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gxgk_crawler.items import Edit

_LONGEST_PREFIX = 8
_COLONS = "：:"
_ENOUGH_PLACES = 3
_WIDEST = 24
_BORDER_MARKS = "。；！？，\n《》“”()（）:："
_SMALL_WORDS = "的和在对由与及为以是等了把将向从按照并或其该本我各到至给让使被经用有于年月日"
_HONEST_NEXT = ("城", "场", "网站", "直播", "比赛", "会员", "首页", "视频", "导航")
_MOST_LABELS = 40  # no hijacked page comes near it; it keeps the work on a hostile one linear


def propagated(text: str, labels: Sequence[str]) -> Iterator[Edit]:
    """Other places of a label that a formula proved: by its looks, else with the colon that proved it."""
    commonest = Counter(labels).most_common(_MOST_LABELS)
    for label, _ in sorted(commonest, key=lambda one: -len(one[0])):
        brand = label.rstrip(_COLONS)
        looks = len(brand) > 3 and (
            has_latin_brand(brand) or is_brand(brand) or (is_trade(brand) and not is_neutral(brand))
        )
        if not looks and (len(brand) < 2 or brand == label):
            continue
        wanted = brand if looks else label
        for start in places(text, wanted):
            end = start + len(wanted)
            if looks and brand != label and text[end : end + 1] in {*_COLONS} and is_han(text[end + 1 : end + 2]):
                end += 1
            yield spam_edit(text, start, end, "brand_of_document")


def swapped_issuer(text: str) -> list[str]:
    """What stands where the issuer's name belongs: before the year in the title and before 人民政府.

    No government is called so without 省, 市, 县, 区, 镇 or 乡 in its name, so that the name of a brand shows, be it of
    ordinary characters. One of the two places is enough when the words are also those of the trade.
    """
    labels = []
    for found in _title_pattern().finditer(text):
        label = found.group(1).strip()
        if not may_be_label(label) or is_neutral(label) or label.endswith(_GENERIC):
            continue
        if is_plain_label(label) or text.count(f"{label}人民政府") > 1:
            labels.append(label)
        if len(labels) == _MOST_LABELS:
            break
    return labels


_GENERIC = ("级", "地方", "本", "各", "上", "州", "旗", "盟")


@cache
def _title_pattern() -> re2._Regexp:
    return re2.compile(r"(?m)^(.{2,24}?)(?:20\d{2})\s*年(?:度)?\s*(?:政府信息公开|政务公开|信息公开|法治政府)")


def shared_labels(text: str) -> list[Edit]:
    """Labels that stand more than once, so that what they share shows where they begin.

    A brand in Latin letters, or a known one, needs no second place to show its border.
    """
    groups: defaultdict[str, list[Nucleus]] = defaultdict(list)
    found = nuclei(text)
    labels = {text[nucleus.start : nucleus.end] for nucleus in found}
    for nucleus in found:
        label = text[nucleus.start : nucleus.end]
        shorter = _without_honest_end(label, labels)
        groups[shorter].append(replace(nucleus, end=nucleus.start + len(shorter)))
    edits: list[Edit] = []
    for group in groups.values():
        mentioned = sum(is_mention(text, one.start, one.end) for one in group)
        if 2 * mentioned >= len(group) or any(is_in_police_notice(text, one.start, one.end) for one in group):
            continue
        spans = _spans(text, group)
        edits += (spam_edit(text, start, _with_colon(text, end), rule) for start, end, rule in spans)
    return edits


def _without_honest_end(label: str, labels: set[str]) -> str:
    """The label without what follows it in honest words: X娱乐 of X娱乐 and 城区, X国际 of X国际 and 网站手机版."""
    for at in range(len(label) - 1, 2, -1):
        if label[:at] in labels and label.startswith(_HONEST_NEXT, at):
            return label[:at]
    return label


def _spans(text: str, group: Sequence[Nucleus]) -> list[tuple[int, int, str]]:
    """(start, end, rule) of a label's places when their borders are proven, else nothing."""
    wide = _wider(text, group)
    if wide:
        return [(start, end, "shared_label") for start, end in wide]
    first = group[0]
    if first.exact:
        return [(one.start, one.end, "advertising") for one in group] if first.strong else []
    different = {
        text[max(0, one.start - _WIDEST) : one.end + _WIDEST] for one in group
    }  # a text given twice proves nothing
    if len(different) < 2 or not (first.strong or len(different) > 2):
        return []
    prefix = _shared_prefix(text, [one.start for one in group])
    if not prefix or not _is_brand_prefix(prefix):
        return []
    return [(one.start - len(prefix), one.end, "shared_label") for one in group]


def _wider(text: str, group: Sequence[Nucleus]) -> list[tuple[int, int]]:
    """(start, end) of a label of several words (`英国某某公司,十大某某公司`), by what all its places share on both sides.

    Three places at least must share it, and where they stop to share it the border shows. Words of administration and
    the small words of every sentence are no part of it. Empty when nothing is shared beyond the nucleus.
    """
    different = {text[max(0, one.start - _WIDEST) : one.end + _WIDEST] for one in group}
    if len(different) < _ENOUGH_PLACES or not group[0].strong:
        return []
    starts, ends = [one.start for one in group], [one.end for one in group]
    left = _shared_length([text[max(0, start - _WIDEST) : start][::-1] for start in starts])
    right = _shared_length([text[end : end + _WIDEST] for end in ends])
    if left >= _WIDEST or right >= _WIDEST:
        return []
    before = _honest_tail_cut(text[starts[0] - left : starts[0]])
    after = _honest_head_cut(text[ends[0] : ends[0] + right])
    if len(before) + len(after) < 2 or not (group[0].exact or _is_brand_prefix(before)):
        return []
    return [(start - len(before), end + len(after)) for start, end in zip(starts, ends, strict=True)]


def _shared_length(contexts: Sequence[str]) -> int:
    shortest = min(map(len, contexts))
    return next((at for at in range(shortest) if len({one[at] for one in contexts}) > 1), shortest)


def _honest_head_cut(shared: str) -> str:
    """The shared words behind a label up to the first honest one; sentence marks end it too."""
    for at in range(len(shared)):
        if (
            shared[at] in _BORDER_MARKS
            or shared[at] in _SMALL_WORDS
            or not may_be_label(f"某某{shared[: at + 1].replace(',', '')}")
        ):
            return shared[:at].rstrip(",，、")
    return shared.rstrip(",，、")


def _honest_tail_cut(shared: str) -> str:
    """The shared words before a label from behind the last honest one on."""
    for at in range(len(shared) - 1, -1, -1):
        if (
            shared[at] in _BORDER_MARKS
            or shared[at] in _SMALL_WORDS
            or not may_be_label(f"{shared[at:].replace(',', '')}某某")
        ):
            return shared[at + 1 :].lstrip(",，、")
    return shared.lstrip(",，、")


def _with_colon(text: str, end: int) -> int:
    """A colon in mid-sentence belongs to the label before it: official prose puts none there."""
    rest = text[end : end + 3].lstrip("@ ")
    skipped = len(text[end : end + 3]) - len(rest)
    if rest[:1] in {*_COLONS} and is_han(rest[1:2]):
        return end + skipped + 1
    return end


def _shared_prefix(text: str, starts: Sequence[int]) -> str | None:
    """The characters before all these places that they share, up to a delimiter; None when a place shows no border.

    A border shows where the characters before differ, or where one place has a delimiter or the text's start.
    """
    before = [_before(text, start) for start in starts]
    length = 0
    shortest = min(map(len, before))
    while length < shortest and len({one[-1 - length] for one in before}) == 1:
        length += 1
    if length >= _LONGEST_PREFIX:
        return None
    return before[0][len(before[0]) - length :]


def _before(text: str, start: int) -> str:
    at = start
    while at > 0 and start - at < _LONGEST_PREFIX and text[at - 1] not in DELIMITERS:
        at -= 1
    return text[at:start]


def _is_brand_prefix(prefix: str) -> bool:
    rules = read_rules("spam")["label"]
    neutral = (*rules["neutral_prefixes"], *rules["starters"])
    if len(prefix) < 2 or not may_be_label(prefix) or not is_han(prefix[0]):
        return False
    return not prefix.endswith(tuple(neutral)) and not prefix.startswith(tuple(neutral))
