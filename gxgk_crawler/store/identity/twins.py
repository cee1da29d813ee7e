"""Twins 同一报告的多个地址: rows that the canonical URLs of today make one report become one row.

Rules of canonical URLs grow, and a portal moves to another host. A crawl looks its reports up by the URLs of today's rules, so what
is stored comes to them first. The versions of the twins are put in the order in which they were written, and one that says
nothing new against those before it is left out, as a crawl of one page would have done; so an archive that is read anew gives the
same rows. The lists that show a report, its former URLs and keys stay with it; captures are not touched.

Revision 0007 runs this module, so it names only columns of that revision. Tables that came later are found by their foreign keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from gxgk_crawler.store.identity.current_version import NEVER_CURRENT, point_to
from gxgk_crawler.store.search.sections import clear_index, index_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection, Row

_MANY = 1_000_000  # more than a report has versions


def unite(conn: Connection, portal: str, canonical: Callable[[str], str]) -> int:
    """Bring the reports of a portal to their canonical URLs, twins into one row; how many rows there were too many or renamed.

    canonical: the canonical URL of a URL by today's rules. Of twins the one that has it already keeps its number, else the one
    that was found first.
    """
    _forget_strangers(conn, portal, canonical)
    if all(canonical(url) == url for url in conn.execute(_URLS, {"portal": portal}).scalars()):
        return 0  # as nearly always; to lock every row would write them all
    groups: dict[str, list[Row[tuple[int, str, str]]]] = {}
    for row in conn.execute(_REPORTS, {"portal": portal}):
        groups.setdefault(canonical(row.url), []).append(row)
    changed = 0
    for url, twins in groups.items():
        kept = next((row for row in twins if row.url == url), twins[0])
        others = [row for row in twins if row is not kept]
        best = None
        for other in others:
            best = _merge(conn, kept.id, other)
        if best is not None:
            index_report(conn, kept.id, *point_to(conn, kept.id, best))
        if kept.url != url:
            _rename(conn, portal, kept, url)
        changed += len(others) + (kept.url != url)
    return changed


_URLS = text("select r.url from report r join portal p on p.id = r.portal_id where p.name = :portal")
_REPORTS = text(
    """
    select r.id, r.url, r.key from report r join portal p on p.id = r.portal_id
    where p.name = :portal order by r.first_seen, r.id for update of r
    """
)


def _forget_strangers(conn: Connection, portal: str, canonical: Callable[[str], str]) -> None:
    """Remove former URLs that today's rules do not take for URLs of their reports any more, so that a report of that URL has a row."""
    for row in conn.execute(_FORMER, {"portal": portal}).all():
        if canonical(row.former) != canonical(row.url):
            conn.execute(text("delete from report_alias where key = :key"), {"key": row.key})


_FORMER = text(
    """
    select a.key, a.url as former, r.url
    from report_alias a join report r on r.id = a.report_id join portal p on p.id = a.portal_id
    where p.name = :portal
    """
)


def _rename(conn: Connection, portal: str, report: Row[tuple[int, str, str]], url: str) -> None:
    """Give a report another URL, and the key that it has by it; the old ones stay as its former ones."""
    values = {"id": report.id, "url": url, "portal": portal, "former": report.url, "key": report.key}
    freed = conn.execute(_BACK, values).scalar()
    conn.execute(_NAME, {**values, "new_key": freed})
    conn.execute(_REMEMBER, values)


# A URL that was canonical once and is so again has its key again.
_BACK = text(
    """
    delete from report_alias a using report r
    where r.id = :id and a.portal_id = r.portal_id and url_key(a.url) = url_key(:url) and a.url = :url returning a.key
    """
)
_NAME = text(
    "update report set url = :url, key = coalesce(cast(:new_key as text), new_report_key(:portal, :url)) where id = :id"
)
_REMEMBER = text(
    "insert into report_alias (key, portal_id, url, report_id) select :key, portal_id, :former, id from report where id = :id"
)


def _merge(conn: Connection, kept: int, other: Row[tuple[int, str, str]]) -> int | None:
    """Put everything of the report `other` into the row `kept`; returns the row of the version that is to be current."""
    both = {"kept": kept, "other": other.id}
    conn.execute(text("update report set current_version = null where id in (:kept, :other)"), both)
    for report in (kept, other.id):
        clear_index(conn, report)
    best = _merge_versions(conn, both)
    for statement in (_PLACES, _DROP_PLACES, _ALIASES, _FACTS):
        conn.execute(statement, both)
    if conn.execute(text("select to_regclass('withheld') is not null")).scalar_one():  # made by revision 0010
        conn.execute(_WITHHELD, both)
    for table, column in _references(conn, "report", leave=("report_version", "report_place", "report_alias")):
        conn.execute(text(f"update {table} set {column} = :kept where {column} = :other"), both)  # noqa: S608 - names of our tables
        if table == "report":
            conn.execute(text(f"update report set {column} = null where id = :kept and {column} = id"), both)  # noqa: S608 - as above
    conn.execute(text("delete from report where id = :other"), both)
    conn.execute(_REMEMBER, {"id": kept, "key": other.key, "former": other.url})
    return best


_PLACES = text(
    """
    insert into report_place as p (report_id, url, first_seen, last_seen)
    select :kept, url, first_seen, last_seen from report_place where report_id = :other
    on conflict (report_id, url_key(url)) do update
    set first_seen = least(p.first_seen, excluded.first_seen), last_seen = greatest(p.last_seen, excluded.last_seen)
    """
)
# Of two that are withheld the stricter order stays.
_WITHHELD = text(
    """
    with dropped as (
        delete from withheld w using withheld k
        where w.report_id = :other and k.report_id = :kept
        returning w.scope, w.reason
    )
    update withheld set scope = dropped.scope, reason = dropped.reason
    from dropped where report_id = :kept and dropped.scope = 'text'
    """
)
_DROP_PLACES = text("delete from report_place where report_id = :other")
_ALIASES = text("update report_alias set report_id = :kept where report_id = :other")
# A report is gone when none of its pages is there any more.
_FACTS = text(
    """
    update report k
    set first_seen = least(k.first_seen, o.first_seen), last_seen = greatest(k.last_seen, o.last_seen),
        checked_at = greatest(k.checked_at, o.checked_at), division = coalesce(k.division, o.division),
        gone_at = case when k.gone_at is not null and o.gone_at is not null then greatest(k.gone_at, o.gone_at) end
    from report o where k.id = :kept and o.id = :other
    """
)


@dataclass(frozen=True, slots=True)
class _Written:
    """A version of one of the twins. files: URL, SHA-256 and digest of the text of every attachment."""

    id: int
    text_sha256: str
    flags: frozenset[str]
    reason: str
    capture: int
    fetched_at: datetime
    files: tuple[tuple[str, str | None, str | None], ...]

    @property
    def merit(self) -> tuple[bool, datetime]:
        return not self.flags & NEVER_CURRENT, self.fetched_at

    def says_the_same(self, known: _Written) -> bool:
        """True when this version has the text of `known`, and no attachment of other content."""
        contents = {content for _, sha256, digest in known.files for content in (sha256, digest)} - {None}
        unfetched = {url for url, sha256, _ in known.files if sha256 is None}
        return self.text_sha256 == known.text_sha256 and all(
            sha256 is None or sha256 in contents or digest in contents or url in unfetched
            for url, sha256, digest in self.files
        )


def _merge_versions(conn: Connection, both: dict[str, int]) -> int | None:
    """Number the versions of both reports anew as those of the one, without those that say nothing new; the row of the best one."""
    kept: list[_Written] = []
    dropped: list[int] = []
    for row in conn.execute(_VERSIONS, both):
        version = _Written(
            row.id,
            row.text_sha256,
            frozenset(row.flags),
            row.reason,
            row.capture_id,
            row.fetched_at,
            tuple(map(tuple, row.files)),
        )
        is_known = any(version.says_the_same(known) for known in _comparable(kept, version))
        (dropped.append(version.id) if is_known else kept.append(version))
    conn.execute(text(f"update report_version set number = number + {_MANY} where report_id in (:kept, :other)"), both)  # noqa: S608
    if dropped:
        for table, column in _references(conn, "report_version"):
            conn.execute(text(f"delete from {table} where {column} = any(:ids)"), {"ids": dropped})  # noqa: S608 - names of our tables
        conn.execute(text("delete from report_version where id = any(:ids)"), {"ids": dropped})
    if not kept:
        return None
    conn.execute(_NUMBER, {"kept": both["kept"], "ids": [version.id for version in kept]})
    return max(reversed(kept), key=lambda version: version.merit).id


def _comparable(known: list[_Written], version: _Written) -> list[_Written]:
    """The versions that `save_report` compares a version with: see there."""
    if version.reason == "reextract" or not known:
        return known
    return [known[-1], max(known, key=lambda one: one.merit), *(one for one in known if one.capture == version.capture)]


_VERSIONS = text(
    """
    select v.id, v.text_sha256, v.flags, v.reason, v.capture_id, c.fetched_at,
           coalesce(
               (
                   select jsonb_agg(jsonb_build_array(a.url, a.sha256, md5(a.text)) order by a.position)
                   from attachment a where a.report_version_id = v.id
               ),
               '[]'
           ) as files
    from report_version v join capture c on c.id = v.capture_id
    where v.report_id in (:kept, :other)
    order by v.created_at, v.id
    """
)
_NUMBER = text(
    """
    update report_version v set report_id = :kept, number = n.number
    from unnest(cast(:ids as bigint[])) with ordinality as n (id, number) where v.id = n.id
    """
)


def _references(conn: Connection, table: str, *, leave: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The tables and columns that name a row of `table` by its number, those of the tables `leave` left out."""
    found = conn.execute(_FOREIGN_KEYS, {"table": table}).all()
    return [(name, column) for name, column in found if name not in leave]


_FOREIGN_KEYS = text(
    """
    select f.conrelid::regclass::text, quote_ident(a.attname)
    from pg_constraint f join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
    where f.contype = 'f' and f.confrelid = cast(:table as regclass) and cardinality(f.conkey) = 1
    """
)
