"""Labels put between the words of a sentence, or into a word: addresses of sites, Latin brands, unknown brands with an offer."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import spam_edit
from gxgk_crawler.extract.cleaning.spam.anatomy import dissect
from gxgk_crawler.extract.cleaning.spam.clauses import clause_edit
from gxgk_crawler.extract.cleaning.spam.lexicon import (
    SITE,
    any_of,
    has_stakes,
    is_mixed_latin,
    is_site,
    is_word,
    label_rules,
)
from gxgk_crawler.extract.cleaning.spam.mentions import is_spoken_of
from gxgk_crawler.extract.cleaning.spam.shared_labels import unknown_brand
from gxgk_crawler.extract.page.text import is_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.items import Edit

_TWICE = 2
_OFTEN = 3
_REACH = 16
_LONG_TOKEN = 5
_CLAUSE_ENDS = "，,。；;！？!?\n"
_MOST_LABELS = 40


def inserted_labels(text: str) -> Iterator[Edit]:
    """Labels that no grammar has a place for, at two places of the text at least.

    An address that the text names as one (网址, 邮箱, 登录 ... before it) is honest. A Latin brand or an offer counts when
    it cuts a word in two: 政务公[X官网]开.
    """
    groups: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for found in _tokens().finditer(text):
        groups[found.group().lower()].append(found.span())
    for found in _offers().finditer(text):
        start = unknown_brand(text, *found.span())
        if start < found.start():
            groups[text[start : found.start()]].append((start, found.end()))
    for found in _hard_labels().finditer(text):
        groups[found.group()].append(found.span())
    for label, spans in list(groups.items())[: _MOST_LABELS * _OFTEN]:
        if len(spans) >= _TWICE and _is_inserted(text, label, spans):
            for start, end in spans:
                yield _edit(text, start, end)


@cache
def _tokens() -> re2._Regexp:
    return re2.compile(
        rf"(?i)(?:{SITE}|[a-z0-9\-]*[a-z]\d[a-z0-9\-]*|[a-z0-9\-]*\d[a-z][a-z0-9\-]*|[a-z]{{4,}})(?:官网|app下载|app)?"
    )


@cache
def _offers() -> re2._Regexp:
    joined = any_of(label_rules()["strong"])
    return re2.compile(f"(?:{joined})+")


@cache
def _hard_labels() -> re2._Regexp:
    rules = label_rules()
    return re2.compile(f"(?:{any_of(rules['hard'])})+(?:{any_of([*rules['offers'], *rules['tails']])})*")


def _is_inserted(text: str, label: str, spans: list[tuple[int, int]]) -> bool:
    if any(is_spoken_of(text, start, end) for start, end in spans):
        return False
    bare = label.removesuffix("官网").removesuffix("app下载")
    bare = bare if is_site(bare) else bare.removesuffix("app")
    if is_site(bare):
        return not any(_is_named(text, start, end) for start, end in spans)
    cuts = sum(_cuts_word(text, start, end) for start, end in spans)
    if is_han(bare):
        parts = dissect(text[spans[0][0] : spans[0][1]])
        return parts is not None and (parts.unknown or parts.hard) and not parts.place and cuts > 0
    if not is_mixed_latin(bare):
        return has_stakes(bare) and cuts > 1
    if cuts > 1 or (cuts > 0 and (has_stakes(bare) or len(spans) >= _OFTEN)):
        return True
    return bare.islower() and len(bare) >= _LONG_TOKEN and len(spans) >= _OFTEN and _stands_anywhere(text, spans)


def _stands_anywhere(text: str, spans: list[tuple[int, int]]) -> bool:
    """True when the neighbours of a word are others at each place, characters on both sides: no word of a sentence does that."""
    before = {text[max(0, start - _TWICE) : start] for start, _ in spans}
    after = {text[end : end + _TWICE] for _, end in spans}
    return len(before) == len(after) == len(spans) and all(map(is_han, (*before, *after)))


def _is_named(text: str, start: int, end: int) -> bool:
    """True when the words before an address say that one follows, or when it goes on behind: a path, a mailbox."""
    return _names().search(text[max(0, start - _REACH) : start]) is not None or text[end : end + 1] in {"/", "@"}


@cache
def _names() -> re2._Regexp:
    return re2.compile(
        r"网址|网站|邮箱|登录|登陆|官网|域名|地址|平台|访问|微信|[@/:：]\s*$|www|com|http|查询|链接|系统"
    )


def _cuts_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(before and after) and is_han(before + after) and is_word(before, after)


def _edit(text: str, start: int, end: int) -> Edit:
    """The label with the brackets around it; one that fills a clause takes a comma with it."""
    if text[start - 1 : start] in {"(", "（"} and text[end : end + 1] in {")", "）"}:
        start, end = start - 1, end + 1
    before, after = text[start - 1 : start] or "\n", text[end : end + 1] or "\n"
    if before in _CLAUSE_ENDS and after in _CLAUSE_ENDS:
        return clause_edit(text, start, end)
    return spam_edit(text, start, end, "inserted_label")
