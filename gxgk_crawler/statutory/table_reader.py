"""Rows of one source to statutory tables: what each row is, and which of its fields stands in which column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.alignment import Header, assign, packing_of
from gxgk_crawler.statutory.table_headers import (
    T2_COLUMNS,
    T2_ROWS,
    T3_COLUMNS,
    T3_GROUPS,
    T3_ROWS,
    T4_COLUMNS,
    HeaderRows,
    group_of,
    t2_headers,
    t3_headers,
    t4_group_headers,
    t4_headers,
    t4_result_headers,
    unit_of,
)
from gxgk_crawler.statutory.tables import Cell, Method, Omitted, StatutoryTable, TableName
from gxgk_crawler.statutory.wording import bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gxgk_crawler.statutory.table_rows import Certainty, Field, Row
    from gxgk_crawler.statutory.tables import Layout

_T3_MARKS = frozenset({"natural", "enterprise", "research", "ngo", "legal"})
_T4_MARKS = frozenset({"upheld", "corrected", "pending"})
_MOST_STATEMENTS = 20  # of one table in one document: its own, the region's, copies for other screens
_WEAK_ROWS = frozenset({"other.other", "processed_total"})


@dataclass(slots=True)
class _Entry:
    """A row of figures whose columns are still to be told."""

    table: TableName
    row: str
    label: str
    fields: list[Field]
    headers: list[Header]
    certainty: Certainty


class TableReader:
    """Takes the rows of one source in their order; `tables` then gives what they hold.

    method, attachment: told to every cell.
    """

    def __init__(self, method: Method, attachment: int | None = None) -> None:
        self._method: Method = method
        self._attachment = attachment
        self._entries: list[_Entry] = []
        self._section: TableName | None = None
        self._t2, self._t3, self._t4 = HeaderRows(), HeaderRows(), HeaderRows()

    def feed(self, rows: Iterable[Row]) -> None:
        """Read the rows of one more grid or stretch of text."""
        for row in rows:
            self._read(row)

    def tables(self) -> list[StatutoryTable]:
        """The tables that the rows hold: at most one T2, T3 and T4 for each time that a report states them."""
        return [table for name in ("T2", "T3", "T4") for table in self._tables_of(name)]

    def _read(self, row: Row) -> None:
        words = [one for one in row.own if one.is_words]
        figures = row.has_figures
        if not figures and self._read_header(row, words):
            return
        if self._read_t4(row, words):
            return
        leaf, key = self._leaf(row)
        if leaf is None or key is None:
            return
        name: TableName = "T2" if key in _T2_KEYS else "T3"
        section = self._t2 if name == "T2" else self._t3
        self._section, section.used = name, True
        fields = [one for one in row.own if one.col >= leaf.end]
        headers = t2_headers(section, key, leaf) if name == "T2" else t3_headers(section, row.certainty)
        self._entries.append(_Entry(name, key, leaf.text, fields, headers, row.certainty))

    def _read_header(self, row: Row, words: list[Field]) -> bool:
        if not words:
            return False
        t4 = {T4_COLUMNS.key(one.text) for one in words} & _T4_MARKS
        groups = {group_of(one.text) for one in words if len(one.text) < 30} - {None}
        alone = len(words) == 1 and bare(words[0].text) in {"行政复议", "行政复议情况", "行政复议件数"}
        if (
            t4
            or alone
            or {"review", "litigation"} <= groups
            or groups & {"litigation.direct", "litigation.after_review"}
        ):
            self._section = "T4"
            self._t4.add([one for one in row.own if not one.is_blank])
            return True
        if {T3_COLUMNS.key(one.text) for one in words} & _T3_MARKS or any(
            "申请人情况" in bare(one.text) for one in words
        ):
            self._section = "T3"
            self._t3.add(row.own)
            return True
        return self._read_t2_header(row, words)

    def _read_t2_header(self, row: Row, words: list[Field]) -> bool:
        names = [bare(one.text) for one in words]
        if any(T2_ROWS.key(one.text) for one in words[:2]) and "信息内容" not in names:
            return False
        known = any(T2_COLUMNS.key(one.text) for one in words)
        if (
            not known
            and "信息内容" not in names
            and not (self._section == "T2" and self._t2.heads and not self._t2.used)
        ):
            return False
        if any(T3_ROWS.key(name) for name in names):
            return False
        self._section = "T2"
        if "信息内容" in names:
            self._t2.heads = []
        self._t2.add(row.own)
        return True

    def _leaf(self, row: Row) -> tuple[Field | None, str | None]:
        """The label of a row that stands nearest to its figures, and its key."""
        for one in reversed(row.fields):
            if not one.is_words:
                continue
            key = self._row_key(one, row)
            if key is not None:
                return one, key
        return None, None

    def _row_key(self, one: Field, row: Row) -> str | None:
        if self._section == "T2" or self._t2.heads:
            key = T2_ROWS.key(one.text)
            if key is not None:
                return key
        key = T3_ROWS.key(one.text)
        if key in _WEAK_ROWS and self._section != "T3":
            return None
        if key is None and T3_GROUPS.key(one.text) == "other" and not one.above:
            return "other" if len(row.own) > 1 else None
        return key

    def _read_t4(self, row: Row, words: list[Field]) -> bool:
        if self._section != "T4" or any(is_row_label(one.text) for one in words):
            return False
        headers = t4_headers(self._t4, row.certainty)
        labels = [one for one in row.fields if one.is_words]
        if not labels:
            fields = row.own
            if len(fields) >= 15 or (is_filled(fields) and len(fields) >= 5):
                self._t4.used = True
                self._entries.append(_Entry("T4", "", "", fields, headers, row.certainty))
            return True
        return self._read_labelled_t4(row, labels, headers)

    def _read_labelled_t4(self, row: Row, labels: list[Field], headers: list[Header]) -> bool:
        """A row of T4 that has labels in front: a group, a result, both, or words that say nothing (件数)."""
        groups = [key for one in labels if (key := group_of(one.text)) and key != "litigation"]
        results = [key for one in labels if (key := T4_COLUMNS.key(one.text))]
        fields = [one for one in row.own if one.col >= labels[-1].end]
        if not is_filled(fields) and len(fields) < 5:
            return True
        self._t4.used = True
        if groups and not results:
            heads = t4_result_headers(self._t4)
            self._entries.append(_Entry("T4", groups[-1], labels[-1].text, fields, heads, row.certainty))
        elif results and not groups:
            heads = t4_group_headers(self._t4, results[-1])
            self._entries.append(_Entry("T4", "", labels[-1].text, fields, heads, row.certainty))
        elif groups and results:
            head = Header(f"{groups[-1]}/{results[-1]}", labels[-1].text, 0, 1)
            filled = [one for one in fields if not one.is_blank] or fields[:1]
            self._entries.append(_Entry("T4", "", labels[-1].text, filled, [head], "figures"))
        elif len(fields) >= len(headers):  # words that say nothing: 件数; fewer fields belong to another table
            self._entries.append(_Entry("T4", "", "", fields, headers, row.certainty))
        return True

    def _tables_of(self, name: TableName) -> list[StatutoryTable]:
        entries = [entry for entry in self._entries if entry.table == name]
        tables: list[StatutoryTable] = []
        for part in _parts(entries)[:_MOST_STATEMENTS]:
            table = self._table(name, part)
            if table is not None and not any(_says_the_same(table, other) for other in tables):
                tables.append(table)
        return tables

    def _table(self, name: TableName, entries: list[_Entry]) -> StatutoryTable | None:
        packings = {number: packing_of([e.fields for e in entries if len(e.headers) == number], number)
                    for number in {len(e.headers) for e in entries}}  # fmt: skip
        cells: list[Cell] = []
        omitted: list[Omitted] = []
        for entry in entries:
            pairs = (
                assign(entry.headers, entry.fields, entry.certainty, packings[len(entry.headers)])
                if entry.headers
                else None
            )
            if pairs is None:
                omitted += _omitted(entry, self._attachment)
                continue
            cells += [self._cell(entry, header, one) for header, one in pairs]
        seen: dict[tuple[str, str], Cell] = {}
        for cell in cells:
            seen.setdefault((cell.row, cell.col), cell)
        rows = {row for row, _ in seen}
        if not seen or (name == "T3" and len(rows) < 3 and not self._t3.heads):
            return None
        return StatutoryTable(
            table=name, layout=_layout(name, entries, seen), cells=list(seen.values()), omitted=omitted
        )

    def _cell(self, entry: _Entry, header: Header, one: Field) -> Cell:
        row, _, col = header.key.rpartition("/")
        amount = one.amount
        return Cell(
            row=row or entry.row,
            col=col,
            raw=one.text,
            value=amount.value,
            unit=amount.unit
            or (unit_of(header.label) if amount.value is not None and col.endswith("amount") else None),
            semantic=amount.semantic,
            place=one.place,
            method=self._method,
            attachment=self._attachment,
            row_label=entry.label,
            col_label=header.label,
        )


_T2_KEYS = frozenset(label.key for label in layouts.T2_ROWS)


def is_row_label(text: str) -> bool:
    """True for the label of a row of figures of T2 or T3. 总计 and 其他 are labels only with their number in front."""
    key = T3_ROWS.key(text)
    if key in _WEAK_ROWS:
        return bare(text) != "".join(text.split())
    return key is not None or T2_ROWS.key(text) is not None or T3_GROUPS.key(text) == "other"


def is_filled(fields: Sequence[Field]) -> bool:
    return any(one.is_figure for one in fields)


def _omitted(entry: _Entry, attachment: int | None) -> list[Omitted]:
    filled = [one for one in entry.fields if not one.is_blank]
    if not filled:
        return []
    raw = " ".join(one.text for one in filled)[:200]
    reason = "the columns of these figures cannot be known"
    return [Omitted(row=entry.row, raw=raw, place=filled[0].place, reason=reason, attachment=attachment)]


def _parts(entries: list[_Entry]) -> list[list[_Entry]]:
    """The entries of each statement of a table: a row that comes again after others begins a new one."""
    parts: list[list[_Entry]] = []
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        name = (entry.row, entry.headers[0].key if entry.headers else "")
        if not parts or name in seen:
            parts.append([])
            seen = set()
        seen.add(name)
        parts[-1].append(entry)
    return parts


def _says_the_same(table: StatutoryTable, other: StatutoryTable) -> bool:
    known = other.values()
    return all(known.get((c.row, c.col)) is not None and known[c.row, c.col].value == c.value for c in table.cells)


def _layout(name: TableName, entries: list[_Entry], cells: dict[tuple[str, str], Cell]) -> Layout:
    rows = {entry.row for entry in entries} | {row for row, _ in cells}
    if name == "T3":
        return "C" if any(row.startswith("other.") for row in rows) else "B"
    cols = {col for _, col in cells}
    return "B" if cols & layouts.T2_ONLY_B or rows & {"other_services", "procurement"} else "C"
