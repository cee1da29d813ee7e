from __future__ import annotations

import pytest

from gxgk_crawler.rules.divisions import division_at, division_names, provinces


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


def test_every_province_has_its_directory() -> None:
    assert len(provinces()) == 34
    assert provinces()["61"].pinyin == "shaanxi"


def test_division_names_with_and_without_their_rank() -> None:
    assert {"乐东黎族自治县", "昆明市", "昆明"} <= division_names()
