"""The spiders: one small file per portal, below the pinyin name of its province, and one row of the registry for the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gxgk_crawler.config import config
from gxgk_crawler.spiders.plain_files import plain_portals

if TYPE_CHECKING:
    from gxgk_crawler.crawl.spider import PortalSpider
    from gxgk_crawler.spiders.loader import PortalLoader
    from gxgk_crawler.spiders.plain_files import PlainPortal


def spiders() -> dict[str, type[PortalSpider]]:
    """The spiders of the portals that have a file, or a row in GXGK_HOME/portals.csv, by name."""
    loader = portal_loader()
    return {name: loader.load(name) for name in sorted(loader.list()) if name != "portal"}  # type: ignore[misc]


def plain_spiders() -> dict[str, PlainPortal] | None:
    """The portals of the package's files by name, without importing one of them; None when that cannot be done, or GXGK_HOME holds
    portal files or rows of its own: then the loader knows.
    """
    home = config().home
    if (home / "portals.csv").exists() or any((home / "portals").glob("*.py")):
        return None
    return plain_portals(path for path in sorted(Path(__file__).parent.glob("*/*.py")) if path.name != "__init__.py")


def portal_loader() -> PortalLoader:
    """What finds the spider of any portal: see PortalLoader."""
    from scrapy.settings import Settings  # noqa: PLC0415  # scrapy costs half a second; most commands never need it

    from gxgk_crawler.spiders.loader import PortalLoader  # noqa: PLC0415

    settings = Settings()
    settings.setmodule("gxgk_crawler.settings", priority="project")
    return PortalLoader.from_settings(settings)
