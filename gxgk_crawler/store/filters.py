"""The filters of reports that search and export share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gxgk_crawler.rules.divisions import code_prefixes


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The reports that meet all conditions; without any, every report.

    portal: its spider name. year, since, until: of the reporting year, both ends included. division: code or official
    name, with everything below it. issuer: part of its name. flag: one of the current version's. report: number of the only one.
    """

    portal: str | None = None
    year: int | None = None
    since: int | None = None
    until: int | None = None
    division: str | None = None
    issuer: str | None = None
    flag: str | None = None
    report: int | None = None


# Of the tables report r and portal p.
_CONDITIONS = {
    "portal": "p.name = :portal",
    "year": "r.year = :year",
    "since": "r.year >= :since",
    "until": "r.year <= :until",
    "division": "coalesce(r.division, p.division) like any (:division)",
    "issuer": "strpos(r.issuer, :issuer) > 0",
    "flag": """exists (
          select from report_version f
          where f.report_id = r.id and f.number = r.current_version and :flag = any (f.flags)
      )""",
    "report": "r.id = :report",
}


def conditions(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions on `report r` and `portal p`, to be joined by and, and the values that they name.

    Raises NotFoundError for an unknown division.
    """
    values = {name: value for name in _CONDITIONS if (value := getattr(filters, name)) is not None}
    if filters.division is not None:
        values["division"] = [f"{prefix}%" for prefix in code_prefixes(filters.division)]
    return [_CONDITIONS[name] for name in values], values
