"""One figure over organs and years, and the equations that hold or fail. One report stands for each organ and year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.store.figures.numbers import number
from gxgk_crawler.store.filters import Filters, conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

    from gxgk_crawler.statutory.cell_keys import CellKey


def read_series(
    conn: Connection, cell: CellKey, filters: Filters, *, everything: bool = False, limit: int | None = None
) -> list[dict[str, Any]]:
    """The cell in every report that the filters leave, by division, organ and year.

    Keys: id, key, portal, organ, division, year, published_on, cell, layout, value, unit, semantic, raw, verdict, method,
    stood_by (number of the report that stands for this one, else None), stands_for (numbers of those that this one stands for).
    everything: also reports that another one stands for. Reports whose current version has no such cell have no row.
    Raises NotFoundError for an unknown division.
    """
    chosen, values = _chosen(filters)
    query = text(
        f"""
        with chosen as materialized ({chosen})
        select r.id, r.key, r.portal, r.organ, r.division, r.year, v.published_on, c.layout, c.value, c.unit, c.semantic,
               c.raw, c.verdict, c.method, r.stood_by
        from chosen r
        join report_version v on v.report_id = r.id and v.number = r.current_version
        join statutory_cell c
          on c.report_version_id = v.id and c."table" = :table and c."row" = :row and c.col = :col and c.statement = 0
        where :everything or r.stood_by is null
        order by r.division, r.organ, r.year, r.id
        limit :limit
        """  # noqa: S608 - texts of ours
    )
    given = {"table": cell.table, "row": cell.row, "col": cell.col, "everything": everything, "limit": limit}
    rows = conn.execute(query, {**values, **given}).mappings().all()
    behind = _stands_for(conn, [row["id"] for row in rows])
    return [_series_row(row, str(cell), behind.get(row["id"], [])) for row in rows]


def _series_row(row: RowMapping, cell: str, behind: list[int]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "key": row["key"],
        "portal": row["portal"],
        "organ": row["organ"],
        "division": row["division"],
        "year": row["year"],
        "published_on": _day(row["published_on"]),
        "cell": cell,
        "layout": row["layout"],
        "value": number(row["value"]),
        "unit": row["unit"],
        "semantic": row["semantic"],
        "raw": row["raw"],
        "verdict": row["verdict"],
        "method": row["method"],
        "stood_by": row["stood_by"],
        "stands_for": behind,
    }


def read_checks(
    conn: Connection,
    filters: Filters,
    *,
    failed: bool = False,
    rule: str | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """The equations of the current versions of the reports that the filters leave, report by report.

    Keys: id, key, portal, organ, division, year, rule, at, lhs, rhs, delta, status, severity, against (report of the year before
    that E5, E6 and E7 compare with), stood_by. failed: only those that do not hold. Raises NotFoundError for an unknown division.
    """
    wanted, values = conditions(filters)
    wanted += ["k.status = 'fail'"] * failed + ["k.rule = :rule"] * (rule is not None)
    where = f"where {' and '.join(wanted)}" if wanted else ""
    query = text(
        f"""
        select r.id, r.key, p.name as portal, {_ORGAN} as organ, {_DIVISION} as division, r.year, k.rule, k.at, k.lhs, k.rhs,
               k.delta, k.status, k.severity, e.report_id as against, r.stood_by
        from statutory_check k
        join report_version v on v.id = k.report_version_id
        join report r on r.id = v.report_id and r.current_version = v.number
        join portal p on p.id = r.portal_id
        left join report_version e on e.id = k.against
        {where}
        order by division, organ, r.year, r.id, k.position
        limit :limit
        """  # noqa: S608 - texts of ours
    )
    rows = conn.execute(query, {**values, "rule": rule, "limit": limit}).mappings()
    return [{**row, **{side: number(row[side]) for side in ("lhs", "rhs", "delta")}} for row in rows]


_ORGAN = "coalesce(r.organ, r.issuer, p.title)"
_DIVISION = "coalesce(r.division, p.division)"


def _chosen(filters: Filters) -> tuple[str, dict[str, Any]]:
    """A query for the chosen reports, and its values.

    A division is asked for in two branches, each with an index of its own: reports that have one, and those of its portals.
    """
    others = Filters(**{name: getattr(filters, name) for name in filters.__slots__ if name != "division"})
    wanted, values = conditions(others)
    branches = [wanted]
    if filters.division is not None:
        prefixes = code_prefixes(filters.division)
        values |= {f"low{n}": prefix.ljust(6, "0") for n, prefix in enumerate(prefixes)}
        values |= {f"high{n}": prefix.ljust(6, "9") for n, prefix in enumerate(prefixes)}
        branches = [
            [*wanted, f"({_between('r.division', len(prefixes))})"],
            [*wanted, "r.division is null", f"({_between('p.division', len(prefixes))})"],
        ]
    parts = (
        f"""select r.id, r.key, p.name as portal, {_ORGAN} as organ, {_DIVISION} as division, r.year, r.current_version,
                   r.stood_by
            from report r join portal p on p.id = r.portal_id
            {f"where {' and '.join(branch)}" if branch else ""}"""  # noqa: S608 - texts of ours
        for branch in branches
    )
    return " union all ".join(parts), values


def _between(column: str, count: int) -> str:
    return " or ".join(f"{column} between :low{n} and :high{n}" for n in range(count))


def _stands_for(conn: Connection, reports: Sequence[int]) -> dict[int, list[int]]:
    rows = conn.execute(_BEHIND, {"reports": list(reports)}) if reports else ()
    return {row.stood_by: list(row.ids) for row in rows}


def _day(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())


_BEHIND = text(
    """
    select stood_by, array_agg(id order by id) as ids from report
    where stood_by = any(:reports) group by stood_by
    """
)
