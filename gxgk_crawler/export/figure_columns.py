"""Tables of an export with figures: cells of statutory tables, their checks, indicators. Names are those of the SQL views."""

from __future__ import annotations

from gxgk_crawler.export.export_table import Column, ExportTable, Reference, fact, maybe, said

_VERSION = Reference(columns=("report_id", "version"), table="versions", of=("report_id", "version"))
_REPORT: tuple[Column, ...] = (
    fact("report_id", "integer", "number of the report"),
    fact("version", "integer", "number of the version, from 1"),
    fact("is_current", "boolean", "true for the version that counts"),
    fact(
        "stands",
        "boolean",
        "true for the one version that stands for its organ and year: sum and count only these",
    ),
    said(
        "organ",
        "the body that reports 行政机关 by its full name, else 发布机构 as printed, else the title of the portal",
        nullable=False,
    ),
    maybe("division", "string", "GB/T 2260 code of its division"),
    maybe("year", "integer", "reporting year"),
)
_PLACE: tuple[Column, ...] = (
    maybe("attachment", "integer", "position of the attachment that states it; null for the body"),
    maybe("grid", "integer", "grid that holds it, from 0"),
    maybe("grid_row", "integer", "row of that grid, from 0"),
    maybe("grid_col", "integer", "column of that grid, from 0"),
    maybe("starts", "integer", "where it begins in the text, in characters from 0; null for a place in a grid"),
    maybe("ends", "integer", "where it ends there, exclusive"),
)
_POSITION = fact("position", "integer", "place among the figures of the version, from 0")

STATUTORY_CELLS = ExportTable(
    name="statutory_cells",
    meaning="All figures of the statutory tables, one row per cell; add `where stands` to count every organ and year once",
    key=("report_id", "version", "position"),
    columns=(
        *_REPORT,
        said("cell", "table, row and column key: T3.new_received.total", nullable=False),
        fact("table_name", "string", "T2 主动公开, T3 依申请, T4 复议诉讼, or A, the form of the years before 2019"),
        fact("layout", "string", "A until 2018, B 2019 and 2020, C since 2021"),
        fact("statement", "integer", "0 for the first statement of the table in the version, 1 for a second one"),
        said("row_key", "key of the row", nullable=False),
        fact("col_key", "string", "key of the column"),
        said("row_label", "label of the row as printed", nullable=False),
        said("col_label", "label of the column as printed", nullable=False),
        said("raw", "what is printed in the cell", nullable=False),
        maybe("value", "number", "the figure; null unless semantic is number or zero"),
        maybe("unit", "string", "unit that the cell or its header names"),
        fact("semantic", "string", "number, zero, blank (never zero), na (- / 无) or text"),
        maybe(
            "verdict",
            "string",
            "worst verdict of the equations E1 to E4, E9 and E10 that it stands in; null when it stands in none",
        ),
        fact("method", "string", "how it was read: grid, flat (text) or pdf"),
        *_PLACE,
        _POSITION,
    ),
    references=(_VERSION,),
)
STATUTORY_CHECKS = ExportTable(
    name="statutory_checks",
    meaning="All equations 勾稽关系 with their verdicts: within a report, against its prose, and from one year to the next",
    key=("report_id", "version", "rule", "at"),
    columns=(
        *_REPORT,
        fact("rule", "string", "E1 to E11: docs/variables.md"),
        fact("at", "string", "column, row or indicator that the equation is about"),
        maybe("lhs", "number", "left side"),
        maybe("rhs", "number", "right side"),
        maybe("delta", "number", "lhs - rhs"),
        fact("status", "string", "pass, fail or not-evaluable"),
        fact("severity", "string", "hard, or soft where a failure may have honest reasons"),
        maybe(
            "earlier_report",
            "integer",
            "report of the year before that it compares with; null for an equation within one report",
        ),
        maybe("earlier_year", "integer", "its year"),
    ),
    references=(_VERSION,),
)
INDICATORS = ExportTable(
    name="indicators",
    meaning="All figures that the prose of reports states",
    key=("report_id", "version", "position"),
    columns=(
        *_REPORT,
        _POSITION,
        fact("key", "string", "what is stated: docs/variables.md holds the closed list"),
        fact("value", "number", "the figure"),
        fact("unit", "string", "unit as printed"),
        fact("approximate", "boolean", "the words say 余 or 约"),
        fact("derived", "boolean", "a zero that only words state: 未收到"),
        said("scope", "part or region that the figure is of, where the words name one"),
        said("evidence", "the words that state it", nullable=False),
        fact("starts", "integer", "where they begin in the text, in characters from 0"),
        fact("ends", "integer", "where they end there, exclusive"),
    ),
    references=(_VERSION,),
)
REUSES = ExportTable(
    name="reuses",
    meaning="What of the text of a report stands in another one: that of the year before, or that of a neighbour in the same year",
    key=("report_id", "version", "other_report", "other_version"),
    columns=(
        fact("report_id", "integer", "number of the report"),
        said(
            "organ",
            "the body that reports 行政机关 by its full name, else 发布机构 as printed, else the title of the portal",
            nullable=False,
        ),
        maybe("division", "string", "GB/T 2260 code of its division"),
        maybe("year", "integer", "reporting year"),
        fact("version", "integer", "number of the version, from 1"),
        fact(
            "kind",
            "string",
            "year_before: of the same organ; same_year: of the same kind of organ in a division with the same parent",
        ),
        fact("other_report", "integer", "report that the text also stands in"),
        said("other_organ", "its organ", nullable=False),
        maybe("other_year", "integer", "its year"),
        fact("other_version", "integer", "its version"),
        fact(
            "share",
            "number",
            "share of the characters of the paragraphs, 0 to 1; rows of tables and figures are left out",
        ),
        fact("characters", "integer", "how many characters these paragraphs have"),
        fact(
            "spans",
            "spans",
            "[[start, end]] of each run of eight and more equal characters in the text of the report",
        ),
    ),
    references=(_VERSION,),
)
