"""The table of former keys and URLs of reports, as SQLAlchemy sees it; the migrations say what each column means."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table, Text

from gxgk_crawler.store.models import URL_KEY, metadata

__all__ = ["metadata", "report_alias"]

report_alias = Table(
    "report_alias",
    metadata,
    Column("key", Text, primary_key=True),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("report_id", BigInteger, ForeignKey("report.id"), nullable=False),
    CheckConstraint("key ~ '^[a-z][0-9a-z]{9}$'", name="key"),
    Index(None, "report_id"),
    Index("report_alias_portal_id_url_key", "portal_id", URL_KEY, unique=True),
)
