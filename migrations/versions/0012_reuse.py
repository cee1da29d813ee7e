"""Reuse: what of a report stands word for word in that of the year before, and in those of its neighbours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

_COMMENT = "What of the text of a report stands in another one: that of the year before, or that of a neighbour in the same year"
_COLUMNS = {
    "report_id": "number of the report",
    "organ": "the body that reports 行政机关 by its full name, else 发布机构 as printed, else the title of the portal",
    "division": "GB/T 2260 code of its division",
    "year": "reporting year",
    "version": "number of the version, from 1",
    "kind": "year_before: of the same organ; same_year: of the same kind of organ in a division with the same parent",
    "other_report": "report that the text also stands in",
    "other_organ": "its organ",
    "other_year": "its year",
    "other_version": "its version",
    "share": "share of the characters of the paragraphs, 0 to 1; rows of tables and figures are left out",
    "characters": "how many characters these paragraphs have",
    "spans": "[[start, end]] of each run of eight and more equal characters in the text of the report",
}


def upgrade() -> None:
    op.add_column(
        "report_version",
        sa.Column(
            "reuse_version",
            sa.Text(),
            nullable=True,
            comment="version of the rules that compared its text with others; null before",
        ),
    )
    op.create_table(
        "reuse",
        sa.Column("report_version_id", sa.BigInteger(), nullable=False, comment="version whose text is looked at"),
        sa.Column("other_version_id", sa.BigInteger(), nullable=False, comment="version that it is compared with"),
        sa.Column("kind", sa.Text(), nullable=False, comment=_COLUMNS["kind"]),
        sa.Column("share", sa.Numeric(), nullable=False, comment=_COLUMNS["share"]),
        sa.Column("characters", sa.Integer(), nullable=False, comment=_COLUMNS["characters"]),
        sa.Column("spans", postgresql.JSONB(), nullable=False, comment=_COLUMNS["spans"]),
        sa.CheckConstraint("kind in ('year_before', 'same_year')", name=op.f("reuse_kind_check")),
        sa.CheckConstraint("share between 0 and 1", name=op.f("reuse_share_check")),
        sa.ForeignKeyConstraint(
            ["report_version_id"], ["report_version.id"], name=op.f("reuse_report_version_id_fkey")
        ),
        sa.ForeignKeyConstraint(["other_version_id"], ["report_version.id"], name=op.f("reuse_other_version_id_fkey")),
        sa.PrimaryKeyConstraint("report_version_id", "other_version_id", name=op.f("reuse_pkey")),
        comment=_COMMENT,
    )
    op.create_index(op.f("reuse_other_version_id_idx"), "reuse", ["other_version_id"])
    op.execute(
        """
        create view reuses as
        select r.id as report_id, coalesce(r.organ, r.issuer, p.title) as organ,
               coalesce(r.division, p.division) as division, r.year, v.number as version, u.kind, o.id as other_report,
               coalesce(o.organ, o.issuer, q.title) as other_organ, o.year as other_year, w.number as other_version,
               u.share, u.characters, u.spans
        from reuse u
        join report_version v on v.id = u.report_version_id
        join report r on r.id = v.report_id
        join portal p on p.id = r.portal_id
        join report_version w on w.id = u.other_version_id
        join report o on o.id = w.report_id
        join portal q on q.id = o.portal_id
        """
    )
    op.execute(f"comment on view reuses is '{_COMMENT}'".replace(":", r"\:"))
    for name, meaning in _COLUMNS.items():
        op.execute(f"comment on column reuses.{name} is '{meaning}'".replace(":", r"\:"))
