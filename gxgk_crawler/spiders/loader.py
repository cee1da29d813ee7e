"""Finds the spider of a portal: its file, a file or a row of GXGK_HOME, or a row of the registry, in this order."""

from __future__ import annotations

import importlib.util
import sys
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.spider import iter_spider_classes

from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.errors import ConfigError, first_line
from gxgk_crawler.rules.divisions import division_at
from gxgk_crawler.rules.load import table_text
from gxgk_crawler.rules.place_names import fits_site_code
from gxgk_crawler.rules.registry import NAME, read_overlay, registry
from gxgk_crawler.spiders.registered import spider_of

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    from scrapy import Spider
    from scrapy.settings import BaseSettings

    from gxgk_crawler.rules.registry import RegistryRow

    _Filed = tuple[str, type[PortalSpider]]  # a portal file by its path, and what it describes

OVERLAY_ROWS = "portals.csv"
OVERLAY_FILES = "portals"  # the directory beside it, with portal files
ANY_PORTAL = "portal"  # the spider that takes a URL; it is no portal itself
_ANY_YEAR = 2020  # only whether a code was ever in force is asked


class PortalLoader(SpiderLoader):
    """Scrapy's loader of portal files, and behind it the registry.

    Scrapy makes one when a command starts. `list` names the portals that have a file, and the rows of GXGK_HOME/portals.csv;
    `load` knows every row of the registry besides. A file wins over a row, a row of GXGK_HOME over the registry.

    broken: files that cannot be used by their path, with the reason; the others work. shared: hosts on which several portal
    files begin, with the names of the portals: two places may share a site, so that is no error.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._home: str | None = settings.get("GXGK_HOME")
        self.broken: dict[str, str] = {}
        self.shared: dict[str, builtins.list[str]] = {}
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

    def tables(self) -> builtins.list[tuple[str, str]]:
        """(text, path) of the registry's files: that of the package by its path in the checkout, then that of GXGK_HOME by its name."""
        found = [(table_text("portals"), "gxgk_crawler/rules/portals.csv")]
        own = Path(self._home) / OVERLAY_ROWS if self._home is not None else None
        return [*found, (own.read_text("utf-8"), OVERLAY_ROWS)] if own is not None and own.is_file() else found

    @cached_property
    def _own_rows(self) -> dict[str, RegistryRow]:
        if self._home is None:
            return {}
        path = Path(self._home) / OVERLAY_ROWS
        try:
            return read_overlay(path)
        except (ConfigError, OSError, UnicodeDecodeError) as error:
            self.broken[str(path)] = first_line(error)
            return {}

    def _load_all_spiders(self) -> None:
        """Import every portal file. Scrapy calls it once, when the loader is made."""
        found: defaultdict[str, builtins.list[_Filed]] = defaultdict(list)
        for path, load in self._files():
            for spider in self._spiders_of(path, load):
                found[spider.name].append((path, spider))
        self._refuse_twins(found)
        alone = [(path, spider) for filed in found.values() for path, spider in filed if path not in self.broken]
        self._spiders = {spider.name: spider for _, spider in alone}
        hosts: defaultdict[str, builtins.list[str]] = defaultdict(list)
        for _, spider in alone:
            if spider.name != ANY_PORTAL:
                hosts[spider.portal.host].append(spider.name)
        self.shared = {host: names for host, names in hosts.items() if len(names) > 1}
        _ = self._own_rows  # read now, so that `broken` is complete

    def _files(self) -> Iterator[tuple[str, Callable[[], ModuleType]]]:
        """Path of every portal file, and what imports it."""
        for package in self.spider_modules:
            root = importlib.import_module(package)
            for info in walk_packages(root.__path__, f"{package}.", onerror=lambda _: None):
                if (
                    package == __package__
                    and info.name.rpartition(".")[0] == package
                    and info.name != f"{package}.{ANY_PORTAL}"
                ):
                    continue  # the tools of this room, which cost half a second at start, and packages without a portal
                yield f"{info.name.replace('.', '/')}.py", _import(info.name)
        if self._home is not None:
            for path in sorted((Path(self._home) / OVERLAY_FILES).glob("*.py")):
                yield str(path), _import_file(path)

    def _spiders_of(self, path: str, load: Callable[[], ModuleType]) -> Sequence[type[PortalSpider]]:
        """The portals that a file describes; a file that cannot be used is noted in `broken`."""
        try:
            classes = list(iter_spider_classes(load()))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a file of a person may raise anything; the others go on
            self.broken[path] = f"{type(error).__name__}: {first_line(error)}"
            return []
        for spider in classes:
            fault = _fault(spider)
            if fault is not None:
                self.broken[path] = fault
                return []
        return classes  # type: ignore[return-value]  # _fault has seen that each is a PortalSpider

    def _refuse_twins(self, found: Mapping[str, Sequence[_Filed]]) -> None:
        """Two files with one name, or with one entry, are both refused: none of them is the better one."""
        by_entry: defaultdict[str, builtins.list[_Filed]] = defaultdict(list)
        for filed in found.values():
            for path, spider in filed:
                if spider.name != ANY_PORTAL:
                    by_entry[spider.portal.entry].append((path, spider))
        for what, groups in (("name", found), ("entry", by_entry)):
            for value, filed in groups.items():
                for path, _ in filed if len(filed) > 1 else ():
                    others = ", ".join(other for other, _ in filed if other != path) or "another class of this file"
                    self.broken.setdefault(path, f"the {what} {value} is that of {others} too")


def _import(name: str) -> Callable[[], ModuleType]:
    return lambda: importlib.import_module(name)


def _import_file(path: Path) -> Callable[[], ModuleType]:
    def load() -> ModuleType:
        name = f"gxgk_home_portals.{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def _fault(spider: type[Spider]) -> str | None:
    """Why the class cannot be the spider of a portal; None when it can."""
    if not issubclass(spider, PortalSpider):
        return f"{spider.__name__} derives from no class of gxgk_crawler.spiders.families (docs/add-a-portal.md)"
    if not isinstance(spider.name, str) or not NAME.fullmatch(spider.name):
        return f"a name is small letters, digits and _, not {spider.name!r}"
    division = spider.portal.division
    if division is not None and division_at(division, _ANY_YEAR) is None:
        return f"the division {division} is not in rules/divisions.csv"
    if fits_site_code(division, spider.portal.site_code) is False:
        return f"the site code {spider.portal.site_code} is that of another place than the division {division}"
    return None
