"""Any file that stands for a report: a page, a plain text, or a document file that is the report's whole body."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gxgk_crawler.extract.attachments import AttachmentText, read_bytes
from gxgk_crawler.extract.document import extract
from gxgk_crawler.extract.files.media_type import binary_type

if TYPE_CHECKING:
    import datetime as dt

    from gxgk_crawler.items import Document
    from gxgk_crawler.portal import Portal


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What is known of a captured entity beside its bytes.

    url: where it was fetched. media_type, charset: what the HTTP header said; they break ties and never win over the bytes.
    fetched_on: chooses the portal's layout. portal: gives layouts and names the hosts and site code that the page may carry.
    anchor: the text of the link that led to it, which is the title of a page or file that states none.
    """

    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    fetched_on: dt.date | None = None
    portal: Portal | None = None
    anchor: str = ""


def read_file(body: bytes, facts: PageFacts) -> Document:
    """Read a captured entity of any kind into a Document.

    The text of a document file is read like a plain text. One that holds no text keeps what cannot be read as a flag:
    needs_ocr, failed or skipped, beside no_body. Never raises on hostile bytes.
    """
    if binary_type(body) is not None:
        return document_of(read_bytes(body), url=facts.url, portal=facts.portal, anchor=facts.anchor)
    return extract(
        body,
        url=facts.url,
        media_type=facts.media_type,
        charset=facts.charset,
        fetched_on=facts.fetched_on,
        portal=facts.portal,
        anchor=facts.anchor,
    )


def document_of(
    read: AttachmentText, *, url: str | None = None, portal: Portal | None = None, anchor: str = ""
) -> Document:
    """The Document in the text of a document file, read like a plain text: title, year, issuer, dates, edits.

    anchor: the text of the link to it; all that tells title, year and organ of a file of scanned pages. The document of an
    archive has the texts and tables of all its files.
    """
    if read.members:
        read = _all_of(read)
    document = extract((read.text or "").encode(), url=url, media_type="text/plain", portal=portal, anchor=anchor)
    doubts = set(read.flags) if read.status == "ok" else {*read.flags, "no_body", read.status}
    return replace(
        document,
        media_type=read.media_type or document.media_type,
        encoding=None,
        flags=sorted({*document.flags, *doubts}),
        grids=read.grids,
    )


def _all_of(archive: AttachmentText) -> AttachmentText:
    """The files of an archive as one."""
    files = [
        member.read for member in archive.members if member.read.text and member.read.media_type != archive.media_type
    ]
    if not files:
        first = archive.members[0].read
        status = first.status if first.status != "ok" else "skipped"
        return replace(archive, text=None, status=status, reason=first.reason, members=[])
    return replace(
        archive,
        text="\n".join(read.text or "" for read in files),
        grids=[grid for read in files for grid in read.grids],
        flags=sorted({flag for read in files for flag in read.flags}),
        members=[],
    )
