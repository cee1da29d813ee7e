"""Characters at their places to lines. Units are points; y grows downward."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from gxgk_crawler.extract.page.text import is_wide

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_COLUMN_GAP = 1.0  # of the height of a line: what is farther apart stands in columns
_WORD_GAP = 0.25  # between Latin words
_HAN_GAP = 0.6  # beside Chinese characters, which lines that are spread to the margin draw apart


class Glyph(NamedTuple):
    """One character and its box. after_space: a space stands before it in the file."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    after_space: bool = False


class RulingLine(NamedTuple):
    """A straight line that is level or upright: x0 <= x1, y0 <= y1, and one of the pairs equal."""

    x0: float
    y0: float
    x1: float
    y1: float


class Chunk(NamedTuple):
    """Words of one line without a wide gap between them."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a page. height: of its characters, as a measure for gaps."""

    chunks: list[Chunk]
    y0: float
    y1: float
    height: float

    @property
    def text(self) -> str:
        return " ".join(chunk.text for chunk in self.chunks)

    @property
    def x0(self) -> float:
        return self.chunks[0].x0

    @property
    def x1(self) -> float:
        return self.chunks[-1].x1


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """The lines from top to bottom; characters that overlap by half of their height stand on one line."""
    lines: list[TextLine] = []
    band: list[Glyph] = []
    low = 0.0
    for glyph in sorted(glyphs, key=lambda one: (one.y0 + one.y1, one.x0)):
        middle = (glyph.y0 + glyph.y1) / 2
        if band and middle > low:
            lines.append(_line(band))
            band = []
        if not band:
            low = middle + max(glyph.y1 - glyph.y0, 1.0) * 0.5
        band.append(glyph)
    if band:
        lines.append(_line(band))
    return lines


def _line(glyphs: list[Glyph]) -> TextLine:
    glyphs.sort(key=lambda one: one.x0)
    height = max(median(one.y1 - one.y0 for one in glyphs), 1.0)
    return TextLine(
        chunks=list(_chunks(glyphs, height)),
        y0=min(one.y0 for one in glyphs),
        y1=max(one.y1 for one in glyphs),
        height=height,
    )


def _chunks(glyphs: Sequence[Glyph], height: float) -> Iterator[Chunk]:
    text, start, end = "", glyphs[0].x0, glyphs[0].x1
    last = glyphs[0]
    for glyph in glyphs:
        gap = glyph.x0 - end
        if text and gap > _COLUMN_GAP * height:
            yield Chunk(text, start, end)
            text, start = "", glyph.x0
        elif text and glyph.text == last.text and abs(glyph.x0 - last.x0) < 0.1 * height:
            continue  # printed twice to look bold
        elif text and _is_apart(last, glyph, gap, height):
            text += " "
        text += glyph.text
        end = max(end, glyph.x1) if text != glyph.text else glyph.x1
        last = glyph
    yield Chunk(text, start, end)


def _is_apart(last: Glyph, glyph: Glyph, gap: float, height: float) -> bool:
    is_latin = not is_wide(last.text[-1]) and not is_wide(glyph.text[0])
    return glyph.after_space or gap > (_WORD_GAP if is_latin else _HAN_GAP) * height
