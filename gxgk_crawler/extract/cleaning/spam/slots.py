"""Labels in the places of names: what stands where a government, an office or an issuer must be named."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import places, spam_edit
from gxgk_crawler.extract.cleaning.spam.anatomy import dissect
from gxgk_crawler.extract.cleaning.spam.labels import (
    DELIMITERS,
    honest_starts,
    is_short_place,
    is_topic,
    may_be_label,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_spoken_of
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.items import Edit

_LONGEST = 24
_SHORT_BRAND = 4
_MOST_NAMES = 100
_MOST_LABELS = 40  # as in shared.py: no hijacked page comes near it
_NO_NAMES = tuple("级本各上州旗盟地的关他邻层原线边发方")
_TWICE = 2
_LONGEST_WORD = 8
_GOVERNMENT = "人民政府"
_ISSUES = ("办公室关于", "办公室印发", "办公室转发")
_OFFICES = "(?:教育|财政|公安|民政|司法|审计|统计|水利|应急管理|农业农村|自然资源|卫生健康|住房和城乡建设|市场监督管理|文化和旅游)"
_LAW = "(?:政府信息公开|政务公开|信息公开|法治政府|政务新媒体|政府网站)"


@cache
def _slot() -> re2._Regexp:
    """What follows the name of a place or of a government, and nothing else in official prose."""
    return re2.compile(
        rf"[省市县区镇乡旗州盟]?{_GOVERNMENT}|[市县区]?20\d{{2}}\s*年(?:度)?{_LAW}|[市县区]?{_OFFICES}局|办公室(?:关于|印发|转发|主办|承办|\s|$)"
        rf"|[市县区](?:政务公开|行政区域|深入贯彻|认真贯彻|全面贯彻|委办公室|政府办公室)"
        r"|[市县区]?(?:委坚持|委常委|委书记|委副书记|政府承办|人民代表大会|人大常委会|人民法院|政务公开工作领导小组|水行政主管部门)"
    )


@cache
def _identity() -> re2._Regexp:
    """Where a text says whose it is: the title, the signature, the name of a document."""
    name = r"[^\s，,。、；;：:《》“”\"()（）]{2,8}?"
    return re2.compile(
        rf"(?m)(?:^|《)({name})(?:20\d{{2}}\s*年(?:度)?{_LAW}|{_GOVERNMENT}(?:办公室|办公厅)?(?:关于|印发|转发|$))"
    )


def named_labels(text: str) -> Iterator[Edit]:
    """Every place of a label that stands somewhere in the place of a government's name.

    One place is enough when words of the trade are part of the label; a label that is none but an ordinary word must
    stand in two, and leaves the text only where the name of an office follows it.
    """
    for label in islice(dict.fromkeys(_in_slots(text)), _MOST_LABELS):
        for start in places(text, label):
            yield spam_edit(text, start, _with_colon(text, start + len(label)), "swapped_name")
    for label in islice(dict.fromkeys(_bare(text)), _MOST_LABELS):
        for start in places(text, label):
            if _slot().match(text[start + len(label) : start + len(label) + 20]) is not None:
                yield spam_edit(text, start, start + len(label), "swapped_name")


def _in_slots(text: str) -> Iterator[str]:
    tried: set[tuple[str, str]] = set()  # a bound on how often the whole text is searched: no page has so many names
    for found in _slot().finditer(text):
        named = _before(text, found.start())
        if not named or (named, found.group()) in tried or is_spoken_of(text, *found.span(), as_firm=False):
            continue
        if not any(dissect(named[at:]) for at in range(max(1, len(named) - 2))):
            continue
        tried.add((named, found.group()))
        if len(tried) > _MOST_LABELS:
            return
        label = _oftener(text, named)
        if _may_be_name(label, text, found.start(), found.group()):
            yield label


def _may_be_name(label: str, text: str, end: int, follows: str) -> bool:
    """True for a label by its looks; one that stands only once must be short, for then nothing else shows its border.

    What may be the name of honest software or of a firm (X平台, X app) is a label only where a document is named.
    """
    parts = dissect(label)
    if parts is None:
        return False
    if not parts.telling or (parts.place and not parts.offer):
        begins = text[end - len(label) - 1 : end - len(label)] in {"", "\n", "《"}
        return begins and not parts.place and follows.endswith((_GOVERNMENT, *_ISSUES)) and text.count(label) > 1
    return text.count(label) > 1 or len(parts.brand) <= _SHORT_BRAND


def _oftener(text: str, label: str) -> str:
    """The end of a label that the text holds more often than the whole: `388比分直播` of `现公布388比分直播`."""
    count = text.count(label) if label else 0
    for at in range(1, len(label) - 2):
        if text.count(label[at:]) > count and dissect(label[at:]) is not None:
            return _oftener(text, label[at:])
    return label


def _before(text: str, end: int) -> str:
    """What stands between the last delimiter and `end`; empty when there is none within reach. Brackets of a label stay."""
    start, first = end, max(0, end - _LONGEST - 1)
    while start > first and (text[start - 1] not in DELIMITERS or text[start - 1] in "(（)）"):
        start -= 1
    if start == first and start > 0:
        return ""
    label = text[max(start, max(text.rfind(mark, start, end) for mark in "省市县区") + 1) : end]
    for open_mark, close_mark in (("(", ")"), ("（", "）")):
        if label.count(open_mark) != label.count(close_mark):
            label = label[max(label.rfind(open_mark), label.rfind(close_mark)) + 1 :]
    return label


def _bare(text: str) -> Iterator[str]:
    """Names of one and the same unknown government that is none: two places of identity, or one and 人民政府 beside it."""
    seen: defaultdict[str, int] = defaultdict(int)
    for found in _identity().finditer(text):
        seen[found.group(1)] += 1
    for label, count in islice(seen.items(), _MOST_NAMES):
        if (
            count + text.count(f"{label}{_GOVERNMENT}") > _TWICE  # a signature counts as both
            and may_be_label(label)
            and not label.endswith(_NO_NAMES)
            and not label.startswith(honest_starts())
            and not is_short_place(label)
            and not is_topic(label)
            and not is_spoken_of(text, text.find(label), text.find(label) + len(label), as_firm=False)
        ):
            yield label


def replaced_words(text: str) -> Iterator[Edit]:
    """A label with a colon in mid-sentence, more than once: official prose has no colon behind a subject.

    What the places share before the colon, honest words at its beginning aside, is the label.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for found in _colon().finditer(text):
        groups[text[max(0, found.start() - 2) : found.start()]].append(found.start())
    for ends in list(groups.values())[:_MOST_LABELS]:
        label = _common(text, ends)
        inside = {text[end - len(label) - 1] for end in ends if _is_inside(text, end - len(label))}
        if not label or not inside or not (_is_telling(label) or _is_impossible(text, ends, inside)):
            continue
        for end in ends:
            yield spam_edit(text, end - len(label), end + 1, "replaced_word")


def _is_telling(label: str) -> bool:
    parts = dissect(label)
    return parts is not None and (parts.telling or parts.offer) and not parts.place


def _is_impossible(text: str, ends: list[int], inside: set[str]) -> bool:
    """True when a colon behind an ordinary word cannot be meant: three places at least, one of them before 、 or 》 or 的."""
    return len(ends) > _TWICE and len(inside) >= _TWICE and any(text[end + 1] in "、》的，" for end in ends)


@cache
def _colon() -> re2._Regexp:
    return re2.compile(r"[:：][\p{Han}《》、，]")


def _common(text: str, ends: list[int]) -> str:
    """The label before all these colons; empty when they show no border or share none."""
    following = {text[end + 1 : end + 3] for end in ends}
    if len(ends) < _TWICE or len(following) < _TWICE:
        return ""
    before = [text[max(0, end - _LONGEST) : end] for end in ends]
    length = next(
        (at for at in range(min(map(len, before))) if len({one[-1 - at] for one in before}) > 1), min(map(len, before))
    )
    if length >= _LONGEST:
        return ""
    shared = before[0][len(before[0]) - length :]
    cut = max((shared.rfind(mark) for mark in DELIMITERS - {*"()（）"}), default=-1) + 1
    label = _without_honest_start(shared[cut:])
    words = read_rules("spam")["label"]["captions"]
    if not _may_be_word(label) or any(word in label for word in words if word not in {"网址", "网站"}):
        return ""
    return label


def _may_be_word(label: str) -> bool:
    parts = dissect(label)
    if parts is not None:
        return parts.telling or not parts.brand.isdigit()
    short = 1 < len(label) <= _LONGEST_WORD and label.isalnum() and not label[0].isdigit() and may_be_label(label)
    return (
        short and not is_topic(label) and not label.startswith(honest_starts()) and not label.endswith(honest_starts())
    )


def _without_honest_start(shared: str) -> str:
    starts = honest_starts()
    while word := next((word for word in starts if len(word) > 1 and shared.startswith(word)), ""):
        shared = shared.removeprefix(word)
    return shared


def _is_inside(text: str, start: int) -> bool:
    """True when the word before goes on without a mark: the label stands where a word of the sentence stood."""
    return start > 0 and text[start - 1] not in DELIMITERS and not text[start - 1].isdigit()


def _with_colon(text: str, end: int) -> int:
    return end + 1 if _colon().match(text[end : end + 2]) is not None else end
