"""Rows and columns of keywords: lines whose words are those of advertisers, whatever separates them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import spam_edit
from gxgk_crawler.extract.cleaning.spam.anatomy import dissect
from gxgk_crawler.extract.cleaning.spam.lexicon import (
    any_of,
    holds_honest_word,
    is_brand,
    is_brand_name,
    is_hard,
    is_neutral,
    is_site,
    is_unknown_word,
    label_rules,
    without_brands,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_spoken_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gxgk_crawler.items import Edit

_FEWEST = 4
_LONGEST_ITEM = 24
_LONGEST_PLAIN = 12
_LONGEST_LINE = 4000
_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What stands between two separators. kind: hard (a word that only the trade uses, a brand), offer, soft, unknown,
    plain (a few words that rows of keywords hold too) or honest.

    brand: what all items of one advertiser begin with.
    """

    start: int
    end: int
    kind: str
    brand: str = ""


@lru_cache(maxsize=4096)
def kind_of(word: str) -> tuple[str, str]:
    """(kind, brand) of one item of a row or one part of a title."""
    bare = word.strip(" ()（）[]【】")
    if is_hard(bare) and len(bare) <= _LONGEST_ITEM and not _trade_words().sub("", bare):
        return "hard", ""
    if not bare or len(bare) > _LONGEST_ITEM or holds_honest_word(bare) or is_neutral(bare):
        return "honest", ""
    if is_site(bare):
        return "hard", bare
    label = dissect(bare)
    if label is None or label.place:
        return _kind_of_words(bare)
    if label.certain or label.branded:
        return "hard", label.brand or bare
    return ("offer" if label.telling or label.unknown else "soft"), label.brand or bare


def _kind_of_words(bare: str) -> tuple[str, str]:
    """(kind, brand) of an item that is no label by its looks."""
    if is_brand_name(bare):
        return "hard", bare
    rest = _trade_words().sub("", bare)
    if is_brand(bare) and _is_beside_a_brand(_trade_words().sub("", without_brands(bare))):
        return "hard", bare
    if not rest or (len(rest) <= _TWICE and len(rest) * _TWICE < len(bare)):
        return ("hard" if is_hard(bare) else "soft"), ""
    rest = rest.strip("0123456789.")
    if is_hard(bare) and (is_unknown_word(rest) or len(rest) <= _TWICE):
        return "hard", rest
    if is_unknown_word(bare):
        return "unknown", bare
    return ("plain" if len(bare) <= _LONGEST_PLAIN else "honest"), ""


def _is_beside_a_brand(rest: str) -> bool:
    """True for what may stand beside a brand in a row of keywords; a sentence that names it (公众可登录X) has more words."""
    return len(rest) <= _TWICE or is_unknown_word(rest)


@cache
def _trade_words() -> re2._Regexp:
    rules = label_rules()
    kinds = ("hard", "domain", "ads", "strong", "weak", "soft", "tails")
    return re2.compile(any_of([word for kind in kinds for word in rules[kind]]))


def keyword_blocks(text: str, hot: Sequence[int]) -> Iterator[Edit]:
    """Rows of at least four keywords of advertisers, on one line or each on its own. hot: where words of the trade stand."""
    column: list[tuple[int, int, list[Item]]] = []
    alone: list[Item] = []
    for start, end in _lines_with(text, hot):
        if end - start > _LONGEST_LINE:
            continue
        first, items = _items(text, start, end)
        kinds = {item.kind for item in items}
        if items and "honest" not in kinds and ("plain" not in kinds or (len(items) >= _FEWEST and _is_block(items))):
            if column and not _continues(text, column[-1][1], start):
                yield from _column(text, column)
                column = []
            column.append((first, end, items))
            alone += items if len(items) == 1 else []
            continue
        yield from _rows(text, first, items)
    yield from _column(text, column)
    yield from _same_brand(text, alone)


def _same_brand(text: str, alone: Sequence[Item]) -> Iterator[Edit]:
    """Lines of one brand that no dictionary knows and what it offers, here and there in the text: X官网, X登录入口."""
    labels = [(item, dissect(text[item.start : item.end])) for item in alone]
    told = [(item, label) for item, label in labels if label is not None and label.unknown and label.offer]
    counts = Counter(label.brand for _, label in told)
    sites = {label.brand for _, label in told if not label.mild}
    for item, label in told:
        if counts[label.brand] > 1 and label.brand in sites and not is_spoken_of(text, item.start, item.end):
            yield spam_edit(text, item.start, item.end, "keyword_line")


def _lines_with(text: str, hot: Sequence[int]) -> Iterator[tuple[int, int]]:
    after = 0
    for place in hot:
        if place < after:
            continue
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        after = end + 1
        yield start, end


def _items(text: str, start: int, end: int) -> tuple[int, list[Item]]:
    """Where the row begins (with its label, 热门搜索: ...) and what stands between the separators of the line."""
    label = _label().match(text[start:end])
    at = start + (label.end() if label is not None else 0)
    spans = [found.span() for found in _separators().finditer(text[at:end])]
    borders = [at, *(at + place for span in spans for place in span), end]
    pieces = zip(borders[::2], borders[1::2], strict=True)
    return start, [_item(text, first, last) for first, last in pieces if first < last]


def _item(text: str, start: int, end: int) -> Item:
    kind, brand = kind_of(text[start:end])
    return Item(start=start, end=end, kind=kind, brand=brand)


@cache
def _separators() -> re2._Regexp:
    return re2.compile(r"[,，、|｜_;；。！？/·•\s\x{a0}\x{3000}]+(?:[-—]+\s+)?")


@cache
def _label() -> re2._Regexp:
    return re2.compile(rf"^\s*[【\[]?(?:{any_of(label_rules()['block_labels'])})[】\]]?\s*[:：]\s*")


def _rows(text: str, line: int, items: Sequence[Item]) -> Iterator[Edit]:
    """The rows inside a line that also holds honest words."""
    run: list[Item] = []
    for item in items:
        ends = bool(run) and any(mark in text[run[-1].end : item.start] for mark in "。；;！？")
        if item.kind == "honest" or ends:
            yield from _row(text, line, run)
            run = []
        if item.kind != "honest":
            run.append(item)
    yield from _row(text, line, run)


def _row(text: str, line: int, run: Sequence[Item]) -> Iterator[Edit]:
    if len(run) < _FEWEST or not _is_block(run):
        return
    start, end = run[0].start, run[-1].end
    before, after = text[line:start].rstrip(" \u3000\xa0")[-1:], text[end : end + 1]
    if before in {"", "。", "；", "！"} and after in {"", "\n", "。"} and not is_spoken_of(text, start, end):
        yield spam_edit(text, start, end, "keyword_block")


def _continues(text: str, end: int, start: int) -> bool:
    """True when nothing but a few lines of unknown words stands between two lines of a column."""
    between = [line for line in text[end:start].split("\n") if line.strip()]
    return len(between) <= _TWICE and all(kind_of(line)[0] in {"unknown", "soft"} for line in between)


def _column(text: str, lines: Sequence[tuple[int, int, list[Item]]]) -> Iterator[Edit]:
    """Lines that hold nothing but keywords: together one block, else each that is one by itself."""
    items = [item for _, _, row in lines for item in row]
    if len(items) >= _FEWEST and _is_block(items) and not is_spoken_of(text, lines[0][0], lines[-1][1]):
        yield spam_edit(text, lines[0][0], lines[-1][1], "keyword_block")
        return
    for start, end, row in lines:
        label = dissect(text[start:end])
        alone = len(row) == 1 and label is not None and label.certain and not label.place
        together = len(row) == 1 and _is_stem(items) and row[0].kind == "hard"
        if (alone or together) and not is_spoken_of(text, start, end, as_firm=False):
            yield spam_edit(text, start, end, "keyword_line")
        elif len(lines) > 1 and len(row) >= _FEWEST and _is_block(row) and not is_spoken_of(text, start, end):
            yield spam_edit(text, start, end, "keyword_block")


def _is_block(items: Sequence[Item]) -> bool:
    """True when the words are those of advertisers: most of them of the trade, or all of one brand and what it offers."""
    kinds = Counter(item.kind for item in items)
    trade = kinds["hard"] + kinds["offer"] + kinds["soft"]
    if kinds["hard"] >= _TWICE and trade * 5 >= len(items) * 3 and kinds["hard"] * 4 >= len(items):
        return True
    return not kinds["plain"] and _is_stem(items) and (kinds["hard"] > 0 or kinds["offer"] > 0)


def _is_stem(items: Sequence[Item]) -> bool:
    """True when most items begin with the same brand (or with one of a few): X官网, X下载, X登录."""
    brands = Counter(_stem(item.brand) for item in items if item.brand)
    often = sum(count for stem, count in brands.items() if count > 1)
    told = any(item.kind == "hard" or _tells(item) for item in items)
    return told and often * 4 >= len(items) * 3


def _tells(item: Item) -> bool:
    return item.kind == "offer"


def _stem(brand: str) -> str:
    """What all keywords of a brand begin with: two characters, or the whole of a brand in Latin letters."""
    return brand if brand[:2].isascii() else brand[:2]
