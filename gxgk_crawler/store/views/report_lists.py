"""Pages of reports, newest year first, by keyset: a page costs the same however far down the list it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPart:
    """Rows of a list, and the place to go on from. after: `YEAR-ID` of the last row; None when there is nothing behind it."""

    rows: list[dict[str, Any]]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Which reports a list holds; all conditions count.

    prefix: beginning of the division codes, empty for all. own: only that division itself. portal: its name. flag: of the
    current version. gone: only those that have left their portal.
    """

    prefix: str = ""
    own: bool = False
    portal: str | None = None
    year: int | None = None
    flag: str | None = None
    gone: bool = False


def report_page(conn: Connection, listed: Listed, *, after: str | None = None, limit: int = PAGE) -> ListPart:
    """The next reports of a list, newest year first, with the keys of `list_reports` and `first_seen`.

    after: as the page before gave it; an unreadable one begins the list.
    """
    conditions, values = _conditions(listed)
    place = _place(after)
    if place is not None:
        conditions.append("(coalesce(r.year, 0), r.id) < (:year_before, :id_before)")
        values |= {"year_before": place[0], "id_before": place[1]}
    statement = _PAGE.format(conditions=" and ".join(conditions) or "true")
    rows = [dict(row) for row in conn.execute(text(statement), {**values, "limit": limit + 1}).mappings()]
    more = len(rows) > limit
    rows = rows[:limit]
    for row in rows:
        row["published_on"] = None if row["published_on"] is None else row["published_on"].isoformat()
    return ListPart(rows=rows, after=f"{rows[-1]['year'] or 0}-{rows[-1]['id']}" if more else None)


def _conditions(listed: Listed) -> tuple[list[str], dict[str, Any]]:
    """Conditions on the table report r. A report without a division of its own has that of its portal."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if listed.prefix:
        pattern = "= :division" if listed.own else "like :division"
        conditions.append(
            f"(r.division {pattern} or r.division is null and r.portal_id in "  # noqa: S608 - constants of ours
            f"(select id from portal where division {pattern}))"
        )
        values["division"] = listed.prefix if listed.own else f"{listed.prefix}%"
    if listed.portal is not None:
        conditions.append("r.portal_id = (select id from portal where name = :portal)")
        values["portal"] = listed.portal
    if listed.year is not None:
        conditions.append("r.year = :year")
        values["year"] = listed.year
    if listed.gone:
        conditions.append("r.gone_at is not null")
    if listed.flag is not None:
        conditions.append(
            "exists (select from report_version f where f.report_id = r.id and f.number = r.current_version "
            "and :flag = any (f.flags))"
        )
        values["flag"] = listed.flag
    return conditions, values


def _place(after: str | None) -> tuple[int, int] | None:
    year, _, number = (after or "").partition("-")
    if not (year.isascii() and year.isdecimal() and number.isascii() and number.isdecimal()) or len(after or "") > 24:
        return None
    return int(year), int(number)


_PAGE = """
select r.id, r.key, p.name as portal, r.url, v.title, r.issuer, coalesce(r.division, p.division) as division, r.year,
       v.published_on, (select max(number) from report_version where report_id = r.id) as version, v.flags, r.gone_at,
       r.first_seen
from (
    select * from report r where {conditions} order by coalesce(r.year, 0) desc, r.id desc limit :limit
) r
join portal p on p.id = r.portal_id
left join report_version v on v.report_id = r.id and v.number = r.current_version
order by coalesce(r.year, 0) desc, r.id desc
"""


def key_of(conn: Connection, report_id: int) -> str:
    """The stable key of the report of that number."""
    return str(conn.execute(text("select key from report where id = :id"), {"id": report_id}).scalar_one())


def neighbours(conn: Connection, report_id: int) -> list[dict[str, Any]]:
    """The reports of the same issuer on the same portal, by year: id, key, year, title. At most 60."""
    return [dict(row) for row in conn.execute(_NEIGHBOURS, {"id": report_id}).mappings()]


_NEIGHBOURS = text(
    """
    select o.id, o.key, o.year, v.title
    from report r
    join report o on o.portal_id = r.portal_id and o.issuer is not distinct from r.issuer and o.year is not null
    join report_version v on v.report_id = o.id and v.number = o.current_version
    where r.id = :id
    order by o.year desc, o.id
    limit 60
    """
)
