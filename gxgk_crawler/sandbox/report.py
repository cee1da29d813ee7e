"""What the child does: reads bytes, and prepares what they say for the database. Pure functions; their answers are plain data.

The parent decodes an answer by the function's return annotation, so that annotation must be importable at run time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gxgk_crawler.extract.any_file import PageFacts, document_of, read_file
from gxgk_crawler.extract.attachments import read_bytes
from gxgk_crawler.extract.document import extract
from gxgk_crawler.extract.facts.organ import organ_in
from gxgk_crawler.extract.limits import bounded
from gxgk_crawler.extract.parts import join
from gxgk_crawler.extract.requisites import page_requisites
from gxgk_crawler.families.canonical import page_url
from gxgk_crawler.items import Attachment, Candidate, Document, Requisites
from gxgk_crawler.portal import Portal  # noqa: TC001 (the annotations are read at run time)
from gxgk_crawler.statutory.figures import Figures, read_figures
from gxgk_crawler.store.figures.prepared_rows import PreparedFigures, prepare_figures
from gxgk_crawler.store.prepared import Prepared, prepare
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it was read. prepared: the same as the database takes it. needs: what its pages need to be shown."""

    document: Document
    prepared: Prepared
    needs: Requisites = field(default_factory=Requisites)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """What a file of any kind says. reason: why it has no text, where that is known. figures: of its statutory tables."""

    document: Document
    figures: Figures = field(default_factory=Figures)
    reason: str | None = None


def read_candidate(candidate: Candidate, portal: Portal) -> Reading:
    """What `read_report` gives, and what the candidate's pages need to be shown."""
    pages = [(candidate.capture, candidate.body), *candidate.parts]
    facts = PageFacts(
        url=page_url(candidate.url, candidate.capture.url),
        media_type=candidate.media_type,
        charset=candidate.charset,
        fetched_on=candidate.capture.fetched_at.date(),
        portal=portal,
        anchor=candidate.anchor,
    )
    reading = read_report([body for _, body in pages], facts)
    needs = [page_requisites(body, capture.url, candidate.charset) for capture, body in pages]
    return replace(reading, needs=_all_of(needs))


def _all_of(needs: list[Requisites]) -> Requisites:
    return Requisites(
        stylesheets=list(dict.fromkeys(url for one in needs for url in one.stylesheets)),
        images=list(dict.fromkeys(url for one in needs for url in one.images)),
    )


def read_report(bodies: list[bytes], facts: PageFacts) -> Reading:
    """The document of all pages of an article, and the same as the database takes it.

    bodies: content-decoded, in reading order. facts: of the first page.
    """
    document = _joined(bodies, facts)
    if len(bodies) > 1:  # the last page is signed
        document = replace(document, organ=organ_in(document, facts.portal))
    return Reading(document=document, prepared=prepare(document))


def figures_of_report(document: Document, attachments: list[Attachment]) -> PreparedFigures:
    """The figures of a document and its attachments, as the database takes them."""
    return prepare_figures(document, attachments)


def text_sha256(bodies: list[bytes], facts: PageFacts) -> str:
    """SHA-256, lowercase hex, of the text that a version of these bytes has; the parameters are those of `read_report`."""
    return hashlib.sha256(storable(_joined(bodies, facts).text).encode()).hexdigest()


def read_saved(body: bytes, url: str | None) -> SavedFile:
    """The document in a saved page, text or attachment. url: where it came from, if that is known."""
    document = extract(body, url=url)
    if document.media_type.startswith("text/"):
        return _saved(document)
    read = read_bytes(body)
    return _saved(document_of(read, url=url), read.reason if read.text is None else None)


def _saved(document: Document, reason: str | None = None) -> SavedFile:
    document = bounded(document)
    return SavedFile(document=document, figures=read_figures(document), reason=reason)


def _joined(bodies: Sequence[bytes], facts: PageFacts) -> Document:
    pages = [bounded(read_file(body, facts)) for body in bodies]
    return bounded(join(pages[0], pages[1:]))
