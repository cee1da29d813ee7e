"""Labels in the places of names: what stands where a government, an office or an issuer must be named."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.spam.anatomy import Anatomy, dissect, is_foreign, may_be_label
from gxgk_crawler.extract.cleaning.spam.lexicon import (
    DELIMITERS,
    any_of,
    honest_chars,
    honest_starts,
    is_neutral,
    is_place,
    is_topic,
    is_unknown_word,
    label_rules,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_spoken_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LONGEST = 30
_MOST_NAMES = 400
_MOST_LABELS = 40  # no hijacked page comes near it; it keeps the work on a hostile one linear
_TWICE = 2
_HEAD = 2000
_RANKS = "省市县区旗州盟镇乡村街园局办委"
_ENOUGH_PLACES = 3
_SHORT_BRAND = 4
_GOVERNMENT = "人民政府"
_OFFICES = (
    "(?:教育|教育体育|财政|公安|民政|司法|审计|统计|水利|水务|应急管理|农业农村|自然资源|卫生健康|住房和城乡建设|市场监督管理|文化和旅游|交通运输|人力资源和社会保障|"
    "生态环境|医疗保障|发展和改革|林业|林业和草原|科学技术|工业和信息化|商务|信访|城市管理|退役军人事务|乡村振兴|体育|档案|气象)"
)
_LAW = "(?:政府信息公开|政务公开|信息公开|法治政府|政务新媒体|政府网站)"
_INSIDE_NAME = r"[^\s，,。、；;：:《》“”\"|]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """text[start:end] stands where a name must stand. kind: which place it is; strong: no common noun fits there."""

    start: int
    end: int
    kind: str
    strong: bool


@cache
def _after() -> re2._Regexp:
    """What follows the name of a place or of a government, and nothing else in official prose."""
    return re2.compile(
        rf"[省市县区镇乡旗州盟]?{_GOVERNMENT}|[市县区旗]?20\d{{2}}\s*年(?:度)?{_LAW}|[市县区旗]?{_OFFICES}局|政务公开(?:办公室|工作领导小组)"
        r"|人民代表大会|人大常委会|人民法院"
        r"|[市县区](?:政务公开|行政区域|深入贯彻|认真贯彻|全面贯彻|委办公室|政府办公室)"
        r"|[市县区]?(?:委坚持|委常委|委书记|委副书记|政府承办|水行政主管部门)"
        r"|办公室(?:关于|印发|转发|主办|承办|\s|$)"
    )


_NAME = rf"({_INSIDE_NAME}{{2,{_LONGEST}}}?)"
_OFFICE = rf"(?:{_OFFICES}(?:局|委员会|厅|办公室))?"
_VERBS = (
    "将|坚持|全年|主动公开|公开各类|高度重视|认真落实|认真贯彻|深入|积极|严格|进一步|对政策|对20|在政策|在解读|共|未|没有|健全|始终|全面|制定|组织|通过"
    "|按照|收到|新增|结合|聚焦"
)


@cache
def _titles() -> tuple[re2._Regexp, ...]:
    return (
        re2.compile(rf"(?m)^{_NAME}{_OFFICE}20\d{{2}}\s*年(?:度)?.{{0,6}}?{_LAW}"),
        re2.compile(rf"(?m)^20\d{{2}}\s*年(?:度)?{_NAME}{_OFFICE}{_LAW}"),
    )


@cache
def _between() -> tuple[tuple[str, re2._Regexp, bool], ...]:
    """Places with a fixed word, or the edge of the line, on either side: (kind, pattern, strong)."""
    day = r"20\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    explained = "负责解释|负责编制|编制|汇总|人民政府办公室汇总"
    return (
        ("year", re2.compile(rf"(?:现将|公布|发布){_NAME}{_OFFICE}20\d{{2}}\s*年"), True),
        ("explained", re2.compile(rf"由{_NAME}{_OFFICE}(?:编制并)?(?:{explained})"), True),
        ("signature", re2.compile(rf"(?m)^{_NAME}{_OFFICE}(?:办公室)?\n+\s*{day}$"), True),
        ("owner", re2.compile(rf"(?:版权所有|主办单位|主办|承办)\s*[:：]\s*{_NAME}(?:\s|$)"), True),
        ("service", re2.compile(rf"(?:到|通过|登录){_NAME}{_OFFICE}(?:网站|服务窗口|查阅点|政务大厅|门户网站)"), False),
        ("subject", re2.compile(rf"(?m)(?:^|[，,。；]){_NAME}{_OFFICE}(?:{_VERBS})"), False),
    )


def _governments(text: str, hot: Sequence[int]) -> Iterator[Slot]:
    """Places of the issuer in the title and of names before 人民政府 and the like; several for one place when no fixed word
    shows the left border.
    """
    for pattern in _titles():
        yield from _found(text[:_HEAD], "title", pattern, strong=True)
    for found in _after().finditer(text):
        end = found.start()
        if text[end - 1 : end] in honest_chars():
            continue
        if found.group()[0] in _RANKS and not _holds_hot(
            hot, end
        ):  # 青禾 of 青禾县 is a name that no dictionary knows either
            continue
        for start in _starts(text, end):
            yield Slot(start=start, end=end, kind=found.group()[:4], strong=True)


def _holds_hot(hot: Sequence[int], end: int) -> bool:
    at = bisect_left(hot, end)
    return at > 0 and hot[at - 1] >= end - _LONGEST


def _issuers(text: str, *, strong: bool) -> Iterator[Slot]:
    """The other places of an issuer: its signature, the owner of the site (strong), the subject of sentences about it."""
    for kind, pattern, is_strong in _between():
        if is_strong == strong:
            yield from _found(text, kind, pattern, strong=strong)


def _found(text: str, kind: str, pattern: re2._Regexp, *, strong: bool) -> Iterator[Slot]:
    for found in pattern.finditer(text):
        start, end = found.span(1)
        yield Slot(start=start, end=end, kind=kind, strong=strong)


def _starts(text: str, end: int) -> Iterator[int]:
    """Where a name before `end` may begin: behind the last delimiter, and behind each word that names stand after."""
    first = max(0, end - _LONGEST - 1)
    start = end
    while start > first and (text[start - 1] not in DELIMITERS or text[start - 1] in "(（)）_-—"):
        start -= 1
    window = text[start:end]
    for open_mark, close_mark in (("(", ")"), ("（", "）")):
        if window.count(open_mark) != window.count(close_mark):
            start += max(window.rfind(open_mark), window.rfind(close_mark)) + 1
            window = text[start:end]
    if start > first or start == 0:
        yield start
    for word in _before().finditer(window):
        if word.end() < len(window) - 1:
            yield start + word.end()


@cache
def _before() -> re2._Regexp:
    return re2.compile(any_of([*label_rules()["before_names"], "省", "市", "县", "区"]))


@dataclass(slots=True)
class _Filled:
    kinds: set[str]
    strong: int
    total: int
    first: Slot


def labels_in_slots(text: str, hot: Sequence[int], place: str | None = None) -> list[str]:
    """What stands in the places of names and is none, the most frequent first.

    hot: where words of the trade stand. place: the name of the division that the portal belongs to.

    One place is enough for a label by its looks (a brand beside a word of the trade). A brand with no more than an offer
    needs two. A word that no dictionary knows needs two places of different kinds, one of them a place of a government
    or an issuer, and must be repeated all through the text.
    """
    filled: dict[str, _Filled] = {}
    _fill(filled, text, _governments(text, hot))
    _fill(filled, text, _issuers(text, strong=True))
    if not any(is_foreign(label) or is_unknown_word(label) for label in filled):
        return []
    _fill(filled, text, _issuers(text, strong=False))
    proven = [label for label, one in filled.items() if _is_proven(label, one, text, place)]
    return sorted(_clean_borders(proven, text), key=lambda label: -text.count(label))[:_MOST_LABELS]


def _fill(filled: dict[str, _Filled], text: str, slots: Iterable[Slot]) -> None:
    for slot in slots:
        label = text[slot.start : slot.end]
        if label not in filled and (len(filled) >= _MOST_NAMES or not _may_be_label(label)):
            continue
        known = filled.setdefault(label, _Filled(kinds=set(), strong=0, total=0, first=slot))
        known.kinds.add(slot.kind)
        known.strong += slot.strong
        known.total += 1


def _may_be_label(label: str) -> bool:
    return (
        may_be_label(label) and not is_neutral(label) and not is_place(label) and not label.startswith(honest_starts())
    )


def _is_proven(label: str, filled: _Filled, text: str, place: str | None) -> bool:
    if place is not None and _stem(place) in label:
        return False
    if is_spoken_of(text, filled.first.start, filled.first.end, as_firm=False):
        return False
    parts = dissect(label)
    if parts is not None:
        return _is_proven_label(label, parts, filled, text)
    if not is_unknown_word(label) or not filled.strong or label.startswith(honest_starts()):
        return False
    if is_topic(label) or label.endswith(_NO_NAMES) or any(f"{label}{rank}" in text for rank in _RANKS):
        return False
    count = text.count(label)
    if place is not None:
        return count > 1 and filled.total > 1
    return len(filled.kinds) >= _TWICE and count >= _ENOUGH_PLACES and bool(filled.kinds - {"title", "subject", "year"})


_NO_NAMES = tuple("级本各上州旗盟地的关他邻层原线边发方")


def _is_proven_label(label: str, parts: Anatomy, filled: _Filled, text: str) -> bool:
    if not filled.strong and not parts.certain:
        return False
    count = text.count(label)
    if filled.first.kind[0] in _RANKS and (
        count < _TWICE or not label[-1:].isalnum() or any(mark in label for mark in "_|-")
    ):
        return False
    if parts.branded:
        return count > 1 or len(parts.brand) <= _SHORT_BRAND or parts.unknown
    if parts.place:
        return False
    if parts.telling or parts.offer or parts.weak:
        enough = _TWICE if parts.unknown or parts.telling else _ENOUGH_PLACES
        return count >= enough and filled.total >= enough and len(filled.kinds) >= _TWICE
    return False


def _stem(place: str) -> str:
    return place.rstrip("省市县区旗州盟") if len(place) > _TWICE else place


def _clean_borders(labels: list[str], text: str) -> list[str]:
    """The labels without those that are a label behind honest words (`由云帆体育` beside 云帆体育), or a part of one.

    Of two labels of which one contains the other the shorter is kept when the text holds it more often, else the longer.
    """
    counts = {label: text.count(label) for label in labels}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for label in labels:
        groups[label[-2:]].append(label)
    kept = []
    for group in groups.values():
        for label in group:
            others = [other for other in group if other != label]
            shorter = any(label.endswith(other) and counts[other] > counts[label] for other in others)
            longer = any(other.endswith(label) and counts[other] >= counts[label] for other in others)
            if not shorter and not longer:
                kept.append(label)
    return kept


def is_government_place(text: str, end: int) -> bool:
    """True when the name of a government must stand before text[end]: 人民政府 or the year of the report follows."""
    return _government_follows().match(text[end : end + 24]) is not None


@cache
def _government_follows() -> re2._Regexp:
    return re2.compile(
        rf"[:：]?(?:{_GOVERNMENT}|人民代表大会|政务公开办公室|20\d{{2}}\s*年(?:度)?{_LAW}|{_LAW}工作年度报告)"
    )
