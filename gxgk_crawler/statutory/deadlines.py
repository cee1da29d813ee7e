"""By when a report had to be published: 令492 article 32 until 2018, 令711 articles 49 and 50 since."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

Organ = Literal["government", "department", "township"]

_TOWNSHIP = re.compile(r"(?:[乡镇](?:人民)?政府|街道办事处|街道办)$")
# The office of a government publishes the government's own report; a development zone is run like a government.
_GOVERNMENT = re.compile(r"(?:人民政府|政府|政府办公厅|政府办公室|政府办|管理委员会|管委会|行政公署)$")
_DEPARTMENT = re.compile(r"(?:局|厅|委员会|委|部|办公室|中心|支队|总队|大队|所|站)$")


def organ_of(issuer: str | None) -> Organ | None:
    """What kind of organ has this name; None when the name does not tell."""
    for pattern, organ in _BY_NAME:
        if issuer is not None and pattern.search(issuer.strip()):
            return organ
    return None


_BY_NAME: tuple[tuple[re.Pattern[str], Organ], ...] = (
    (_TOWNSHIP, "township"),
    (_GOVERNMENT, "government"),
    (_DEPARTMENT, "department"),
)


def deadline(year: int, organ: Organ | None) -> date | None:
    """The last day for the report on `year`; None when the law names none.

    For 2008 to 2018 every organ had until 31 March of the next year. Since 2019 departments have until 31 January and
    governments until 31 March; townships are named in neither sentence. An organ of unknown kind gets the later day, so
    that whoever is called late is late. No report was owed for the years before 2008.
    """
    if year < 2008 or (year >= 2019 and organ == "township"):
        return None
    if year >= 2019 and organ == "department":
        return date(year + 1, 1, 31)
    return date(year + 1, 3, 31)


def last_due(today: date) -> int:
    """The newest year whose report everybody owes by `today`."""
    return today.year - 1 if today > date(today.year, 3, 31) else today.year - 2
