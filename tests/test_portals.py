"""Every portal file keeps the conventions, and every saved page still reads as it was read when somebody checked it.

`python -m pytest tests/test_portals.py --update-golden` writes what extraction finds today, and fails: read it, then keep it.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from gxgk_crawler.crawl.spider import PortalSpider
from gxgk_crawler.extract import extract
from gxgk_crawler.extract.as_json import document_json
from gxgk_crawler.families.recognition import why_not_a_report
from gxgk_crawler.rules.divisions import provinces

if TYPE_CHECKING:
    from gxgk_crawler.items import Document

HERE = Path(__file__).parent / "portals"
CASES = sorted(path.parent for path in HERE.glob("*/*/case.toml"))
LOADER = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["gxgk_crawler.spiders"]}))
PORTALS = sorted(set(LOADER.list()) - {"portal"})


def spider(name: str) -> type[PortalSpider]:
    found = LOADER.load(name)
    assert issubclass(found, PortalSpider)
    return found


def source(name: str) -> Path:
    module = spider(name).__module__.split(".")
    return Path(__file__).parent.parent.joinpath(*module).with_suffix(".py")


def read(case: Path) -> Document:
    about = tomllib.loads((case / "case.toml").read_text("utf-8"))
    fetched: dt.date = about["fetched"]
    return extract(
        gzip.decompress((case / "page.html.gz").read_bytes()),
        url=about["url"],
        media_type=about.get("media_type"),
        charset=about.get("charset"),
        fetched_on=fetched,
        portal=spider(case.parent.name).portal,
    )


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_file_keeps_the_conventions(name: str) -> None:
    found, path = spider(name), source(name)
    assert path.stem == name
    assert found.__doc__, "say what portal it is"
    assert found.custom_settings is None, "delay and concurrency are fields of Portal; no portal sets anything else"
    assert found.__name__ == "".join(part.capitalize() for part in name.split("_")) + "Spider"
    division = found.portal.division
    assert division is not None
    assert path.parent.name == provinces()[division[:2]].pinyin
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= 15, "a portal file says what a portal is; how it is crawled belongs into a family"


@pytest.mark.parametrize("name", PORTALS)
def test_every_portal_has_a_saved_page(name: str) -> None:
    assert [case for case in CASES if case.parent.name == name], (
        f"save one below tests/portals/{name}/ (docs/add-a-portal.md)"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_saved_page_reads_as_it_was_checked(case: Path, *, update_golden: bool) -> None:
    golden = case / "expected.json"
    found: dict[str, Any] = json.loads(json.dumps(document_json(read(case))))
    if update_golden or not golden.exists():
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{golden} was written: read it line by line, then run again")
    assert found == json.loads(golden.read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_holds_for_every_saved_page(case: Path) -> None:
    document = read(case)
    assert why_not_a_report(document, min_chars=200) is None
    assert not set(document.flags) & {"spam", "damaged", "foreign_host", "no_body", "replacement_characters"}
    for mark in ("ICP备", "公网安备", "网站标识码", "扫一扫", "上一篇", "\ufffd"):
        assert mark not in document.text
    assert document.year is not None
    assert 2004 <= document.year <= 2100
    assert (case / "page.html.gz").stat().st_size <= 100_000
