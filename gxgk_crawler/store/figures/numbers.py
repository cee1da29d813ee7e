"""Figures as the database gives them, and as Python and JSON take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def number(value: Decimal | None) -> int | float | None:
    """The figure as int where it is whole, else as float."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
