"""What the child process does with a page: read it, and prepare it for the database. Pure functions of bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gxgk_crawler.extract.files import read_file
from gxgk_crawler.extract.parts import join
from gxgk_crawler.store.prepared import Prepared, prepare

if TYPE_CHECKING:
    from datetime import date

    from gxgk_crawler.items import Document
    from gxgk_crawler.portal import Portal


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
