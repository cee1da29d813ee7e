"""The search: hits with their sentences, and how many there are by place and year."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gxgk_crawler.errors import NotFoundError, QueryError
from gxgk_crawler.rules.divisions import provinces
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.search.query import parse
from gxgk_crawler.store.search.search import search as find
from gxgk_crawler.store.views.provenance import reports_of_urls
from gxgk_crawler.store.views.withholding import withheld_ids
from gxgk_crawler.web.address import address_of, report_address
from gxgk_crawler.web.answers import CsvRows, Move, RoomPage
from gxgk_crawler.web.masking import masked_rows, masked_text
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from gxgk_crawler.store.search.search import Found, Hit
    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask

_PAGE = 20
_MOST = 1000  # hits of one CSV file: so many sections are ranked
_MOST_TERMS_TRIED = 6
COLUMNS = (
    "id", "key", "portal", "url", "title", "issuer", "division", "year", "version", "score", "heading", "start", "snippet",
)  # fmt: skip


def search(ask: Ask) -> Answer:
    """What holds all terms, best first; the URL of a report leads to the report."""
    query = ask.text("q")
    if query is None:
        return _page(ask, None, None)
    if query.startswith(("http://", "https://")) and (found := reports_of_urls(ask.conn, [query])):
        return Move(to=report_address(found[query]))
    offset = ask.number("offset", 0, _MOST) or 0
    limit = _MOST if ask.format == "csv" else ask.number("limit", 1, 100) or _PAGE
    try:
        result = _run(ask, query, limit=limit, offset=offset)
    except QueryError as error:
        return _page(ask, None, str(error))
    except NotFoundError:
        return _page(ask, None, str(say(ask.language, "search.no_division")))
    return _page(ask, result, None, offset=offset, limit=limit)


def _run(ask: Ask, query: str, *, limit: int, offset: int = 0) -> Found:
    return find(
        ask.conn,
        query,
        Filters(
            portal=ask.text("portal"),
            year=ask.number("year"),
            since=ask.number("since"),
            until=ask.number("until"),
            division=ask.text("division"),
            issuer=ask.text("issuer"),
            flag=ask.text("flag"),
        ),
        limit=limit,
        offset=offset,
    )


def _page(ask: Ask, found: Found | None, error: str | None, *, offset: int = 0, limit: int = _PAGE) -> RoomPage:
    hits = [] if found is None else _shown(ask, found.hits)
    more = found is not None and offset + limit < found.total
    following = address_of(ask.address, ask.language, ask.format, **{**ask.query, "offset": offset + limit})
    return RoomPage(
        template="search",
        title=str(say(ask.language, "nav.search")),
        data=hits,
        rows=CsvRows(columns=COLUMNS, rows=lambda: hits),
        next=following if more else None,
        is_hidden=True,
        show={
            "hits": hits,
            "found": found,
            "error": error,
            "offset": offset,
            "provinces": _provinces(found),
            "years": [] if found is None else sorted(((y, n) for y, n in found.years.items() if y), reverse=True),
            "alone": _alone(ask) if found is not None and not found.total else [],
            "filters": [name for name in ("year", "since", "until", "division", "portal", "flag", "issuer") if ask.text(name)],
        },
    )  # fmt: skip


def _shown(ask: Ask, hits: list[Hit]) -> list[dict[str, Any]]:
    """The hits as `gxgk search --json` prints them; of a report that is withheld nothing but its name is told."""
    held = withheld_ids(ask.conn, [hit.id for hit in hits])
    rows = []
    for hit in hits:
        row = asdict(hit)
        if hit.id in held:
            row |= {"snippet": "", "marks": [], "heading": None}
        row["snippet"] = masked_text(ask, row["snippet"])
        rows.append(row)
    return masked_rows(ask, rows)


def _provinces(found: Found | None) -> list[tuple[str, str, int]]:
    """(code, name, reports) of the provinces with hits, most first."""
    if found is None:
        return []
    counts: Counter[str] = Counter()
    for code, reports in found.divisions.items():
        counts[code[:2]] += reports
    names = provinces()
    return [(code, names[code].name, reports) for code, reports in counts.most_common() if code in names]


def _alone(ask: Ask) -> list[tuple[str, int, bool]]:
    """How many reports hold each group of terms by itself, under the same filters: (words, reports, are there more)."""
    groups = parse(ask.text("q") or "").every
    if len(groups) < 2:
        return []
    found = []
    for group in groups[:_MOST_TERMS_TRIED]:
        words = " | ".join(f'"{term}"' for term in group)
        result = _run(ask, words, limit=1)
        found.append((words, result.total, result.more))
    return found
