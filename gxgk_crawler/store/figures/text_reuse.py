"""Which texts are compared, and what of one stands in the other: the table `reuse`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.figures.numbers import number
from gxgk_crawler.store.figures.organs import members, organ_and_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedText:
    """One comparison as the table holds it. spans: start and end in the text of the version."""

    version_id: int
    other_id: int
    kind: str
    share: float
    characters: int
    spans: list[tuple[int, int]]


def uncompared(conn: Connection, reuse_version: str, *, portal: str | None, limit: int) -> list[int]:
    """Reports that stand for their organ and year, and whose current version these rules have not compared; by number."""
    values = {"reuse_version": reuse_version, "portal": portal, "limit": limit}
    return [row.id for row in conn.execute(_UNCOMPARED, values)]


def forget_replaced(conn: Connection, portal: str | None) -> None:
    """Remove comparisons of versions that are not current any more, and of reports that another one stands for now."""
    for statement in (_FORGET, _UNMARK):
        conn.execute(statement, {"portal": portal})


def mark_compared(conn: Connection, report_id: int, reuse_version: str) -> None:
    """Write that the current version of a report is compared."""
    conn.execute(_MARK, {"id": report_id, "reuse_version": reuse_version})


def years_around(conn: Connection, report_id: int) -> list[tuple[int, int]]:
    """The current versions of its organ, of the year of the report and those around it, each with that of the year before."""
    found = organ_and_year(conn, report_id)
    if found is None:
        return []
    organ, year = found
    groups = members(conn, organ, range(year - 1, year + 2))
    pairs = ((later, later - 1) for later in (year, year + 1))
    return [(groups[a][0].version_id, groups[b][0].version_id) for a, b in pairs if a in groups and b in groups]


def same_year_group(conn: Connection, report_id: int) -> list[dict[str, Any]]:
    """The reports that stand for organs of the divisions with the same parent in the same year, the report itself among them.

    Keys: report_id, version_id, organ, division, division_name.
    """
    return [dict(row) for row in conn.execute(_GROUP, {"id": report_id}).mappings()]


def comparisons(conn: Connection, versions: Iterable[int], kind: str) -> set[tuple[int, int]]:
    """The comparisons of this kind that the reports of these versions have, of any of their versions."""
    rows = conn.execute(_HELD, {"versions": list(versions), "kind": kind})
    return {(row.report_version_id, row.other_version_id) for row in rows}


def texts_of(conn: Connection, versions: Iterable[int]) -> dict[int, str]:
    """The texts of versions."""
    rows = conn.execute(text("select id, text from report_version where id = any(:ids)"), {"ids": list(versions)})
    return {row.id: row.text for row in rows}


def replace_comparisons(conn: Connection, *, gone: Iterable[tuple[int, int]], made: Sequence[ComparedText]) -> None:
    """Remove comparisons of texts that are not compared any more, and write new ones."""
    for version_id, other_id in gone:
        conn.execute(_DROP, {"version": version_id, "other": other_id})
    rows = [
        {
            "report_version_id": one.version_id,
            "other_version_id": one.other_id,
            "kind": one.kind,
            "share": one.share,
            "characters": one.characters,
            "spans": one.spans,
        }
        for one in made
    ]
    if rows:
        conn.execute(_INSERT, {"rows": json.dumps(rows)})


def reuse_of(conn: Connection, report_id: int) -> list[dict[str, Any]]:
    """What of the current version of a report stands in others: that of the year before first, then by share.

    Keys: kind, other {id, key, organ, division, year}, share, characters, spans [{start, end, text}].
    """
    found = []
    for row in conn.execute(_READ, {"id": report_id}):
        spans = [{"start": a, "end": b, "text": row.text[a:b]} for a, b in row.spans]
        other = {
            "id": row.other_id,
            "key": row.other_key,
            "organ": row.other_organ,
            "division": row.other_division,
            "year": row.other_year,
        }
        found.append(
            {
                "kind": row.kind,
                "other": other,
                "share": number(row.share),
                "characters": row.characters,
                "spans": spans,
            }
        )
    return found


_UNCOMPARED = text(
    """
    select r.id
    from report r
    join portal p on p.id = r.portal_id
    join report_version v on v.report_id = r.id and v.number = r.current_version
    where v.reuse_version is distinct from :reuse_version and r.stood_by is null and r.year is not null
      and (cast(:portal as text) is null or p.name = :portal)
    order by r.id
    limit :limit
    """
)
_FORGET = text(
    """
    delete from reuse u using report_version v, report r, portal p
    where u.report_version_id = v.id and r.id = v.report_id and p.id = r.portal_id
      and (r.stood_by is not null or r.current_version is distinct from v.number)
      and (cast(:portal as text) is null or p.name = :portal)
    """
)
_UNMARK = text(
    """
    update report_version v set reuse_version = null
    from report r, portal p
    where r.id = v.report_id and p.id = r.portal_id and v.reuse_version is not null
      and (r.stood_by is not null or r.current_version is distinct from v.number)
      and (cast(:portal as text) is null or p.name = :portal)
    """
)
_MARK = text(
    """
    update report_version v set reuse_version = :reuse_version
    from report r where r.id = :id and v.report_id = r.id and v.number = r.current_version
    """
)
_GROUP = text(
    """
    with one as (
        select r.year, d.parent, d.level from report r join portal p on p.id = r.portal_id
        join division d on d.code = coalesce(r.division, p.division)
        where r.id = :id and r.organ is not null
    ),
    place as (select d.code from division d join one on d.parent is not distinct from one.parent and d.level = one.level)
    select r.id as report_id, v.id as version_id, r.organ, place.code as division, n.name as division_name
    from one
    join place on true
    join report r on r.division = place.code and r.year = one.year and r.stood_by is null and r.organ is not null
    join report_version v on v.report_id = r.id and v.number = r.current_version
    join lateral (
        select name from division_name where code = place.code
        order by greatest(valid_from - r.year, r.year - valid_to, 0), valid_from desc limit 1
    ) n on true
    """
)
_HELD = text(
    """
    select u.report_version_id, u.other_version_id
    from reuse u join report_version v on v.id = u.report_version_id
    where u.kind = :kind
      and v.report_id in (select report_id from report_version where id = any(:versions))
    """
)
_DROP = text("delete from reuse where report_version_id = :version and other_version_id = :other")
_INSERT = text(
    """
    insert into reuse (report_version_id, other_version_id, kind, share, characters, spans)
    select report_version_id, other_version_id, kind, share, characters, spans
    from jsonb_to_recordset(cast(:rows as jsonb)) as r (
        report_version_id bigint, other_version_id bigint, kind text, share numeric, characters integer, spans jsonb
    )
    on conflict do nothing
    """
)
_READ = text(
    """
    select u.kind, u.share, u.characters, u.spans, v.text, o.id as other_id, o.key as other_key,
           coalesce(o.organ, o.issuer, p.title) as other_organ, coalesce(o.division, p.division) as other_division,
           o.year as other_year
    from report r
    join report_version v on v.report_id = r.id and v.number = r.current_version
    join reuse u on u.report_version_id = v.id
    join report_version w on w.id = u.other_version_id
    join report o on o.id = w.report_id
    join portal p on p.id = o.portal_id
    where r.id = :id
    order by u.kind = 'same_year', u.share desc, o.id
    """
)
