"""Tables that only the reading room asks: how many reports there are by year, and which are withheld."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)

from gxgk_crawler.store.models import metadata, report, report_version

coverage_year = Table(
    "coverage_year",
    metadata,
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False),
    Column("division", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("organ", Text, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("undated", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("tampered", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),
    Column("first_published", Date),
    PrimaryKeyConstraint("portal_id", "division", "year", "organ"),
    Index(None, "division", "year"),
)

withheld = Table(
    "withheld",
    metadata,
    Column("report_id", BigInteger, ForeignKey("report.id"), primary_key=True, autoincrement=False),
    Column("scope", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("withheld_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("scope in ('text', 'original')", name="scope"),
)

# Lists are read from their newest end.
Index("report_by_year_idx", func.coalesce(report.c.year, 0).desc(), report.c.id.desc())
Index(None, report.c.first_seen)
Index(None, report.c.gone_at, postgresql_where=report.c.gone_at.is_not(None))
Index(None, report_version.c.created_at)
Index(
    "report_version_tampered_idx",
    report_version.c.report_id,
    postgresql_where=text("flags && array['spam', 'damaged', 'foreign_host']"),
)
