"""A document in the form that the database takes: everything about saving it that needs no connection.

Pure, and its result is plain data (strings, numbers, lists), so that the child process that reads a page can also do this.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gxgk_crawler.statutory.tables import STATUTORY_VERSION
from gxgk_crawler.store.figures.prepared_rows import prepare_figures
from gxgk_crawler.store.search.tokens import IndexedText, index_of
from gxgk_crawler.store.storable import json_text, storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.items import Attachment, Document, Link, ReportingOrgan
    from gxgk_crawler.store.figures.prepared_rows import PreparedFigures


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
    "statutory_version",
    "statutory_tables",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """content: values of the columns CONTENT; those of type jsonb as JSON text. index: of the text. figures: JSON of `figure_rows`."""

    content: dict[str, Any]
    index: IndexedText
    figures: str

    def with_figures(self, figures: PreparedFigures) -> Prepared:
        """The same with these figures."""
        content = self.content | {"statutory_tables": figures.tables}
        return replace(self, content=content, figures=figures.rows)


def prepare(document: Document, attachments: Sequence[Attachment] = ()) -> Prepared:
    """The document without what Postgres cannot hold, its JSON written, its text indexed, and its figures.

    attachments: those that may hold figures too, in the order of the report.
    """
    figures = prepare_figures(document, attachments)
    text = storable(document.text)
    flags = set(document.flags)
    if text != document.text:
        flags.add("replacement_characters")
    content = {
        "title": storable(document.title),
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "extracted_text": storable(document.extracted_text),
        "edits": json_text(_edits(document)),
        "flags": sorted(flags),
        "published_on": document.published_on,
        "dates": json_text([{"value": found.value, "source": found.source} for found in document.dates]),
        "year": document.year,
        "issuer": storable(document.issuer),
        **_organ(document.organ),
        "source": storable(document.source),
        "fields": json_text(document.fields),
        "grids": json_text(_grids(document)),
        "images": json_text(_links(document.images)),
        "media_type": document.media_type,
        "encoding": document.encoding,
        "statutory_version": STATUTORY_VERSION,
        "statutory_tables": figures.tables,
    }
    return Prepared(content=content, index=index_of(text), figures=figures.rows)


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
