"""Full-text search over the current versions of all reports: exact, best first, with the place of every hit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.search.candidates import candidates
from gxgk_crawler.store.search.query import parse
from gxgk_crawler.store.search.tokens import fold, pieces
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from gxgk_crawler.store.search.query import Query

CANDIDATES = 1000  # sections that are ranked; ranking all 24,372 hits of a common term took 436 ms, 1,000 took 29 ms
_TITLE_BONUS = 1.0  # per group of alternatives of which one is in the title
_YEAR_BONUS = 0.01  # per year, so that of equals the newer comes first
_OF_THE_REPORT = ("id", "key", "portal", "url", "title", "issuer", "organ", "division", "year", "version")
_SNIPPET_BEFORE = 40
_SNIPPET_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A report that holds all terms.

    id, key, portal, url, title, issuer, organ (its full name), division, year, version, score: of the report; version is the
    current one. gone_at: when the portal no longer had it. heading: of the section the snippet is from. start: offset of the
    snippet in the version's text. snippet: verbatim piece of the text. marks: [start, end) of every term in the snippet.
    """

    id: int
    key: str
    portal: str
    url: str
    title: str | None
    issuer: str | None
    organ: str | None
    division: str | None
    year: int | None
    version: int
    score: float
    heading: str | None
    start: int
    snippet: str
    marks: list[tuple[int, int]]
    gone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found. hits: best first. total: reports that hold all terms; more: there are even more than that.

    years, divisions, portals: how many of the `total` reports there are by year (0: unknown), code of the division (empty: unknown)
    and portal.
    """

    hits: list[Hit]
    total: int
    more: bool
    years: dict[int, int] = field(default_factory=dict)
    divisions: dict[str, int] = field(default_factory=dict)
    portals: dict[str, int] = field(default_factory=dict)


def search(conn: Connection, query: str, filters: Filters | None = None, limit: int = 20, offset: int = 0) -> Found:
    """Reports that meet the filters and whose current text is what the query asks for (`query.parse`), best first.

    Exact but for case, width and script (`tokens.fold`): a term is found if and only if it stands in the text.
    limit: at most so many hits. offset: hits left out at the beginning. Raises QueryError for a query that asks for nothing,
    NotFoundError for an unknown division.
    """
    asked = parse(storable(query))  # as the texts: a terminal may hand us bytes that are no UTF-8
    rows, more = candidates(conn, asked, filters or Filters(), max(CANDIDATES, offset + limit))
    if asked.needs_text():
        rows = [row for row in rows if asked.matches(_text(conn, row))]
    ranked = sorted(rows, key=lambda row: (-_score(row, asked), row["id"]))
    return Found(
        hits=_hits(conn, ranked[offset : offset + limit], asked),
        total=len(rows),
        more=more,
        years=dict(Counter(row["year"] or 0 for row in rows)),
        divisions=dict(Counter(row["division"] or "" for row in rows)),
        portals=dict(Counter(row["portal"] for row in rows)),
    )


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
        **{name: row[name] for name in _OF_THE_REPORT},
        score=round(_score(row, asked), 4),
        heading=section.heading,
        start=section.start + start,
        snippet=snippet,
        marks=marks,
        gone_at=row["gone_at"],
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
