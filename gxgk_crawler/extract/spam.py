"""Foreign advertising inside a text: what proves it, where exactly it stands, and what it replaced."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.formulas import find_gaps
from gxgk_crawler.extract.labels import (
    DELIMITERS,
    Nucleus,
    ends_in_trade,
    has_latin_brand,
    hot_places,
    invites,
    is_brand,
    is_foreign,
    is_neutral,
    is_trade,
    is_whole_label,
    may_be_label,
    may_follow_a_title,
    nuclei,
)
from gxgk_crawler.extract.rules import read_rules
from gxgk_crawler.items import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LONGEST_PREFIX = 8
_ENOUGH_PINYIN = 3
_BLOCK_ITEMS = 4
_LONGEST_BLOCK_ITEM = 24
_COLONS = "：:"
_COMMAS = "，,；;"
_CLAUSE_MARKS = "，,。；;！？!?"
_LONGEST_CLAUSE = 48
_ENOUGH_PLACES = 3
_WIDEST = 24
_BORDER_MARKS = "。；！？，\n《》“”()（）:："
_SMALL_WORDS = "的和在对由与及为以是等了把将向从按照并或其该本我各到至给让使被经用有于年月日"
_TITLE_LINES = 3
# No honest or hijacked page comes near these; they keep the work on a hostile one linear.
_MOST_LABELS = 40
_LONGEST_TEXT = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spam:
    """edits: in text order, without overlaps. suspected: advertising was seen whose borders are not proven, so it stays.

    damaged: genuine words are lost and nothing proves which.
    """

    edits: list[Edit]
    suspected: bool
    damaged: bool


def find_spam(text: str, *, foreign_links: Iterable[str] = ()) -> Spam:
    """The spam of a text. foreign_links: texts of links that lead to hosts outside .gov.cn.

    Evidence, never topic: fixed wordings whose hole holds a label (`suggestion` is then what the wording demands); a label
    that several places of one document share; the grammar of search-engine advertising; clauses, lines and parts of
    a title that are nothing but a label; pinyin behind characters. Where the borders are not exact nothing is removed.
    A text of more than 400,000 characters (the longest report known has 60,000) is not searched.
    """
    if len(text) > _LONGEST_TEXT:
        return Spam(edits=[], suspected=False, damaged=False)
    found: list[Edit] = []
    gaps = find_gaps(text)
    found += (_edit(text, gap.start, gap.end, "formula", gap.original) for gap in gaps)
    found += _link_labels(text, foreign_links)
    hot = hot_places(text)
    shared, suspected = _shared_labels(text) if hot else ([], False)
    whole = list(_lines_and_clauses(text, hot))
    found += _rather_whole(whole, shared, len(text))
    swapped = _swapped_issuer(text)
    proven = [text[gap.start : gap.end] for gap in gaps]
    found += _propagated(text, proven + [edit.text for edit in shared])
    found += (_edit(text, at, at + len(label), "swapped_name") for label in swapped for at in _places(text, label))
    pinyin = _pinyin(text)
    found += pinyin
    edits = _without_overlaps(found, len(text))
    return Spam(edits=edits, suspected=suspected, damaged=bool(pinyin) or _is_masked(text))


def is_advertising(text: str) -> bool:
    """True when a text that the page hides from its readers holds a label: it is there for search engines."""
    return any(nucleus.strong for nucleus in nuclei(text[:20_000])) or invites(text[:400])


def _rather_whole(whole: Sequence[Edit], shared: Sequence[Edit], length: int) -> list[Edit]:
    """Whole lines, blocks and parts of titles before the labels in them; a clause only where no shared label stands."""
    blocks = [edit for edit in whole if edit.rule != "clause"]
    clauses = [edit for edit in whole if edit.rule == "clause"]
    covered = bytearray(length)
    for clause in clauses:
        covered[clause.start : clause.end] = b"\x01" * (clause.end - clause.start)
    inside = {edit.text for edit in shared if covered[edit.start]}
    outside = {edit.text for edit in shared if not covered[edit.start]}
    if inside & outside:  # the label stands outside of clauses too: it fills holes, and its own borders are known
        return [*blocks, *shared, *clauses]
    return [*blocks, *clauses, *shared]


def _edit(text: str, start: int, end: int, rule: str, suggestion: str | None = None) -> Edit:
    return Edit(kind="spam", start=start, end=end, text=text[start:end], rule=rule, suggestion=suggestion)


def _without_overlaps(edits: Iterable[Edit], length: int) -> list[Edit]:
    """Edits found first win: a formula knows its borders better than a repetition does. length: of the text."""
    taken = bytearray(length)
    kept: list[Edit] = []
    for edit in edits:
        if edit.start < edit.end and taken.find(1, edit.start, edit.end) < 0:
            taken[edit.start : edit.end] = b"\x01" * (edit.end - edit.start)
            kept.append(edit)
    return sorted(kept, key=lambda edit: edit.start)


# --- brands of this document ---------------------------------------------------------------------------------------


def _propagated(text: str, labels: Sequence[str]) -> Iterator[Edit]:
    """Other places of a label that a formula proved: once when it is a label by its looks, else proven twice."""
    commonest = Counter(labels).most_common(_MOST_LABELS)
    for label, count in sorted(commonest, key=lambda one: -len(one[0])):
        brand = label.rstrip(_COLONS)
        looks = len(brand) > 3 and (
            has_latin_brand(brand) or is_brand(brand) or (is_trade(brand) and not is_neutral(brand))
        )
        if not looks and (count < 2 or len(brand) < 2 or brand == label):
            continue
        wanted = brand if looks else label
        for start in _places(text, wanted):
            end = start + len(wanted)
            if looks and brand != label and text[end : end + 1] in {*_COLONS} and _is_han(text[end + 1 : end + 2]):
                end += 1
            yield _edit(text, start, end, "brand_of_document")


def _swapped_issuer(text: str) -> list[str]:
    """What stands where the issuer's name belongs: before the year in the title and before 人民政府.

    No government is called so without 省, 市, 县, 区, 镇 or 乡 in its name, so that the name of a brand shows, be it of
    ordinary characters. One of the two places is enough when the words are also those of the trade.
    """
    labels = []
    for line in text.split("\n", 3)[:3]:
        found = _title_pattern().match(line)
        label = found.group(1).strip() if found is not None else ""
        if not may_be_label(label) or is_neutral(label) or label.endswith(_GENERIC):
            continue
        if _is_plain_label(label) or text.count(f"{label}人民政府") > 1:
            labels.append(label)
    return labels


_GENERIC = ("级", "地方", "本", "各", "上", "州", "旗", "盟")


@cache
def _title_pattern() -> re2._Regexp:
    return re2.compile(r"(.{2,24}?)(?:20\d{2})\s*年(?:度)?\s*(?:政府信息公开|政务公开|信息公开|法治政府)")


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + len(wanted))


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _shared_labels(text: str) -> tuple[list[Edit], bool]:
    """(edits, suspected): labels that stand more than once, so that what they share shows where they begin.

    A brand in Latin letters, or a known one, needs no second place to show its border.
    """
    groups: defaultdict[str, list[Nucleus]] = defaultdict(list)
    found = nuclei(text)
    labels = {text[nucleus.start : nucleus.end] for nucleus in found}
    for nucleus in found:
        label = text[nucleus.start : nucleus.end]
        if label.endswith(("城", "场")) and label[:-1] in labels:  # X娱乐 before 城区: the name goes on in honest words
            nucleus = replace(nucleus, end=nucleus.end - 1)
            label = label[:-1]
        groups[label].append(nucleus)
    edits: list[Edit] = []
    suspected = False
    for label, places in groups.items():
        first = places[0]
        whole = _wider(text, places)
        if whole is not None:
            edits += (_edit(text, start, _with_colon(text, end), "shared_label") for start, end in whole)
            continue
        if first.exact and (first.strong or len(places) > 1):
            edits += (_edit(text, one.start, _with_colon(text, one.end), "advertising") for one in places)
            continue
        prefix = _shared_prefix(text, [one.start for one in places]) if len(places) > 1 else None
        if prefix and _is_brand_prefix(prefix) and (first.strong or len(places) > 2):
            edits += (
                _edit(text, one.start - len(prefix), _with_colon(text, one.end), "shared_label") for one in places
            )
        elif first.strong and first.telling and not is_neutral(label):
            suspected = True
    return edits, suspected


def _wider(text: str, places: Sequence[Nucleus]) -> list[tuple[int, int]] | None:
    """(start, end) of a label of several words (`英国某某公司,十大某某公司`), by what all its places share on both sides.

    Three places at least must share it, and where they stop to share it the border shows. Words of administration and
    the small words of every sentence are no part of it. None when nothing is shared beyond the nucleus.
    """
    if len(places) < _ENOUGH_PLACES or not places[0].strong:
        return None
    starts, ends = [one.start for one in places], [one.end for one in places]
    left = _shared_length([text[max(0, start - _WIDEST) : start][::-1] for start in starts])
    right = _shared_length([text[end : end + _WIDEST] for end in ends])
    if left >= _WIDEST or right >= _WIDEST:
        return None
    before = _honest_tail_cut(text[starts[0] - left : starts[0]])
    after = _honest_head_cut(text[ends[0] : ends[0] + right])
    if len(before) + len(after) < 2:
        return None
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
    if rest[:1] in {*_COLONS} and _is_han(rest[1:2]):
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
    neutral = read_rules("spam")["label"]["neutral_prefixes"]
    if len(prefix) < 2 or not may_be_label(prefix) or not _is_han(prefix[0]):
        return False
    return not prefix.endswith(tuple(neutral)) and not prefix.startswith(tuple(neutral))


# --- whole lines, clauses, parts of titles -------------------------------------------------------------------------


def _lines_and_clauses(text: str, hot: Sequence[int]) -> Iterator[Edit]:
    """Labels that fill a line, a clause or a part of a title. hot: where words of the trade stand."""
    end = -1
    for _ in range(_TITLE_LINES):  # a label of ordinary characters beside the title has no word of the trade
        start, end = end + 1, text.find("\n", end + 1)
        if end < 0:
            break
        if end - start <= 120:
            yield from _title_parts(text, start, end)
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
    if end - start <= 120:
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
        return _edit(text, clause, after + 1, "clause")
    if clause > start and text[clause - 1] in _COMMAS:
        return _edit(text, clause - 1, after, "clause")
    return _edit(text, clause, min(after + 1, end), "clause")


def _title_parts(text: str, start: int, end: int) -> Iterator[Edit]:
    """A label before or behind a title, set off by `-`, `_` or `|`.

    Behind a report's title there is nothing left to say: what stands there and is neither a topic nor an office nor a
    part of the site is a label, be it of ordinary characters.
    """
    line = text[start:end]
    for mark in "-_|—－｜":
        head, found, rest = line.partition(mark)
        if found and len(head) < len(line) - 6 and (_is_title_label(head) or _is_set_off(head, rest)):
            yield _edit(text, start, start + len(head) + 1, "title_part")
        rest, found, tail = line.rpartition(mark)
        if found and len(tail) < len(line) - 6 and (_is_title_label(tail) or _is_set_off(tail, rest)):
            first = end - len(tail) - 1
            while first > start and text[first - 1] in "-_|—－｜ ":
                first -= 1
            yield _edit(text, first, end, "title_part")


@cache
def _whole_title() -> re2._Regexp:
    return re2.compile(r".{2,40}20\d{2}\s*年?(?:度)?.{0,12}(?:信息|政务)公开.{0,12}(?:报告|年报)")


def _is_set_off(part: str, rest: str) -> bool:
    if rest.strip().endswith("—") or rest.startswith("—"):  # two of them are the mark before a subtitle
        return False
    return not may_follow_a_title(part) and _whole_title().fullmatch(rest.strip()) is not None


def _is_title_label(part: str) -> bool:
    bare = part.strip()
    return may_be_label(bare) and _is_plain_label(bare)


def _is_plain_label(text: str) -> bool:
    """A label where nothing but a label can stand: a known brand, a Latin one beside a trade word, or X体育, X官网."""
    if is_neutral(text):
        return False
    return is_whole_label(text) or is_brand(text) or ends_in_trade(text) or (has_latin_brand(text) and is_trade(text))


def _keyword_block(text: str, start: int, end: int) -> Edit | None:
    """A row of keywords (`X官网,X体育,X下载,X登录`) that fills a line, or what follows the last full stop of a line."""
    if sum(text.count(mark, start, end) for mark in ",，、|｜_ ") < _BLOCK_ITEMS - 1:
        return None
    stop = max(text.rfind(mark, start, end - 1) for mark in "。；！？")
    first = start if stop < 0 else stop + 1
    items = [item.strip() for item in _SEPARATORS.split(text[first:end].rstrip("。"))]
    items = [item for item in items if item]
    if len(items) < _BLOCK_ITEMS or max(map(len, items)) > _LONGEST_BLOCK_ITEM:
        return None
    labels = [
        item for item in items if not is_neutral(item) and (is_trade(item) or is_brand(item) or has_latin_brand(item))
    ]
    if len(labels) * 2 < len(items) or not _has_common_stem(items):
        return None
    return _edit(text, first, end, "keyword_block")


_SEPARATORS = re2.compile(r"[,，、|｜_\s]+")


def _has_common_stem(items: Sequence[str]) -> bool:
    """True when two characters in a row stand in most items."""
    stems: defaultdict[str, int] = defaultdict(int)
    for item in items:
        for stem in {item[at : at + 2] for at in range(len(item) - 1)}:
            stems[stem] += 1
    return max(stems.values(), default=0) * 5 >= len(items) * 3


def _link_labels(text: str, foreign_links: Iterable[str]) -> Iterator[Edit]:
    """Texts of links that leave the government's hosts and are labels: the markup shows their borders."""
    for link in list(dict.fromkeys(foreign_links))[:_MOST_LABELS]:
        if may_be_label(link) and is_foreign(link):
            for start in _places(text, link):
                yield _edit(text, start, start + len(link), "foreign_link")


# --- altered characters --------------------------------------------------------------------------------------------


@cache
def _annotation() -> re2._Regexp:
    return re2.compile(read_rules("spam")["pinyin"]["pattern"])


def _pinyin(text: str) -> list[Edit]:
    """Readings in brackets behind single characters: 內(nèi)容, 辦(ban)公廳. No honest text has three of them."""
    edits = [_edit(text, found.start(1), found.end(1), "pinyin") for found in _annotation().finditer(text)]
    return edits if len(edits) >= _ENOUGH_PINYIN else []


def _is_masked(text: str) -> bool:
    """Names starred out of fixed wordings: 党**、国务院, **总书记."""
    return any(mask in text for mask in read_rules("spam")["masked"]["strings"])
