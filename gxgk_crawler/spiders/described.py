"""A portal by its name: from its file or its row in the registry, else from what the database knows of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ConfigError
from gxgk_crawler.families.canonical import canonical_url
from gxgk_crawler.spiders import portal_loader
from gxgk_crawler.store import selection
from gxgk_crawler.store.identity import twins

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.portal import Portal
    from gxgk_crawler.spiders.loader import PortalLoader
    from gxgk_crawler.store.postgres.database import Connection, Database


def described_portals(database: Database) -> Callable[[str], Portal]:
    """A function from the name of a portal to its description; it reads the database once for each portal that has neither a
    file nor a row in the registry.

    The function raises NotFoundError for a name that none of the three knows.
    """
    loader = portal_loader()
    described: dict[str, Portal] = {}

    def find(name: str) -> Portal:
        if name not in described:
            with database.begin() as conn:
                described[name] = _described(loader, conn, name)
        return described[name]

    return find


def canonical_urls() -> Callable[[Connection, str, str], str]:
    """A function from a connection, the name of a portal and a URL to the canonical URL on that portal by today's rules.

    The URL stays as it is on a portal of which not even an entry page is known.
    """
    loader = portal_loader()
    described: dict[str, Portal] = {}

    def canonical(conn: Connection, name: str, url: str) -> str:
        try:
            if name not in described:
                described[name] = _described(loader, conn, name)
        except ConfigError:
            return url
        return canonical_url(url, described[name])

    return canonical


def unite_twins(conn: Connection) -> int:
    """Bring the reports of all portals to the canonical URLs of today's rules, twins into one row; how many rows changed."""
    canonical = canonical_urls()
    return sum(twins.unite(conn, name, partial(canonical, conn, name)) for name in selection.portals_with_reports(conn))


def _described(loader: PortalLoader, conn: Connection, name: str) -> Portal:
    if loader.describes(name):
        return loader.load(name).portal  # type: ignore[attr-defined,no-any-return]  # every spider here is a PortalSpider
    return selection.portal_facts(conn, name)
