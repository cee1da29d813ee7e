"""A researcher names a place and gets it: six portals of one province that have no file, each of another CMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crawl.conftest import FAST, Home
from tests.replica import ReplicaProxy
from tests.replica.unknown import PORTALS

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.config import Config

CODES = ("630102", "630103", "630104", "630105", "630106", "630121")  # of 西宁; no zone of the registry lies there
NAMES = ("lonsun", "ucap", "jpaas", "vsb_file", "thtml", "frame_tabs")


@pytest.mark.crawl
def test_a_division_is_crawled_portal_by_portal(tmp_path: Path, database_config: Config) -> None:
    portals = {name: PORTALS[name]() for name in NAMES}
    directory = tmp_path / "home"
    directory.mkdir()
    rows = [
        f"{name},样例开发区 {name},{code},zone,{portal.home}"
        for code, (name, portal) in zip(CODES, portals.items(), strict=True)
    ]
    (directory / "portals.csv").write_text("\n".join(["name,title,division,level,entry", *rows, ""]), "utf-8")
    sites = [site for portal in portals.values() for site in portal.sites]
    with ReplicaProxy(sites) as proxy:
        home = Home(directory, database_config.database_url, proxy, {})
        ended = home.gxgk("crawl", "--division", "63", "--level", "zone", "-j", "2", *FAST)
    assert ended.code == 0, ended.err
    for name, portal in portals.items():
        held = home.shown(name)
        assert len(held) == len(portal.reports), name
        assert all(any(expected.is_at(url) for url in held) for expected in portal.reports), name
