"""Summaries of reports and portals as the store returns them; the reports are samples."""

from __future__ import annotations

from datetime import date
from typing import Any

from gxgk_crawler.analysis.coverage import Coverage, coverage_of

TODAY = date(2024, 6, 1)  # the report on 2023 is due


def summary(number: int, year: int | None, **values: Any) -> dict[str, Any]:
    facts = {
        "id": number,
        "key": f"k{number:09d}",
        "portal": "sample",
        "url": f"https://www.sample.gov.cn/{number}",
        "title": f"{year}年报",
        "issuer": "样本市人民政府",
        "organ": None,
        "division": "150700",
        "year": year,
        "published_on": None if year is None else f"{year + 1}-03-31",
        "gone_at": None,
    }
    return facts | values


def portal(name: str, division: str | None) -> dict[str, Any]:
    return {"name": name, "division": division}


def found(*reports: dict[str, Any]) -> Coverage:
    return coverage_of(reports, [portal("sample", "150700"), portal("silent", "140900")], TODAY)
