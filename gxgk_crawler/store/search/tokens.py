"""Text as a full-text vector that finds exactly what is there: positional pairs of characters, made here, not by Postgres.

Chinese has no blanks between words, and a dictionary misses every term it does not know. So each section is indexed as
all its overlapping pairs of folded characters with their positions - letters, digits, punctuation, blanks and line ends
alike - and a term is the phrase of its pairs: it matches if and only if the folded term stands in the folded text.

Postgres keeps at most 16,383 positions in a vector and 255 per lexeme and drops the rest in silence. Sections are cut so
that no limit is reached. Each is indexed with `OVERLAP` characters of what follows, so that every term of up to
`LONGEST_TERM` characters lies whole in the section in which it begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from operator import add
from typing import TYPE_CHECKING

from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

TOK_VERSION = 2  # 2: traditional characters are folded
SECTION_CHARS = 4000
OVERLAP = 64
LONGEST_TERM = OVERLAP + 1
_POSITIONS_PER_LEXEME = 255
_PLACES = [str(place) for place in range(1, SECTION_CHARS + OVERLAP + 1)]  # positions count from 1

# 一、二、… at the start of a line head the statutory sections (令711 article 50); 第一部分 the older ones.
_HEADING = re.compile(r"^[ \t\u3000]*(?:第?[一二三四五六七八九十]{1,3}(?:、|[.．]|部分))[^\n|]{0,40}$", re.MULTILINE)


def _simplified() -> dict[str, str]:
    """Traditional characters to their only simplified form, from `rules/traditional.toml`."""
    table = read_rules("traditional")
    forms = ("".join(table[name].split()) for name in ("traditional", "simplified"))
    return dict(zip(*forms, strict=True))


class _Folding(dict[int, str]):
    """Character code -> folded character, worked out once per character."""

    def __init__(self) -> None:
        super().__init__()
        self._simplified = _simplified()

    def __missing__(self, code: int) -> str:
        folded = char = chr(code)
        compatible = unicodedata.normalize("NFKC", char)
        if len(compatible) == 1:
            folded = compatible
        lower = folded.casefold()
        if len(lower) == 1:
            folded = lower
        folded = self._simplified.get(folded, folded)
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text without differences of width, case and script, character by character: offsets stay true.

    Full-width forms become ASCII, capitals small, traditional characters with one simplified form that form; a character
    whose folded form is longer than one stays as it is.
    """
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A piece of a text. start: its offset. length: up to the next section. text: with up to OVERLAP more characters."""

    start: int
    length: int
    text: str
    heading: str | None


def sections(text: str) -> Iterator[Section]:
    """Cut a text at its headings, long parts at line ends, and what is still too much for a vector anywhere."""
    parts = _parts(text)
    for (start, heading), end in zip(parts, [*(part[0] for part in parts[1:]), len(text)], strict=True):
        position = start
        while position < end:
            length = _length(text, position, end)
            window = text[position : position + length + OVERLAP]
            yield Section(start=position, length=length, text=window, heading=heading)
            position += length


def _parts(text: str) -> list[tuple[int, str | None]]:
    """Where the parts of the text begin and the headings they begin with.

    A heading right after another one begins no part: a table of contents, or a page made to be cut to shreds.
    """
    parts: list[tuple[int, str | None]] = [(0, None)]
    for match in _HEADING.finditer(text):
        if match.start() == 0:
            parts = [(0, match[0].strip())]
        elif match.start() - parts[-1][0] > OVERLAP:
            parts.append((match.start(), match[0].strip()))
    return parts


def _length(text: str, start: int, end: int) -> int:
    """Length of the section that begins at `start` and must not pass `end`."""
    window = fold(text[start : min(end, start + SECTION_CHARS) + OVERLAP])
    most = _fitting(window)
    whole = most == len(window)
    length = min(end - start, SECTION_CHARS, len(window) if whole else most - OVERLAP)
    if start + length == end:
        return length
    line_end = text.rfind("\n", start, start + length)
    return line_end + 1 - start if line_end > start else length


def _fitting(folded: str) -> int:
    """How many characters from the start can be indexed before a pair would occur too often."""
    if len(folded) <= _POSITIONS_PER_LEXEME or max(Counter(_pairs(folded)).values()) <= _POSITIONS_PER_LEXEME:
        return len(folded)
    seen: Counter[str] = Counter()
    for place, pair in enumerate(_pairs(folded)):
        seen[pair] += 1
        if seen[pair] > _POSITIONS_PER_LEXEME:
            return place
    return len(folded)


def _pairs(folded: str) -> Iterator[str]:
    """Every character with the one behind it, and the last character alone."""
    return map(add, folded, chain(folded[1:], ("",)))


def vector(text: str) -> str:
    """The text of a section as a tsvector literal: every pair of folded characters, and the last character alone."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    folded = fold(text)
    assert len(folded) <= len(_PLACES)
    for place, pair in zip(_PLACES, _pairs(folded), strict=False):
        places[pair].append(place)
    if "'" in folded or "\\" in folded:
        return " ".join(f"{_quoted(pair)}:{','.join(positions)}" for pair, positions in places.items())
    return " ".join([f"'{pair}':{','.join(positions)}" for pair, positions in places.items()])


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedText:
    """The sections of a text, column by column; vectors: tsvector literals."""

    headings: list[str | None]
    starts: list[int]
    texts: list[str]
    vectors: list[str]


def index_of(text: str) -> IndexedText:
    """The text cut into sections and each turned into a vector."""
    cut = list(sections(text))
    return IndexedText(
        headings=[section.heading for section in cut],
        starts=[section.start for section in cut],
        texts=[section.text for section in cut],
        vectors=[vector(section.text) for section in cut],
    )


def phrase(term: str) -> str:
    """A tsquery that matches the sections in which the term stands; at most LONGEST_TERM characters.

    A single character is the beginning of a pair, or the last one of a section.
    """
    pairs = lexemes(term)
    if len(pairs[0]) == 1:
        return f"{_quoted(pairs[0])}:*"
    return " <-> ".join(map(_quoted, pairs))


def lexemes(term: str) -> list[str]:
    """The pairs of folded characters that the term is made of, in order; a single character is one itself."""
    folded = fold(term)
    return [folded[place : place + 2] for place in range(max(1, len(folded) - 1))]


def pieces(term: str) -> list[str]:
    """The term cut into pieces that can be looked up; a term of several pieces must be checked against the text."""
    return [term[place : place + LONGEST_TERM] for place in range(0, len(term), LONGEST_TERM)]


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
