"""A document as the JSON of a report, as far as extraction alone knows it; docs/cleaning.md names every key."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gxgk_crawler.items import Document


def document_json(document: Document) -> dict[str, Any]:
    """The keys of a report's JSON that extraction fills, in their order, with values that `json.dumps` takes."""
    return {
        "url": document.url,
        "title": document.title,
        "issuer": document.issuer,
        "organ": asdict(document.organ) if document.organ is not None else None,
        "year": document.year,
        "published_on": document.published_on,
        "dates": [asdict(date) for date in document.dates],
        "source": document.source,
        "text": document.text,
        "extracted_text": document.extracted_text,
        "edits": [asdict(edit) for edit in document.edits],
        "flags": document.flags,
        "attachments": [asdict(link) for link in document.attachments],
        "images": [asdict(link) for link in document.images],
        "fields": document.fields,
        "media_type": document.media_type,
        "encoding": document.encoding,
        "grids": [asdict(grid) for grid in document.grids],
        "tables": [],
        "checks": [],
        "indicators": [],
    }
