"""PDF files: their characters, ruling lines and pictures by place, read with PDFium."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.fixed.fixed_pages import FixedPage, read_pages
from gxgk_crawler.extract.files.fixed.glyphs import Glyph, RulingLine
from gxgk_crawler.extract.limits import MOST_OF_AN_ATTACHMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.extract.files.file_content import FileContent

_MAX_PAGES = 500
_MOST_GLYPHS = MOST_OF_AN_ATTACHMENT // 5
_MOST_SHAPES = 20_000  # of a page
_DEEPEST = 4  # forms in forms
_APART = 5000.0  # points
_THIN = 3.0  # points: a filled box that is thinner is a line
_DRAWN = 20.0  # points: a drawn shape that is larger belongs to a chart, a smaller one to a sign
_SHAPES_OF_A_CHART = 4
_LINE, _CURVE, _MOVE = 0, 1, 2  # kinds of path segments in PDFium


def read_pdf(data: bytes) -> FileContent:
    """The text and tables of a PDF; no text when its pages are pictures. Raises ExtractionError for a damaged or locked file."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ExtractionError(f"not a readable PDF: {error}") from error
    try:
        if len(document) > _MAX_PAGES:
            raise ExtractionError(f"a PDF of {len(document)} pages")
        return read_pages(list(_pages(document)))
    except pypdfium2.PdfiumError as error:
        raise ExtractionError(f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()


def _pages(document: Any) -> Iterator[FixedPage]:
    left = _MOST_GLYPHS
    for number in range(len(document)):
        page = document[number]
        try:
            made = _page(page)
        finally:
            page.close()
        left -= len(made.glyphs)
        if left < 0:
            raise ExtractionError(f"its text has more than {_MOST_GLYPHS} characters")
        yield made


def _page(page: Any) -> FixedPage:
    text = page.get_textpage()
    try:
        if _lacks_words(page, text):
            shifts = _moved_apart(page)
            text.close()
            text = page.get_textpage()
        else:
            shifts = {}
        turn = _turned(text)
        glyphs, unreadable = _glyphs(text, turn, shifts)
    finally:
        text.close()
    width, height = page.get_size()
    shapes = _Shapes(turn=turn, area=max(width * height, 1.0))
    shapes.read_all(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, _IDENTITY, 0)
    return FixedPage(
        glyphs=glyphs,
        rules=shapes.rules,
        pictures=shapes.pictures,
        is_chart=shapes.drawn >= _SHAPES_OF_A_CHART,
        is_unreadable=is_unreadable("".join(glyph.text for glyph in glyphs), unreadable),
    )


def _lacks_words(page: Any, text: Any) -> bool:
    """True when PDFium has left out words: it takes equal ones that stand below each other for one word printed twice.

    It does so where the file brings no font and the machine has none. The words of the page are then moved apart and read anew.
    """
    raw = text.raw
    count = min(pdfium.FPDFText_CountChars(raw), _MOST_GLYPHS)
    with_words = {_address(pdfium.FPDFText_GetTextObject(raw, at)) for at in range(count)}
    return any(_address(one) not in with_words and _width(one) > 0 for one in _texts_of(page))


def _moved_apart(page: Any) -> dict[int, float]:
    """Move each text of a page sideways, so that none stands below one of the seven before it; by how far, by its address."""
    shifts = {}
    for number, one in enumerate(_texts_of(page)):
        shifts[_address(one)] = _APART * (number % 7)
        pdfium.FPDFPageObj_Transform(one, 1, 0, 0, 1, shifts[_address(one)], 0)
    return shifts


def _texts_of(page: Any) -> Iterator[Any]:
    for at in range(min(pdfium.FPDFPage_CountObjects(page.raw), _MOST_SHAPES)):
        one = pdfium.FPDFPage_GetObject(page.raw, at)
        if pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_TEXT:
            yield one


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _width(one: Any) -> float:
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(one, *map(ctypes.byref, edges))
    return float(edges[2].value - edges[0].value)


def _turned(text: Any) -> int:
    """By how many quarters the page must be turned to be read; told by its first characters, for /Rotate may be wrong."""
    count = min(pdfium.FPDFText_CountChars(text.raw), 200)
    turns = [-round(pdfium.FPDFText_GetCharAngle(text.raw, at) / (math.pi / 2)) % 4 for at in range(count)]
    return max(set(turns), key=turns.count) if turns else 0


def _glyphs(text: Any, turn: int, shifts: dict[int, float]) -> tuple[list[Glyph], int]:
    """The characters of a page, and how many of them the file does not explain. shifts: how far texts were moved sideways."""
    raw = text.raw
    count = min(pdfium.FPDFText_CountChars(raw), _MOST_GLYPHS + 1)
    box = pdfium.FS_RECTF()
    glyphs: list[Glyph] = []
    after_space, unreadable = False, 0
    for at in range(count):
        code = pdfium.FPDFText_GetUnicode(raw, at)
        if code in {0, 0xFFFD, 0xFFFE, 0xFFFF} or pdfium.FPDFText_HasUnicodeMapError(raw, at) == 1:
            unreadable += 1
        char = chr(code) if 0x20 < code < 0x110000 else ""
        if not char or char.isspace() or not char.isprintable():
            after_space = after_space or (code in {0x20, 0xA0, 0x3000} and pdfium.FPDFText_IsGenerated(raw, at) != 1)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(raw, at, ctypes.byref(box)):
            continue
        shift = shifts.get(_address(pdfium.FPDFText_GetTextObject(raw, at)), 0.0) if shifts else 0.0
        x0, y0, x1, y1 = turned(box.left - shift, box.bottom, box.right - shift, box.top, turn)
        glyphs.append(Glyph(char, x0, y0, x1, y1, after_space))
        after_space = False
    return glyphs, unreadable


def turned(x0: float, y0: float, x1: float, y1: float, turn: int) -> tuple[float, float, float, float]:
    """A box of a page whose y grows upward, as it is seen: turned clockwise by quarters, y growing downward."""
    if turn == 1:
        return y0, x0, y1, x1
    if turn == 2:
        return -x1, y0, -x0, y1
    if turn == 3:
        return -y1, -x1, -y0, -x0
    return x0, -y1, x1, -y0


def is_unreadable(text: str, unexplained: int) -> bool:
    """True for a page whose characters make no sense: unexplained ones, private ones, or Chinese that no text consists of.

    In real text nine characters in ten are of the first level of GB 2312, which holds the 3,755 common ones.
    """
    if unexplained * 5 > len(text) + unexplained:
        return True
    han = [char for char in text if "\u4e00" <= char <= "\u9fff"]
    private = sum(1 for char in text if "\ue000" <= char <= "\uf8ff")
    latin = sum(1 for char in text if "\x80" <= char <= "\xff")
    if (private + latin) * 3 > len(text) > 20:
        return True
    return len(han) >= 40 and sum(map(_is_common, han)) < 0.6 * len(han)


def _is_common(char: str) -> bool:
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _times(first: _Matrix, second: _Matrix) -> _Matrix:
    """The matrix that applies the first and then the second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


@dataclass(slots=True)
class _Shapes:
    """What is drawn on a page: lines, pictures, and how many shapes are neither."""

    turn: int
    area: float
    rules: list[RulingLine] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    drawn: int = 0
    left: int = _MOST_SHAPES

    def read_all(self, parent: Any, count: Any, get: Any, matrix: _Matrix, depth: int) -> None:
        """Read the objects of a page or of a form on it."""
        for at in range(max(count(parent), 0)):
            self.left -= 1
            if self.left < 0:
                return
            shape = get(parent, at)
            kind = pdfium.FPDFPageObj_GetType(shape)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(shape, _times(_matrix(shape), matrix))
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                a, b, c, d, _, _ = _times(_matrix(shape), matrix)
                self.pictures.append(min(abs(a * d - b * c) / self.area, 1.0))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                inner = _times(_matrix(shape), matrix)
                self.read_all(shape, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1)

    def _path(self, path: Any, matrix: _Matrix) -> None:
        points, has_curves = _points(path, matrix)
        if not points:
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        xs = [x for part in points for x, _ in part]
        ys = [y for part in points for _, y in part]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if has_curves:
            self.drawn += max(wide, high) > _DRAWN
            return
        if not stroke.value:
            for part in points:
                self._filled(part)
            return
        for part in points:
            for (x0, y0), (x1, y1) in pairwise(part):
                self._stroke(x0, y0, x1, y1)

    def _filled(self, part: list[tuple[float, float]]) -> None:
        xs, ys = [x for x, _ in part], [y for _, y in part]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        if y1 - y0 <= _THIN < x1 - x0:
            self._stroke(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
        elif x1 - x0 <= _THIN < y1 - y0:
            self._stroke((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
        elif len(part) > 6 and max(x1 - x0, y1 - y0) > _DRAWN:
            self.drawn += 1

    def _stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Keep a line that is level or upright; a slanted one is drawing."""
        if abs(y1 - y0) <= 1 < abs(x1 - x0):
            y0 = y1 = (y0 + y1) / 2
        elif abs(x1 - x0) <= 1 < abs(y1 - y0):
            x0 = x1 = (x0 + x1) / 2
        else:
            self.drawn += math.hypot(x1 - x0, y1 - y0) > _DRAWN
            return
        self.rules.append(RulingLine(*turned(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), self.turn)))


def _matrix(shape: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(shape, ctypes.byref(found)):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _points(path: Any, matrix: _Matrix) -> tuple[list[list[tuple[float, float]]], bool]:
    """The corners of each part of a path, closed where it is closed, and whether it has curves."""
    a, b, c, d, e, f = matrix
    parts: list[list[tuple[float, float]]] = []
    has_curves = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(min(max(pdfium.FPDFPath_CountSegments(path), 0), 2000)):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        kind = pdfium.FPDFPathSegment_GetType(segment)
        has_curves = has_curves or kind == _CURVE
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == _MOVE or not parts:
            parts.append([point])
        else:
            parts[-1].append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    return [part for part in parts if len(part) > 1], has_curves
