"""Every portal of the registry has a spider; a file wins over a row, what lies in GXGK_HOME over the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy.settings import Settings

from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.rules.registry import registry
from gxgk_crawler.spiders.loader import PortalLoader

if TYPE_CHECKING:
    from pathlib import Path

FILED = {"gaoming", "hlbe", "lincang", "panzhihua", "portal", "scdongqu", "sxxz"}


def loader(home: Path) -> PortalLoader:
    return PortalLoader.from_settings(Settings({"SPIDER_MODULES": ["gxgk_crawler.spiders"], "GXGK_HOME": str(home)}))


def portal_spider(found: PortalLoader, name: str) -> type[PortalSpider]:
    cls = found.load(name)
    assert issubclass(cls, PortalSpider)
    return cls


def test_every_row_makes_a_spider(tmp_path: Path) -> None:
    found = loader(tmp_path)
    for name, row in registry().items():
        cls = portal_spider(found, name)
        assert cls.name == name
        if name not in FILED:  # a file says what it knows better
            assert cls.portal.host in row.entry
            assert cls.family.name == (row.family or "generic")


def test_scrapy_list_names_no_row_that_nobody_has_chosen(tmp_path: Path) -> None:
    assert set(loader(tmp_path).list()) == FILED


def test_a_file_wins_over_its_row(tmp_path: Path) -> None:
    assert loader(tmp_path).load("hlbe").__module__ == "gxgk_crawler.spiders.neimenggu.hlbe"


def test_a_registered_portal_owns_the_hosts_below_its_domain(tmp_path: Path) -> None:
    cls = portal_spider(loader(tmp_path), "baotou")
    spider = cls()
    assert spider.is_own("https://jyj.baotou.gov.cn/a.html")
    assert not spider.is_own("https://www.hlbe.gov.cn/")


def test_rows_and_files_of_the_home_come_first(tmp_path: Path) -> None:
    (tmp_path / "portals.csv").write_text(
        "name,title,entry\nbaotou,样例市,https://moved.baotou.gov.cn/\nyangli,样例县,https://www.yangli.gov.cn/\n",
        "utf-8",
    )
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "wuhai.py").write_text(
        "from gxgk_crawler.portal import Portal\nfrom gxgk_crawler.spiders.families import VsbSpider\n\n\n"
        'class WuhaiSpider(VsbSpider):\n    """样例."""\n\n    name = "wuhai"\n'
        '    portal = Portal(title="样例", division="150300", entry="https://new.wuhai.gov.cn/")\n',
        "utf-8",
    )
    found = loader(tmp_path)
    assert portal_spider(found, "baotou").portal.host == "moved.baotou.gov.cn"
    assert portal_spider(found, "wuhai").portal.host == "new.wuhai.gov.cn"
    assert set(found.list()) == FILED | {"baotou", "yangli", "wuhai"}


def test_an_unknown_name_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="nosuchportal"):
        loader(tmp_path).load("nosuchportal")
