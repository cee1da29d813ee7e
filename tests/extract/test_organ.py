"""The organ that reports, by its full name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gxgk_crawler.extract.any_file import PageFacts, read_file
from gxgk_crawler.extract.document import extract
from gxgk_crawler.extract.facts.organ import organ_in, reporting_organ
from gxgk_crawler.portal import Portal
from gxgk_crawler.rules.divisions import division_at, full_name
from tests.extract.siblings.organs import CASES
from tests.replica import replicas
from tests.replica.test_replicas import serve

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
# The division of each replica that stands for a real portal; the invented ones are in no table.
DIVISIONS = {
    "hlbe": "150700",
    "sxxz": "140900",
    "scdongqu": "510402",
    "panzhihua": "510400",
    "lincang": "530900",
    "gaoming": "440608",
}
# What the replicas print in short, and offices that sign for their government: the name that all know.
FULL = {
    "东区行政审批局": "攀枝花市东区行政审批局",
    "东区银江镇": "攀枝花市东区银江镇人民政府",
    "东区政府办公室": "攀枝花市东区人民政府",
}


@pytest.mark.parametrize("name", CASES)
def test_the_organ_has_its_full_name(name: str) -> None:
    said = CASES[name]
    division = division_at(said.division, said.year) if said.division else None
    organ = reporting_organ(
        title=said.title,
        text=f"{said.text}\n全年主动公开信息12条。",
        signed_by=said.signed or None,
        source=said.source,
        fields={"发布机构": said.field} if said.field else {},
        year=said.year,
        portal=f"{full_name(division, said.year)}人民政府" if division is not None else None,
        division=said.division or None,
        sponsor=None,
    )
    assert (organ and (organ.name, organ.division)) == ((said.name, said.code) if said.name else None)


def full_name_of(issuer: str, title: str) -> str:
    """Whose report it is, by the issuer as printed: an office speaks for its government unless the title names the office."""
    if issuer in FULL:
        return FULL[issuer]
    is_office = issuer.endswith(("人民政府办公室", "人民政府办公厅")) and issuer not in title
    return issuer[: issuer.index("办公")] if is_office else issuer


@pytest.mark.parametrize("name", replicas())
def test_every_report_of_a_replica_has_its_organ(name: str) -> None:
    replica, division = replicas()[name], DIVISIONS.get(name)
    portal = Portal(title="", entry="https://www.example.gov.cn/", division=division)
    for url, sample in replica.reports.items():
        page = serve(replica, url)
        document = read_file(page.body, PageFacts(url=url, media_type=page.media_type, portal=portal))
        assert document.organ is not None, url
        wanted = full_name_of(sample.issuer, sample.title), division
        assert (document.organ.name, document.organ.division) == wanted, url
        assert organ_in(document, portal) == document.organ, "what is stored gives the same"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not here")
@pytest.mark.parametrize("gold", sorted(SEEDS.glob("*.json")), ids=lambda path: path.name[:3])
def test_every_seed_has_its_organ(gold: Path) -> None:
    said: dict[str, Any] = json.loads(gold.read_text("utf-8"))
    host = said["portal"]["host"]
    division = next(code for name, code in DIVISIONS.items() if name in host)
    portal = Portal(title="", entry=f"https://{host}/", division=division)
    text = gold.with_name(gold.name.replace(".gold.json", ".txt")).read_bytes()
    document = extract(text, url=f"https://{host}/nb/1.html", media_type="text/plain", portal=portal)
    assert document.organ is not None
    assert document.organ.name == full_name_of(said["issuer"]["name"], said["title"] or "")


def test_the_registered_host_tells_which_city_is_meant() -> None:
    text = "市教育局2023年政府信息公开工作年度报告\n全年主动公开信息12条。\n".encode()
    organ = extract(text, url="https://www.hlbe.gov.cn/nb/1.html", media_type="text/plain").organ
    assert organ is not None
    assert (organ.name, organ.division, organ.evidence) == ("呼伦贝尔市教育局", "150700", "title: 市教育局")
    assert extract(text, url="https://www.example.com/nb/1.html", media_type="text/plain").organ is None
