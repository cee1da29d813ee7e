"""How crawls end grows by `stopped` and `configuration`; portals that an operator has forgotten.

A crawl that was stopped ends as `stopped`, one that cannot begin as it is configured as `configuration`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    name = op.f("crawl_outcome_check")
    op.drop_constraint(name, "crawl")
    op.create_check_constraint(
        name,
        "crawl",
        "outcome in ('ok', 'unchanged', 'dns', 'refused', 'timeout', 'tls', 'blocked', 'challenged', 'not_found', "
        "'layout_changed', 'incomplete', 'no_reports', 'hacked', 'storage', 'stopped', 'configuration')",
    )
    comment = "when its operator left it out of status and schedules; empty for all others"
    op.add_column("portal", sa.Column("forgotten_at", sa.DateTime(timezone=True), comment=comment))
