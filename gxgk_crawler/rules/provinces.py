"""Provinces 省级行政区: the first two digits of a division code (GB/T 2260) and the name that directories carry."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """code: two digits. pinyin: as in `spiders/<pinyin>/`; 陕西 is shaanxi, 山西 shanxi. name: official name."""

    code: str
    pinyin: str
    name: str


@cache
def provinces() -> dict[str, Province]:
    """All 34 by their two digits."""
    lines = files("gxgk_crawler.rules").joinpath("provinces.csv").read_text(encoding="utf-8").splitlines()
    return {row["code"]: Province(**row) for row in csv.DictReader(lines)}
