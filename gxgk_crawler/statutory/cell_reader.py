"""A document's statutory tables: from its grids, and from its text where no grid holds them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gxgk_crawler.statutory.bare_text import BareText, is_han
from gxgk_crawler.statutory.form_reader import form_of_rows, form_of_text, names_units, starts_form
from gxgk_crawler.statutory.table_reader import TableReader, is_row_label
from gxgk_crawler.statutory.table_rows import grid_rows
from gxgk_crawler.statutory.text_rows import piped_rows
from gxgk_crawler.statutory.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.items import Document, Grid
    from gxgk_crawler.statutory.tables import Layout, Method, StatutoryTable

TABLE_WORDS = ("信息内容", "第二十条", "申请人情况", "勾稽关系", "予以公开", "尚未审结", "复议后起诉")
_FORM_REACH = 6000
_T2_STARTS = ("信息内容",)
_T3_STARTS = ("勾稽关系", "申请人情况", "本年新收政府信息公开申请数量", "本年新收政府信息")
_T4_STARTS = ("结果维持结果纠正", "维持纠正其他", "未经复议直接起诉")


def read_tables(document: Document) -> list[StatutoryTable]:
    """The statutory tables of a document's body, in the order T2, T3, T4; see `tables.StatutoryTable`."""
    method: Method = "pdf" if document.media_type == "application/pdf" else "flat"
    return read_statutory(document.grids, document.text, method)


def read_statutory(
    grids: Sequence[Grid], text: str, method: Method, attachment: int | None = None
) -> list[StatutoryTable]:
    """The statutory tables of a body or an attachment. method: what a reading of its text is called."""
    reader = TableReader("grid", attachment)
    forms: list[StatutoryTable | None] = []
    for index, grid in enumerate(grids):
        rows = list(grid_rows(grid, index))
        reader.feed(rows)
        if names_units(grid):
            forms.append(form_of_rows(rows, "grid", attachment))
    tables = reader.tables()
    if not _is_complete(tables) and any(word in text for word in TABLE_WORDS):
        tables = _completed(tables, _from_text(text, method, attachment))
    return [*_with_layouts(tables), *_forms(forms, text, method, attachment)]


def _forms(
    of_grids: Sequence[StatutoryTable | None], text: str, method: Method, attachment: int | None
) -> list[StatutoryTable]:
    """The statistics forms of layout A; those of the text only where no grid holds one."""
    found = list(of_grids)
    start = starts_form(text) if not any(found) else -1
    if start >= 0:
        begin = text.rfind("\n", 0, text.rfind("指标", 0, start)) + 1
        piped = text.count("|", begin, begin + _FORM_REACH) >= _PIPES["A"]
        rows = piped_rows(text, begin, min(len(text), begin + _FORM_REACH), is_row_label)
        found.append(form_of_rows(rows, method, attachment) if piped else form_of_text(text, start, method, attachment))
    return [table for table in found if table is not None]


def _is_complete(tables: Sequence[StatutoryTable]) -> bool:
    return {"T2", "T3", "T4"} <= {table.table for table in tables}


def _completed(tables: list[StatutoryTable], more: Sequence[StatutoryTable]) -> list[StatutoryTable]:
    """The tables of the grids, and those of the text that no grid holds."""
    known = {table.table for table in tables}
    return sorted([*tables, *(table for table in more if table.table not in known)], key=lambda table: table.table)


def _with_layouts(tables: list[StatutoryTable]) -> list[StatutoryTable]:
    """T4 looks alike in both layouts: it has that of the table beside it."""
    beside: list[Layout] = [table.layout for name in ("T3", "T2") for table in tables if table.table == name]
    return [replace(table, layout=beside[0]) if table.table == "T4" and beside else table for table in tables]


def _from_text(text: str, method: Method, attachment: int | None) -> list[StatutoryTable]:
    reader = TableReader(method, attachment)
    for section in _sections(text):
        part = text[section.start : section.end]
        if part.count("|") + part.count("｜") >= _PIPES[section.name]:
            reader.feed(piped_rows(text, section.start, section.end, is_row_label))
            continue
        bare = BareText(part, section.start)
        reader.feed({"T2": bare.t2_rows, "T3": bare.t3_rows, "T4": bare.t4_rows}[section.name]())
    return reader.tables()


# A table that stands between pipes has at least so many of them.
_PIPES = {"A": 20, "T2": 6, "T3": 20, "T4": 8}


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    start: int
    end: int


def _sections(text: str) -> list[_Section]:
    """The stretches of the text that hold T2, T3 and T4, found by words that stand in no prose."""
    at = [place for place, char in enumerate(text) if is_han(char)]
    han = plain("".join([text[place] for place in at]))
    t2 = _first(han, _T2_STARTS, 0)
    t3 = _first(han, _T3_STARTS, max(t2, 0))
    t4 = _first(han, _T4_STARTS, max(t2, t3, 0))
    starts = [(name, start) for name, start in (("T2", t2), ("T3", t3), ("T4", t4)) if start >= 0]
    bounds = [max(_back(han, start, _FIRST_WORDS[name]), 0) for name, start in starts] + [_end(han, starts)]
    places = [*at, len(text)]
    lines = [_line(text, places[bound]) for bound in bounds]
    return [_Section(name, lines[n], lines[n + 1]) for n, (name, _) in enumerate(starts)]


_FIRST_WORDS = {"T2": "第二十条", "T3": "本列数据", "T4": "行政复议"}


def _first(han: str, words: Sequence[str], begin: int) -> int:
    return next((at for word in words if (at := han.find(word, begin)) >= 0), -1)


def _back(han: str, start: int, word: str) -> int:
    """Where a table begins whose first sure word stands at `start`: a little before it, where its own first word stands."""
    before = han.rfind(word, max(0, start - 24), start)
    return before if before >= 0 else start


def _line(text: str, place: int) -> int:
    """The start of the line that the place is on; the place itself in a text whose tables stand in one line, or at its end."""
    if place >= len(text):
        return len(text)
    start = text.rfind("\n", 0, place) + 1
    return start if place - start < 200 else place


def _end(han: str, starts: Sequence[tuple[str, int]]) -> int:
    if not starts:
        return len(han)
    name, start = starts[-1]
    limit = min(len(han), start + {"T2": 400, "T3": 900, "T4": 400}[name])
    ends = [at for word in ("存在的", "存在主要", "存在问题") if start < (at := han.find(word, start)) < limit]
    return min(ends, default=limit)
