"""The text of a version as a reader sees it: paragraphs and tables, with what was removed in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from gxgk_crawler.extract.page.grids import grid_lines
from gxgk_crawler.items import Grid, GridCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of characters. kind: kept, or how it was removed. edit: number of the removal among the edits; None when kept."""

    kind: Literal["kept", "chrome", "spam"]
    text: str
    edit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A paragraph, or a table.

    number: of its first line in the extracted text, from 0. start: offset of that line in `text`, the clean text; None when the whole
    paragraph was removed. grid: number of the table among the grids; rows: its rows, each of cells.
    """

    number: int
    start: int | None
    passages: list[Passage] = field(default_factory=list)
    grid: int | None = None
    rows: list[list[GridCell]] = field(default_factory=list)

    @property
    def is_removed(self) -> bool:
        """True when nothing of it is left in the clean text."""
        return self.grid is None and all(one.kind != "kept" or not one.text.strip() for one in self.passages)


def text_blocks(
    extracted_text: str, edits: Sequence[Mapping[str, Any]], grids: Sequence[Mapping[str, Any]]
) -> list[TextBlock]:
    """The paragraphs and tables of a text, in reading order.

    edits: [{kind, start, end, ...}] with offsets in extracted_text, in order, without overlaps. grids: [{cells}] as in the JSON of a
    report; one whose lines do not stand in the text, or hold a removal, is left as the lines that it is in the text.
    """
    lines = list(_lines(extracted_text, edits))
    tables = _tables([line.whole for line in lines], [line.is_plain for line in lines], grids)
    blocks: list[TextBlock] = []
    skip_to = 0
    for number, line in enumerate(lines):
        if number < skip_to:
            continue
        found = tables.get(number)
        if found is None:
            if line.whole.strip():
                blocks.append(TextBlock(number=number, start=line.start, passages=line.passages))
            continue
        grid, length, rows = found
        blocks.append(TextBlock(number=number, start=line.start, grid=grid, rows=rows))
        skip_to = number + length
    return blocks


@dataclass(frozen=True, slots=True)
class _TextLine:
    whole: str
    start: int | None
    passages: list[Passage]

    @property
    def is_plain(self) -> bool:
        return all(one.kind == "kept" for one in self.passages)


def _lines(text: str, edits: Sequence[Mapping[str, Any]]) -> Iterator[_TextLine]:
    """The lines of the extracted text, each cut at the borders of the removals."""
    at, kept = 0, 0  # offsets in the extracted text and in the clean one
    following = 0
    for raw in text.split("\n"):
        end = at + len(raw)
        passages: list[Passage] = []
        place = at
        start: int | None = None
        while place < end:
            while following < len(edits) and edits[following]["end"] <= place:
                following += 1
            edit = edits[following] if following < len(edits) else None
            is_removed = edit is not None and edit["start"] <= place
            border = min(end, edit["end"] if is_removed else edit["start"]) if edit is not None else end
            piece = text[place:border]
            if edit is not None and is_removed:
                passages.append(Passage(kind=edit["kind"], text=piece, edit=following))
            else:
                passages.append(Passage(kind="kept", text=piece))
                start = kept if start is None else start
                kept += len(piece)
            place = border
        yield _TextLine(raw, start, passages)
        if not _covers(edits, following, end):
            kept += 1  # the line break itself
        at = end + 1


def _covers(edits: Sequence[Mapping[str, Any]], following: int, place: int) -> bool:
    """Whether a removal holds the character at `place`. following: the first edit that may."""
    while following < len(edits) and edits[following]["end"] <= place:
        following += 1
    return following < len(edits) and bool(edits[following]["start"] <= place)


_Table = tuple[int, int, list[list[GridCell]]]


def _tables(lines: list[str], plain: list[bool], grids: Sequence[Mapping[str, Any]]) -> dict[int, _Table]:
    """By the number of its first line: (number of the grid, how many lines, rows)."""
    found: dict[int, _Table] = {}
    begin = 0
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        places.setdefault(line, []).append(number)
    for index, grid in enumerate(grids):
        cells = [GridCell(**cell) for cell in grid["cells"]]
        wanted = grid_lines(Grid(cells=cells))
        if len(wanted) < 2:
            continue
        at = next(
            (
                place
                for place in places.get(wanted[0], ())
                if place >= begin
                and lines[place : place + len(wanted)] == wanted
                and all(plain[place : place + len(wanted)])
            ),
            None,
        )
        if at is None:
            continue
        found[at] = (index, len(wanted), list(_rows(cells)))
        begin = at + len(wanted)
    return found


def _rows(cells: list[GridCell]) -> Iterator[list[GridCell]]:
    """The cells by rows; rows without a cell are there, so that what spans them has its place."""
    last = max((cell.row + cell.rowspan - 1 for cell in cells), default=-1)
    by_row: dict[int, list[GridCell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    for number in range(last + 1):
        yield sorted(by_row.get(number, []), key=lambda cell: cell.col)
