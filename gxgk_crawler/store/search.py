"""Full-text search over the current versions of all reports: exact, best first, with the place of every hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from gxgk_crawler.errors import QueryError
from gxgk_crawler.store.divisions import code_prefixes
from gxgk_crawler.store.tokens import LONGEST_TERM, fold, phrase, pieces, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

CANDIDATES = 1000  # sections that are ranked; ranking all 24,372 hits of a common term took 436 ms, 1,000 took 29 ms
_TITLE_BONUS = 1.0  # per term in the title
_YEAR_BONUS = 0.01  # per year, so that of equals the newer comes first
_RANKED_CHARS = 8
_MOST_PIECES = 128  # each is a look-up of its own
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
    division: str | None = None,
    limit: int = 20,
) -> Found:
    """Reports whose current text holds every term of the query, best first.

    Exact but for case and width (`tokens.fold`): a report is found if and only if each term stands in its text. Blanks
    separate terms; "…" is one term as written. division: code or name, with everything below it.
    Raises QueryError for a query without a term, NotFoundError for an unknown division.
    """
    wanted = terms(query)
    if not wanted:
        raise QueryError("the query holds no term")
    if sum(len(pieces(term)) for term in set(wanted)) > _MOST_PIECES:
        raise QueryError(
            f"the query is too long: at most {_MOST_PIECES} terms, or {LONGEST_TERM} times as many characters"
        )
    filters: dict[str, Any] = {"portal": portal, "year": year, "divisions": None}
    if division is not None:
        filters["divisions"] = [f"{prefix}%" for prefix in code_prefixes(conn, division)]
    rows, more = _candidates(conn, wanted, filters, max(CANDIDATES, limit))
    ranked = sorted(rows, key=lambda row: (-_score(row, wanted), row["id"]))
    hits = [_hit(conn, row, wanted) for row in ranked[:limit]]
    return Found(hits=hits, total=len(rows), more=more)


# The sections that hold the first term are found and counted off before anything else is looked at: without the fence the
# planner may prefer to read the whole table. The other terms may stand in any section of the same report.
_CANDIDATES = """
with hit as materialized (
    select s.report_id, s.seq, s.tsv
    from section s
    join report r on r.id = s.report_id
    join portal p on p.id = r.portal_id
    where s.tsv @@ cast(:first as tsquery)
      and (cast(:portal as text) is null or p.name = :portal)
      and (cast(:year as integer) is null or r.year = :year)
      and (cast(:divisions as text[]) is null or coalesce(r.division, p.division) like any (:divisions))
      {others}
    limit :most
)
select r.id, p.name as portal, r.url, v.title, r.issuer, coalesce(r.division, p.division) as division, r.year,
       r.current_version as version, best.rank, best.seq, best.sections
from (
    select report_id, sum(rank) as rank, (array_agg(seq order by rank desc, seq))[1] as seq, sum(count) as sections
    from (select report_id, seq, ts_rank_cd(tsv, cast(:any as tsquery), 1) as rank, 1 as count from hit) ranked
    group by report_id
) best
join report r on r.id = best.report_id
join portal p on p.id = r.portal_id
join report_version v on v.report_id = r.id and v.number = r.current_version
"""

_OTHER = """
      and exists (
          select from section o where o.report_id = s.report_id and o.tsv @@ cast(:other{number} as tsquery)
      )
"""


def _candidates(
    conn: Connection, wanted: Sequence[str], filters: dict[str, Any], most: int
) -> tuple[list[dict[str, Any]], bool]:
    """Up to `most` sections that hold the longest term, by report, where the other terms are too; and if there are more."""
    # The longest term is likely the rarest: fewest sections to look through.
    first, *others = sorted({piece for term in wanted for piece in pieces(term)}, key=len, reverse=True)
    statement = _CANDIDATES.format(others="".join(_OTHER.format(number=number) for number in range(len(others))))
    values = {f"other{number}": phrase(other) for number, other in enumerate(others)}
    parameters = {**filters, **values, "first": phrase(first), "any": _any_of([first, *others]), "most": most + 1}
    rows = [dict(row) for row in conn.execute(text(statement), parameters).mappings()]
    more = sum(row["sections"] for row in rows) > most
    long = [fold(term) for term in wanted if len(term) > LONGEST_TERM]
    return [row for row in rows if all(term in fold(_text(conn, row)) for term in long)], more


def _any_of(looked_up: Iterable[str]) -> str:
    """What is ranked by. The beginning of a long piece is enough: ts_rank_cd took 5 s for 65 zeros among 8,000."""
    return " | ".join(f"({phrase(piece[:_RANKED_CHARS])})" for piece in looked_up)


def _text(conn: Connection, row: dict[str, Any]) -> str:
    query = text("select text from report_version where report_id = :id and number = :version")
    return str(conn.execute(query, {"id": row["id"], "version": row["version"]}).scalar_one())


def _score(row: dict[str, Any], wanted: Sequence[str]) -> float:
    title = fold(row["title"] or "")
    in_title = sum(fold(term) in title for term in wanted)
    return float(row["rank"]) + _TITLE_BONUS * in_title + _YEAR_BONUS * ((row["year"] or 0) - 2000)


def _hit(conn: Connection, row: dict[str, Any], wanted: Sequence[str]) -> Hit:
    query = text("select heading, start, text from section where report_id = :id and seq = :seq").bindparams(
        bindparam("id", row["id"]), bindparam("seq", row["seq"])
    )
    section = conn.execute(query).one()
    start, snippet, marks = snippet_of(section.text, wanted)
    return Hit(
        **{name: row[name] for name in ("id", "portal", "url", "title", "issuer", "division", "year", "version")},
        score=round(_score(row, wanted), 4),
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
