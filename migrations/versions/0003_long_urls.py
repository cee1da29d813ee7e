"""A URL may have any length: what is unique by its URL is unique by the SHA-256 of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # An entry of a btree holds at most 2,704 bytes. SHA-256 and not md5(), for which anybody can make two URLs of one digest.
    # convert_to is only stable in general; in a database with one encoding it is immutable, as an index wants it.
    op.execute(
        """
        create function url_key(url text) returns bytea language sql immutable strict parallel safe
        return sha256(convert_to(url, 'UTF8'))
        """
    )
    op.execute("comment on function url_key(text) is 'SHA-256 of a URL as UTF-8; unique indexes go through it'")
    for table in ("channel", "report"):
        name = op.f(f"{table}_portal_id_url_key")
        op.drop_constraint(name, table)
        op.create_index(name, table, ["portal_id", sa.text("url_key(url)")], unique=True)
    op.drop_constraint(op.f("report_place_pkey"), "report_place")
    op.create_index(
        op.f("report_place_report_id_url_key"), "report_place", ["report_id", sa.text("url_key(url)")], unique=True
    )
