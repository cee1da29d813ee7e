"""Figures from one year to the next: E5, E6 and E7 per organ, kept with the later year.

They are made anew whenever the current version of either year changes, in the transaction that changes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.statutory.checks import across_years
from gxgk_crawler.statutory.tables import Cell, Place, StatutoryTable
from gxgk_crawler.store.figures.numbers import number
from gxgk_crawler.store.figures.organs import members, organ_and_year, write_standing
from gxgk_crawler.store.figures.prepared_rows import check_row
from gxgk_crawler.store.figures.write import replace_checks_against

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from gxgk_crawler.store.figures.organs import Organ, OrganReport

# Checks against another year come behind those within the report, which are fewer than this.
_FIRST_POSITION = 1000


def settle(conn: Connection, report_id: int, before: tuple[Organ, int] | None = None) -> None:
    """Say which report stands for the organ and year of this one, and check its figures against the years around it.

    To be called when the report has another current version, or other figures. before: its organ and year before that.
    """
    now = organ_and_year(conn, report_id)
    for of in {before, now} - {None}:
        assert of is not None
        _settle(conn, *of)
    if now is None and before is not None:
        conn.execute(_ALONE, {"id": report_id})


def settle_all(conn: Connection, portal: str | None = None) -> None:
    """Settle every report, of a portal or of all: as when rows of several reports have become one."""
    for row in conn.execute(_REPORTS, {"portal": portal}).all():
        settle(conn, row.id)


def _settle(conn: Connection, organ: Organ, year: int) -> None:
    groups = members(conn, organ, range(year - 1, year + 2))
    write_standing(conn, groups.get(year, []))
    pairs = [
        (groups[later - 1][0], groups[later][0])
        for later in (year, year + 1)
        if later - 1 in groups and later in groups
    ]
    tables = _tables(conn, [member.version_id for pair in pairs for member in pair if member.has_tables])
    rows = [row for earlier, later in pairs for row in _checks(earlier, later, tables)]
    reports = [member.report_id for later in (year, year + 1) for member in groups.get(later, [])]
    if reports:
        replace_checks_against(conn, reports, json.dumps(rows))


def _checks(earlier: OrganReport, later: OrganReport, tables: dict[int, list[StatutoryTable]]) -> list[dict[str, Any]]:
    made = across_years(tables.get(earlier.version_id, []), tables.get(later.version_id, []))
    return [
        {"report_version_id": later.version_id, "against": earlier.version_id, **check_row(check, position)}
        for position, check in enumerate(made, start=_FIRST_POSITION)
    ]


def _tables(conn: Connection, versions: Sequence[int]) -> dict[int, list[StatutoryTable]]:
    """The first T2 and T3 of each version, with the cells that go from year to year."""
    if not versions:
        return {}
    found: dict[int, dict[str, StatutoryTable]] = {}
    for row in conn.execute(_CARRIED, {"versions": list(versions)}):
        of_version = found.setdefault(row.report_version_id, {})
        table = of_version.setdefault(row.table, StatutoryTable(table=row.table, layout=row.layout))
        cell = Cell(
            row=row.row,
            col=row.col,
            raw=row.raw,
            value=number(row.value),
            unit=row.unit,
            semantic=row.semantic,
            place=Place(),
            method=row.method,
        )
        table.cells.append(cell)
    return {version: list(tables.values()) for version, tables in found.items()}


_REPORTS = text(
    """
    select r.id from report r join portal p on p.id = r.portal_id
    where r.current_version is not null and (cast(:portal as text) is null or p.name = :portal)
    order by r.id
    """
)
_ALONE = text("update report set stood_by = null where id = :id and stood_by is not null")
_CARRIED = text(
    """
    select report_version_id, "table", layout, "row", col, raw, value, unit, semantic, method
    from statutory_cell
    where report_version_id = any(:versions) and statement = 0
      and ("table" = 'T2' or "table" = 'T3' and "row" in ('carried_in', 'carried_out'))
    order by report_version_id, position
    """
)
