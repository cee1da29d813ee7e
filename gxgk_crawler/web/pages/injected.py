"""The board of injected words: what was planted in the reports, where, when, and whether it is gone again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.store.views.injected import injected_places, injected_words
from gxgk_crawler.web.answers import CsvRows, RoomPage
from gxgk_crawler.web.masking import masked_rows, masked_text
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from gxgk_crawler.web.room import Ask

_WORD_COLUMNS = ("text", "rule", "reports", "portals", "first_fetched", "last_fetched", "suggested", "restored")
_PLACE_COLUMNS = (
    "report", "key", "version", "portal", "title", "issuer", "year", "fetched_at", "record_id", "rule", "suggestion", "before", "after",
    "is_current",
)  # fmt: skip


def injected(ask: Ask) -> RoomPage:
    """All words, or the places of one. No word is ever a link to where it advertises, and search engines are kept out."""
    words = ask.text("words")
    if words is None:
        rows = injected_words(ask.conn, word=ask.text("word"))
        columns: tuple[str, ...] = _WORD_COLUMNS
    else:
        rows = injected_places(ask.conn, words)
        columns = _PLACE_COLUMNS
    rows = masked_rows(ask, rows)
    for row in rows:
        for name in ("text", "before", "after", "suggestion"):
            if name in row:
                row[name] = masked_text(ask, row[name])
    return RoomPage(
        template="injected" if words is None else "injected_places",
        title=str(say(ask.language, "injected.title")),
        data=rows,
        rows=CsvRows(columns=columns, rows=lambda: rows),
        show={"rows": rows, "words": words, "word": ask.text("word")},
        is_hidden=True,
    )
