"""Which reports one organ made for one year, and which of them stands for it.

An organ 行政机关 is told by its full name, or by its name as printed where the full one is not known, and its division, as the
current version of a report says. This module alone says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from gxgk_crawler.items import TAMPERED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """The body that reports. name: None for reports that name none; then the portal, by its number, tells it apart."""

    name: str | None
    portal_id: int | None
    division: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganReport:
    """A report of an organ, as its current version says. stood_by: the report that stands for it, as it is written now."""

    report_id: int
    version_id: int
    year: int
    is_tampered: bool
    has_tables: bool
    published_on: date | None
    first_seen: datetime
    stood_by: int | None

    @property
    def merit(self) -> tuple[bool, bool, str, datetime, int]:
        """The greatest of an organ and year stands for it: untampered, with figures, newest."""
        day = "" if self.published_on is None else self.published_on.isoformat()
        return not self.is_tampered, self.has_tables, day, self.first_seen, self.report_id


def organ_and_year(conn: Connection, report_id: int) -> tuple[Organ, int] | None:
    """The organ and the year of a report; None when its current version states no year."""
    row = conn.execute(_ORGAN, {"id": report_id}).one()
    if row.year is None:
        return None
    portal_id = row.portal_id if row.name is None else None
    return Organ(name=row.name, portal_id=portal_id, division=row.division), row.year


def members(conn: Connection, organ: Organ, years: Iterable[int]) -> dict[int, list[OrganReport]]:
    """The reports of the organ for these years, by year, the one that stands for it first.

    Other transactions that ask for the same organ wait until this one ends, so that none of them counts without this one.
    """
    conn.execute(_LOCK, {"organ": f"{organ.name or organ.portal_id} {organ.division}"})
    values = {"name": organ.name, "portal_id": organ.portal_id, "division": organ.division, "years": sorted(years)}
    found: dict[int, list[OrganReport]] = {}
    for row in conn.execute(_BY_NAME if organ.name is not None else _BY_PORTAL, {**values, "tampered": _TAMPERED}):
        found.setdefault(row.year, []).append(OrganReport(**row._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it
    return {year: sorted(group, key=lambda member: member.merit, reverse=True) for year, group in found.items()}


def write_standing(conn: Connection, group: list[OrganReport]) -> None:
    """Write which report stands for the others of a group; the first one does."""
    for member in group:
        stood_by = None if member is group[0] else group[0].report_id
        if member.stood_by != stood_by:
            conn.execute(_STAND, {"id": member.report_id, "stood_by": stood_by})


_TAMPERED = sorted(TAMPERED | {"no_body"})
_LOCK = text("select pg_advisory_xact_lock(1735943014, hashtext(:organ))")  # "gxgf" in ASCII
_ORGAN = text(
    """
    select coalesce(r.organ, r.issuer) as name, r.portal_id, coalesce(r.division, p.division) as division, r.year
    from report r join portal p on p.id = r.portal_id
    where r.id = :id
    """
)
_MEMBERS = """
    select r.id as report_id, v.id as version_id, r.year, v.flags && cast(:tampered as text[]) as is_tampered,
           v.statutory_tables <> '{{}}' as has_tables, v.published_on, r.first_seen, r.stood_by
    from report r
    join portal p on p.id = r.portal_id
    join report_version v on v.report_id = r.id and v.number = r.current_version
    where {} and coalesce(r.division, p.division) is not distinct from :division and r.year = any(:years)
"""
_BY_NAME = text(_MEMBERS.format("coalesce(r.organ, r.issuer) = :name"))
_BY_PORTAL = text(_MEMBERS.format("coalesce(r.organ, r.issuer) is null and r.portal_id = :portal_id"))
_STAND = text("update report set stood_by = :stood_by where id = :id")
