"""Every portal of the registry has a spider; a file wins over a row, what lies in GXGK_HOME over the registry."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.rules.registry import registry
from gxgk_crawler.spiders.loader import PortalLoader

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


FILE = """from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import VsbSpider


class {cls}Spider(VsbSpider):
    \"\"\"样例。\"\"\"

    name = {name!r}
    portal = Portal(title="样例", division={division!r}, entry={entry!r})
"""


def portal_file(name: str, *, division: str = "150300", entry: str | None = None) -> str:
    return FILE.format(
        cls=name.capitalize(), name=name, division=division, entry=entry or f"https://www.{name}.sample.gov.cn/"
    )


def filed(home: Path, **files: str) -> PortalLoader:
    (home / "portals").mkdir()
    for name, text in files.items():
        (home / "portals" / f"{name}.py").write_text(text, "utf-8")
    return loader(home)


GENSPIDER = "import scrapy\n\n\nclass NewSpider(scrapy.Spider):\n    name = 'new'\n    allowed_domains = ['new.cn']\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import scrapy\nclass X(:\n", "SyntaxError"),
        ("from gxgk_crawler.nosuch import Spider\n", "ModuleNotFoundError"),
        ("raise SystemExit(3)\n", "SystemExit"),
        (GENSPIDER, "derives from no class"),
        (portal_file("yangli").replace("https://", "ftp://"), "http or https"),
        (portal_file("yangli", division="999999"), "999999"),
        (portal_file("yangli").replace("'yangli'", "'../evil'"), "../evil"),
        (portal_file("yangli").replace("    portal =", "    other ="), "names no Portal"),
    ],
)
def test_a_broken_file_is_named_and_stops_no_other(text: str, reason: str, tmp_path: Path) -> None:
    found = filed(tmp_path, bad=text, good=portal_file("good"))
    ((path, said),) = found.broken.items()
    assert path == str(tmp_path / "portals" / "bad.py")
    assert reason in said
    assert set(found.list()) == FILED | {"good"}


def test_two_files_with_one_name_or_one_entry_are_both_refused(tmp_path: Path) -> None:
    found = filed(
        tmp_path,
        a=portal_file("yangli"),
        b=portal_file("yangli", entry="https://b.sample.gov.cn/"),
        c=portal_file("cheng", entry="https://d.sample.gov.cn/"),
        d=portal_file("dong", entry="https://d.sample.gov.cn/"),
    )
    assert {Path(path).stem for path in found.broken} == {"a", "b", "c", "d"}
    assert all(str(tmp_path) in reason for reason in found.broken.values())
    assert set(found.list()) == FILED


def test_two_places_may_share_a_host(tmp_path: Path) -> None:
    one = "https://www.sample.gov.cn/{}/"
    found = filed(tmp_path, a=portal_file("a", entry=one.format("a")), b=portal_file("b", entry=one.format("b")))
    assert (found.broken, found.shared) == ({}, {"www.sample.gov.cn": ["a", "b"]})
    assert {"a", "b"} <= set(found.list())


def test_rows_of_the_home_that_cannot_be_read_stop_no_other(tmp_path: Path) -> None:
    (tmp_path / "portals.csv").write_text("name,title,entry\nBad Name,样例,https://www.sample.gov.cn/\n", "utf-8")
    found = loader(tmp_path)
    assert "Bad Name" in found.broken[str(tmp_path / "portals.csv")]
    assert set(found.list()) == FILED
    assert found.describes("baotou")
