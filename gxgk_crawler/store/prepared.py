"""A document in the form that the database takes: everything about saving it that needs no connection.

Pure, and its result is plain data (strings, numbers, lists), so that the child process that reads a page can also do this.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gxgk_crawler.store.search.tokens import IndexedText, index_of
from gxgk_crawler.store.storable import is_storable, storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.items import Document, Link, ReportingOrgan


# The columns of report_version that come from the document.
CONTENT = (
    "title",
    "text",
    "text_sha256",
    "extracted_text",
    "edits",
    "flags",
    "published_on",
    "dates",
    "year",
    "issuer",
    "organ",
    "organ_division",
    "organ_evidence",
    "source",
    "fields",
    "grids",
    "images",
    "media_type",
    "encoding",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """content: values of the columns CONTENT; those of type jsonb as JSON text. index: of the text."""

    content: dict[str, Any]
    index: IndexedText


def prepare(document: Document) -> Prepared:
    """The document without what Postgres cannot hold, its JSON written and its text indexed."""
    text = storable(document.text)
    flags = set(document.flags)
    if text != document.text:
        flags.add("replacement_characters")
    content = {
        "title": storable(document.title),
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "extracted_text": storable(document.extracted_text),
        "edits": _json(_edits(document)),
        "flags": sorted(flags),
        "published_on": document.published_on,
        "dates": _json([{"value": found.value, "source": found.source} for found in document.dates]),
        "year": document.year,
        "issuer": storable(document.issuer),
        **_organ(document.organ),
        "source": storable(document.source),
        "fields": _json(document.fields),
        "grids": _json(_grids(document)),
        "images": _json(_links(document.images)),
        "media_type": document.media_type,
        "encoding": document.encoding,
    }
    return Prepared(content=content, index=index_of(text))


def _organ(organ: ReportingOrgan | None) -> dict[str, Any]:
    if organ is None:
        return {"organ": None, "organ_division": None, "organ_evidence": None}
    return {
        "organ": storable(organ.name),
        "organ_division": organ.division,
        "organ_evidence": storable(organ.evidence),
    }


# Written out: dataclasses.asdict copies every value, which took 3 ms for the tables of one report.
def _edits(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "kind": edit.kind,
            "start": edit.start,
            "end": edit.end,
            "text": edit.text,
            "rule": edit.rule,
            "suggestion": edit.suggestion,
        }
        for edit in document.edits
    ]


def _grids(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "cells": [
                {"row": cell.row, "col": cell.col, "text": cell.text, "rowspan": cell.rowspan, "colspan": cell.colspan}
                for cell in grid.cells
            ]
        }
        for grid in document.grids
    ]


def _links(links: Sequence[Link]) -> list[dict[str, str]]:
    return [{"name": link.name, "url": link.url} for link in links]


def _json(value: Any) -> str:
    """JSON text that jsonb accepts. A backslash before `u0000` is rare enough to look again."""
    written = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in written or not is_storable(written):
        written = json.dumps(storable(value), ensure_ascii=False)
    return written
