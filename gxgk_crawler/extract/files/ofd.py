"""OFD files, the format of Chinese offices for fixed pages: characters, lines and pictures by their places. GB/T 33190-2016."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from posixpath import dirname, normpath
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.fixed.fixed_pages import FixedPage, read_pages
from gxgk_crawler.extract.files.fixed.glyphs import Glyph, RulingLine
from gxgk_crawler.extract.files.zipped import open_package, read_xml
from gxgk_crawler.extract.limits import MOST_OF_AN_ATTACHMENT
from gxgk_crawler.extract.page.text import is_wide

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml.etree import _Element

    from gxgk_crawler.extract.files.file_content import FileContent

_POINTS = 72 / 25.4  # of a millimetre
_MOST_PAGES = 500
_MOST_GLYPHS = MOST_OF_AN_ATTACHMENT // 5
_MOST_SHAPES = 20_000
_MOST_NUMBERS = 5000  # in one attribute
_PAGE_AREA = 210 * 297
_THIN, _DRAWN = 1.1, 7.0  # millimetres, as for PDF
_SHAPES_OF_A_CHART = 4
_STEP = re2.compile(r"[A-Za-z]|-?\d*\.?\d+(?:[eE][-+]?\d{1,3})?")
_NUMBER_IN_NAME = re.compile(r"\d{1,9}")


def read_ofd(data: bytes) -> FileContent:
    """The text and tables of an OFD file. Raises ExtractionError for one that is damaged, a bomb, or carries entities."""
    with open_package(data) as archive:
        pages: list[FixedPage] = []
        left = _MOST_GLYPHS
        for parts in islice(_pages(archive), _MOST_PAGES + 1):
            pages.append(_page([read_xml(archive, part) for part in parts]))
            left -= len(pages[-1].glyphs)
            if left < 0:
                raise ExtractionError(f"its text has more than {_MOST_GLYPHS} characters")
        if len(pages) > _MOST_PAGES:
            raise ExtractionError(f"an OFD file of more than {_MOST_PAGES} pages")
    return read_pages(pages)


def _pages(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    """The members that make up each page, templates first; in the order of the document, or of their numbers without one."""
    names = set(archive.namelist())
    listed = [pages for root in _documents(archive, names) for pages in _listed(archive, names, root)]
    if listed:
        yield from listed
        return
    contents = [name for name in names if name.endswith("Content.xml") and "/Pages/" in f"/{name}"]
    for name in sorted(contents, key=lambda name: [int(number) for number in _NUMBER_IN_NAME.findall(name)]):
        yield [name]


def _documents(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    roots = (element.text or "" for element in read_xml(archive, "OFD.xml").iter("{*}DocRoot"))
    found = [normpath(root.strip().lstrip("/")) for root in roots]
    return [root for root in found if root in names][:20]


def _listed(archive: zipfile.ZipFile, names: set[str], root: str) -> Iterator[list[str]]:
    document = read_xml(archive, root)

    def member(place: str | None) -> str:
        place = place or ""
        return normpath(place.lstrip("/") if place.startswith("/") else f"{dirname(root)}/{place}")

    templates = {one.get("ID"): member(one.get("BaseLoc")) for one in document.iter("{*}TemplatePage")}
    for page in document.iterfind("{*}Pages/{*}Page"):
        name = member(page.get("BaseLoc"))
        if name in names:
            used = [templates.get(one.get("TemplateID"), "") for one in read_xml(archive, name).iterfind("{*}Template")]
            yield [*(template for template in used[:5] if template in names), name]


def _page(roots: list[_Element]) -> FixedPage:
    page = FixedPage()
    drawn = 0
    left = _MOST_SHAPES
    for root in roots:
        for element in root.iter("{*}TextObject", "{*}PathObject", "{*}ImageObject"):
            left -= 1
            if left < 0:
                break
            x, y, wide, high = _numbers(element.get("Boundary"), 4)
            if str(element.tag).endswith("TextObject"):
                page.glyphs += _glyphs(element, x, y, high)
            elif str(element.tag).endswith("ImageObject"):
                page.pictures.append(min(abs(wide * high) / _PAGE_AREA, 1.0))
            else:
                lines = _lines(element, x, y)
                drawn += lines is None
                page.rules += lines or []
    page.is_chart = drawn >= _SHAPES_OF_A_CHART
    return page


_Matrix = tuple[float, float, float, float, float, float]


def _matrix(element: _Element, x: float, y: float) -> _Matrix:
    """The matrix from the object's own coordinates to those of the page."""
    a, b, c, d, e, f = _numbers(element.get("CTM") or "1 0 0 1 0 0", 6)
    return a, b, c, d, e + x, f + y


def _glyphs(element: _Element, x: float, y: float, high: float) -> Iterator[Glyph]:
    a, b, c, d, e, f = _matrix(element, x, y)
    size = _number(element.get("Size")) or high or 3.5
    for code in element.iter("{*}TextCode"):
        at = _number(code.get("X"))
        baseline = _number(code.get("Y")) if code.get("Y") is not None else high
        steps = _steps(code.get("DeltaX"))
        downward = _steps(code.get("DeltaY"))
        after_space = False
        for number, char in enumerate(code.text or ""):
            advance = size if is_wide(char) else size / 2
            if char.isspace() or not char.isprintable():
                after_space = True
            else:
                left, top = a * at + c * (baseline - 0.88 * size) + e, b * at + d * (baseline - 0.88 * size) + f
                right = a * (at + advance) + c * (baseline + 0.12 * size) + e
                bottom = b * (at + advance) + d * (baseline + 0.12 * size) + f
                xs, ys = sorted((left * _POINTS, right * _POINTS)), sorted((top * _POINTS, bottom * _POINTS))
                yield Glyph(char, xs[0], ys[0], xs[1], ys[1], after_space)
                after_space = False
            at += steps[number] if number < len(steps) else 0 if downward else advance
            baseline += downward[number] if number < len(downward) else 0


def _lines(element: _Element, x: float, y: float) -> list[RulingLine] | None:
    """The level and upright lines of a path; None for one that draws something else."""
    a, b, c, d, e, f = _matrix(element, x, y)
    parts = _parts(element.findtext("{*}AbbreviatedData") or "")
    if parts is None:
        return None
    rules: list[RulingLine] = []
    is_filled = element.get("Fill") == "true" and element.get("Stroke") == "false"
    for points in parts:
        placed = [(a * u + c * v + e, b * u + d * v + f) for u, v in points]
        xs, ys = [u for u, _ in placed], [v for _, v in placed]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if high <= _THIN < wide:
            rules.append(_rule(min(xs), (min(ys) + max(ys)) / 2, max(xs), (min(ys) + max(ys)) / 2))
        elif wide <= _THIN < high:
            rules.append(_rule((min(xs) + max(xs)) / 2, min(ys), (min(xs) + max(xs)) / 2, max(ys)))
        elif not is_filled:
            for (x0, y0), (x1, y1) in pairwise(placed):
                if abs(x1 - x0) < 0.3 or abs(y1 - y0) < 0.3:
                    level = abs(y1 - y0) <= abs(x1 - x0)
                    rules.append(
                        _rule(min(x0, x1), y0, max(x0, x1), y0) if level else _rule(x0, min(y0, y1), x0, max(y0, y1))
                    )
                elif max(wide, high) > _DRAWN:
                    return None
    return rules


def _rule(x0: float, y0: float, x1: float, y1: float) -> RulingLine:
    return RulingLine(x0 * _POINTS, y0 * _POINTS, x1 * _POINTS, y1 * _POINTS)


def _parts(path: str) -> list[list[tuple[float, float]]] | None:
    """The corners of each part of a path; None for one with curves. GB/T 33190, 9.2: M and S begin a part, L goes on, C closes."""
    parts: list[list[tuple[float, float]]] = []
    numbers: list[float] = []
    step = ""
    for token in islice(_STEP.finditer(path), _MOST_NUMBERS):
        if token[0].isalpha():
            step, numbers = token[0].upper(), []
            if step in "QBA":
                return None
            if step == "C" and parts:
                parts[-1].append(parts[-1][0])
            continue
        numbers.append(_number(token[0]))
        if len(numbers) == 2:
            point = (numbers[0], numbers[1])
            numbers = []
            if step in "MS" or not parts:
                parts.append([point])
            else:
                parts[-1].append(point)
    return [part for part in parts if len(part) > 1]


def _steps(text: str | None) -> list[float]:
    """The distances between characters: numbers, and `g 5 3.2` for the same five times."""
    steps: list[float] = []
    words = (text or "").split()[:_MOST_NUMBERS]
    at = 0
    while at < len(words) and len(steps) < _MOST_NUMBERS:
        if words[at] == "g" and at + 2 < len(words):
            steps += [_number(words[at + 2])] * min(int(_number(words[at + 1])), _MOST_NUMBERS)
            at += 3
        else:
            steps.append(_number(words[at]))
            at += 1
    return steps


def _numbers(text: str | None, count: int) -> list[float]:
    found = [_number(word) for word in (text or "").split()[:count]]
    return found + [0.0] * (count - len(found))


def _number(text: str | None) -> float:
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < 1e6 else 0.0
