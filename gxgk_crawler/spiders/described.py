"""A portal by its name: from its file or its row in the registry, else from what the database knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.spiders import portal_loader
from gxgk_crawler.store import selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.portal import Portal
    from gxgk_crawler.store.postgres.database import Database


def described_portals(database: Database) -> Callable[[str], Portal]:
    """A function from the name of a portal to its description; it reads the database once for each portal that has neither a
    file nor a row in the registry.

    The function raises NotFoundError for a name that none of the three knows.
    """
    loader = portal_loader()
    described: dict[str, Portal] = {}

    def find(name: str) -> Portal:
        if name not in described and loader.describes(name):
            described[name] = loader.load(name).portal  # type: ignore[attr-defined]  # every spider here is a PortalSpider
        elif name not in described:
            with database.begin() as conn:
                described[name] = selection.portal_facts(conn, name)
        return described[name]

    return find
