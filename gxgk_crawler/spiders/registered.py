"""Spiders of portals that have no file: one row of the registry says what the portal is, the pages say how it is crawled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.crawl.hooks import SisterHosts
from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import base_of_family

if TYPE_CHECKING:
    from gxgk_crawler.rules.registry import RegistryRow


class RegistrySpider(SisterHosts, PortalSpider):
    """A portal of the registry. Unlike a file it says little of its hosts, so every host below its domain counts as its own."""


def portal_of(row: RegistryRow) -> Portal:
    """The portal that a row describes."""
    return Portal(
        title=row.title,
        entry=row.entry,
        division=row.division,
        site_code=row.site_code,
        hosts=row.hosts_also,
        side_doors=(row.annual_report_url,) if row.annual_report_url else (),
    )


def spider_of(row: RegistryRow) -> type[PortalSpider]:
    """The spider class of a row: what its family says where the row names one, else what any portal's spider does."""
    base = base_of_family(row.family or PortalSpider.family.name)
    bases = (RegistrySpider,) if base is PortalSpider else (RegistrySpider, base)
    name = "".join(part.capitalize() for part in row.name.split("_")) + "Spider"
    return type(name, bases, {"name": row.name, "portal": portal_of(row), "__doc__": row.title, "__module__": __name__})
