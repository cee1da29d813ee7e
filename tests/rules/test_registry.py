"""The registry is data that people edit: every row can be used, and a wrong one is named with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.families.detection import FAMILIES
from gxgk_crawler.rules.divisions import code_prefixes, division_at
from gxgk_crawler.rules.registry import chosen_rows, read_overlay, registry

if TYPE_CHECKING:
    from pathlib import Path


def test_every_row_names_a_known_division_a_government_host_and_a_known_family() -> None:
    families = {family.name for family in FAMILIES}
    for row in registry().values():
        assert row.division is None or division_at(row.division, 2024) or row.division == "659000", row
        assert (row.division is None) == (row.level == "ministry"), row
        assert (urlsplit(row.entry).hostname or "").endswith((".gov.cn", ".org.cn", ".cn")), row
        assert row.family is None or row.family in families, row
        assert row.last_seen is not None, row


def test_the_country_is_complete_down_to_the_prefectures() -> None:
    rows = registry().values()
    levels = {
        level: sum(row.level == level for row in rows) for level in ("province", "prefecture", "county", "ministry")
    }
    assert levels == {"province": 32, "prefecture": 333, "county": 2841, "ministry": 61}


def test_rows_are_chosen_by_place_level_family_and_confidence() -> None:
    rows = registry().values()
    hulunbuir = chosen_rows(rows, division="1507")
    assert {"hlbe"} <= {row.name for row in hulunbuir}
    assert all((row.division or "").startswith("1507") for row in hulunbuir)
    assert [row.name for row in chosen_rows(rows, division="呼伦贝尔市", level="prefecture")] == ["hlbe"]
    assert chosen_rows(rows, division="150000") == chosen_rows(rows, division="15")
    assert {row.confidence for row in chosen_rows(rows, confidence="B")} == {"A", "B"}
    assert {row.family for row in chosen_rows(rows, family="generic")} == {None}
    with pytest.raises(NotFoundError, match="no division 99"):
        chosen_rows(rows, division="99")


def test_a_name_of_several_divisions_means_all_of_them() -> None:
    assert len(code_prefixes("鼓楼区")) > 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a-b,某市,https://a.gov.cn/", "small letters"),
        ("ab,某市,ftp://a.gov.cn/", "http or https"),
        (",某市,https://a.gov.cn/", "no name"),
        ("ab,,", "no title and no entry"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "portals.csv"
    path.write_text(f"name,title,entry\nok,样例市,https://ok.gov.cn/\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=f"line 3: .*{says}"):
        read_overlay(path)


def test_a_name_stands_once(tmp_path: Path) -> None:
    path = tmp_path / "portals.csv"
    path.write_text("name,title,entry\nok,样例市,https://ok.gov.cn/\nok,样例市,https://ok2.gov.cn/\n", "utf-8")
    with pytest.raises(ConfigError, match="stands twice"):
        read_overlay(path)
    assert read_overlay(tmp_path / "none.csv") == {}
