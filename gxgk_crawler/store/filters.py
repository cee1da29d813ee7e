"""The filters of reports that lists, search and export share."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.items import FLAGS, TAMPERED
from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.store.crawls import portal_id

if TYPE_CHECKING:
    from sqlalchemy import Connection


State = Literal["gone", "changed", "tampered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The reports that meet all conditions; without any, every report.

    portal: its spider name. year, since, until: of the reporting year, both ends included. division: code or official
    name, with everything below it. issuer, organ: part of its name. flag: one of the current version's. report: number of the
    only one. state: gone from the portal; changed, with more than one version; tampered, with foreign words in the current
    version or a later one.
    """

    portal: str | None = None
    year: int | None = None
    since: int | None = None
    until: int | None = None
    division: str | None = None
    issuer: str | None = None
    organ: str | None = None
    flag: str | None = None
    report: int | None = None
    state: State | None = None


# Of the tables report r and portal p.
_CONDITIONS = {
    "portal": "p.name = :portal",
    "year": "r.year = :year",
    "since": "r.year >= :since",
    "until": "r.year <= :until",
    "division": "coalesce(r.division, p.division) like any (:division)",
    "issuer": "strpos(r.issuer, :issuer) > 0",
    "organ": "strpos(r.organ, :organ) > 0",
    "flag": """exists (
          select from report_version f
          where f.report_id = r.id and f.number = r.current_version and :flag = any (f.flags)
      )""",
    "report": "r.id = :report",
    "state": """case :state
          when 'gone' then r.gone_at is not null
          when 'changed' then r.current_version > 1 or exists (
              select from report_version f where f.report_id = r.id and f.number > 1
          )
          else exists (
              select from report_version f
              where f.report_id = r.id and f.number >= r.current_version and f.flags && cast(:tampered as text[])
          )
      end""",
}


def conditions(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions on `report r` and `portal p`, to be joined by and, and the values that they name.

    Raises NotFoundError for an unknown division.
    """
    values = {name: value for name in _CONDITIONS if (value := getattr(filters, name)) is not None}
    if filters.division is not None:
        values["division"] = [f"{prefix}%" for prefix in code_prefixes(filters.division)]
    chosen = [_CONDITIONS[name] for name in values]
    if filters.state is not None:
        values["tampered"] = sorted(TAMPERED)
    return chosen, values


def expect_known(conn: Connection, filters: Filters) -> None:
    """Raises NotFoundError for a portal that was never crawled, and for a flag that no report can have."""
    if filters.portal is not None:
        portal_id(conn, filters.portal)
    if filters.flag is not None and filters.flag not in FLAGS:
        raise NotFoundError(f"there is no flag {filters.flag!r}; the flags are {', '.join(sorted(FLAGS))}")


def unmet(conn: Connection, filters: Filters) -> str | None:
    """Why the filters leave no report, when one of them alone leaves none; None when only all together do.

    For a person who finds nothing: "no report is of the year 1907; those held are of 2008 to 2024".
    """
    for given in fields(filters):
        value = getattr(filters, given.name)
        if value is None:
            continue
        chosen, values = conditions(Filters(**{given.name: value}))
        query = f"select exists (select from report r join portal p on p.id = r.portal_id where {chosen[0]})"  # noqa: S608 - a text of ours
        if not conn.execute(text(query), values).scalar_one():
            return f"no report {_WORDS[given.name].format(value)}{_years_held(conn, given.name)}"
    return None


_WORDS = {
    "portal": "is of the portal {}",
    "year": "is of the year {}",
    "since": "is of {} or later",
    "until": "is of {} or earlier",
    "division": "is of the division {}",
    "issuer": "has an issuer with {!r} in its name",
    "organ": "is of an organ with {!r} in its name",
    "flag": "has the flag {}",
    "report": "has the number {}",
    "state": "is {}",
}


def _years_held(conn: Connection, name: str) -> str:
    if name not in {"year", "since", "until"}:
        return ""
    first, last = conn.execute(text("select min(year), max(year) from report")).one()
    return "" if first is None else f"; those held are of {first} to {last}"
