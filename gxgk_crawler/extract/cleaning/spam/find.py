"""Foreign advertising inside a text: what proves it, where exactly it stands, and what it replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gxgk_crawler.extract.cleaning.edits import spam_edit, without_overlaps
from gxgk_crawler.extract.cleaning.spam.anatomy import dissect
from gxgk_crawler.extract.cleaning.spam.blocks import keyword_blocks
from gxgk_crawler.extract.cleaning.spam.clauses import advertising_clauses, foreign_headlines, link_labels
from gxgk_crawler.extract.cleaning.spam.colons import replaced_words
from gxgk_crawler.extract.cleaning.spam.damage import is_damaged, readings
from gxgk_crawler.extract.cleaning.spam.formulas import find_gaps
from gxgk_crawler.extract.cleaning.spam.inserts import inserted_labels
from gxgk_crawler.extract.cleaning.spam.lexicon import hot_places, is_brand, is_unknown_word
from gxgk_crawler.extract.cleaning.spam.shared_labels import propagated, shared_labels
from gxgk_crawler.extract.cleaning.spam.slots import is_government_place, labels_in_slots
from gxgk_crawler.extract.cleaning.spam.titles import labels_beside_titles, repeated_affixes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.items import Edit

_LONGEST_TEXT = 400_000
_COLONS = "：:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spam:
    """edits: in text order, without overlaps. damaged: genuine words are lost and nothing proves which."""

    edits: list[Edit]
    damaged: bool


def find_spam(text: str, *, foreign_links: Iterable[str] = (), place: str | None = None) -> Spam:
    """The spam of a text.

    foreign_links: texts of links that lead to hosts outside .gov.cn. place: the name of the division that the portal belongs
    to, when it is known; it then stands as the suggestion where only a government's name can stand.

    Evidence, never topic: fixed wordings whose hole holds a label (`suggestion` is then what the wording demands); labels
    in the places of names; a label that several places of one document share; the grammar of search-engine advertising;
    clauses, rows and parts of a title that are nothing but a label. Where the borders are not exact nothing is removed.
    A text of more than 400,000 characters (the longest report known has 60,000) is not searched.
    """
    if len(text) > _LONGEST_TEXT:
        return Spam(edits=[], damaged=False)
    gaps = find_gaps(text)
    hot = hot_places(text)
    named = labels_in_slots(text, hot, place)
    blocks = list(keyword_blocks(text, hot))
    titles = [*labels_beside_titles(text, hot), *repeated_affixes(text)]
    clauses = list(advertising_clauses(text, hot))
    colons = list(replaced_words(text))
    proven = [text[gap.start : gap.end] for gap in gaps] + named
    shared = shared_labels(text) if hot else []
    found: list[Edit] = [*blocks]
    found += (spam_edit(text, gap.start, gap.end, "formula", gap.original) for gap in gaps)
    found += link_labels(text, foreign_links)
    found += (replace(edit, rule="swapped_name") for edit in propagated(text, named))
    found += titles
    found += clauses
    found += foreign_headlines(text)
    found += colons
    found += propagated(text, [*proven, *(edit.text for edit in shared), *_brands_of([*clauses, *titles, *colons])])
    found += shared
    found += inserted_labels(text) if hot else []
    pinyin = readings(text)
    found += pinyin
    edits = [_suggested(edit, text, place) for edit in without_overlaps(found, len(text))]
    return Spam(edits=edits, damaged=bool(pinyin) or is_damaged(text))


def _brands_of(edits: Iterable[Edit]) -> list[str]:
    """The brands that clauses and parts of titles praise: they may stand elsewhere in the text too."""
    brands = []
    for edit in edits:
        bare = edit.text.strip(" ,，；;。-_|—－｜()（）【】[]「」" + _COLONS)
        label = dissect(bare)
        if (label is not None and label.brand and (label.unknown or is_brand(bare))) or is_unknown_word(bare):
            brands.append(bare)
    return brands


def _suggested(edit: Edit, text: str, place: str | None) -> Edit:
    """The edit with the name of the place where only that can have stood."""
    if edit.suggestion is not None or place is None or edit.rule not in {"swapped_name", "brand_of_document"}:
        return edit
    if not is_government_place(text, edit.end):
        return edit
    return replace(edit, suggestion=place)


def is_advertising(text: str) -> bool:
    """True when a text that the page hides from its readers holds a label: it is there for search engines."""
    head = text[:20_000]
    hot = hot_places(head)
    if not hot:
        return False
    return bool(
        any(keyword_blocks(head, hot))
        or any(advertising_clauses(head, hot))
        or any(_is_certain(word) for word in head.replace("，", " ").replace(",", " ").split()[:400])
    )


def _is_certain(word: str) -> bool:
    label = dissect(word)
    return label is not None and label.certain
