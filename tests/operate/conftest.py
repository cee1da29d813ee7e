"""Crawls of replica portals by homes on the test server, and other servers and homes beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.config import Config
from gxgk_crawler.store.postgres.embedded import EmbeddedServer
from tests.crawl.conftest import Home, home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Home", "home"]


@pytest.fixture
def elsewhere(home: Home, tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    """Makes homes of a name, each with an embedded server of its own, on the network of `home`."""
    made: list[Home] = []

    def make(name: str) -> Home:
        made.append(Home(tmp_path / name, None, home.proxy, home.portals))
        return made[-1]

    yield make
    for one in made:
        EmbeddedServer(Config(home=one.directory)).stop()
