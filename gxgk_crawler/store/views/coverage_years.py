"""How many reports there are by division, year and kind of organ: counted when a crawl ends, so that no page counts all reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text

from gxgk_crawler.items import TAMPERED
from gxgk_crawler.statutory.deadlines import deadline, organ_of
from gxgk_crawler.store import models
from gxgk_crawler.store.views.tables import coverage_year

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Connection, Row

DOUBTFUL = frozenset({"low_confidence", "no_body"})
_MARKS = ("reports", "undated", "late", "gone", "tampered", "doubtful")


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCount:
    """The reports of a division, or of all divisions whose codes begin alike, for one year.

    division: code, or the first two or four digits. year: 0 for reports that state none. organ: government, department, township,
    or empty. undated: without a day of publication. late: after their legal day. gone: no longer on the portal. tampered, doubtful: by
    the flags of their current version.
    """

    division: str
    year: int
    organ: str
    reports: int
    undated: int
    late: int
    gone: int
    tampered: int
    doubtful: int


def refresh_coverage(conn: Connection, portal: str | None = None) -> None:
    """Count the reports of a portal anew, or those of all portals. In the transaction that has changed them."""
    table = models.portal.c
    # The row of the portal is locked, so that a crawl and a re-extraction count one after the other.
    owners = select(table.id).order_by(table.id).with_for_update(key_share=True)
    if portal is not None:
        owners = owners.where(table.name == portal)
    for number in conn.execute(owners).scalars().all():
        conn.execute(delete(coverage_year).where(coverage_year.c.portal_id == number))
        rows = _counted(
            number, conn.execute(_REPORTS, {"portal": number, "tampered": [*TAMPERED], "doubtful": [*DOUBTFUL]})
        )
        if rows:
            conn.execute(insert(coverage_year), rows)


_REPORTS = text(
    """
    select coalesce(r.division, p.division, '') as division, coalesce(r.year, 0) as year,
           coalesce(r.organ, r.issuer) as organ, v.published_on,
           r.gone_at is not null as gone, coalesce(v.flags && cast(:tampered as text[]), false) as tampered,
           coalesce(v.flags && cast(:doubtful as text[]), false) as doubtful
    from report r
    join portal p on p.id = r.portal_id
    left join report_version v on v.report_id = r.id and v.number = r.current_version
    where r.portal_id = :portal
    """
)


def _counted(portal: int, reports: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, int, str], dict[str, Any]] = {}
    for report in reports:
        organ = organ_of(report.organ)
        key = (report.division, report.year, organ or "")
        row = found.setdefault(key, dict.fromkeys(_MARKS, 0) | {"first_published": None})
        due = deadline(report.year, organ)
        row["reports"] += 1
        row["undated"] += report.published_on is None
        row["late"] += due is not None and report.published_on is not None and report.published_on > due
        for name in ("gone", "tampered", "doubtful"):
            row[name] += getattr(report, name)
        row["first_published"] = _earlier(row["first_published"], report.published_on)
    return [
        {"portal_id": portal, "division": division, "year": year, "organ": organ, **row}
        for (division, year, organ), row in found.items()
    ]


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


def province_counts(conn: Connection) -> list[YearCount]:
    """Counts by the first two digits of the divisions and by year; the kinds of organs together."""
    return [YearCount(**row) for row in conn.execute(_ROLLED, {"digits": 2, "prefix": ""}).mappings()]


def counts_below(conn: Connection, prefix: str, digits: int) -> list[YearCount]:
    """Counts of the divisions whose codes begin with `prefix`, rolled up to so many digits; the kinds of organs together."""
    return [YearCount(**row) for row in conn.execute(_ROLLED, {"digits": digits, "prefix": prefix}).mappings()]


def counts_of(conn: Connection, division: str) -> list[YearCount]:
    """Counts of one division itself, by year and kind of organ."""
    return [YearCount(**row) for row in conn.execute(_OWN, {"division": division}).mappings()]


_SUMS = ", ".join(f"cast(sum({name}) as integer) as {name}" for name in _MARKS)
_ROLLED = text(
    f"""
    select left(division, :digits) as division, year, '' as organ, {_SUMS}
    from coverage_year
    where division like :prefix || '%'
    group by 1, 2
    order by 1, 2
    """  # noqa: S608 - constants of ours
)
_OWN = text(
    f"""
    select division, year, organ, {_SUMS}
    from coverage_year
    where division = :division
    group by 1, 2, 3
    order by 1, 2, 3
    """  # noqa: S608 - constants of ours
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPortal:
    """A portal and what its crawls have seen. last_success: start of the last crawl that ended well. outcome: of the last crawl."""

    name: str
    title: str
    division: str | None
    last_success: Any
    outcome: str | None


def portals_below(conn: Connection, prefix: str) -> list[WatchedPortal]:
    """The portals of the divisions whose codes begin with `prefix`, by division; those without a division at an empty prefix."""
    return [WatchedPortal(**row) for row in conn.execute(_WATCHED, {"prefix": prefix}).mappings()]


_WATCHED = text(
    """
    select p.name, p.title, p.division, good.started_at as last_success, last.outcome
    from portal p
    left join lateral (
        select started_at from crawl c
        where c.portal_id = p.id and c.outcome in ('ok', 'unchanged') order by started_at desc limit 1
    ) good on true
    left join lateral (
        select outcome from crawl c
        where c.portal_id = p.id and c.finished_at is not null order by started_at desc limit 1
    ) last on true
    where coalesce(p.division, '') like :prefix || '%'
    order by p.division, p.name
    """
)


def as_rows(counts: Iterable[YearCount]) -> list[dict[str, Any]]:
    """The counts as plain rows, for JSON and CSV."""
    return [asdict(count) for count in counts]
