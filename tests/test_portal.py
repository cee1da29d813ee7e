"""The vocabulary of a portal file."""

from __future__ import annotations

import datetime as dt

import pytest

from gxgk_crawler.errors import ConfigError
from gxgk_crawler.portal import Layout, Portal


def portal(**more: object) -> Portal:
    return Portal(title="样例市人民政府", entry="https://www.example.gov.cn/", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("entry", ["www.example.gov.cn", "ftp://example.gov.cn/", "https://", "javascript:alert(1)"])
def test_an_entry_must_be_a_web_address(entry: str) -> None:
    with pytest.raises(ConfigError, match="http or https"):
        Portal(title="样例", entry=entry)


@pytest.mark.parametrize("division", ["1507", "15070x", "1507000", ""])
def test_a_division_has_six_digits(division: str) -> None:
    with pytest.raises(ConfigError, match="6 digits"):
        portal(division=division)


def test_hosts_mirrors_and_files() -> None:
    one = portal(hosts=("zwgk.example.gov.cn",), mirrors=("mirror.gov.cn",))
    assert one.owns("EXAMPLE.gov.cn")
    assert one.owns("zwgk.example.gov.cn")
    assert not one.owns("czj.example.gov.cn")
    assert one.is_main("www.mirror.gov.cn")
    assert not one.is_main("zwgk.example.gov.cn")
    assert one.trusts("https://files.example.gov.cn/a.doc")
    assert not one.trusts("https://example.gov.cn.evil.com/a.doc")
    assert not one.trusts("https://notexample.gov.cn/a.doc")


def test_entry_pages_in_order() -> None:
    one = portal(hosts=("zwgk.example.gov.cn",), side_doors=("https://www.example.gov.cn/nb/",))
    assert one.entry_pages == [
        "https://www.example.gov.cn/",
        "https://www.example.gov.cn/nb/",
        "https://zwgk.example.gov.cn/",
    ]


@pytest.mark.parametrize(
    ("day", "body"),
    [
        ("2015-05-01", "#first"),
        ("2016-01-01", "#first"),
        ("2016-01-02", "#second"),
        ("2020-01-01", "#second"),
        ("2020-01-02", "#now"),
    ],
)
def test_a_page_is_read_with_the_layout_of_its_day(day: str, body: str) -> None:
    layouts = (
        Layout(body="#now"),
        Layout(body="#second", until=dt.date(2020, 1, 1)),
        Layout(body="#first", until=dt.date(2016, 1, 1)),
    )
    found = portal(layouts=layouts).layout_at(dt.date.fromisoformat(day))
    assert found is not None
    assert found.body == body


def test_a_day_that_no_layout_describes_is_left_to_the_family() -> None:
    assert portal(layouts=(Layout(body="#old", until=dt.date(2016, 1, 1)),)).layout_at(dt.date(2020, 1, 1)) is None


@pytest.mark.parametrize("asked", [{"delay": 5.0}, {"concurrency": 2}, {"why": "slow server"}])
def test_other_manners_need_a_reason_and_a_reason_needs_them(asked: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="why belongs to delay and concurrency"):
        portal(**asked)


@pytest.mark.parametrize("asked", [{"delay": -1.0}, {"delay": 86_400.0}, {"concurrency": 0}])
def test_manners_have_limits(asked: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=next(iter(asked))):
        portal(**asked, why="slow server")
