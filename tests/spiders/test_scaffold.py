"""The files that `gxgk add` writes: whatever a page says about itself, they are valid and say just that."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.crawl.survey import Sample, Survey
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.families.detection import FAMILIES
from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import TrsSpider, base_of_family
from gxgk_crawler.spiders.scaffold import (
    case_toml,
    described,
    division_of,
    name_of,
    new_files,
    package_file,
    portal_file,
)
from tests.store.samples import capture

ENTRY = "https://www.yangli.gov.cn/"
URL = f"{ENTRY}zwgk/202401/t20240119_1.html"


def sample(anchor: str = "2023年") -> Sample:
    title = "样例市2023年政府信息公开工作年度报告"
    text = f"<p>{title}</p>" + "<p>本报告由样例市人民政府办公室编制，文字仅为样例。</p>" * 9
    body = f"<html><head><title>{title}</title></head><body><div>{text}</div></body></html>".encode()
    return Sample(
        capture=capture(url=URL, fetched_at=datetime(2026, 3, 1, tzinfo=UTC)),
        url=URL,
        anchor=anchor,
        body=body,
        media_type="text/html",
        charset="utf-8",
    )


def spider_of(source: bytes) -> type[PortalSpider]:
    """The one class that a portal file defines."""
    names: dict[str, object] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), names)
    (found,) = (value for value in names.values() if isinstance(value, type) and value.__module__ == "written")
    assert issubclass(found, PortalSpider)
    return found


@settings(deadline=None)
@given(title=st.text(min_size=1), site_code=st.none() | st.text(), path=st.text("abc/?=&'\"\\{}%", max_size=20))
def test_a_portal_file_says_what_the_page_says_and_nothing_of_it_runs(
    title: str, site_code: str | None, path: str
) -> None:
    portal = Portal(title=title, entry=f"{ENTRY}{path}", division="420600", site_code=site_code)
    found = spider_of(portal_file("yangli", portal, "trs"))
    assert found.portal == portal
    assert issubclass(found, TrsSpider)
    assert (found.name, found.__name__) == ("yangli", "YangliSpider")


def test_a_title_cannot_leave_its_quotes() -> None:
    title = '样例"""\nimport os\nos.abort()\n"""'
    found = spider_of(portal_file("yangli", Portal(title=title, entry=ENTRY), "generic"))
    assert found.portal.title == title
    assert found.__doc__ == '样例""" import os os.abort() """ (say in English where it is).'


def test_an_ordinary_file_looks_as_if_written_by_hand() -> None:
    portal = Portal(title="样例市人民政府", entry=ENTRY, division="420600")
    text = portal_file("yangli", portal, "trs").decode()
    assert text.startswith(
        "from gxgk_crawler.portal import Portal\nfrom gxgk_crawler.spiders.families import TrsSpider\n"
    )
    assert '        title="样例市人民政府",\n        division="420600",\n        site_code=None,\n' in text


@pytest.mark.parametrize("name", ["", "12371", "in", "样例", "../x", "a b", "A"])
def test_a_name_that_no_spider_can_have_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="--name"):
        portal_file(name, Portal(title="样例", entry=ENTRY), "trs")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.hlbe.gov.cn/", "hlbe"),
        ("https://zwgk.sxxz.gov.cn/xxgk/", "sxxz"),
        ("http://www.a-b.gov.cn:8080/", "a_b"),
        ("https://www.example.com/", "example"),
        ("http://www.example.org.cn/", "example"),
    ],
)
def test_a_spider_is_named_after_the_host(url: str, name: str) -> None:
    assert name_of(url) == name


@given(st.text())
def test_the_case_file_is_toml_whatever_the_link_says(anchor: str) -> None:
    about = tomllib.loads(case_toml(sample(anchor)).decode())
    assert about["url"] == URL
    assert about.get("anchor", "") == anchor.replace("\x7f", " ").encode("utf-8", "replace").decode()
    assert about["fetched"] == datetime(2026, 3, 1, tzinfo=UTC).date()


@pytest.mark.process
def test_a_portal_gets_its_file_a_page_and_a_golden() -> None:
    survey = Survey(evidence=[(ENTRY, "trs", ["a mark"])], title="样例市\n人民政府", site_code="4206000001")
    portal = described(survey, ENTRY, name_of(ENTRY), division_of(None, survey.site_code))
    files = new_files(survey.family, sample(), name_of(ENTRY), portal)
    case = Path("tests/portals/yangli/trs-20260301")
    assert set(files) == {
        Path("gxgk_crawler/spiders/hubei/yangli.py"),
        *(case / name for name in ("page.html.gz", "case.toml", "expected.json")),
    }
    found = spider_of(files[Path("gxgk_crawler/spiders/hubei/yangli.py")])
    assert (found.portal.title, found.portal.division) == ("样例市 人民政府", "420600")
    assert json.loads(files[case / "expected.json"])["year"] == 2023
    assert package_file(next(iter(files)))[0] == Path("gxgk_crawler/spiders/hubei/__init__.py")


@pytest.mark.process
def test_a_ministry_goes_with_the_national_portals() -> None:
    survey = Survey(site_code="bm12000001")
    path = next(iter(new_files(survey.family, sample(), "bu", described(survey, ENTRY, "bu", None))))
    assert path == Path("gxgk_crawler/spiders/national/bu.py")
    assert package_file(path)[1] == b'"""Portals of the central government."""\n'


def test_every_family_has_a_class_for_portal_files() -> None:
    assert {base_of_family(family.name).family.name for family in FAMILIES} == {family.name for family in FAMILIES}
    assert base_of_family("generic") is PortalSpider


def test_the_division_is_what_is_given_or_what_the_site_code_says() -> None:
    assert division_of("150700", "4412000001") == "150700"
    assert division_of("呼伦贝尔市", None) == "150700"
    assert division_of("none", "1507000006") is None
    assert division_of(None, "1507000006") == "150700"
    assert division_of(None, "bm01000001") is None
    assert division_of(None, None, title="佛山市高明区人民政府") == "440608"
    assert division_of(None, None, title="首页", host="zjj.hlbe.gov.cn") == "150700"


@pytest.mark.parametrize(
    ("given", "site_code", "error"),
    [
        (None, None, ConfigError),
        (None, "9999990001", ConfigError),
        ("鼓楼区", None, ConfigError),
        ("桃花源市", None, NotFoundError),
        ("99", None, NotFoundError),
    ],
)
def test_a_division_that_cannot_be_told_is_asked_for(
    given: str | None, site_code: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        division_of(given, site_code)
