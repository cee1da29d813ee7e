"""Small PDF files for tests: words at places, lines, pictures. Places are points from the upper left corner."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

_HEIGHT = 842
_SHAPE = "/Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
_FONT = "/BaseFont /STSong-Light"
_DOT = "/Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"


@dataclass
class Page:
    """One page as a content stream. turn: /Rotate of the page."""

    stream: list[str] = field(default_factory=list)
    turn: int = 0
    has_picture: bool = False

    def words(self, x: float, y: float, text: str, size: int = 12) -> Page:
        self.stream.append(f"BT /F1 {size} Tf 1 0 0 1 {x} {_HEIGHT - y} Tm <{text.encode('utf-16-be').hex()}> Tj ET")
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        self.stream.append(f"{x0} {_HEIGHT - y0} m {x1} {_HEIGHT - y1} l S")
        return self

    def box(self, x0: float, y0: float, x1: float, y1: float, paint: str = "S") -> Page:
        self.stream.append(f"{x0} {_HEIGHT - y1} {x1 - x0} {y1 - y0} re {paint}")
        return self

    def raw(self, operators: str) -> Page:
        self.stream.append(operators)
        return self

    def picture(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        self.has_picture = True
        self.stream.append(f"q {x1 - x0} 0 0 {y1 - y0} {x0} {_HEIGHT - y1} cm /I1 Do Q")
        return self

    def table(self, x0: float, y0: float, rows: list[list[str]], *, width: float = 90, height: float = 24) -> Page:
        """A table with all its lines."""
        columns = len(rows[0])
        for n in range(len(rows) + 1):
            self.line(x0, y0 + n * height, x0 + columns * width, y0 + n * height)
        for n in range(columns + 1):
            self.line(x0 + n * width, y0, x0 + n * width, y0 + len(rows) * height)
        for at, row in enumerate(rows):
            for n, text in enumerate(row):
                self.words(x0 + n * width + 6, y0 + at * height + 16, text)
        return self


def pdf(*pages: Page, explained: bool = True) -> bytes:
    """The file. explained: False for a font that does not say what its glyphs mean."""
    encoding = "UniGB-UCS2-H" if explained else "Identity-H"
    system = "<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    if not explained:
        system = "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        f"<< /Type /Font /Subtype /Type0 {_FONT} /Encoding /{encoding} /DescendantFonts [4 0 R] >>",
        f"<< /Type /Font /Subtype /CIDFontType0 {_FONT} /DW 1000 /FontDescriptor 5 0 R /CIDSystemInfo {system} >>",
        f"<< /Type /FontDescriptor /FontName /STSong-Light {_SHAPE} >>",
        f"<< /Type /XObject /Subtype /Image {_DOT} /Length 1 >>\nstream\n0\nendstream",
    ]
    for n, page in enumerate(pages):
        stream = zlib.compress("\n".join(page.stream).encode()).decode("latin-1")
        pictures = "/XObject << /I1 6 0 R >>" if page.has_picture else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 {_HEIGHT}] /Rotate {page.turn} /Contents {8 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {pictures} >> >>"
        )
        objects.append(f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n{stream}\nendstream")
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + tail.encode()
