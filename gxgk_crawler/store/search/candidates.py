"""Which sections are ranked: those that hold what is rarest in a query, where all else is true of their report.

Two ways lead to them. Postgres takes a phrase to be as rare as the product of its pairs, and so builds a bitmap of 200,000
sections for 双随机一公开 where the first 2,000 sections at hand hold a thousand hits. So what stands in many sections, as the
statistics of the column tell, is looked for in a bounded number of them first, and only if that was not enough, as
everything else, by the index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.filters import conditions as filter_conditions
from gxgk_crawler.store.search.tokens import LONGEST_TERM, lexemes, phrase, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from gxgk_crawler.store.filters import Filters
    from gxgk_crawler.store.search.query import Query

_COMMON = 0.15  # share of the sections from which on a term is looked for without the index
_BOUND = 10_000  # sections looked at without it: a quarter of a second when there is nothing in them
_FEW = 3000  # reports that can be named one by one; more than these are told by the filters themselves
_RANKED_CHARS = 8


def candidates(conn: Connection, asked: Query, filters: Filters, most: int) -> tuple[list[dict[str, Any]], bool]:
    """Reports of up to `most` sections that hold the rarest group of terms, where all else is true; if there are more.

    What a term of more than one piece asks for is not decided here: it is to be checked against the text.
    Each row: id, portal, url, title, issuer, organ, division, year, version; rank: of its sections together; seq: the best of them.
    """
    conditions, values = filter_conditions(filters)
    if conditions:
        reports = _meant(conn, conditions, values)
        if not reports:
            return [], False
        if len(reports) <= _FEW:
            conditions, values = ["s.report_id = any (:reports)"], {"reports": reports}
    shares = _shares(conn, asked)
    first, *others = sorted(asked.every, key=lambda group: (_share(group, shares), -min(map(len, group))))
    rare = {term for term in asked.without if _share([term], shares) < _COMMON}
    search = _Search(first=first, others=others, asked=asked, rare=rare, filters=conditions, values=values, most=most)
    if _share(first, shares) >= _COMMON:
        rows = search.run(conn, _AT_HAND)
        if search.is_enough(rows):
            return rows, True
    # The planner does not know what it costs to unpack a vector, and would rather read the whole table.
    conn.execute(_SEQSCAN, {"mode": "off"})
    rows = search.run(conn, _BY_INDEX)
    conn.execute(_SEQSCAN, {"mode": "on"})
    return rows, search.is_enough(rows)


_SEQSCAN = text("select set_config('enable_seqscan', :mode, true)")


def _meant(conn: Connection, conditions: list[str], values: dict[str, Any]) -> list[int]:
    """Numbers of the reports that the filters mean, or the first of them when they are more than a few."""
    query = f"""
        select r.id from report r join portal p on p.id = r.portal_id where {" and ".join(conditions)} limit :few
    """  # noqa: S608 - conditions are texts of ours
    return list(conn.execute(text(query), {**values, "few": _FEW + 1}).scalars())


def _shares(conn: Connection, asked: Query) -> dict[str, float]:
    """In what share of the sections the lexemes stand that are among the thousand most common ones."""
    pairs = {lexeme for term in (*asked.terms, *asked.without) for lexeme in lexemes(term[:LONGEST_TERM])}
    single = [lexeme for lexeme in pairs if len(lexeme) == 1]
    found: dict[str, float] = {}
    for row in conn.execute(_STATISTICS, {"pairs": list(pairs), "single": single}):
        for lexeme in {row.lexeme, row.lexeme[0]} & pairs:
            found[lexeme] = max(found.get(lexeme, 0.0), row.share)
    return found


_STATISTICS = text(
    """
    select common.lexeme, common.share
    from pg_stats
    cross join lateral unnest(cast(cast(most_common_elems as text) as text[]), most_common_elem_freqs)
        as common (lexeme, share)
    where schemaname = 'public' and tablename = 'section' and attname = 'tsv'
      and (common.lexeme = any (:pairs) or left(common.lexeme, 1) = any (:single))
    """
)


def _share(group: list[str], shares: dict[str, float]) -> float:
    """In what share of the sections one of the terms may stand: a term is at most as common as its rarest pair."""
    return sum(min(shares.get(lexeme, 0.0) for lexeme in lexemes(term[:LONGEST_TERM])) for term in group)


# Whatever the filters leave, in any order, up to the bound; each other term is then looked up report by report (offset 0
# keeps Postgres from collecting all its sections instead), but for the exclusions that are rare.
_AT_HAND = """
with looked as (
    select s.report_id, s.seq, s.tsv
    from section s {tables}
    where {filters}
    limit :bound
),
hit as materialized (
    select s.report_id, s.seq, ts_rank_cd(s.tsv, cast(:any as tsquery), 1) as rank
    from looked s
    where s.tsv @@ cast(:first as tsquery) and {terms}
)
"""
_BY_INDEX = """
with hit as materialized (
    select s.report_id, s.seq, ts_rank_cd(s.tsv, cast(:any as tsquery), 1) as rank
    from section s {tables}
    where s.tsv @@ cast(:first as tsquery) and {filters} and {terms}
)
"""
# A materialized query is planned as if all of it were wanted, and yet read no further than the limit. The reports are
# looked up one by one (offset 0 again): for a thousand, Postgres would rather read all of them.
_REPORTS = """
select r.id, r.key, p.name as portal, r.url, v.title, r.issuer, r.organ, coalesce(r.division, p.division) as division,
       r.year, r.current_version as version, r.gone_at, best.rank, best.seq, best.sections
from (
    select report_id, sum(rank) as rank, (array_agg(seq order by rank desc, seq))[1] as seq, count(*) as sections
    from (select * from hit limit :most) ranked
    group by report_id
) best
cross join lateral (select * from report where id = best.report_id offset 0) r
join portal p on p.id = r.portal_id
join report_version v on v.report_id = r.id and v.number = r.current_version
"""
_TABLES = "join report r on r.id = s.report_id join portal p on p.id = r.portal_id"
_ELSEWHERE = (
    "exists (select from section o where o.report_id = s.report_id and o.tsv @@ cast(:{name} as tsquery) {{fence}})"
)
_NOWHERE = "s.report_id not in (select o.report_id from section o where o.tsv @@ cast(:{name} as tsquery))"


class _Search:
    """One query in the form of SQL. first: the group that sections are looked up by. rare: exclusions in few sections."""

    def __init__(
        self,
        *,
        first: list[str],
        others: list[list[str]],
        asked: Query,
        rare: set[str],
        filters: list[str],
        values: dict[str, Any],
        most: int,
    ) -> None:
        self._most = most
        self._filters = filters
        self._looked_up: dict[str, str] = {}
        self._terms = ["(" + " or ".join(self._holds(pieces(term)) for term in group) + ")" for group in others]
        self._terms += [
            self._lacks(term) if term in rare else f"not {self._holds([term])}"
            for term in asked.without
            if len(term) <= LONGEST_TERM
        ]
        if len(first) == 1 and (rest := set(pieces(first[0])) - {pieces(first[0])[0]}):
            self._terms.append(self._holds(sorted(rest)))
        self._values = {
            **values,
            **{name: piece for piece, name in self._looked_up.items()},
            "first": " | ".join(f"({phrase(pieces(term)[0])})" for term in first),
            "any": _any_of(piece for term in asked.terms for piece in pieces(term)),
            "most": most + 1,
            "bound": _BOUND,
        }

    def run(self, conn: Connection, way: str) -> list[dict[str, Any]]:
        terms = " and ".join(self._terms).replace("{fence}", "offset 0" if way is _AT_HAND else "")
        named = self._filters and not self._filters[0].startswith("s.")
        statement = way.format(
            tables=_TABLES if named else "",
            filters=" and ".join(self._filters) or "true",
            terms=terms or "true",
        )
        return [dict(row) for row in conn.execute(text(statement + _REPORTS), self._values).mappings()]

    def is_enough(self, rows: list[dict[str, Any]]) -> bool:
        """True when there are more sections than are ranked."""
        return sum(int(row["sections"]) for row in rows) > self._most

    def _holds(self, found: Iterable[str]) -> str:
        """Condition that all these pieces stand somewhere in the report."""
        return "(" + " and ".join(_ELSEWHERE.format(name=self._name(piece)) for piece in dict.fromkeys(found)) + ")"

    def _lacks(self, term: str) -> str:
        """Condition that the report is none of the few in which the term stands."""
        return _NOWHERE.format(name=self._name(term))

    def _name(self, piece: str) -> str:
        return self._looked_up.setdefault(phrase(piece), f"term{len(self._looked_up)}")


def _any_of(looked_up: Iterable[str]) -> str:
    """What is ranked by. The beginning of a long piece is enough: ts_rank_cd took 5 s for 65 zeros among 8,000."""
    return " | ".join(f"({phrase(piece[:_RANKED_CHARS])})" for piece in dict.fromkeys(looked_up))
