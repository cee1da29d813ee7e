"""How Alembic reaches the database: by the connection that Database hands it, or by that of the environment's Config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

from gxgk_crawler.store.identity.alias_table import metadata  # with the tables of `store.models`

if TYPE_CHECKING:
    from sqlalchemy import Connection


def _run(connection: Connection) -> None:
    if getattr(context.config.cmd_opts, "autogenerate", False):
        connection.dialect.supports_comments = False  # the models hold no comments; a migration writes its own
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:  # the command line of Alembic, used when a migration is written
    from gxgk_crawler.config import config
    from gxgk_crawler.store.postgres.database import Database

    with Database.connect(config()) as database, database.begin() as opened:
        _run(opened)
