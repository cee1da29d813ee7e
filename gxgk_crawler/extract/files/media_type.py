"""What a file is, told by its content: portals serve HTML as .doc and .xls, and nothing keeps a name from lying."""

from __future__ import annotations

from gxgk_crawler.extract.files.ole import STORAGE, ole_type
from gxgk_crawler.extract.files.zipped import office_type
from gxgk_crawler.extract.page.decode import Decoded, decode
from gxgk_crawler.extract.page.tree import looks_like_html

_MAGIC = (
    (b"%PDF", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", STORAGE),  # .doc, .xls, .wps, .et
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


# Office files that look like text: (marks that all stand in the head, media type).
_TEXTUAL = (
    ((b"<workbook", b"urn:schemas-microsoft-com:office:spreadsheet"), "application/x-spreadsheetml"),  # Excel 2003 XML
    ((b"<w:worddocument", b"schemas.microsoft.com/office/word/2003/wordml"), "application/x-wordml"),  # Word 2003 XML
    ((b"<pkg:package", b"schemas.microsoft.com/office/2006/xmlpackage"), "application/x-flat-opc"),
)
_MAIL_HEADERS = (b"mime-version:", b"from:", b"subject:", b"date:", b"content-type:", b"content-location:")
_HEAD = 4096
_REPLACEMENT = "\ufffd".encode()


def binary_type(data: bytes) -> str | None:
    """The media type of a file that is no page and no plain text; None for what may be one.

    Read from the first bytes. Files of Office 2003 in XML, and pages saved as MHT, are text only to the eye.
    """
    found = next((media_type for magic, media_type in _MAGIC if data.startswith(magic)), None)
    if found is not None:
        return found
    head = data[:_HEAD].replace(b"\x00", b"").lower()
    if head.lstrip().startswith(_MAIL_HEADERS) and b"mime-version:" in head and b"content-type:" in head:
        return "message/rfc822"  # MHT, a page saved as one file
    if b"<html" in head:  # which names the same schemas when Office wrote it
        return None
    return next((media_type for marks, media_type in _TEXTUAL if all(mark in head for mark in marks)), None)


def sniff(data: bytes) -> str:
    """The media type of a file. Raises ExtractionError for an archive that is damaged or a bomb, and for a locked file."""
    binary = binary_type(data)
    if binary == STORAGE:
        return ole_type(data)
    if binary is not None:
        return (office_type(data) or binary) if binary == "application/zip" else binary
    decoded = decode(data)
    if looks_like_html(decoded.text):
        return "text/html"
    return "text/plain" if is_plain_text(data, decoded) else "application/octet-stream"


def is_plain_text(data: bytes, decoded: Decoded) -> bool:
    """False for bytes without markup that are no text in any encoding: NUL bytes, or many characters that cannot be read."""
    holes = data[:_HEAD].count(0) > 0 and not decoded.encoding.startswith(("utf-16", "utf-32"))
    unreadable = decoded.replaced - data.count(_REPLACEMENT)  # one that stands in the bytes was lost before
    return not holes and unreadable * 20 <= len(decoded.text)
