"""What the reading room asks at every page: reports by division and year, events by time, and what is withheld."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gxgk_crawler.statutory.deadlines import deadline, organ_of

revision = "0010"
down_revision = "0009"

_TAMPERED = "array['spam', 'damaged', 'foreign_host']"
_EVENT = f"""
    select r.first_seen as at, 'new' as kind, r.id as report_id, 1 as version from report r
    union all
    select v.created_at,
           case when v.flags && {_TAMPERED} then 'injected' when b.flags && {_TAMPERED} then 'restored' else 'changed' end,
           v.report_id, v.number
    from report_version v
    left join report_version b on b.report_id = v.report_id and b.number = v.number - 1
    where v.reason = 'crawl' and (v.number > 1 or v.flags && {_TAMPERED})
    union all
    select r.gone_at, 'gone', r.id, r.current_version from report r where r.gone_at is not null
"""  # noqa: S608 - a constant of ours
_COLUMNS = {
    "at": "when the archive learned of it",
    "kind": "new, changed, gone, injected (advertising in the text), or restored (clean again)",
    "report_id": "number of the report",
    "version": "number of the version that shows it",
}


def upgrade() -> None:
    _create_coverage()
    _fill_coverage()
    op.create_index("report_by_year_idx", "report", [sa.text("coalesce(year, 0) desc"), sa.text("id desc")])
    op.create_index(op.f("report_first_seen_idx"), "report", ["first_seen"])
    op.create_index(op.f("report_gone_at_idx"), "report", ["gone_at"], postgresql_where=sa.text("gone_at is not null"))
    op.create_index(
        "report_version_tampered_idx",
        "report_version",
        ["report_id"],
        postgresql_where=sa.text(f"flags && {_TAMPERED}"),
    )
    op.create_index(op.f("report_version_created_at_idx"), "report_version", ["created_at"])
    op.create_table(
        "withheld",
        sa.Column("report_id", sa.BigInteger(), nullable=False, comment="the report"),
        sa.Column("scope", sa.Text(), nullable=False, comment="text: all of it; original: the archived page and files"),
        sa.Column("reason", sa.Text(), nullable=False, comment="what readers are told"),
        sa.Column(
            "withheld_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when it was withheld",
        ),
        sa.CheckConstraint("scope in ('text', 'original')", name=op.f("withheld_scope_check")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("withheld_report_id_fkey")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("withheld_pkey")),
        comment="Reports that the reading room does not show; the archive keeps them",
    )
    op.execute(f"create view event as {_EVENT}")
    op.execute("comment on view event is 'What happened to the reports, one row each; sort it by the time'")
    for name, meaning in _COLUMNS.items():
        op.execute(f"comment on column event.{name} is '{meaning}'")


def _create_coverage() -> None:
    op.create_table(
        "coverage_year",
        sa.Column("portal_id", sa.BigInteger(), nullable=False, comment="portal that the reports are on"),
        sa.Column("division", sa.Text(), nullable=False, comment="division of the reports; empty when unknown"),
        sa.Column("year", sa.SmallInteger(), nullable=False, comment="reporting year; 0 for reports that state none"),
        sa.Column("organ", sa.Text(), nullable=False, comment="government, department or township; empty when unknown"),
        sa.Column("reports", sa.Integer(), nullable=False, comment="how many reports"),
        sa.Column("undated", sa.Integer(), nullable=False, comment="how many state no day of publication"),
        sa.Column("late", sa.Integer(), nullable=False, comment="how many came after their legal day"),
        sa.Column("gone", sa.Integer(), nullable=False, comment="how many have left the portal"),
        sa.Column(
            "tampered", sa.Integer(), nullable=False, comment="how many hold foreign words in their current version"
        ),
        sa.Column("doubtful", sa.Integer(), nullable=False, comment="how many are flagged low_confidence or no_body"),
        sa.Column("first_published", sa.Date(), nullable=True, comment="the earliest day of publication"),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("coverage_year_portal_id_fkey")),
        sa.PrimaryKeyConstraint("portal_id", "division", "year", "organ", name=op.f("coverage_year_pkey")),
        comment="How many reports there are, by portal, division, year and kind of organ; kept by every crawl",
    )
    op.create_index(op.f("coverage_year_division_year_idx"), "coverage_year", ["division", "year"])


def _fill_coverage() -> None:
    """Count what is there; from then on `store.views.coverage_years` does it."""
    found = op.get_bind().execute(
        sa.text(
            f"""
            select r.portal_id, coalesce(r.division, p.division, '') as division, coalesce(r.year, 0) as year,
                   coalesce(r.organ, r.issuer) as organ,
                   v.published_on, r.gone_at is not null as gone, coalesce(v.flags && {_TAMPERED}, false) as tampered,
                   coalesce(v.flags && array['low_confidence', 'no_body'], false) as doubtful
            from report r
            join portal p on p.id = r.portal_id
            left join report_version v on v.report_id = r.id and v.number = r.current_version
            """  # noqa: S608 - a constant of ours
        )
    )
    counted: dict[tuple[object, ...], dict[str, object]] = {}
    for row in found:
        organ = organ_of(row.organ)
        due = deadline(row.year, organ)
        key = {"portal_id": row.portal_id, "division": row.division, "year": row.year, "organ": organ or ""}
        into = counted.setdefault(
            tuple(key.values()),
            {**key, **dict.fromkeys(("reports", "undated", "late", "gone", "tampered", "doubtful"), 0)}
            | {"first_published": None},
        )
        day = row.published_on
        marks = {
            "reports": True,
            "undated": day is None,
            "late": day is not None and due is not None and day > due,
            "gone": row.gone,
            "tampered": row.tampered,
            "doubtful": row.doubtful,
        }
        for name, is_so in marks.items():
            into[name] = int(str(into[name])) + is_so
        if day is not None:
            into["first_published"] = min(into["first_published"] or day, day)
    table = sa.table("coverage_year", *(sa.column(name) for name in next(iter(counted.values()), {})))
    if counted:
        op.bulk_insert(table, list(counted.values()))
