"""What the child process does with a page: read it, and prepare it for the database. Pure functions of bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gxgk_crawler.extract.any_file import read_file
from gxgk_crawler.extract.parts import join
from gxgk_crawler.extract.requisites import page_requisites
from gxgk_crawler.items import Requisites
from gxgk_crawler.store.prepared import Prepared, prepare

if TYPE_CHECKING:
    from datetime import date

    from gxgk_crawler.items import Candidate, Document
    from gxgk_crawler.portal import Portal


def read_candidate(candidate: Candidate, portal: Portal) -> tuple[Document, Prepared, Requisites]:
    """What `read_report` gives, and what the candidate's pages need to be shown."""
    pages = [(candidate.capture, candidate.body), *candidate.parts]
    document, prepared = read_report(
        [body for _, body in pages],
        url=candidate.url,
        media_type=candidate.media_type,
        charset=candidate.charset,
        fetched_on=candidate.capture.fetched_at.date(),
        portal=portal,
        anchor=candidate.anchor,
    )
    needs = [page_requisites(body, capture.url, candidate.charset) for capture, body in pages]
    return document, prepared, _all_of(needs)


def _all_of(needs: list[Requisites]) -> Requisites:
    return Requisites(
        stylesheets=list(dict.fromkeys(url for one in needs for url in one.stylesheets)),
        images=list(dict.fromkeys(url for one in needs for url in one.images)),
    )


def read_report(
    bodies: list[bytes],
    *,
    url: str,
    media_type: str | None,
    charset: str | None,
    fetched_on: date,
    portal: Portal,
    anchor: str,
) -> tuple[Document, Prepared]:
    """The document of all pages of an article, and what the database will be told of it.

    bodies: content-decoded, in reading order. media_type, charset: what the HTTP header said. anchor: the text of the link
    that led here; the title of a page that states none.
    """
    pages = [
        read_file(body, url=url, media_type=media_type, charset=charset, fetched_on=fetched_on, portal=portal)
        for body in bodies
    ]
    document = join(pages[0], pages[1:])
    if not document.title:
        document = replace(document, title=anchor or None)
    return document, prepare(document)
