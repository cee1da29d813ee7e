"""Layout A: the statistics forms of the years before 2019, national and local, in grids and in text.

The national form is keyed by the number path of its rows; local forms, whose rows and codes differ by province and year, by
the label as it is printed, without white space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.statutory.amounts import UNITS, amount_of
from gxgk_crawler.statutory.form_labels import FORM_OUTCOMES, FORM_ROWS
from gxgk_crawler.statutory.table_rows import Field
from gxgk_crawler.statutory.tables import Cell, Place, StatutoryTable
from gxgk_crawler.statutory.wording import Vocabulary, bare, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gxgk_crawler.items import Grid
    from gxgk_crawler.statutory.table_rows import Row
    from gxgk_crawler.statutory.tables import Method

_ROWS = Vocabulary(FORM_ROWS)
_OUTCOMES = Vocabulary(FORM_OUTCOMES)
_NAMES = re2.compile(r"^(?:统计)?指标(?:名称)?$|^项目(?:名称)?$|^统计项目$")
_UNITS = re2.compile(r"^(?:计量|计算)?单位$")
_VALUES = re2.compile(r"统计数|数量|年度|本年|本期|当年|合计|累计|数值|^年$")
_UNIT = re2.compile(r"^(?:" + UNITS + r")$")
# The national form has fifty rows, and local forms share some of their words.
_ROWS_OF_NATIONAL_FORM = 12
_FEWEST_ROWS = 3
_LONGEST_HEAD = 20  # characters of the cell 计量单位, blanks included
_LONGEST_LABEL = 200  # characters; the longest seen has 60, and a label is the key of its row


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a form has its labels, units and figures: grid columns, and a key for each column of figures."""

    label: tuple[int, int]
    unit: int | None
    values: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    label: str
    unit: str | None
    key: str
    header: str
    field: Field


def form_of_rows(rows: Iterable[Row], method: Method, attachment: int | None) -> StatutoryTable | None:
    """The form in the rows of one grid, or of lines between pipes; None when they hold none."""
    columns: _Columns | None = None
    figures: list[_Figure] = []
    for row in rows:
        found = _columns(row)
        if found is not None:
            columns = found
        elif columns is not None:
            figures += _figures(row, columns)
    return _table(figures, method, attachment)


def form_of_text(text: str, start: int, method: Method, attachment: int | None) -> StatutoryTable | None:
    """The form in text without separators: label, unit, one or two figures, again and again, from `start` on."""
    figures: list[_Figure] = []
    words: list[tuple[str, int, int]] = []
    tokens = [(token[0], token.start() + start) for token in re2.finditer(r"\S+", text[start : start + _LONGEST_FORM])]
    at = 0
    while at < len(tokens):
        token, begin = tokens[at]
        values = _values_behind(tokens, at + 1) if _UNIT.search(token) and words else []
        if values:
            label = "".join(word for word, _, _ in words)
            for (raw, place), key in zip(values, ("value", "cumulative"), strict=False):
                one = Field(raw, 0, 1, Place(start=place, end=place + len(raw)))
                figures.append(_Figure(label, token, key, "", one))
            words = []
            at += len(values)
        else:
            words = [*words[-_MOST_WORDS:], (token, begin, begin + len(token))]
        at += 1
    return _table(figures, method, attachment)


_LONGEST_FORM = 6000
_MOST_WORDS = 12


def names_units(grid: Grid) -> bool:
    """True when the grid has a cell 计量单位, as every form has and no table of the layouts B and C."""
    return any(
        "单" in cell.text and len(cell.text) <= _LONGEST_HEAD and _UNITS.search("".join(plain(cell.text).split()))
        for cell in grid.cells
    )


def starts_form(text: str) -> int:
    """Where a form begins in text: behind its heads; -1 when there is none."""
    found = re2.search(r"(?:指标名称|统计指标)[\s|｜]*(?:计量\s*)?单位[^\n]{0,80}", text)
    return found.end() if found else -1


def _values_behind(tokens: Sequence[tuple[str, int]], at: int) -> list[tuple[str, int]]:
    values = []
    for raw, place in tokens[at : at + 2]:
        if amount_of(raw).semantic not in {"number", "zero"}:
            break
        values.append((raw, place))
    return values


def _columns(row: Row) -> _Columns | None:
    """The columns that a header row names: 指标名称, 计量单位 and at least one of figures."""
    heads = [(one, "".join(plain(one.text).split())) for one in row.fields if one.is_words]
    label = next((one for one, text in heads if _NAMES.search(text)), None)
    unit = next((one for one, text in heads if _UNITS.search(text)), None)
    values = (
        [(one, text) for one, text in heads if _VALUES.search(text) and one is not label and one is not unit]
        if label
        else []
    )
    if label is None or unit is None or not values:
        return None
    keys = _value_keys([text for _, text in values])
    named = tuple((one.col, key, one.text) for (one, _), key in zip(values, keys, strict=True))
    return _Columns((label.col, label.end), unit.col, named)


def _value_keys(names: Sequence[str]) -> list[str]:
    keys = []
    for name in names:
        if "历年" in name or (name.endswith("累计") and len(names) > 1 and "本年" not in name):
            keys.append("cumulative")
        elif "本年累计" in name and "value" in keys:
            keys.append("year_to_date")
        else:
            keys.append("value" if "value" not in keys else f"value.{len(keys) + 1}")
    return keys


def _figures(row: Row, columns: _Columns) -> Iterator[_Figure]:
    start, end = columns.label
    label = "".join("".join(one.text for one in row.fields if start <= one.col < end).split())
    if not bare(label):
        return
    by_col = {col: one for one in row.own for col in range(one.col, one.end)}
    unit = by_col.get(columns.unit) if columns.unit is not None else None
    for col, key, header in columns.values:
        one = by_col.get(col)
        if one is not None and not (one.is_blank and (unit is None or unit.is_blank)) and one is not unit:
            yield _Figure(label, unit.text.strip() or None if unit else None, key, header, one)


def _table(figures: list[_Figure], method: Method, attachment: int | None) -> StatutoryTable | None:
    figures = [figure for figure in figures if len(figure.label) <= _LONGEST_LABEL]
    labels = list(dict.fromkeys(figure.label for figure in figures))
    if len(labels) < _FEWEST_ROWS or not any(figure.field.is_figure for figure in figures):
        return None
    paths = _paths([figure.label for figure in figures])
    cells: dict[tuple[str, str], Cell] = {}
    for figure, row in zip(figures, paths, strict=True):
        amount = figure.field.amount
        cell = Cell(
            row=row,
            col=figure.key,
            raw=figure.field.text,
            value=amount.value,
            unit=amount.unit or figure.unit,
            semantic=amount.semantic,
            place=figure.field.place,
            method=method,
            attachment=attachment,
            row_label=figure.label,
            col_label=figure.header,
        )
        cells.setdefault((row, figure.key), cell)
    return StatutoryTable(table="A", layout="A", cells=list(cells.values()))


def _paths(labels: list[str]) -> list[str]:
    """The key of each row, in order: number paths for the national form, else the labels themselves."""
    keys = [_ROWS.key(label) for label in labels]
    if len({key for key in keys if key}) < _ROWS_OF_NATIONAL_FORM:
        return labels
    chapter = ""
    paths = []
    for label, key in zip(labels, keys, strict=True):
        chapter = key if key in {"4", "5"} else "" if key else chapter
        outcome = _OUTCOMES.key(label) if chapter and key is None else None
        paths.append(key or (f"{chapter}.{outcome}" if outcome else label))
    return paths
