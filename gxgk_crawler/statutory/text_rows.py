"""Tables that stand in plain text: lines or streams of cells between pipes, or bare words and figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gxgk_crawler.statutory.amounts import amount_of
from gxgk_crawler.statutory.table_rows import Field, Row
from gxgk_crawler.statutory.tables import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PIPES_OF_A_ROW = 2  # 指标名称 | 单位 | 统计数; where each cell has a line of its own, most lines have one


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text between separators."""

    start: int
    end: int


def piped_rows(text: str, start: int, end: int, is_row_label: Callable[[str], bool]) -> Iterator[Row]:
    """The rows of a table whose cells stand between pipes, in text[start:end].

    One row per line, or one cell per line; which it is shows in the number of pipes. is_row_label: tells the label of a
    row of figures, at which a row begins where lines tell nothing.
    """
    lines = [line for line in _lines(text, start, end) if _is_piped(text[line.start : line.end])]
    pipes = sorted(_pipes(text, line) for line in lines)
    labels = [line for line in lines if any(is_row_label(text[p.start : p.end]) for p in _pieces(text, line))]
    whole = [line for line in labels if _holds_more_than_label(text, line)]
    by_line = len(whole) * 2 > len(labels) if labels else bool(pipes) and pipes[len(pipes) // 2] >= _PIPES_OF_A_ROW
    if by_line:
        yield from _line_rows(text, lines)
    elif pipes:
        yield from _stream_rows(text, Stretch(start, end), is_row_label)


def _holds_more_than_label(text: str, line: Stretch) -> bool:
    pieces = _pieces(text, line)
    return len(pieces) > 2 or len([1 for piece in pieces if text[piece.start : piece.end].strip()]) > 1


def _is_piped(line: str) -> bool:
    """True for a line with a pipe, but for the line of dashes below a header in Markdown."""
    return ("|" in line or "｜" in line) and not ("--" in line and not line.strip("|｜-: \t"))


def _lines(text: str, start: int, end: int) -> Iterator[Stretch]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        yield Stretch(at, stop)
        at = stop + 1


def _pipes(text: str, line: Stretch) -> int:
    return text.count("|", line.start, line.end) + text.count("｜", line.start, line.end)


def _pieces(text: str, line: Stretch) -> list[Stretch]:
    """The cells of a line: what stands between pipes, the one before a pipe at the very start left out."""
    cuts = [at for at in range(line.start, line.end) if text[at] in "|｜"]
    bounds = [line.start, *[cut + 1 for cut in cuts]]
    ends = [*cuts, line.end]
    return [Stretch(a, b) for a, b in zip(bounds, ends, strict=True)]


def _field(text: str, piece: Stretch, col: int, end: int) -> Field:
    raw = text[piece.start : piece.end]
    stripped = raw.strip()
    start = piece.start + len(raw) - len(raw.lstrip()) if stripped else piece.start
    return Field(" ".join(stripped.split()), col, end, Place(start=start, end=start + len(stripped)))


def _line_rows(text: str, lines: list[Stretch]) -> Iterator[Row]:
    """One row per line. A line that stops short goes on in the next: a blank cell may hold a line break."""
    full = _usual(_pipes(text, line) for line in lines)
    fenced = all(text[line.start : line.end].lstrip()[:1] in "|｜" for line in lines[:20])
    closed = len([1 for line in lines if text[line.start : line.end].rstrip()[-1:] in "|｜"]) * 10 >= len(lines) * 9
    held: Stretch | None = None
    for line in lines:
        whole = line
        if held is not None and _continues(text, held, line, full):
            whole = Stretch(held.start, line.end)
        elif held is not None:
            yield _line_row(text, held, fenced=fenced, closed=closed)
        held = whole
    if held is not None:
        yield _line_row(text, held, fenced=fenced, closed=closed)


def _continues(text: str, held: Stretch, line: Stretch, full: int) -> bool:
    """True when two lines make one row of the usual number of cells, and the second begins inside a cell."""
    first, second = (text[one.start : one.end] for one in (held, line))
    if first.rstrip()[-1:] not in "|｜" or second.lstrip()[:1] not in "|｜":
        return False
    return _pipes(text, held) < full and _pipes(text, held) + _pipes(text, line) <= full


def _usual(counts: Iterator[int]) -> int:
    tally: dict[int, int] = {}
    for count in counts:
        tally[count] = tally.get(count, 0) + 1
    return max(tally, key=lambda count: (tally[count], count))


def _line_row(text: str, line: Stretch, *, fenced: bool, closed: bool) -> Row:
    """fenced: every line begins with a pipe. closed: every line ends with one; no cell stands outside them."""
    pieces = _pieces(text, line)
    if fenced and len(pieces) > 2:
        pieces = pieces[1:]
    if closed and len(pieces) > 1 and not text[pieces[-1].start : pieces[-1].end].strip():
        pieces = pieces[:-1]
    filled = [at for at, piece in enumerate(pieces) if text[piece.start : piece.end].strip()]
    reach = dict(zip(filled, [*filled[1:], len(pieces)], strict=True))
    fields = [_field(text, piece, at, at + 1) for at, piece in enumerate(pieces)]
    return Row([replace(one, reach=reach.get(at, 0)) for at, one in enumerate(fields)])


def _stream_rows(text: str, region: Stretch, is_row_label: Callable[[str], bool]) -> Iterator[Row]:
    """Rows of a stream of cells: a row begins at its label and ends where words begin again."""
    fields: list[Field] = []
    labelled = False
    for piece in _stream(text, region, is_row_label):
        one = _field(text, piece, len(fields), len(fields) + 1)
        label = one.is_words and is_row_label(one.text)
        ends = bool(fields) and (
            label or (one.is_words and (labelled or _has_values(fields))) or _begins_values(fields, one, labelled)
        )
        if ends:
            kept = 0 if one.is_words else next((n for n, field in enumerate(reversed(fields)) if not field.is_blank), 0)
            yield Row(fields[: len(fields) - kept], "blanks")
            fields, labelled = (
                [replace(field, col=n, end=n + 1) for n, field in enumerate(fields[len(fields) - kept :])],
                False,
            )
            one = _field(text, piece, len(fields), len(fields) + 1)
        labelled = labelled or label
        fields.append(one)
    if fields:
        yield Row(fields, "blanks")


def _has_values(fields: list[Field]) -> bool:
    return any(one.is_figure for one in fields)


def _begins_values(fields: list[Field], one: Field, labelled: bool) -> bool:  # noqa: FBT001
    """True for the first figure behind header cells: their row ends there."""
    return one.is_figure and not labelled and not _has_values(fields) and any(field.is_words for field in fields)


def _stream(text: str, region: Stretch, is_row_label: Callable[[str], bool]) -> Iterator[Stretch]:
    """Cells between pipes. A line break inside ends a cell only where a figure or the label of a row begins or ends."""
    pieces = _pieces(text, region)
    for piece in pieces[:-1] if not text[pieces[-1].start : pieces[-1].end].strip() else pieces:
        lines = [line for line in _lines(text, piece.start, piece.end) if text[line.start : line.end].strip()]
        if not lines:
            yield piece
            continue
        held = lines[0]
        for line in lines[1:]:
            both = (text[one.start : one.end] for one in (held, line))
            if all(amount_of(one).semantic == "text" for one in both) and not is_row_label(text[line.start : line.end]):
                held = Stretch(held.start, line.end)
            else:
                yield held
                held = line
        yield held
