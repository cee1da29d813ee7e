"""What a public room masks: telephone numbers, addresses and identities, in every text of a page."""

from __future__ import annotations

from typing import Any

from gxgk_crawler.export.rows import masked_report
from gxgk_crawler.redaction.redactor import Level, Redactor
from gxgk_crawler.web.room import Ask  # noqa: TC001 - the signature of every page names it


def masked(ask: Ask, report: dict[str, Any]) -> dict[str, Any]:
    """A report as `get_report` returns it, with its contacts masked in a public room. Lengths and offsets stay."""
    if not ask.room.is_public:
        return report
    redactor = Redactor(level=Level.CONTACTS)
    stated = [
        {**one, "evidence": {**one["evidence"], "text": redactor.text(one["evidence"]["text"])}}
        for one in report["indicators"]
    ]
    return {**masked_report(report, redactor), "indicators": stated}


def masked_text(ask: Ask, text: str | None) -> str | None:
    """A text of a page, with its contacts masked in a public room."""
    return Redactor(level=Level.CONTACTS).optional(text) if ask.room.is_public else text


def masked_rows(ask: Ask, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a list, with what pages say in them masked in a public room: titles and names of issuers."""
    if not ask.room.is_public:
        return rows
    redactor = Redactor(level=Level.CONTACTS)
    said = ("title", "issuer", "organ", "heading")
    return [
        {
            name: redactor.text(value) if name in said and isinstance(value, str) else value
            for name, value in row.items()
        }
        for row in rows
    ]
