"""Foreign advertising inside a text: what proves it, where exactly it stands, and what it replaced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.edits import places, spam_edit, without_overlaps
from gxgk_crawler.extract.cleaning.spam.clauses import lines_and_clauses, link_labels
from gxgk_crawler.extract.cleaning.spam.formulas import find_gaps
from gxgk_crawler.extract.cleaning.spam.labels import hot_places, invites, nuclei
from gxgk_crawler.extract.cleaning.spam.shared_labels import propagated, shared_labels, swapped_issuer
from gxgk_crawler.extract.cleaning.spam.slots import named_labels, replaced_words
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gxgk_crawler.items import Edit

_ENOUGH_PINYIN = 3
_LONGEST_TEXT = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spam:
    """edits: in text order, without overlaps. damaged: genuine words are lost and nothing proves which."""

    edits: list[Edit]
    damaged: bool


def find_spam(text: str, *, foreign_links: Iterable[str] = ()) -> Spam:
    """The spam of a text. foreign_links: texts of links that lead to hosts outside .gov.cn.

    Evidence, never topic: fixed wordings whose hole holds a label (`suggestion` is then what the wording demands); a label
    that several places of one document share; the grammar of search-engine advertising; clauses, lines and parts of
    a title that are nothing but a label; pinyin behind characters. Where the borders are not exact nothing is removed.
    A text of more than 400,000 characters (the longest report known has 60,000) is not searched.
    """
    if len(text) > _LONGEST_TEXT:
        return Spam(edits=[], damaged=False)
    found: list[Edit] = []
    gaps = find_gaps(text)
    found += (spam_edit(text, gap.start, gap.end, "formula", gap.original) for gap in gaps)
    found += link_labels(text, foreign_links)
    hot = hot_places(text)
    shared = shared_labels(text) if hot else []
    whole = list(lines_and_clauses(text, hot))
    named = list(named_labels(text))
    if hot:
        named += replaced_words(text)
    found += [edit for edit in whole if edit.rule in {"keyword_block", "title_part"}]
    found += named
    found += _rather_whole(whole, shared, len(text))
    swapped = swapped_issuer(text)
    proven = [text[gap.start : gap.end] for gap in gaps]
    found += propagated(text, proven + [edit.text for edit in shared])
    found += (spam_edit(text, at, at + len(label), "swapped_name") for label in swapped for at in places(text, label))
    pinyin = _pinyin(text)
    found += pinyin
    edits = without_overlaps(found, len(text))
    return Spam(edits=edits, damaged=bool(pinyin) or _is_masked(text))


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


@cache
def _annotation() -> re2._Regexp:
    return re2.compile(read_rules("spam")["pinyin"]["pattern"])


def _pinyin(text: str) -> list[Edit]:
    """Readings in brackets behind single characters: 內(nèi)容, 辦(ban)公廳. No honest text has three of them."""
    edits = [spam_edit(text, found.start(1), found.end(1), "pinyin") for found in _annotation().finditer(text)]
    return edits if len(edits) >= _ENOUGH_PINYIN else []


def _is_masked(text: str) -> bool:
    """Names starred out of fixed wordings: 党**、国务院, **总书记."""
    return any(mask in text for mask in read_rules("spam")["masked"]["strings"])
