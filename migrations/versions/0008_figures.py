"""Figures: the cells of the statutory tables, their checks, the indicators of the prose, and views of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TABLES = "'T2', 'T3', 'T4', 'A'"
_VERDICTS = "'pass', 'fail', 'not-evaluable'"


def upgrade() -> None:
    _extend_reports()
    _create_cells()
    _create_omissions()
    _create_checks()
    _create_indicators()
    for name, (comment, query, columns) in _VIEWS.items():
        op.execute(f"create view {name} as {query}")
        op.execute(f"comment on view {name} is {_quoted(comment)}")
        for column, meaning in columns.items():
            op.execute(f"comment on column {name}.{column} is {_quoted(meaning)}")


def _quoted(text: str) -> str:
    # Alembic hands the string to SQLAlchemy's text(), where a colon before a letter would begin a parameter.
    return "'" + text.replace("'", "''").replace(":", r"\:") + "'"


def _extend_reports() -> None:
    op.add_column(
        "report",
        sa.Column(
            "stood_by",
            sa.BigInteger(),
            nullable=True,
            comment="report of the same organ and year that stands for it in series; null: this one counts itself",
        ),
    )
    op.create_foreign_key(op.f("report_stood_by_fkey"), "report", "report", ["stood_by"], ["id"])
    op.create_index(op.f("report_stood_by_idx"), "report", ["stood_by"])
    # Series ask for one province and some years; a report without a division of its own has that of its portal.
    op.create_index(op.f("report_division_year_idx"), "report", ["division", "year"])
    op.create_index(op.f("report_portal_id_year_idx"), "report", ["portal_id", "year"])
    # Reports of one organ. A hash, because a btree entry holds at most 2,704 bytes and a name may be longer.
    op.create_index("report_organ_idx", "report", [sa.text("coalesce(organ, issuer)")], postgresql_using="hash")
    op.add_column(
        "report_version",
        sa.Column(
            "statutory_version",
            sa.Text(),
            nullable=True,
            comment="version of the rules that read its figures; null before they were read",
        ),
    )
    op.add_column(
        "report_version",
        sa.Column(
            "statutory_tables",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="which statutory tables it holds: T2, T3, T4, A",
        ),
    )


def _of_version() -> list[sa.Column[int]]:
    return [
        sa.Column("report_version_id", sa.BigInteger(), nullable=False, comment="version that states it"),
        sa.Column("position", sa.Integer(), nullable=False, comment="place among the figures of the version, from 0"),
    ]


def _place() -> list[sa.Column[int]]:
    return [
        sa.Column("grid", sa.Integer(), nullable=True, comment="grid that holds it, from 0; null for a place in text"),
        sa.Column("grid_row", sa.Integer(), nullable=True, comment="row of that grid, from 0"),
        sa.Column("grid_col", sa.Integer(), nullable=True, comment="column of that grid, from 0"),
        sa.Column("start", sa.Integer(), nullable=True, comment="where it begins in the text, in characters from 0"),
        sa.Column("end", sa.Integer(), nullable=True, comment="where it ends there, exclusive"),
        sa.Column(
            "attachment",
            sa.SmallInteger(),
            nullable=True,
            comment="position of the attachment that the grid or the text is of; null for the body of the page",
        ),
    ]


def _key(name: str, comment: str) -> sa.Column[str]:
    """A key of the layout. Compared by bytes, which is faster than by the rules of a language."""
    return sa.Column(name, sa.Text(collation="C"), nullable=False, comment=comment)


def _table_columns() -> list[sa.Column[str]]:
    return [
        _key("table", "T2 主动公开, T3 依申请, T4 复议诉讼, or A, the form of the years before 2019"),
        sa.Column("layout", sa.Text(), nullable=False, comment="A until 2018, B 2019 and 2020, C since 2021"),
        _key("row", "key of the row: docs/variables.md"),
    ]


def _statement() -> sa.Column[int]:
    return sa.Column(
        "statement",
        sa.SmallInteger(),
        nullable=False,
        comment="0 for the first statement of this table in the version, 1 for a second one, as in an attachment",
    )


def _version_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["report_version_id"], ["report_version.id"], name=op.f(f"{table}_report_version_id_fkey")
    )


def _create_cells() -> None:
    op.create_table(
        "statutory_cell",
        *_of_version(),
        *_place(),
        _statement(),
        *_table_columns(),
        _key("col", "key of the column: docs/variables.md"),
        sa.Column("raw", sa.Text(), nullable=False, comment="what is printed in the cell"),
        sa.Column("value", sa.Numeric(), nullable=True, comment="the figure; null unless semantic is number or zero"),
        sa.Column("unit", sa.Text(), nullable=True, comment="unit that the cell or its header names"),
        sa.Column(
            "semantic", sa.Text(), nullable=False, comment="number, zero, blank (never zero), na (- / 无) or text"
        ),
        sa.Column("method", sa.Text(), nullable=False, comment="how it was read: grid, flat (text) or pdf"),
        sa.Column("row_label", sa.Text(), nullable=False, comment="label of the row as printed"),
        sa.Column("col_label", sa.Text(), nullable=False, comment="label of the column as printed"),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=True,
            comment="worst verdict of the equations E1 to E4, E9 and E10 that it stands in; null when it stands in none",
        ),
        sa.CheckConstraint(f'"table" in ({_TABLES})', name=op.f("statutory_cell_table_check")),
        sa.CheckConstraint("layout in ('A', 'B', 'C')", name=op.f("statutory_cell_layout_check")),
        sa.CheckConstraint(
            "semantic in ('number', 'zero', 'blank', 'na', 'text')", name=op.f("statutory_cell_semantic_check")
        ),
        sa.CheckConstraint("method in ('grid', 'flat', 'pdf')", name=op.f("statutory_cell_method_check")),
        sa.CheckConstraint(f"verdict in ({_VERDICTS})", name=op.f("statutory_cell_verdict_check")),
        _version_key("statutory_cell"),
        # By the cell, not by the position: a series reads one cell of many versions.
        sa.PrimaryKeyConstraint(
            "report_version_id", "table", "row", "col", "position", name=op.f("statutory_cell_pkey")
        ),
        comment="Figures of the statutory tables, one row per cell; derived from the texts and read again by gxgk reextract",
    )


def _create_omissions() -> None:
    op.create_table(
        "statutory_omission",
        *_of_version(),
        *_place(),
        _statement(),
        *_table_columns(),
        sa.Column("raw", sa.Text(), nullable=False, comment="the figures as they are printed"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why they belong to no column"),
        _version_key("statutory_omission"),
        sa.PrimaryKeyConstraint("report_version_id", "position", name=op.f("statutory_omission_pkey")),
        comment="Rows of statutory tables whose figures cannot be placed with certainty, and are therefore no cells",
    )


def _create_checks() -> None:
    op.create_table(
        "statutory_check",
        *_of_version(),
        _key("rule", "E1 to E11: docs/variables.md"),
        _key("at", "column, row or indicator that the equation is about"),
        sa.Column("lhs", sa.Numeric(), nullable=True, comment="left side; null when it is not stated"),
        sa.Column("rhs", sa.Numeric(), nullable=True, comment="right side; null when it is not stated"),
        sa.Column("delta", sa.Numeric(), nullable=True, comment="lhs - rhs"),
        sa.Column("status", sa.Text(), nullable=False, comment="pass, fail or not-evaluable"),
        sa.Column(
            "severity", sa.Text(), nullable=False, comment="hard, or soft where a failure may have honest reasons"
        ),
        sa.Column(
            "against",
            sa.BigInteger(),
            nullable=True,
            comment="version of the year before that it compares with; null for an equation within one report",
        ),
        sa.CheckConstraint(f"status in ({_VERDICTS})", name=op.f("statutory_check_status_check")),
        sa.CheckConstraint("severity in ('hard', 'soft')", name=op.f("statutory_check_severity_check")),
        _version_key("statutory_check"),
        sa.ForeignKeyConstraint(["against"], ["report_version.id"], name=op.f("statutory_check_against_fkey")),
        sa.PrimaryKeyConstraint("report_version_id", "rule", "at", name=op.f("statutory_check_pkey")),
        comment="Equations 勾稽关系 of the statutory tables with their verdicts; no check ever changes a cell",
    )
    op.create_index(
        "statutory_check_failed_idx",
        "statutory_check",
        ["rule", "report_version_id"],
        postgresql_where=sa.text("status = 'fail'"),
    )
    op.create_index(op.f("statutory_check_against_idx"), "statutory_check", ["against"])


def _create_indicators() -> None:
    op.create_table(
        "indicator",
        *_of_version(),
        _key("key", "what is stated: docs/variables.md holds the closed list"),
        sa.Column("value", sa.Numeric(), nullable=False, comment="the figure"),
        sa.Column("unit", sa.Text(), nullable=False, comment="unit as printed"),
        sa.Column("evidence", sa.Text(), nullable=False, comment="the words that state it"),
        sa.Column("start", sa.Integer(), nullable=False, comment="where they begin in the text, in characters from 0"),
        sa.Column("end", sa.Integer(), nullable=False, comment="where they end there, exclusive"),
        sa.Column("approximate", sa.Boolean(), nullable=False, comment="the words say 余 or 约"),
        sa.Column("derived", sa.Boolean(), nullable=False, comment="a zero that only words state: 未收到"),
        sa.Column(
            "scope", sa.Text(), nullable=True, comment="part or region that the figure is of, where the words name one"
        ),
        _version_key("indicator"),
        sa.PrimaryKeyConstraint("report_version_id", "key", "position", name=op.f("indicator_pkey")),
        comment="Figures that the prose of reports states; a figure that nothing states has no row",
    )
    op.create_index(op.f("indicator_key_idx"), "indicator", ["key"])


_REPORT = """r.id as report_id, p.name as portal, r.url, coalesce(r.organ, r.issuer, p.title) as organ,
    coalesce(r.division, p.division) as division, r.year, v.number as version,
    v.number = r.current_version as is_current, v.number = r.current_version and r.stood_by is null as stands"""
_VERSIONS = """report_version v
    join report r on r.id = v.report_id
    join portal p on p.id = r.portal_id"""
_CURRENT = """report r
    join portal p on p.id = r.portal_id
    join report_version v on v.report_id = r.id and v.number = r.current_version"""
_REPORT_COLUMNS = {
    "report_id": "number of the report",
    "portal": "name of the portal",
    "url": "canonical URL of the report",
    "organ": "the body that reports 行政机关 by its full name, else 发布机构 as printed, else the title of the portal",
    "division": "GB/T 2260 code of its division",
    "year": "reporting year",
    "version": "number of the version, from 1",
    "is_current": "true for the version that counts",
    "stands": "true for the one version that stands for its organ and year: sum and count only these",
}
_PLACE_COLUMNS = {
    "attachment": "position of the attachment that states it; null for the body",
    "grid": "grid that holds it, from 0",
    "grid_row": "row of that grid, from 0",
    "grid_col": "column of that grid, from 0",
    "starts": "where it begins in the text, in characters from 0; null for a place in a grid",
    "ends": "where it ends there, exclusive",
}

# The rows of T3 by the names that their totals have in the wide view.
_T3_ROWS = (
    "new_received", "carried_in", "granted", "partial", "denied.state_secret", "denied.other_law",
    "denied.three_securities", "denied.third_party", "denied.internal", "denied.process", "denied.case_file",
    "denied.admin_query", "unable.not_held", "unable.must_create", "unable.unclear", "not_processed.petition",
    "not_processed.repeat", "not_processed.publication", "not_processed.massive", "not_processed.confirm", "other",
    "other.no_correction", "other.fee_unpaid", "other.other", "processed_total", "carried_out",
)  # fmt: skip
_T4_ROWS = ("review", "litigation.direct", "litigation.after_review")
_T4_COLS = ("upheld", "corrected", "other", "pending", "total")
_T2_CELLS = (
    ("regulations", "made_this_year"), ("regulations", "newly_disclosed"), ("regulations", "disclosed_total"),
    ("normative_documents", "made_this_year"), ("normative_documents", "newly_disclosed"),
    ("normative_documents", "disclosed_total"), ("regulations", "issued"), ("regulations", "repealed"),
    ("regulations", "in_force"), ("normative_documents", "issued"), ("normative_documents", "repealed"),
    ("normative_documents", "in_force"), ("licensing", "decisions"), ("other_services", "decisions"),
    ("penalties", "decisions"), ("coercion", "decisions"),
)  # fmt: skip
_AMOUNTS = {"fees": "fee_amount", "procurement": "procurement_amount"}


def _wide_cells() -> dict[str, tuple[str, str, str]]:
    """Columns of the wide view: name -> table, row and column key."""
    t3 = {row.replace(".", "_"): ("T3", row, "total") for row in _T3_ROWS}
    t4 = {f"{row.replace('.', '_')}_{col}": ("T4", row, col) for row in _T4_ROWS for col in _T4_COLS}
    t2 = {f"{row}_{col}": ("T2", row, col) for row, col in _T2_CELLS}
    return t3 | t4 | t2


def _wide() -> str:
    def only(value: str, table: str, row: str, col: str, name: str) -> str:
        return (
            f"""max({value}) filter (where c."table" = '{table}' and c."row" = '{row}' and c.col = '{col}') as {name}"""
        )

    in_wan = (
        "c.value * case c.unit when '亿元' then 10000 when '万元' then 1 when '千元' then 0.1 when '元' then 0.0001 end"
    )
    values = ", ".join(
        [only("c.value", *cell, name) for name, cell in _wide_cells().items()]
        + [only(in_wan, "T2", row, col, f"{col}_wan") for row, col in _AMOUNTS.items()]
    )
    layout = """min(c.layout) filter (where c."table" in ('T2', 'T3', 'T4')) as layout"""
    return f"""
        select {_REPORT}, w.*
        from {_CURRENT}
        cross join lateral (
            select {layout}, {values}
            from statutory_cell c
            where c.report_version_id = v.id and c.statement = 0
            having count(*) > 0
        ) w
    """  # noqa: S608 - keys of ours


# Variables that the layouts have in common, and the cells that they are the sum of. What a layout does not ask for has no row.
_CROSSWALK: dict[str, dict[str, tuple[tuple[str, str, str], ...]]] = {
    "received": {"A": (("A", "3.1", "value"),), "BC": (("T3", "new_received", "total"),)},
    "carried_in": {"BC": (("T3", "carried_in", "total"),)},
    "granted": {"A": (("A", "3.3.2", "value"),), "BC": (("T3", "granted", "total"),)},
    "partial": {"A": (("A", "3.3.3", "value"),), "BC": (("T3", "partial", "total"),)},
    "not_held": {
        "A": (("A", "3.3.5", "value"), ("A", "3.3.6", "value")),
        "BC": (("T3", "unable.not_held", "total"),),
    },
    "other": {
        "B": (("T3", "other", "total"),),
        "C": tuple(("T3", f"other.{part}", "total") for part in ("no_correction", "fee_unpaid", "other")),
    },
    "processed_total": {"BC": (("T3", "processed_total", "total"),)},
    "carried_out": {"BC": (("T3", "carried_out", "total"),)},
    "licensing_decisions": {"BC": (("T2", "licensing", "decisions"),)},
    "penalties_decisions": {"BC": (("T2", "penalties", "decisions"),)},
    "coercion_decisions": {"BC": (("T2", "coercion", "decisions"),)},
}


def _crosswalk() -> str:
    rows = ", ".join(
        f"('{variable}', '{layout}', {len(cells)}, '{table}', '{row}', '{col}')"
        for variable, layouts in _CROSSWALK.items()
        for names, cells in layouts.items()
        for layout in names
        for table, row, col in cells
    )
    return f"""
        select {_REPORT}, x.layout, x.variable, x.value, x.cells
        from {_CURRENT}
        cross join lateral (
            select m.layout, m.variable, case when count(*) = max(m.parts) then sum(c.value) end as value,
                   array_agg(m.tab || '.' || m.key || '.' || m.col order by m.key) as cells
            from (values {rows}) as m (variable, layout, parts, tab, key, col)
            join statutory_cell c
              on c.report_version_id = v.id and c."table" = m.tab and c."row" = m.key and c.col = m.col
             and c.layout = m.layout and c.statement = 0
            group by m.layout, m.variable
        ) x
    """  # noqa: S608 - keys of ours


_VIEWS: dict[str, tuple[str, str, dict[str, str]]] = {
    "statutory_cells": (
        "All figures of the statutory tables, one row per cell; add `where stands` to count every organ and year once",
        f"""
        select {_REPORT}, v.published_on, c."table" || '.' || c."row" || '.' || c.col as cell, c."table" as table_name,
               c.layout, c.statement, c."row" as row_key, c.col as col_key, c.row_label, c.col_label, c.raw, c.value,
               c.unit, c.semantic, c.verdict, c.method, c.attachment, c.grid, c.grid_row, c.grid_col,
               c.start as starts, c."end" as ends, c.position
        from {_VERSIONS}
        join statutory_cell c on c.report_version_id = v.id
        """,  # noqa: S608 - keys of ours
        {
            **_REPORT_COLUMNS,
            "published_on": "day of publication",
            "cell": "table, row and column key: T3.new_received.total",
            "table_name": "T2 主动公开, T3 依申请, T4 复议诉讼, or A, the form of the years before 2019",
            "layout": "A until 2018, B 2019 and 2020, C since 2021",
            "statement": "0 for the first statement of the table in the version, 1 for a second one",
            "row_key": "key of the row",
            "col_key": "key of the column",
            "row_label": "label of the row as printed",
            "col_label": "label of the column as printed",
            "raw": "what is printed in the cell",
            "value": "the figure; null unless semantic is number or zero",
            "unit": "unit that the cell or its header names",
            "semantic": "number, zero, blank (never zero), na (- / 无) or text",
            "verdict": "worst verdict of the equations E1 to E4, E9 and E10 that it stands in; null when it stands in none",
            "method": "how it was read: grid, flat (text) or pdf",
            **_PLACE_COLUMNS,
            "position": "place among the figures of the version, from 0",
        },
    ),
    "statutory_checks": (
        "All equations 勾稽关系 with their verdicts: within a report, against its prose, and from one year to the next",
        f"""
        select {_REPORT}, k.rule, k.at, k.lhs, k.rhs, k.delta, k.status, k.severity, e.report_id as earlier_report,
               e.year as earlier_year
        from {_VERSIONS}
        join statutory_check k on k.report_version_id = v.id
        left join report_version e on e.id = k.against
        """,  # noqa: S608 - keys of ours
        {
            **_REPORT_COLUMNS,
            "rule": "E1 to E11: docs/variables.md",
            "at": "column, row or indicator that the equation is about",
            "lhs": "left side",
            "rhs": "right side",
            "delta": "lhs - rhs",
            "status": "pass, fail or not-evaluable",
            "severity": "hard, or soft where a failure may have honest reasons",
            "earlier_report": "report of the year before that it compares with; null for an equation within one report",
            "earlier_year": "its year",
        },
    ),
    "indicators": (
        "All figures that the prose of reports states",
        f"""
        select {_REPORT}, i.position, i.key, i.value, i.unit, i.approximate, i.derived, i.scope, i.evidence,
               i.start as starts, i."end" as ends
        from {_VERSIONS}
        join indicator i on i.report_version_id = v.id
        """,  # noqa: S608 - keys of ours
        {
            **_REPORT_COLUMNS,
            "position": "place among the figures of the version, from 0",
            "key": "what is stated: docs/variables.md holds the closed list",
            "value": "the figure",
            "unit": "unit as printed",
            "approximate": "the words say 余 or 约",
            "derived": "a zero that only words state: 未收到",
            "scope": "part or region that the figure is of, where the words name one",
            "evidence": "the words that state it",
            "starts": "where they begin in the text, in characters from 0",
            "ends": "where they end there, exclusive",
        },
    ),
    "figures": (
        "The main figures of the statutory tables B and C, one row per report; `where stands` counts every organ and year once",
        _wide(),
        {
            **_REPORT_COLUMNS,
            "layout": "B 2019 and 2020, C since 2021; null where there is only a form of the years before",
            **{name: f"value of {'.'.join(cell)}" for name, cell in _wide_cells().items()},
            **{
                f"{col}_wan": f"value of T2.{row}.{col} in 万元; null when neither the cell nor its header names a unit"
                for row, col in _AMOUNTS.items()
            },
        },
    ),
    "crosswalk": (
        "Variables that the layouts A, B and C have in common; a variable that a layout does not ask for has no row",
        _crosswalk(),
        {
            **_REPORT_COLUMNS,
            "layout": "layout of the table",
            "variable": "received, carried_in, granted, partial, not_held, other, processed_total, carried_out, "
            "licensing_decisions, penalties_decisions, coercion_decisions",
            "value": "the figure: the sum of the cells; null unless all of them are there and one has a figure",
            "cells": "the cells that it is the sum of",
        },
    ),
}
