"""Numbers that prove themselves: identity cards and bank cards."""

from __future__ import annotations

from datetime import date

# Weights and check characters of GB 11643-1999, which follows ISO 7064 MOD 11-2.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# First two digits of GB/T 2260, and 83 and 91 of residence permits and of foreigners.
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
    for code in range(first, last + 1)
)
_OLDEST = 1850


def is_identity_card(number: str) -> bool:
    """True for a citizen identity number 公民身份号码: 18 characters, a province, a day of birth, the right check (GB 11643)."""
    if len(number) != 18 or not (number.isascii() and number[:17].isdecimal()) or number[:2] not in _PROVINCES:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _OLDEST < born.year < 2100 and number[17].upper() == _CHECKS[total % 11]


def is_luhn(number: str) -> bool:
    """True when the last digit is right by the Luhn formula (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0
