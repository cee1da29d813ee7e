"""Sessions, mobile copies and letters on IIS make no other report any more: what is stored twice becomes one row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    connection = op.get_bind()
    if not connection.execute(sa.text("select exists (select from report)")).scalar_one():
        return
    # Only portal files and the registry know which hosts are the same. To load them takes a second.
    from gxgk_crawler.spiders.described import unite_twins  # noqa: PLC0415

    unite_twins(connection)
