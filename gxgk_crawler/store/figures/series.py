"""One figure over organs and years, and the equations that hold or fail. One report stands for each organ and year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.store.figures.numbers import number
from gxgk_crawler.store.filters import Filters, conditions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.statutory.cell_keys import CellKey

# What a table of rows shows, in this order.
SERIES_COLUMNS = (
    "id", "key", "portal", "organ", "division", "year", "published_on", "cell", "layout", "value", "unit", "semantic", "raw",
    "verdict", "method", "stood_by", "stands_for",
)  # fmt: skip
CHECK_COLUMNS = (
    "id", "key", "portal", "organ", "division", "year", "rule", "at", "lhs", "rhs", "delta", "status", "severity", "against",
    "stood_by",
)  # fmt: skip


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
        with chosen as materialized ({chosen}),
        behind as (
            select stood_by, array_agg(id order by id) as ids from chosen where stood_by is not null group by stood_by
        )
        select r.id, r.key, r.portal, r.organ, r.division, r.year, v.published_on, :cell as cell, c.layout, c.value, c.unit,
               c.semantic, c.raw, c.verdict, c.method, r.stood_by, coalesce(b.ids, '{{}}') as stands_for
        from chosen r
        join report_version v on v.report_id = r.id and v.number = r.current_version
        join statutory_cell c
          on c.report_version_id = v.id and c."table" = :table and c."row" = :row and c.col = :col and c.statement = 0
        left join behind b on b.stood_by = r.id
        where :everything or r.stood_by is null
        order by r.division, r.organ, r.year, r.id
        limit :limit
        """  # noqa: S608 - texts of ours
    )
    given = {"cell": str(cell), "table": cell.table, "row": cell.row, "col": cell.col}
    found = conn.execute(query, {**values, **given, "everything": everything, "limit": limit})
    names = tuple(found.keys())
    value, day = names.index("value"), names.index("published_on")
    rows = []
    for one in found:  # by position: a province has thousands of them
        row = dict(zip(names, one, strict=True))
        row["value"], row["published_on"] = number(one[value]), one[day] and one[day].isoformat()
        rows.append(row)
    return rows


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
