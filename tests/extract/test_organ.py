"""The organ that reports, by its full name."""

from __future__ import annotations

import pytest

from gxgk_crawler.extract.facts.organ import reporting_organ
from gxgk_crawler.portal import Portal
from gxgk_crawler.rules.divisions import division_at, full_name
from tests.extract.siblings.organs import CASES


@pytest.mark.parametrize("name", CASES)
def test_the_organ_has_its_full_name(name: str) -> None:
    said = CASES[name]
    portal = None
    if said.division:
        division = division_at(said.division, said.year)
        assert division is not None
        portal = Portal(
            title=f"{full_name(division, said.year)}人民政府",
            entry="https://www.example.gov.cn/",
            division=said.division,
        )
    organ = reporting_organ(
        title=said.title,
        text=f"{said.text}\n全年主动公开信息12条。",
        signed_by=said.signed or None,
        source=said.source,
        fields={"发布机构": said.field} if said.field else {},
        year=said.year,
        portal=portal,
        sponsor=None,
    )
    assert (organ and (organ.name, organ.division)) == ((said.name, said.code) if said.name else None)
