"""Finds the spider of a portal: its file, a file or a row of GXGK_HOME, or a row of the registry, in this order."""

from __future__ import annotations

import importlib.util
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.spiderloader import SpiderLoader

from gxgk_crawler.rules.registry import read_overlay, registry
from gxgk_crawler.spiders.registered import spider_of

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.settings import BaseSettings

    from gxgk_crawler.rules.registry import RegistryRow

OVERLAY_ROWS = "portals.csv"
OVERLAY_FILES = "portals"  # the directory beside it, with portal files


class PortalLoader(SpiderLoader):
    """Scrapy's loader of portal files, and behind it the registry.

    Scrapy makes one when a command starts. `list` names the portals that have a file, and the rows of GXGK_HOME/portals.csv;
    `load` knows every row of the registry besides. A file wins over a row, a file or row of GXGK_HOME over the registry.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._home: str | None = settings.get("GXGK_HOME")
        super().__init__(settings)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of the portal. Raises KeyError when no file and no row has the name."""
        if spider_name in self._spiders:
            return self._spiders[spider_name]
        row = self.rows.get(spider_name)
        if row is None:
            raise KeyError(f"Spider not found: {spider_name}")
        return spider_of(row)

    def describes(self, name: str) -> bool:
        """True when a file or a row has the name."""
        return name in self._spiders or name in self.rows

    def list(self) -> list[str]:
        """Names of the portals that have a file, or a row in GXGK_HOME/portals.csv."""
        return list(dict.fromkeys([*self._spiders, *self._own_rows]))

    @cached_property
    def rows(self) -> dict[str, RegistryRow]:
        """Every row by name: the registry, with the rows of GXGK_HOME in place of its own."""
        return {**registry(), **self._own_rows}

    @cached_property
    def _own_rows(self) -> dict[str, RegistryRow]:
        return read_overlay(Path(self._home) / OVERLAY_ROWS) if self._home else {}

    def _load_all_spiders(self) -> None:
        super()._load_all_spiders()
        if self._home is None:
            return
        for path in sorted((Path(self._home) / OVERLAY_FILES).glob("*.py")):
            name = f"gxgk_home_portals.{path.stem}"
            spec = importlib.util.spec_from_file_location(name, path)
            assert spec is not None
            assert spec.loader is not None
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self._load_spiders(module)
