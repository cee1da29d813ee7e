from __future__ import annotations

from datetime import date

import pytest

from gxgk_crawler.statutory.deadlines import deadline, last_due, organ_of


@pytest.mark.parametrize(
    ("issuer", "organ"),
    [
        ("样本市人民政府", "government"),
        ("样本县人民政府办公室", "government"),
        ("样本经济开发区管委会", "government"),
        ("样本市生态环境局", "department"),
        ("样本省发展和改革委员会", "department"),
        ("样本镇人民政府", "township"),
        ("样本街道办事处", "township"),
        ("样本", None),
        (None, None),
    ],
)
def test_the_organ_is_told_by_its_name(issuer: str | None, organ: str | None) -> None:
    assert organ_of(issuer) == organ


def test_the_law_of_the_year_counts() -> None:
    assert deadline(2018, "department") == date(2019, 3, 31)
    assert deadline(2019, "department") == date(2020, 1, 31)
    assert deadline(2019, "government") == deadline(2019, None) == date(2020, 3, 31)
    assert deadline(2015, "township") == date(2016, 3, 31)
    assert deadline(2020, "township") is None
    assert deadline(2007, "government") is None


def test_a_report_is_due_only_after_the_last_day() -> None:
    assert last_due(date(2026, 3, 31)) == 2024
    assert last_due(date(2026, 4, 1)) == 2025
