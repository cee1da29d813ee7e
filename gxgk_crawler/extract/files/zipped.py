"""Zipped packages of XML, as office programs write them: opened under limits of our own, before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree

from gxgk_crawler.errors import ExtractionError

if TYPE_CHECKING:
    from lxml.etree import _Element

# Checked before anything is unpacked: 395 KB of docx once became 1.6 GB of memory in a common library.
MOST_MEMBERS = 2000
MOST_OF_A_MEMBER = 64 << 20
_MOST_OF_ALL = 256 << 20
_MAX_RATIO = 200

# All that zipfile and lxml raise for members that are cut, garbled, encrypted or packed in an unknown way.
DAMAGE = (
    KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, struct.error, zlib.error, zipfile.BadZipFile,
    etree.XMLSyntaxError,
)  # fmt: skip


def open_package(data: bytes, *, encoding: str | None = None) -> zipfile.ZipFile:
    """The archive in the bytes. encoding: of names that carry no mark of UTF-8; None for that of the standard.

    Raises ExtractionError for one that is damaged, or has too many or too large members.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data), metadata_encoding=encoding)
    except DAMAGE as error:
        raise ExtractionError(f"not a readable archive: {error}") from error
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MOST_MEMBERS or unpacked > _MOST_OF_ALL or unpacked > _MAX_RATIO * packed + (1 << 20):
        raise ExtractionError(f"archive too large: {len(members)} members, {unpacked} bytes unpacked of {packed}")
    return archive


def office_type(data: bytes) -> str | None:
    """The media type of a zipped office file by the names of its members; None for any other archive."""
    with open_package(data) as archive:
        names = set(archive.namelist())
        if "word/document.xml" in names:
            return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        if "xl/workbook.xml" in names:
            return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        if "xl/workbook.bin" in names:
            return "application/vnd.ms-excel.sheet.binary.macroenabled.12"
        if "OFD.xml" in names:
            return "application/ofd"
        return _open_document_type(archive) if "mimetype" in names else None


def _open_document_type(archive: zipfile.ZipFile) -> str | None:
    said = read_member(archive, "mimetype")[:100].strip()
    return said.decode("ascii") if said.startswith(b"application/vnd.oasis.opendocument.") and said.isascii() else None


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a member. Raises ExtractionError for one that is missing, damaged, encrypted or too large."""
    try:
        if archive.getinfo(name).file_size > MOST_OF_A_MEMBER:
            raise ExtractionError(f"archive too large: {name}")
        return archive.read(name)
    except DAMAGE as error:
        raise ExtractionError(f"{name} cannot be read: {error}") from error


def read_xml(archive: zipfile.ZipFile, name: str) -> _Element:
    """The root of an XML member. Raises ExtractionError as `read_member` and `parse_xml` do."""
    return parse_xml(read_member(archive, name), name)


def parse_xml(data: bytes, name: str) -> _Element:
    """The root of an XML document. name: what an error calls it.

    Raises ExtractionError for one that is damaged, nested too deeply, or carries a document type declaration: no office
    program writes one, and entities are how such files attack their readers.
    """
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except DAMAGE as error:
        raise ExtractionError(f"{name} cannot be read: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ExtractionError(f"{name} carries a document type declaration")
    return root
