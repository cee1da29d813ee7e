"""Operation: what a version needs to be replayed, manifest lines, schedules and alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ROLES = "'robots', 'page', 'list', 'report', 'attachment', 'image', 'stylesheet'"


def upgrade() -> None:
    # Texts and vectors go out of line: then a page holds a hundred sections and not eight, and a search that looks up which
    # reports hold a common term reads a tenth of the pages. Rows that are there move when they are next written.
    op.execute("alter table section set (toast_tuple_target = 128)")
    op.drop_constraint(op.f("capture_role_check"), "capture")
    op.create_check_constraint(op.f("capture_role_check"), "capture", f"role in ({_ROLES})")
    op.execute(
        "comment on column captures.role is "
        "'what it was fetched as: robots, page, list, report, attachment, image, stylesheet'"
    )
    op.add_column("warc_file", sa.Column("line_sha256", sa.Text(), comment="SHA-256 of this file's own manifest line"))
    op.create_check_constraint(op.f("warc_file_line_sha256_check"), "warc_file", "line_sha256 ~ '^[0-9a-f]{64}$'")
    op.add_column(
        "report_version",
        sa.Column(
            "reread_by",
            sa.Text(),
            comment="version of later rules that have read its capture and found the text of another version in it",
        ),
    )
    _create_version_capture()
    _create_schedule()
    _create_alarm()


def _create_version_capture() -> None:
    op.create_table(
        "version_capture",
        sa.Column("report_version_id", sa.BigInteger(), nullable=False, comment="the version"),
        sa.Column("capture_id", sa.BigInteger(), nullable=False, comment="capture that it needs"),
        sa.Column(
            "part",
            sa.SmallInteger(),
            nullable=True,
            comment="page of a split article, from 2; null for a style sheet or an image",
        ),
        sa.CheckConstraint("part > 1", name=op.f("version_capture_part_check")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("version_capture_capture_id_fkey")),
        sa.ForeignKeyConstraint(
            ["report_version_id"], ["report_version.id"], name=op.f("version_capture_report_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("report_version_id", "capture_id", name=op.f("version_capture_pkey")),
        comment="What a version needs beside its first page: further pages of the article, style sheets, images",
    )
    op.create_index(op.f("version_capture_capture_id_idx"), "version_capture", ["capture_id"], unique=False)


def _create_schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column(
            "portal",
            sa.Text(),
            nullable=False,
            comment="name of the spider; the portal may never have been crawled",
        ),
        sa.Column(
            "policy",
            sa.Text(),
            nullable=False,
            comment="when it is crawled; a portal without a row follows the season",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when somebody set it",
        ),
        sa.CheckConstraint(
            "policy in ('season', 'daily', 'weekly', 'monthly', 'off')", name=op.f("schedule_policy_check")
        ),
        sa.PrimaryKeyConstraint("portal", name=op.f("schedule_pkey")),
        comment="Portals that are crawled at other times than the season asks for",
    )


def _create_alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the alarm"),
        sa.Column("portal_id", sa.BigInteger(), nullable=False, comment="the portal"),
        sa.Column("crawl_id", sa.BigInteger(), nullable=False, comment="crawl that turned it"),
        sa.Column("turned", sa.Text(), nullable=False, comment="bad, or good again"),
        sa.Column(
            "raised_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when it was raised",
        ),
        sa.Column(
            "delivered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when whoever is to know was told; null before",
        ),
        sa.Column(
            "told",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="who has it: webhook, command",
        ),
        sa.Column("error", sa.Text(), nullable=True, comment="why the last attempt to tell failed"),
        sa.CheckConstraint("turned in ('bad', 'good')", name=op.f("alarm_turned_check")),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("alarm_crawl_id_fkey")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("alarm_portal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("alarm_pkey")),
        sa.UniqueConstraint("crawl_id", name=op.f("alarm_crawl_id_key")),
        comment="Alarms about portals: one when crawls turn bad, one when they are good again",
    )
    op.create_index(op.f("alarm_portal_id_raised_at_idx"), "alarm", ["portal_id", "raised_at"], unique=False)
