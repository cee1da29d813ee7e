"""A name means a division only where it is certain: by year, by what it belongs to, by the host that says it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.rules.divisions import division_at, division_rows
from gxgk_crawler.rules.place_names import division_code, fits_site_code, host_division, site_division
from gxgk_crawler.rules.registry import registry


@pytest.mark.parametrize(
    ("name", "where", "code"),
    [
        ("高明区", {}, "440608"),
        ("佛山市高明区人民政府办公室", {}, "440608"),
        ("广东省佛山市", {}, "440600"),
        ("甘肃省甘谷县教育局", {}, "620523"),
        ("呼伦贝尔", {}, "150700"),
        ("天津市滨海新区", {}, "120116"),
        # several have the name
        ("朝阳区", {"within": "北京市"}, "110105"),
        ("朝阳区", {"within": "22"}, "220104"),
        ("朝阳区", {"host": "www.bjchy.gov.cn"}, "110105"),
        ("普陀区", {"within": "330900"}, "330903"),
        ("鼓楼区", {"host": "czj.nanjing.gov.cn"}, "320106"),
        ("吉林省吉林市", {}, "220200"),
        # the year tells
        ("巢湖市", {"year": 2009}, "341400"),
        ("巢湖市", {"year": 2013}, "340181"),
        ("毕节市", {"year": 2009}, "522401"),
        ("毕节市", {}, "520500"),
        # renamed, raised, made a district, abolished
        ("襄樊市", {}, "420600"),
        ("襄阳市", {"year": 2008}, "420600"),
        ("密云县", {"year": 2020}, "110118"),
        ("密云区", {"year": 2010}, "110228"),
        ("毕节地区", {"year": 2015}, "520500"),
        ("新津县", {}, "510118"),
        ("莱芜市", {"year": 2021}, "371200"),
        ("石家庄市桥东区", {}, "130103"),
        # zones have the code of the government above them
        ("佛山高新技术产业开发区", {}, "440600"),
        ("武汉东湖新技术开发区管理委员会", {}, "420100"),
        ("南京江北新区管理委员会", {}, "320100"),
        ("重庆两江新区", {}, "500000"),
        ("昆山高新区", {}, "320583"),
        ("大兴安岭地区新林区人民政府", {}, "232700"),
    ],
)
def test_a_certain_name_has_its_code(name: str, where: dict[str, Any], code: str) -> None:
    assert division_code(name, **where) == code


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("朝阳区", {}),
        ("朝阳", {}),
        ("吉林", {}),
        ("海南", {}),
        ("郊区", {"year": 2010}),
        ("朝阳区", {"host": "www.example.gov.cn"}),
        ("高明区", {"within": "北京市"}),
        ("朝阳区", {"within": "朝阳"}),
        ("高明区", {"within": "没有的市"}),
        ("内蒙古和林格尔新区", {}),  # the city above it is not named
        ("经济技术开发区", {}),
        ("城关镇人民政府", {}),
        ("市教育局", {}),
        ("本局", {}),
        ("市辖区", {}),
        ("", {}),
    ],
)
def test_an_uncertain_name_has_none(name: str, where: dict[str, Any]) -> None:
    assert division_code(name, **where) is None


def test_every_title_of_the_registry_means_its_own_row() -> None:
    others = {row.name for row in registry().values() if row.division and division_code(row.title) != row.division}
    assert others <= {"hlgena_huhhot", "xjbt"}, "the zone of another city, and 兵团, which is no division"


def test_every_division_is_found_by_its_own_name_below_the_one_above_it() -> None:
    newest = [one for one in division_rows() if one.valid_to == 2024 and one.parent is not None]
    for one in newest:
        assert division_code(one.name, within=one.code[:4] if one.level == 3 else one.code[:2]) == one.code, one


def test_hosts_are_those_of_the_registry() -> None:
    assert (
        host_division("zjj.hlbe.gov.cn") == host_division("www.hlbe.gov.cn") == host_division("hlbe.gov.cn") == "150700"
    )
    assert host_division("gov.cn") is host_division("www.example.gov.cn") is host_division("") is None


@pytest.mark.parametrize(
    ("division", "site_code", "fits"),
    [
        ("150700", "1507000006", True),
        ("150702", "1507000006", True),  # a unit on its city's site
        ("510118", "5101320017", True),  # a district with the code of the county that it was
        ("150700", "4412000001", False),
        ("440608", "4406070001", False),
        ("150700", "bm01000001", None),
        (None, "1507000006", None),
        ("150700", None, None),
        ("150700", "9999990001", None),
        ("150700", "15070000061", None),
    ],
)
def test_a_site_code_is_checked_against_the_division(
    *, division: str | None, site_code: str | None, fits: bool | None
) -> None:
    assert fits_site_code(division, site_code) is fits


def test_every_site_code_of_the_registry_fits() -> None:
    judged = {row.name: fits_site_code(row.division, row.site_code) for row in registry().values() if row.site_code}
    assert False not in judged.values()
    assert sum(fits is True for fits in judged.values()) >= 40
    assert site_division("1507000006") == "150700"


@given(st.text(alphabet="朝阳北京市区县省新开发管委会人民政府（） a1", max_size=24), st.integers(1900, 2100))
def test_no_name_breaks_it(name: str, year: int) -> None:
    code = division_code(name, year=year, host="www.bjchy.gov.cn")
    assert code is None or division_at(code, year) is not None
