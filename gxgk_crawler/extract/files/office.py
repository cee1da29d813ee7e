"""Text of the zipped office formats: docx, xlsx and OFD, read straight from their XML under limits of our own."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.limits import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

# Checked before anything is unpacked: 395 KB of docx once became 1.6 GB of memory in a common library.
_MAX_MEMBERS = 2000
_MAX_MEMBER = 64 << 20
_MAX_TOTAL = 256 << 20
_MAX_RATIO = 200

# All that zipfile and lxml raise for members that are cut, garbled, encrypted or packed in an unknown way.
_DAMAGE = (
    KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, struct.error, zlib.error, zipfile.BadZipFile,
    etree.XMLSyntaxError,
)  # fmt: skip

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def office_type(data: bytes) -> str | None:
    """The media type of a zipped office file by the names of its members; None for any other archive."""
    with _open(data) as archive:
        names = set(archive.namelist())
    if "word/document.xml" in names:
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    if "xl/workbook.xml" in names:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return "application/ofd" if "OFD.xml" in names else None


def read_office(data: bytes) -> str:
    """Text of a docx, xlsx or OFD file: a paragraph, a table row (cells joined by ` | `) or a text run per line.

    Raises ExtractionError for a file that is damaged, too large when unpacked or when read, or carries a document type declaration
    (no office program writes one; entities are how such files attack their readers).
    """
    with _open(data) as archive:
        names = set(archive.namelist())
        if "word/document.xml" in names:
            lines = _docx_lines(_xml(archive, "word/document.xml"))
        elif "xl/workbook.xml" in names:
            lines = _xlsx_lines(archive)
        else:
            lines = _ofd_lines(archive)
        return "\n".join(limited(line for line in lines if line.strip(" |")))


def _open(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise ExtractionError(f"not a readable archive: {error}") from error
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_TOTAL or unpacked > _MAX_RATIO * packed + (1 << 20):
        raise ExtractionError(f"archive too large: {len(members)} members, {unpacked} bytes unpacked of {packed}")
    return archive


def _xml(archive: zipfile.ZipFile, name: str) -> _Element:
    try:
        if archive.getinfo(name).file_size > _MAX_MEMBER:
            raise ExtractionError(f"archive too large: {name}")
        data = archive.read(name)
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except _DAMAGE as error:
        raise ExtractionError(f"{name} cannot be read: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ExtractionError(f"{name} carries a document type declaration")
    return root


def _docx_lines(root: _Element) -> Iterator[str]:
    body = root.find(f"{_WORD}body")
    for block in body if body is not None else ():
        if block.tag == f"{_WORD}p":
            yield _docx_text(block)
        elif block.tag == f"{_WORD}tbl":
            for row in block.iter(f"{_WORD}tr"):
                yield " | ".join(_docx_fields(row))


def _docx_fields(row: _Element) -> Iterator[str]:
    """The cells of a row, with an empty field for each further column that a cell spans; merged-away cells are empty."""
    for cell in row.iter(f"{_WORD}tc"):
        yield " ".join(_docx_text(cell).split())
        span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
        columns = (span.get(f"{_WORD}val") or "") if span is not None else ""
        yield from [""] * (min(int(columns), 64) - 1 if columns.isascii() and columns.isdecimal() else 0)


def _docx_text(element: _Element) -> str:
    parts = []
    for node in element.iter():
        if node.tag == f"{_WORD}t":
            parts.append(node.text or "")
        elif node.tag in {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"}:
            parts.append(" ")
    return "".join(parts).strip()


def _xlsx_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    names = archive.namelist()
    shared = []
    if "xl/sharedStrings.xml" in names:
        shared = [
            "".join(text.text or "" for text in item.iter(f"{_SHEET}t"))
            for item in _xml(archive, "xl/sharedStrings.xml").iter(f"{_SHEET}si")
        ]
    for name in sorted(one for one in names if one.startswith("xl/worksheets/sheet")):
        for row in _xml(archive, name).iter(f"{_SHEET}row"):
            yield " | ".join(_xlsx_fields(row, shared))


def _xlsx_fields(row: _Element, shared: list[str]) -> list[str]:
    """The cells of a row at their columns; a figure stays as the file writes it."""
    fields: list[str] = []
    for cell in row.iter(f"{_SHEET}c"):
        column = _column(cell.get("r") or "")
        if column is not None and len(fields) < column <= _MAX_MEMBERS:
            fields += [""] * (column - len(fields))
        value = cell.findtext(f"{_SHEET}v") or ""
        if cell.get("t") == "s" and value.isdecimal() and int(value) < len(shared):
            value = shared[int(value)]
        elif cell.get("t") == "inlineStr":
            value = "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
        fields.append(" ".join(value.split()))
    return fields


def _column(reference: str) -> int | None:
    """0 for A7, 27 for AB3; None when the cell carries no reference."""
    number = 0
    for char in reference[:3]:
        if not ("A" <= char <= "Z"):
            break
        number = number * 26 + ord(char) - ord("A") + 1
    return number - 1 if number else None


def _ofd_lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Text runs of an OFD file (GB/T 33190), top to bottom and left to right on each page."""
    for name in sorted(one for one in archive.namelist() if one.endswith("Content.xml") and "/Pages/" in f"/{one}"):
        runs = []
        for run in _xml(archive, name).iter("{*}TextObject"):
            left, top = [*(run.get("Boundary") or "").split(), "0", "0"][:2]
            text = "".join(code.text or "" for code in run.iter("{*}TextCode"))
            runs.append((_number(top), _number(left), text))
        yield from (text for _, _, text in sorted(runs))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
