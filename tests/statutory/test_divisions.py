from __future__ import annotations

import pytest

from gxgk_crawler.statutory.divisions import division_at, lineage, named


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("150700", 2020, "呼伦贝尔市"),
        ("420607", 2009, "襄阳区"),
        ("420607", 2010, "襄州区"),
        ("420600", 2009, "襄樊市"),
        ("150700", 2030, "呼伦贝尔市"),  # newer than the list: the last name known
        ("371200", 2018, "莱芜市"),  # abolished in 2019, missing from the list of 2018
    ],
)
def test_a_code_has_the_name_of_its_year(code: str, year: int, name: str) -> None:
    division = division_at(code, year)
    assert division is not None
    assert division.name == name


def test_an_unknown_code_is_nobody() -> None:
    assert division_at("999999", 2020) is None
    assert lineage("999999", 2020) == []


def test_lineage_goes_from_the_province_down() -> None:
    assert [d.name for d in lineage("150702", 2020)] == ["内蒙古自治区", "呼伦贝尔市", "海拉尔区"]


def test_a_name_may_belong_to_several() -> None:
    assert [d.code for d in named("鼓楼区", 2020)] == ["320106", "320302", "350102", "410204"]
    assert named("巢湖市", 2010)[0].code == "341400"
    assert [d.code for d in named("巢湖市", 2015)] == ["340181"]
    assert named("桃花源市", 2020) == []
