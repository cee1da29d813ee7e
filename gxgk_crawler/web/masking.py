"""What a public room masks: telephone numbers, addresses and identities, in every text of a page."""

from __future__ import annotations

from typing import Any

from gxgk_crawler.export.rows import masked_report
from gxgk_crawler.redaction.redactor import Level, Redactor
from gxgk_crawler.web.room import Ask  # noqa: TC001 - the signature of every page names it


def masked(ask: Ask, report: dict[str, Any]) -> dict[str, Any]:
    """A report as `get_report` returns it, with its contacts masked in a public room. Lengths and offsets stay."""
    return masked_report(report, Redactor(level=Level.CONTACTS)) if ask.room.is_public else report


def masked_text(ask: Ask, text: str | None) -> str | None:
    """A text of a page, with its contacts masked in a public room."""
    return Redactor(level=Level.CONTACTS).optional(text) if ask.room.is_public else text
