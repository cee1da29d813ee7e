"""The tables of figures. Their rows are derived from the texts: each may be deleted and is made again by `gxgk reextract`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gxgk_crawler.store.models import metadata, report

_VERDICTS = "('pass', 'fail', 'not-evaluable')"


def _of_version() -> list[Column[int]]:
    return [
        Column("report_version_id", BigInteger, ForeignKey("report_version.id"), nullable=False),
        Column("position", Integer, nullable=False),
    ]


def _place() -> list[Column[int]]:
    return [
        *(Column(name, Integer) for name in ("grid", "grid_row", "grid_col", "start", "end")),
        Column("attachment", SmallInteger),
        Column("statement", SmallInteger, nullable=False),
    ]


def _key(name: str) -> Column[str]:
    return Column(name, Text(collation="C"), nullable=False)


statutory_cell = Table(
    "statutory_cell",
    metadata,
    *_of_version(),
    *_place(),
    _key("table"),
    Column("layout", Text, nullable=False),
    _key("row"),
    _key("col"),
    Column("raw", Text, nullable=False),
    Column("value", Numeric),
    Column("unit", Text),
    Column("semantic", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("row_label", Text, nullable=False),
    Column("col_label", Text, nullable=False),
    Column("verdict", Text),
    PrimaryKeyConstraint("report_version_id", "table", "row", "col", "position"),
    CheckConstraint("\"table\" in ('T2', 'T3', 'T4', 'A')", name="table"),
    CheckConstraint("layout in ('A', 'B', 'C')", name="layout"),
    CheckConstraint("semantic in ('number', 'zero', 'blank', 'na', 'text')", name="semantic"),
    CheckConstraint("method in ('grid', 'flat', 'pdf')", name="method"),
    CheckConstraint(f"verdict in {_VERDICTS}", name="verdict"),
)

statutory_omission = Table(
    "statutory_omission",
    metadata,
    *_of_version(),
    *_place(),
    _key("table"),
    Column("layout", Text, nullable=False),
    _key("row"),
    Column("raw", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("report_version_id", "position"),
)

statutory_check = Table(
    "statutory_check",
    metadata,
    *_of_version(),
    _key("rule"),
    _key("at"),
    Column("lhs", Numeric),
    Column("rhs", Numeric),
    Column("delta", Numeric),
    Column("status", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("against", BigInteger, ForeignKey("report_version.id")),
    PrimaryKeyConstraint("report_version_id", "rule", "at"),
    CheckConstraint(f"status in {_VERDICTS}", name="status"),
    CheckConstraint("severity in ('hard', 'soft')", name="severity"),
    Index("statutory_check_failed_idx", "rule", "report_version_id", postgresql_where=text("status = 'fail'")),
    Index(None, "against"),
)

indicator = Table(
    "indicator",
    metadata,
    *_of_version(),
    _key("key"),
    Column("value", Numeric, nullable=False),
    Column("unit", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("approximate", Boolean, nullable=False),
    Column("derived", Boolean, nullable=False),
    Column("scope", Text),
    PrimaryKeyConstraint("report_version_id", "key", "position"),
    Index(None, "key"),
)

reuse = Table(
    "reuse",
    metadata,
    Column("report_version_id", BigInteger, ForeignKey("report_version.id"), nullable=False),
    Column("other_version_id", BigInteger, ForeignKey("report_version.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("share", Numeric, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("spans", JSONB, nullable=False),
    PrimaryKeyConstraint("report_version_id", "other_version_id"),
    CheckConstraint("kind in ('year_before', 'same_year')", name="kind"),
    CheckConstraint("share between 0 and 1", name="share"),
    Index(None, "other_version_id"),
)

# What series and the reports of one organ are found by.
Index("report_division_year_idx", report.c.division, report.c.year)
Index("report_portal_id_year_idx", report.c.portal_id, report.c.year)
Index("report_organ_idx", func.coalesce(report.c.organ, report.c.issuer), postgresql_using="hash")
Index("report_stood_by_idx", report.c.stood_by)
