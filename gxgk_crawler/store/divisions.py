"""Divisions 行政区划 as the database holds them: which codes a person means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store import models

if TYPE_CHECKING:
    from sqlalchemy import Connection


def code_prefixes(conn: Connection, division: str) -> list[str]:
    """Beginnings of the codes of a division and everything below it; division: a code, or an official name.

    150000 gives 15, 150700 gives 1507, 150702 itself. A name that several divisions have or had gives all of them.
    Raises NotFoundError.
    """
    table = models.division_name.c
    meant = table.code if division.isascii() and division.isdecimal() else table.name
    codes = conn.execute(select(table.code).where(meant == division).distinct().order_by(table.code)).scalars().all()
    if not codes:
        raise NotFoundError(f"no division {division}: give a code of 6 digits or an official name")
    return [code.removesuffix("00").removesuffix("00") for code in codes]
