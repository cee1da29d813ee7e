"""A portal by its name: from its file, else from what the database knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.spiders import spiders
from gxgk_crawler.store import selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.portal import Portal
    from gxgk_crawler.store.postgres.database import Database


def described_portals(database: Database) -> Callable[[str], Portal]:
    """A function from the name of a portal to its description; it reads the database once for each portal without a file.

    The function raises NotFoundError for a name that neither a file nor the database knows.
    """
    described = {name: spider.portal for name, spider in spiders().items()}

    def find(name: str) -> Portal:
        if name not in described:
            with database.begin() as conn:
                described[name] = selection.portal_facts(conn, name)
        return described[name]

    return find
