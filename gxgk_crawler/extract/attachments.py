"""Attachments 附件: what their bytes are, and their text. Bytes of others are read in the sandbox only, under its limits."""

from __future__ import annotations

from typing import NamedTuple

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.document import extract
from gxgk_crawler.extract.files.media_type import sniff
from gxgk_crawler.extract.files.office import read_office
from gxgk_crawler.extract.files.pdf import read_pdf
from gxgk_crawler.extract.limits import MOST_OF_AN_ATTACHMENT
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.text import render
from gxgk_crawler.extract.page.tree import parse

_READABLE = ("text/html", "text/plain", "officedocument", "application/ofd", "application/pdf")


class AttachmentText(NamedTuple):
    """What an attachment says. status: ok, failed, skipped or needs_ocr; reason: why not ok."""

    text: str | None
    media_type: str | None
    status: str
    reason: str | None


def read_bytes(data: bytes) -> AttachmentText:
    """The text of a file of any kind, which its bytes tell. Never raises for bad files: what went wrong is the reason."""
    if not data:
        return AttachmentText(text=None, media_type=None, status="failed", reason="the file is empty")
    try:
        kind = sniff(data)
        if kind.startswith("image/"):
            return AttachmentText(text=None, media_type=kind, status="needs_ocr", reason="an image has no text")
        if not any(readable in kind for readable in _READABLE):
            return AttachmentText(text=None, media_type=kind, status="skipped", reason=f"no reader for {kind}")
        text = _text(data, kind)
    except ExtractionError as error:
        return AttachmentText(text=None, media_type=None, status="failed", reason=str(error))
    if len(text) > MOST_OF_AN_ATTACHMENT:
        reason = f"its text has more than {MOST_OF_AN_ATTACHMENT} characters"
        return AttachmentText(text=None, media_type=kind, status="failed", reason=reason)
    if not text.strip():
        return AttachmentText(text=None, media_type=kind, status="needs_ocr", reason="no text in it")
    return AttachmentText(text=text, media_type=kind, status="ok", reason=None)


def _text(data: bytes, kind: str) -> str:
    if kind == "application/pdf":
        return read_pdf(data)
    return _page_text(data, kind) if kind.startswith("text/") else read_office(data)


def _page_text(data: bytes, kind: str) -> str:
    """The text of a page or plain text; of a page that is nothing but a table (HTML served as .doc) all there is."""
    text = extract(data, media_type=kind).text
    if text or kind != "text/html":
        return text
    root, _ = parse(decode(data).text)
    return "\n".join(render([root]).lines) if root is not None else ""
