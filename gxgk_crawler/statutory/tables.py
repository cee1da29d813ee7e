"""What the statutory reading yields: tables of cells, checks 勾稽关系 and indicators, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

STATUTORY_VERSION = "1"

TableName = Literal["T2", "T3", "T4", "A"]
Layout = Literal["A", "B", "C"]
Semantic = Literal["number", "zero", "blank", "na", "text"]
Method = Literal["grid", "flat", "pdf"]
Status = Literal["pass", "fail", "not-evaluable"]


# Places and cells are not frozen: a frozen object takes three times as long to make, and a page has hundreds of them.
@dataclass(slots=True, kw_only=True)
class Place:
    """Where a figure stands: in a grid of the document (index, row, col, counted from 0) or in its text (start, end)."""

    grid: int | None = None
    row: int | None = None
    col: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(slots=True, kw_only=True)
class Cell:
    """One figure of a statutory table.

    row, col: keys of the layout. row_label, col_label: the words of the page. raw: the cell as it is printed. value: None
    unless the semantic is number or zero. unit: as the cell or its header names it. attachment: the number of the
    attachment that holds it, None for the body.
    """

    row: str
    col: str
    raw: str
    value: int | float | None
    unit: str | None
    semantic: Semantic
    place: Place
    method: Method
    attachment: int | None = None
    row_label: str = ""
    col_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Omitted:
    """A row whose figures cannot be placed with certainty. raw: its figures. reason: why they were left out. attachment: as of a cell."""

    row: str
    raw: str
    place: Place
    reason: str
    attachment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryTable:
    """One statutory table: T2 主动公开, T3 申请办理, T4 复议诉讼, or A, the statistics form of the years before 2019."""

    table: TableName
    layout: Layout
    cells: list[Cell] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)

    def values(self) -> dict[tuple[str, str], Cell]:
        """The cells by row and column key."""
        return {(cell.row, cell.col): cell for cell in self.cells}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One equation 勾稽关系 with both sides. at: the column, row or key it is about. delta: lhs - rhs."""

    rule: str
    at: str
    lhs: int | float | None
    rhs: int | float | None
    delta: int | float | None
    status: Status
    severity: Literal["hard", "soft"] = "hard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words of the text that state a figure, with their offsets in `Document.text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure that the prose states. docs/variables.md holds the closed list of keys.

    approximate: the prose says 余, 约 or the like. derived: a zero that words state (未收到). scope: own (the organ itself),
    region (with all below it) or the name of a part.
    """

    key: str
    value: int | float
    unit: str
    evidence: Evidence
    approximate: bool = False
    derived: bool = False
    scope: str | None = None
