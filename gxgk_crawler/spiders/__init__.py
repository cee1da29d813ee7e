"""The spiders: one small file per portal, below the pinyin name of its province, and one row of the registry for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gxgk_crawler.crawl.spider import PortalSpider
    from gxgk_crawler.spiders.loader import PortalLoader


def spiders() -> dict[str, type[PortalSpider]]:
    """The spiders of the portals that have a file, or a row in GXGK_HOME/portals.csv, by name."""
    loader = portal_loader()
    return {name: loader.load(name) for name in sorted(loader.list()) if name != "portal"}  # type: ignore[misc]


def portal_loader() -> PortalLoader:
    """What finds the spider of any portal: see PortalLoader."""
    from scrapy.settings import Settings  # noqa: PLC0415  # scrapy costs half a second; most commands never need it

    from gxgk_crawler.spiders.loader import PortalLoader  # noqa: PLC0415

    settings = Settings()
    settings.setmodule("gxgk_crawler.settings", priority="project")
    return PortalLoader.from_settings(settings)
