"""Crawls that found reports but not all that the portal promised end as `incomplete`."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    name = op.f("crawl_outcome_check")
    op.drop_constraint(name, "crawl")
    op.create_check_constraint(
        name,
        "crawl",
        "outcome in ('ok', 'unchanged', 'dns', 'refused', 'timeout', 'tls', 'blocked', 'challenged', 'not_found', "
        "'layout_changed', 'incomplete', 'no_reports', 'hacked', 'storage')",
    )
