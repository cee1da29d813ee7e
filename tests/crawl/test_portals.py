"""Every portal and every family: all reports, nothing else, and no request too many the second time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

PORTALS = ["hlbe", "sxxz", "scdongqu", "panzhihua", "lincang", "gaoming"]
UNKNOWN = {
    "jcms": "https://www.ceshishi.gov.cn/",
    "gkmlpt": "https://www.yangbenxian.gov.cn/",
    "handmade": "http://www.shouzuozhen.gov.cn/",
}


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_over_time(home: Home, name: str) -> None:
    """All reports at first; nothing but lists the same day; then a correction, a deletion and two new reports are seen."""
    replica = home.portals[name]
    first = home.crawl(name)
    assert first.code == 0, first.err
    assert set(home.reports(name)) == set(replica.reports)

    second = home.crawl(name)
    assert second.code == 0, second.err
    assert second.line.startswith(f"{name}: unchanged")
    assert not set(home.asked) & set(replica.reports), "a known report was fetched again"
    assert {row["version"] for row in home.reports(name).values()} == {1}

    years = sorted({sample.year for sample in replica.reports.values()})
    corrected, removed, published = replica.correct(years[-2]), replica.remove(years[1]), replica.publish()
    third = home.crawl(name, "-a", "recheck=all")
    assert third.code == 0, third.err
    after = home.reports(name)
    assert {url for url, row in after.items() if row["version"] == 2} == {corrected}
    assert {url for url, row in after.items() if row["gone_at"]} == {removed}
    assert set(after) - set(replica.reports) == {removed}
    assert set(published) <= set(after)
    changes = home.json("diff", str(after[corrected]["id"]))["changes"]
    assert any("更正" in piece["text"] for change in changes for piece in change["pieces"] if piece["kind"] == "new")


@pytest.mark.parametrize(("name", "url"), UNKNOWN.items())
def test_a_portal_that_nobody_described(home: Home, name: str, url: str) -> None:
    ended = home.crawl("portal", "-a", f"url={url}")
    assert ended.code == 0, ended.err
    assert set(home.reports(urlsplit(url).hostname or "")) == set(home.portals[name].reports)


def test_gxgk_crawls_several_portals_at_once(home: Home) -> None:
    ended = home.gxgk(
        "crawl", "hlbe", "lincang", "-j", "2", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"
    )
    assert ended.code == 0, ended.err
    for name in ("hlbe", "lincang"):
        assert set(home.reports(name)) == set(home.portals[name].reports)
    assert [row["outcome"] for row in home.json("status")] == ["ok", "ok"]
    assert home.gxgk("crawl", "nowhere").line == "gxgk: unknown portal nowhere; `gxgk portals` lists them"
