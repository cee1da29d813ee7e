"""Attachments 附件: what their bytes are, their text and tables. Bytes of others are read in the sandbox only, under its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.document import extract
from gxgk_crawler.extract.files.doc import read_doc
from gxgk_crawler.extract.files.docx import read_docx
from gxgk_crawler.extract.files.file_content import FileContent, content_of
from gxgk_crawler.extract.files.media_type import sniff
from gxgk_crawler.extract.files.mht import pages_of_mht
from gxgk_crawler.extract.files.ofd import read_ofd
from gxgk_crawler.extract.files.office_2003 import read_flat_word, read_spreadsheet_2003, read_word_2003
from gxgk_crawler.extract.files.pdf import read_pdf
from gxgk_crawler.extract.files.rtf import read_rtf
from gxgk_crawler.extract.files.spreadsheets import read_spreadsheet
from gxgk_crawler.extract.files.xlsx import read_xlsx
from gxgk_crawler.extract.limits import bounded_grids
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.text import render
from gxgk_crawler.extract.page.tree import parse
from gxgk_crawler.items import Attachment, Capture, Grid

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentText:
    """What an attachment says. status: ok, failed, skipped or needs_ocr. reason: why not ok, or what of it was not read.

    grids: its data tables. flags: doubts about what was read, as in `Document.flags`.
    """

    text: str | None = None
    media_type: str | None = None
    status: str = "ok"
    reason: str | None = None
    grids: list[Grid] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def read_bytes(data: bytes) -> AttachmentText:
    """The text of a file of any kind, which its bytes tell. Never raises for bad files: what went wrong is the reason."""
    if not data:
        return AttachmentText(status="failed", reason="the file is empty")
    kind = None
    try:
        kind = sniff(data)
        if kind.startswith("image/"):
            return AttachmentText(media_type=kind, status="needs_ocr", reason="an image has no text")
        reader = _READERS.get(kind)
        if reader is None:
            return AttachmentText(media_type=kind, status="skipped", reason=f"no reader for {kind}")
        content = reader(data)
        text = content.text()
    except ExtractionError as error:
        return AttachmentText(media_type=kind, status="failed", reason=str(error))
    flags = sorted(content.flags)
    if not text.strip():
        return AttachmentText(
            media_type=kind, status="needs_ocr", reason=content.reason or "no text in it", flags=flags
        )
    grids = list(bounded_grids(content.grids))
    return AttachmentText(text=text, media_type=kind, reason=content.reason, grids=grids, flags=flags)


def attachment_of(name: str, url: str, sha256: str | None, capture: Capture, read: AttachmentText) -> Attachment:
    """The attachment that was read from the bytes of a capture."""
    return Attachment(
        name=name,
        url=url,
        media_type=read.media_type,
        sha256=sha256,
        text=read.text,
        status=read.status,
        reason=read.reason,
        capture=capture,
        grids=read.grids,
    )


def _read_html(data: bytes, charset: str | None = None) -> FileContent:
    """The text and tables of a page; of one that is nothing but a table (HTML served as .doc) all there is."""
    document = extract(data, media_type="text/html", charset=charset)
    if document.text:
        return FileContent(lines=document.text.split("\n"), grids=document.grids)
    root, _ = parse(decode(data, charset).text)
    if root is None:
        return FileContent()
    rendered = render([root])
    return FileContent(lines=rendered.lines, grids=rendered.grids)


def _read_mht(data: bytes) -> FileContent:
    content = FileContent()
    for body, charset in pages_of_mht(data):
        page = _read_html(body, charset)
        content.lines += page.lines
        content.grids += page.grids
    return content


def _read_plain(data: bytes) -> FileContent:
    return content_of(extract(data, media_type="text/plain").text.split("\n"))


_READERS: dict[str, Callable[[bytes], FileContent]] = {
    "text/html": _read_html,
    "message/rfc822": _read_mht,
    "application/rtf": read_rtf,
    "application/x-spreadsheetml": read_spreadsheet_2003,
    "application/x-wordml": read_word_2003,
    "application/x-flat-opc": read_flat_word,
    "text/plain": _read_plain,
    "application/pdf": read_pdf,
    "application/ofd": read_ofd,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": read_docx,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": read_xlsx,
    "application/msword": read_doc,
    "application/vnd.ms-excel": read_spreadsheet,
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": read_spreadsheet,
    "application/vnd.oasis.opendocument.spreadsheet": read_spreadsheet,
}
