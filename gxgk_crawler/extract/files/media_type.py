"""What a file is, told by its content: portals serve HTML as .doc and .xls, and nothing keeps a name from lying."""

from __future__ import annotations

from gxgk_crawler.extract.files.office import office_type
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.tree import looks_like_html

_MAGIC = (
    (b"%PDF", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # .doc, .xls, .wps, .et
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def binary_type(data: bytes) -> str | None:
    """The media type that the first bytes name, or None for what may be text."""
    return next((media_type for magic, media_type in _MAGIC if data.startswith(magic)), None)


def sniff(data: bytes) -> str:
    """The media type of a file. Raises ExtractionError for an archive that is damaged or a bomb."""
    binary = binary_type(data)
    if binary is not None:
        return (office_type(data) or binary) if binary == "application/zip" else binary
    decoded = decode(data)
    if looks_like_html(decoded.text):
        return "text/html"
    holes = data[:4096].count(0) > 0 and not decoded.encoding.startswith("utf-16")
    return "application/octet-stream" if holes or decoded.replaced * 20 > len(decoded.text) else "text/plain"
