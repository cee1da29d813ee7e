"""Attachments 附件: what their bytes are, and their text, read in a process of its own under hard limits."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import NamedTuple

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.document import extract
from gxgk_crawler.extract.files.media_type import sniff
from gxgk_crawler.extract.files.office import read_office
from gxgk_crawler.extract.files.pdf import read_pdf
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.text import render
from gxgk_crawler.extract.page.tree import parse

_MEMORY = 1 << 30
_CPU_SECONDS = 30
_WALL_SECONDS = 60

_READABLE = ("text/html", "text/plain", "officedocument", "application/ofd", "application/pdf")


class AttachmentText(NamedTuple):
    """What an attachment says. status: ok, failed, skipped or needs_ocr; reason: why not ok."""

    text: str | None
    media_type: str | None
    status: str
    reason: str | None


def read_attachment(data: bytes, *, name: str, media_type: str | None) -> AttachmentText:
    """Read a file in a process of its own: 1 GiB of memory, 30 s of CPU, 60 s in all.

    name, media_type: what the page and the header called it; used only where the bytes say nothing. Never raises for
    bad files: what went wrong is the reason.
    """
    if not data:
        return AttachmentText(
            text=None, media_type=media_type, status="failed", reason=f"{name or 'the file'} is empty"
        )
    try:
        run = subprocess.run(  # our own interpreter and module; the file comes on stdin
            [sys.executable, "-m", "gxgk_crawler.extract.attachments"],
            input=data,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return AttachmentText(
            text=None, media_type=media_type, status="failed", reason=f"not read within {_WALL_SECONDS} s"
        )
    if run.returncode:
        reason = f"the reader ended with {run.returncode}, over its limits of memory or time"
        return AttachmentText(text=None, media_type=media_type, status="failed", reason=reason)
    return AttachmentText(*json.loads(run.stdout))


def read_here(data: bytes) -> AttachmentText:
    """Read a file in this process, without limits."""
    try:
        kind = sniff(data)
        if kind.startswith("image/"):
            return AttachmentText(text=None, media_type=kind, status="needs_ocr", reason="an image has no text")
        if not any(readable in kind for readable in _READABLE):
            return AttachmentText(text=None, media_type=kind, status="skipped", reason=f"no reader for {kind}")
        text = _text(data, kind)
    except ExtractionError as error:
        return AttachmentText(text=None, media_type=None, status="failed", reason=str(error))
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


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    sys.stdout.write(json.dumps(read_here(sys.stdin.buffer.read())))


if __name__ == "__main__":
    _main()
