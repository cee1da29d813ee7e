"""Attachments 附件: what their bytes are, their text and tables. Bytes of others are read in the sandbox only, under its limits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.document import extract
from gxgk_crawler.extract.files.archives import members_of_zip
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
from gxgk_crawler.extract.limits import MOST_CELLS, MOST_OF_AN_ATTACHMENT, bounded_grids
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.pictures import announce_a_table
from gxgk_crawler.extract.page.text import render
from gxgk_crawler.extract.page.tree import parse
from gxgk_crawler.items import Attachment, Grid  # the sandbox decodes by the annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gxgk_crawler.extract.files.archives import PackedFile
    from gxgk_crawler.items import Capture, Link


_LINKS_OF_A_FILE = 10  # a page of a portal has more, in its navigation alone
_DEEPEST = 3  # archives in archives
_MOST_READ = 200  # members of an archive, with those of the archives in it
_MOST_UNPACKED = 256 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentText:
    """What an attachment says. status: ok, failed, skipped or needs_ocr. reason: why not ok, or what of it was not read.

    grids: its data tables. flags: doubts about what was read, as in `Document.flags`. members: the files in an archive, with
    those of archives in it; the text of the archive itself are their names.
    """

    text: str | None = None
    media_type: str | None = None
    status: str = "ok"
    reason: str | None = None
    grids: list[Grid] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    members: list[ArchiveMember] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveMember:
    """A file in an archive. name: its path there. sha256: of its bytes, None when they cannot be unpacked."""

    name: str
    sha256: str | None
    read: AttachmentText


@dataclass(slots=True)
class _Allowed:
    """What may still be unpacked of one archive with all that is in it."""

    members: int = _MOST_READ
    bytes: int = _MOST_UNPACKED
    chars: int = MOST_OF_AN_ATTACHMENT
    cells: int = MOST_CELLS


def read_bytes(data: bytes) -> AttachmentText:
    """The text of a file of any kind, which its bytes tell. Never raises for bad files: what went wrong is the reason."""
    return _read(data, _Allowed(), depth=0)


def _read(data: bytes, allowed: _Allowed, *, depth: int) -> AttachmentText:
    if not data:
        return AttachmentText(status="failed", reason="the file is empty")
    kind = None
    try:
        kind = sniff(data)
        if kind.startswith("image/"):
            return AttachmentText(media_type=kind, status="needs_ocr", reason="an image has no text")
        if kind == "application/zip":
            return _read_zip(data, allowed, depth)
        reader = _READERS.get(kind)
        if reader is None:
            why = _UNREAD.get(kind, f"no reader for {kind}")
            return AttachmentText(media_type=kind, status="skipped", reason=why)
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
    reason = content.reason
    if content.has_pictures and not grids and announce_a_table(content.lines):
        flags, reason = sorted({*flags, "needs_ocr"}), reason or "a table that its text announces is a picture"
    return AttachmentText(text=text, media_type=kind, reason=reason, grids=grids, flags=flags)


def _read_zip(data: bytes, allowed: _Allowed, depth: int) -> AttachmentText:
    """An archive: the names of its members as text, and each of them read."""
    kind = "application/zip"
    if depth >= _DEEPEST:
        return AttachmentText(media_type=kind, status="skipped", reason=f"archives nested more than {_DEEPEST} deep")
    members: list[ArchiveMember] = []
    reason = None
    for member in members_of_zip(data):
        if allowed.members <= 0:
            reason = f"only the first {len(members)} of its files were read"
            break
        allowed.members -= 1
        members += _read_member(member, allowed, depth)
    if not members:
        return AttachmentText(media_type=kind, status="skipped", reason="an archive without files")
    return AttachmentText(text="\n".join(one.name for one in members), media_type=kind, reason=reason, members=members)


def _read_member(member: PackedFile, allowed: _Allowed, depth: int) -> Iterator[ArchiveMember]:
    """The member, and behind it those of an archive that it is."""
    if member.data is None:
        read = AttachmentText(status="failed", reason=member.problem)
        yield ArchiveMember(name=member.name, sha256=None, read=read)
        return
    allowed.bytes -= len(member.data)
    if allowed.bytes < 0:
        raise ExtractionError(f"archive too large: more than {_MOST_UNPACKED} bytes with all that is in it")
    read = _read(member.data, allowed, depth=depth + 1)
    inner, read = read.members, replace(read, members=[])
    allowed.chars -= len(read.text or "")
    if allowed.chars < 0:
        reason = f"the files of the archive have more than {MOST_OF_AN_ATTACHMENT} characters together"
        read = replace(read, text=None, grids=[], status="failed", reason=reason)
    kept = list(bounded_grids(read.grids, allowed.cells))
    allowed.cells -= sum(len(grid.cells) for grid in kept)
    yield ArchiveMember(
        name=member.name, sha256=hashlib.sha256(member.data).hexdigest(), read=replace(read, grids=kept)
    )
    for one in inner:
        yield replace(one, name=f"{member.name}/{one.name}")


def attachments_of(link: Link, sha256: str | None, capture: Capture, read: AttachmentText) -> list[Attachment]:
    """The attachment that was read from the bytes of a capture, and behind it each file in it, when it is an archive.

    link: the name and URL of the file; those of a member have its path behind a slash and a `#`.
    """
    whole = _attachment(link.name, link.url, sha256, capture, read)
    members = [
        _attachment(f"{link.name}/{one.name}", f"{link.url}#{quote(one.name)}", one.sha256, capture, one.read)
        for one in read.members
    ]
    return [whole, *members]


def _attachment(name: str, url: str, sha256: str | None, capture: Capture, read: AttachmentText) -> Attachment:
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
    """The text and tables of a page. One without navigation (HTML served as .doc or .xls) is all text: it has no body to look for."""
    root, is_whole = parse(decode(data, charset).text)
    links = sum(1 for _ in root.iter("a")) if root is not None else 0
    if root is None or not is_whole or links > _LINKS_OF_A_FILE:
        document = extract(data, media_type="text/html", charset=charset)
        return FileContent(lines=document.text.split("\n"), grids=document.grids)
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
# What is known and not read, and why.
_UNREAD = {"application/vnd.rar": "no unar: RAR archives are not unpacked"}
