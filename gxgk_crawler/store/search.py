"""Full-text search over the current versions of all reports: exact, best first, with the place of every hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.filters import conditions as filter_conditions
from gxgk_crawler.store.query import parse
from gxgk_crawler.store.tokens import LONGEST_TERM, fold, phrase, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    from gxgk_crawler.store.query import Query

CANDIDATES = 1000  # sections that are ranked; ranking all 24,372 hits of a common term took 436 ms, 1,000 took 29 ms
_TITLE_BONUS = 1.0  # per group of alternatives of which one is in the title
_YEAR_BONUS = 0.01  # per year, so that of equals the newer comes first
_RANKED_CHARS = 8
_SNIPPET_BEFORE = 40
_SNIPPET_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A report that holds all terms.

    id, portal, url, title, issuer, division, year, version, score: of the report; version is the current one. heading: of
    the section the snippet is from. start: offset of the snippet in the version's text. snippet: verbatim piece of the
    text. marks: [start, end) of every term in the snippet.
    """

    id: int
    portal: str
    url: str
    title: str | None
    issuer: str | None
    division: str | None
    year: int | None
    version: int
    score: float
    heading: str | None
    start: int
    snippet: str
    marks: list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found. hits: best first. total: reports that hold all terms; more: there are even more than that."""

    hits: list[Hit]
    total: int
    more: bool


def search(
    conn: Connection,
    query: str,
    *,
    portal: str | None = None,
    year: int | None = None,
    since: int | None = None,
    until: int | None = None,
    division: str | None = None,
    issuer: str | None = None,
    flag: str | None = None,
    limit: int = 20,
) -> Found:
    """Reports whose current text is what the query asks for (`query.parse`), best first.

    Exact but for case, width and script (`tokens.fold`): a term is found if and only if it stands in the text.
    year, since, until: of the reporting year, both ends included. division: code or name, with everything below it.
    issuer: part of its name. flag: one of the current version's.
    Raises QueryError for a query that asks for nothing, NotFoundError for an unknown division.
    """
    asked = parse(query)
    filters = Filters(portal=portal, year=year, since=since, until=until, division=division, issuer=issuer, flag=flag)
    rows, more = _candidates(conn, asked, filters, max(CANDIDATES, limit))
    ranked = sorted(rows, key=lambda row: (-_score(row, asked), row["id"]))
    return Found(hits=_hits(conn, ranked[:limit], asked), total=len(rows), more=more)


# The sections that hold the first term are found and counted off before anything else is looked at: without the fence the
# planner may prefer to read the whole table. The other terms may stand in any section of the same report.
_CANDIDATES = """
with hit as materialized (
    select s.report_id, s.seq, ts_rank_cd(s.tsv, cast(:any as tsquery), 1) as rank
    from section s
    join report r on r.id = s.report_id
    join portal p on p.id = r.portal_id
    where s.tsv @@ cast(:first as tsquery)
      {conditions}
    limit :most
)
select r.id, p.name as portal, r.url, v.title, r.issuer, coalesce(r.division, p.division) as division, r.year,
       r.current_version as version, best.rank, best.seq, best.sections
from (
    select report_id, sum(rank) as rank, (array_agg(seq order by rank desc, seq))[1] as seq, count(*) as sections
    from hit
    group by report_id
) best
join report r on r.id = best.report_id
join portal p on p.id = r.portal_id
join report_version v on v.report_id = r.id and v.number = r.current_version
"""
_ELSEWHERE = "exists (select from section o where o.report_id = s.report_id and o.tsv @@ cast(:{name} as tsquery))"


def _candidates(conn: Connection, asked: Query, filters: Filters, most: int) -> tuple[list[dict[str, Any]], bool]:
    """Up to `most` sections that hold the first group of terms, by report, where all else is true; and if there are more."""
    # The group whose shortest term is longest is likely the rarest: fewest sections to look through.
    first, *others = sorted(asked.every, key=lambda group: -min(map(len, group)))
    looked_up: dict[str, str] = {}

    def holds(found: Iterable[str]) -> str:
        """Condition that all these pieces stand somewhere in the report."""
        names = [looked_up.setdefault(phrase(piece), f"term{len(looked_up)}") for piece in dict.fromkeys(found)]
        return "(" + " and ".join(_ELSEWHERE.format(name=name) for name in names) + ")"

    conditions, values = filter_conditions(conn, filters)
    conditions += ["(" + " or ".join(holds(pieces(term)) for term in group) + ")" for group in others]
    conditions += [f"not {holds([term])}" for term in asked.without if len(term) <= LONGEST_TERM]
    if len(first) == 1 and (rest := set(pieces(first[0])) - {pieces(first[0])[0]}):
        conditions.append(holds(sorted(rest)))
    statement = _CANDIDATES.format(conditions="".join(f"and {condition}\n      " for condition in conditions))
    parameters = {
        **values,
        **{name: piece for piece, name in looked_up.items()},
        "first": " | ".join(f"({phrase(pieces(term)[0])})" for term in first),
        "any": _any_of(piece for term in asked.terms for piece in pieces(term)),
        "most": most + 1,
    }
    rows = [dict(row) for row in conn.execute(text(statement), parameters).mappings()]
    more = sum(row["sections"] for row in rows) > most
    if asked.needs_text():
        rows = [row for row in rows if asked.matches(_text(conn, row))]
    return rows, more


def _any_of(looked_up: Iterable[str]) -> str:
    """What is ranked by. The beginning of a long piece is enough: ts_rank_cd took 5 s for 65 zeros among 8,000."""
    return " | ".join(f"({phrase(piece[:_RANKED_CHARS])})" for piece in dict.fromkeys(looked_up))


def _text(conn: Connection, row: dict[str, Any]) -> str:
    query = text("select text from report_version where report_id = :id and number = :version")
    return str(conn.execute(query, {"id": row["id"], "version": row["version"]}).scalar_one())


def _score(row: dict[str, Any], asked: Query) -> float:
    title = fold(row["title"] or "")
    in_title = sum(any(fold(term) in title for term in group) for group in asked.every)
    return float(row["rank"]) + _TITLE_BONUS * in_title + _YEAR_BONUS * ((row["year"] or 0) - 2000)


def _hits(conn: Connection, rows: list[dict[str, Any]], asked: Query) -> list[Hit]:
    """The rows as hits, in the same order, with their best sections read in one go."""
    places = {"ids": [row["id"] for row in rows], "seqs": [row["seq"] for row in rows]}
    found = {section.report_id: section for section in conn.execute(_SECTIONS, places)}
    return [_hit(row, found[row["id"]], asked) for row in rows]


_SECTIONS = text(
    """
    select s.report_id, s.heading, s.start, s.text
    from unnest(cast(:ids as bigint[]), cast(:seqs as integer[])) as best (id, seq)
    join section s on s.report_id = best.id and s.seq = best.seq
    """
)


def _hit(row: dict[str, Any], section: Row[Any], asked: Query) -> Hit:
    start, snippet, marks = snippet_of(section.text, asked.terms)
    return Hit(
        **{name: row[name] for name in ("id", "portal", "url", "title", "issuer", "division", "year", "version")},
        score=round(_score(row, asked), 4),
        heading=section.heading,
        start=section.start + start,
        snippet=snippet,
        marks=marks,
    )


def snippet_of(content: str, wanted: Sequence[str]) -> tuple[int, str, list[tuple[int, int]]]:
    """The piece of a text around the first term in it: its offset, the piece, and [start, end) of the terms inside it.

    Of a term too long for one look-up only the piece that is there is marked.
    """
    folded = fold(content)
    sought = [fold(piece) for term in wanted for piece in pieces(term)]
    places = [(folded.find(term), term) for term in sought]
    first = min((place for place, _ in places if place >= 0), default=0)
    longest = max((len(term) for place, term in places if place == first), default=0)
    start = max(0, first - _SNIPPET_BEFORE)
    end = max(start + _SNIPPET_CHARS, first + longest)
    piece = folded[start:end]
    marks: list[tuple[int, int]] = []
    for term in sought:
        place = piece.find(term)
        while place >= 0:
            marks.append((place, place + len(term)))
            place = piece.find(term, place + len(term))
    return start, content[start:end], _joined(marks)


def _joined(marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places in order, overlapping ones made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
