"""Attachments and pictures, built byte by byte so that the repository holds no foreign file."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from html import escape
from typing import TYPE_CHECKING

from tests.replica.site import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.replica.prose import Sample
    from tests.replica.statutory import Grid

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def statistics_file(sample: Sample) -> tuple[str, Page]:
    """The statistics form of a report as its portal serves it: name and file, Word or what calls itself so."""
    assert sample.form is not None
    name = f"政府信息公开情况统计表（{sample.year}年度）"
    if sample.year % 2 == 0:
        return f"{name}.docx", Page(media_type=DOCX, body=docx([name], sample.form))
    return f"{name}.doc", Page(media_type=DOC, body=html_doc(name, sample.form))


def docx(paragraphs: Sequence[str], grid: Grid) -> bytes:
    """A minimal Word document: paragraphs and one table."""
    text = "".join(_docx_paragraph(line) for line in paragraphs)
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{_docx_paragraph(cell.text)}</w:tc>" for cell in row) + "</w:tr>" for row in grid
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{text}<w:tbl>{rows}</w:tbl></w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            # A fixed date: the same document is the same bytes.
            package.writestr(zipfile.ZipInfo(name, (2017, 3, 1, 8, 0, 0)), f'<?xml version="1.0"?>{content}')
    return buffer.getvalue()


def _docx_paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def html_doc(title: str, grid: Grid) -> bytes:
    """What portals often serve as `.doc`: HTML that Word saved, in GB18030 under the name of gb2312."""
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell.text)}</td>" for cell in row) + "</tr>\r\n" for row in grid)
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">\r\n'
        '<head><meta http-equiv=Content-Type content="text/html; charset=gb2312">\r\n'
        f"<title>{escape(title)}</title></head>\r\n<body><p class=MsoNormal>{escape(title)}</p>\r\n"
        f"<table border=1>\r\n{rows}</table></body></html>\r\n"
    )
    return page.encode("gb18030")


def png(heights: Sequence[int], colour: tuple[int, int, int]) -> bytes:
    """A bar chart of 8-pixel columns as a PNG picture."""
    tall, wide = max(heights) + 4, 8 * len(heights)
    lines = bytearray()
    for y in range(tall):
        lines.append(0)  # no filter on this line
        for x in range(wide):
            filled = x % 8 < 6 and tall - y <= heights[x // 8]
            lines += bytes(colour) if filled else b"\xff\xff\xff"
    header = struct.pack(">IIBBBBB", wide, tall, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(lines))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pdf(lines: Sequence[str]) -> bytes:
    """A PDF of one page per 40 lines, Chinese by a standard font that is named and not embedded, with its text layer."""
    lines = [line[start : start + 48] for line in lines for start in range(0, len(line), 48)]  # what fits on a page
    pages = [lines[start : start + 40] for start in range(0, len(lines), 40)]
    used = sorted({char for line in lines for char in line})
    mapping = "".join(f"<{ord(char):04X}> <{ord(char):04X}>\n" for char in used)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(used)} beginbfchar\n{mapping}endbfchar\n"
        "endcmap end end"
    )
    objects = [
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo 1 0 R >>",
        _stream(to_unicode),
        "<< /Type /Catalog /Pages 2 0 R >>",
    ]
    for index, page in enumerate(pages):
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(_stream(f"BT /F1 10 Tf 18 TL 50 790 Td {shown} ET"))
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 6 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}").encode("ascii")


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
