"""Labels all through a text: the other places of a proven one, and those that several places prove by what they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import places, spam_edit
from gxgk_crawler.extract.cleaning.spam.anatomy import dissect, is_foreign, may_be_label
from gxgk_crawler.extract.cleaning.spam.colons import with_colon
from gxgk_crawler.extract.cleaning.spam.lexicon import (
    DELIMITERS,
    any_of,
    any_whole,
    has_latin_brand,
    honest_compounds,
    honest_starts,
    is_hard,
    is_unknown_word,
    is_word,
    label_rules,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_in_police_notice, is_mention
from gxgk_crawler.extract.page.text import is_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gxgk_crawler.items import Edit

_LONGEST_PREFIX = 8
_LONGEST_BRAND = 6
_COLONS = "：:"
_WIDEST = 24
_CLAUSE_MARKS = "，,"
_CLAUSE_ENDS = "，,。；;！？!?\n"
_HONEST_NEXT = ("城", "场", "网站", "直播", "比赛", "会员", "首页", "视频", "导航")
_MOST_PLACES = 1000
_MOST_LABELS = 40  # no hijacked page comes near it; it keeps the work on a hostile one linear
_ENOUGH_PLACES = 3
_TWICE = 2


def propagated(text: str, labels: Sequence[str]) -> Iterator[Edit]:
    """All places of proven labels: by their looks, else (an ordinary word) only with the colon that proved them.

    A label that fills a clause takes one of the two commas with it, and words of the trade that stand behind every place
    of it belong to it.
    """
    commonest = Counter(labels).most_common(_MOST_LABELS)
    for label, _ in sorted(commonest, key=lambda one: -len(one[0])):
        brand = label.rstrip(_COLONS)
        looks = len(brand) > 1 and (is_foreign(brand) or is_unknown_word(brand))
        if not looks and brand == label:
            yield from _places(text, label)
        elif looks:
            yield from _places(text, _extended(text, brand))
        elif len(brand) > 1:
            for start in places(text, label):
                yield spam_edit(text, start, start + len(label), "brand_of_document")


def _places(text: str, label: str) -> Iterator[Edit]:
    for start in places(text, label):
        end = start + len(label)
        if _cuts_latin(text, start, end):
            continue
        end = with_colon(text, end)
        before, after = text[start - 1 : start] or "\n", text[end : end + 1] or "\n"
        if after in _CLAUSE_MARKS and before in _CLAUSE_ENDS:
            end += 1
        yield spam_edit(text, start, end, "brand_of_document")


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """True when the label would begin or end inside a longer Latin word or number."""
    first, last = text[start], text[end - 1]
    return (first.isascii() and first.isalpha() and _is_ascii_word(text[start - 1 : start])) or (
        last.isascii() and last.isalpha() and _is_ascii_word(text[end : end + 1])
    )


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _extended(text: str, label: str) -> str:
    """The label with the words of the trade that stand behind each of its places."""
    count = text.count(label)
    while count > 1:
        first = text.find(label) + len(label)
        longer = next((word for word in _tails() if text.startswith(word, first)), "")
        if not longer or text.count(label + longer) < count:
            break
        label += longer
    return label


@cache
def _tails() -> tuple[str, ...]:
    rules = label_rules()
    words = {
        *rules["domain"],
        *rules["hard"],
        *rules["ads"],
        *rules["offers"],
        "·手机版",
        "-线上平台",
        "(中国)有限公司",
    }
    return tuple(sorted(words, key=len, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nucleus:
    """A place that looks like a label. start, end: what the grammar itself proves to belong to it.

    exact: the left border is proven too (a known brand, a Latin one, a brand that no dictionary knows). strong: the words
    of the trade are more than one kind.
    """

    start: int
    end: int
    exact: bool
    strong: bool


@cache
def _patterns() -> tuple[tuple[str, re2._Regexp], ...]:
    rules = label_rules()
    domain = any_of([*rules["domain"], *rules["hard"]])
    weak = [word for word in rules["weak"] if word not in rules["prose"]]
    trade = any_of([*rules["domain"], *rules["hard"], *rules["strong"], *weak, *rules["ads"]])
    trade = rf"(?:{trade}|[(（](?:中国|CHINA)[)）])"
    joint = r"[\s·@_.\-/+]?"
    latin = r"[A-Za-z0-9][A-Za-z0-9.·@_\-]*"
    word = r"[A-Za-z][A-Za-z0-9.·@_\-]*"  # behind a label: a year that follows it is no part of it
    return (
        ("brand", re2.compile(rf"(?i:{any_whole(rules['brands'])})(?:{joint}(?:{trade}|{word}))*")),
        ("latin", re2.compile(rf"{latin}\p{{Han}}{{0,4}}?(?:{domain})(?:{joint}(?:{trade}|{word}))*")),
        ("trade", re2.compile(rf"(?:{domain})(?:{joint}{trade})*")),
    )


def _nuclei(text: str) -> list[_Nucleus]:
    """Every place of a text that looks like a label, in text order, without overlaps."""
    blocked = honest_compounds(text)
    found: list[_Nucleus] = []
    for name, pattern in _patterns():
        for match in islice(pattern.finditer(text), _MOST_PLACES):
            if blocked.find(1, *match.span()) < 0:
                one = _nucleus(text, match.start(), match.end(), name)
                if one is not None:
                    found.append(one)
    kept: list[_Nucleus] = []
    for one in sorted(found, key=lambda nucleus: (nucleus.start, -nucleus.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _nucleus(text: str, start: int, end: int, name: str) -> _Nucleus | None:
    label = text[start:end]
    parts = dissect(label)
    if name == "brand":  # 星空体育 may be a club's name as well
        plain = is_han(label) and (parts is None or not parts.offer)
        return _Nucleus(start=start, end=end, exact=True, strong=not plain)
    if name == "latin":
        if parts is None or not parts.branded:
            return None
        return _Nucleus(start=start, end=end, exact=parts.certain, strong=parts.certain and has_latin_brand(label))
    brand = unknown_brand(text, start, end)
    if start - brand == 1 and is_hard(label):  # 国务院[菠萝视频app]办公厅: the label needs no brand of one character
        brand = start
    whole = dissect(text[brand:end]) if brand < start else None
    if whole is not None and whole.branded:
        return _Nucleus(start=brand, end=end, exact=True, strong=whole.certain)
    strong = any(word in label for word in label_rules()["offers"])
    return _Nucleus(start=start, end=end, exact=False, strong=strong) if strong or len(label) > _TWICE else None


def unknown_brand(text: str, end: int, behind: int) -> int:
    """Where a brand that no dictionary knows begins, that ends at `end`; `end` when none does. behind: the end of the label.

    It reaches back to the last known word (also one that the label cuts in two: 公[X官网]开), the last mark or digit.
    """
    start = end
    while start > max(0, end - _LONGEST_BRAND) and is_han(text[start - 1]):
        before = text[start - 2 : start]
        if start < end and behind < len(text) and is_word(text[start - 1], text[behind]):
            break
        if len(before) > 1 and is_word(before[0], before[1]):
            break
        start -= 1
    brand = text[start:end]
    if (
        not brand
        or (len(brand) > 1 and not is_unknown_word(brand))
        or brand[0] in _SMALL_WORDS
        or brand.startswith(honest_starts())
    ):
        return end
    return start


_SMALL_WORDS = (
    "的和在对由与及为以是等了把将向从按照并或其该本我各到至给让使被经用有于年月日个条"
    "件项次家场名人位类级大小新老全每上下涉反禁含类抓量率数额度性化总近平习"
)


def shared_labels(text: str) -> list[Edit]:
    """Labels that stand more than once, so that what they share shows where they begin.

    A brand in Latin letters, or a known one, needs no second place to show its border.
    """
    groups: defaultdict[str, list[_Nucleus]] = defaultdict(list)
    found = _nuclei(text)
    labels = {text[nucleus.start : nucleus.end] for nucleus in found}
    for one in found:
        nucleus = replace(one, start=one.start + _honest_start(text[one.start : one.end], labels))
        shorter = _without_honest_end(text[nucleus.start : nucleus.end], labels)
        end = nucleus.start + len(shorter)
        groups[_stem(shorter, labels)].append(replace(nucleus, end=end))
    edits: list[Edit] = []
    for group in groups.values():
        mentioned = sum(is_mention(text, one.start, one.end) for one in group)
        if 2 * mentioned >= len(group) or any(is_in_police_notice(text, one.start, one.end) for one in group):
            continue
        spans = _spans(text, group)
        edits += (spam_edit(text, start, with_colon(text, end), rule) for start, end, rule in spans)
    return edits


def _honest_start(label: str, labels: set[str]) -> int:
    """How many characters stand before a label that is found elsewhere too: 量 of 量云帆体育, from 点击量[云帆体育]."""
    return next((at for at in range(1, min(4, len(label) - 2)) if label[at:] in labels), 0)


def _without_honest_end(label: str, labels: set[str]) -> str:
    """The label without what follows it in honest words: X娱乐 of X娱乐 and 城区, X国际 of X国际 and 网站手机版."""
    for at in range(len(label) - 1, 2, -1):
        if label[:at] in labels and label.startswith(_HONEST_NEXT, at):
            return label[:at]
    return label


def _stem(label: str, labels: set[str]) -> str:
    """The shortest label that this one begins with: X竞猜 of X竞猜app."""
    return next((label[:at] for at in range(3, len(label)) if label[:at] in labels), label)


def _spans(text: str, group: Sequence[_Nucleus]) -> list[tuple[int, int, str]]:
    """(start, end, rule) of a label's places when their borders are proven, else nothing."""
    first = group[0]
    different = {
        text[max(0, one.start - _WIDEST) : one.end + _WIDEST] for one in group
    }  # a text given twice proves nothing
    if first.exact:
        rule = "advertising" if len(different) == 1 else "shared_label"
        latin = not is_han(text[first.start : first.end])
        enough = len(different) >= (_TWICE if first.strong else _ENOUGH_PLACES) or (first.strong and latin)
        known = dissect(text[first.start : first.end])
        if known is not None and known.known and first.strong:
            enough = True
        return [(one.start, one.end, rule) for one in group] if enough else []
    if len(different) < _TWICE or not (first.strong or len(different) >= _ENOUGH_PLACES):
        return []
    prefix = _shared_prefix(text, [one.start for one in group])
    if not prefix or not _is_brand_prefix(prefix):
        return []
    return [(one.start - len(prefix), one.end, "shared_label") for one in group]


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
    if len(prefix) < _TWICE or not may_be_label(prefix) or not is_han(prefix[0]):
        return False
    return not prefix.endswith(honest_starts()) and not prefix.startswith(honest_starts())
