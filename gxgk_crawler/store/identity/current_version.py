"""The version that counts: which ones never do, and what a report says by its current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from gxgk_crawler.items import TAMPERED

if TYPE_CHECKING:
    from sqlalchemy import Connection

# A version with one of these flags never displaces one without: it says what another party put there, or nothing.
NEVER_CURRENT = TAMPERED | {"no_body"}


def point_to(conn: Connection, report_id: int, row_id: int) -> tuple[int, str]:
    """Make a version the current one of its report; returns its number and its text. row_id: number of its row."""
    number, words = conn.execute(_POINT, {"report_id": report_id, "row_id": row_id}).one()
    return number, words


# The division table may lack a code that a newer table of the package has.
_POINT = text(
    """
    update report
    set current_version = v.number, year = v.year, issuer = v.issuer, organ = v.organ,
        division = (select code from division where code = v.organ_division)
    from report_version v
    where report.id = :report_id and v.id = :row_id
    returning v.number, v.text
    """
)
