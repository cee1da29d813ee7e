from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.statutory.amounts import amount_of


@pytest.mark.parametrize(
    ("raw", "semantic", "value", "unit"),
    [
        ("", "blank", None, None),
        (" \u3000\u00a0", "blank", None, None),
        ("0", "zero", 0, None),
        ("增0", "zero", 0, None),
        ("12", "number", 12, None),
        ("１２", "number", 12, None),
        ("1,288", "number", 1288, None),
        ("1，288", "number", 1288, None),
        ("1 2 8", "number", 128, None),
        ("增12", "number", 12, None),
        ("减13", "number", -13, None),
        ("减少 5", "number", -5, None),
        ("-2", "number", -2, None),
        ("－2", "number", -2, None),
        ("+173", "number", 173, None),
        ("31.17亿元", "number", 31.17, "亿元"),
        ("70487元", "number", 70487, "元"),
        ("20.30 万元", "number", 20.3, "万元"),
        ("5宗", "number", 5, "宗"),
        ("12（含子项3项）", "number", 12, None),
        ("12①", "number", 12, None),
        ("-", "na", None, None),
        ("——", "na", None, None),
        ("/", "na", None, None),
        ("无", "na", None, None),
        ("详见附件", "text", None, None),
        ("12/3", "text", None, None),
        ("2021年1月", "text", None, None),
        ("50%", "text", None, None),
        ("1.2.3", "text", None, None),
        ("12,34", "text", None, None),
    ],
)
def test_a_cell_is_read(raw: str, semantic: str, value: float | None, unit: str | None) -> None:
    amount = amount_of(raw)
    assert (amount.semantic, amount.value, amount.unit) == (semantic, value, unit)


@given(st.text(max_size=60))
def test_any_text_has_a_reading(raw: str) -> None:
    amount = amount_of(raw)
    assert (amount.value is not None) == (amount.semantic in {"number", "zero"})
    assert (amount.semantic == "zero") == (amount.value == 0)
