"""The part of a page that reads like prose: for pages whose container no family names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from gxgk_crawler.extract.page.text import BLOCKS, SKIPPED, is_hidden, squeeze

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NOISE_COSTS = 2
_SHORTEST = 12
_ENOUGH_OTHER = 80
_START = 80
_PUNCTUATION = frozenset("，。；！？、,;")
_FOOTER_NAMES = ("foot", "copyright", "bottom", "banquan")
_FOOTER_WORDS = (
    "ICP备",
    "网站标识码",
    "公网安备",
    "版权所有",
    "主办单位",
    "承办单位",
    "建议使用",
    "技术支持",
    "All Rights Reserved",
)
_WRAPPED_LINES = frozenset(
    ["p", "span", "font", "strong", "b", "em", "i", "u", "li", "h1", "h2", "h3", "h4", "h5", "h6"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """The subtree chosen. length: its characters of prose."""

    node: HtmlElement
    length: int


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Characters of a subtree: of prose, of links and footers, and of all other lines."""

    element: HtmlElement
    prose: int
    noise: int
    other: int


@dataclass(slots=True)
class _Frame:
    """One open element: what its subtree holds so far, and the text of the line being read in it."""

    element: HtmlElement
    linked: bool
    footer: bool
    prose: int = 0
    noise: int = 0
    other: int = 0
    run: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """End the current line and weigh it."""
        if not self.run:
            return
        line = squeeze("".join(self.run))
        self.run.clear()
        if self.footer or any(word in line for word in _FOOTER_WORDS):
            self.noise += len(line)
        elif len(line) >= _SHORTEST and not _PUNCTUATION.isdisjoint(line) and not line.isascii():
            self.prose += len(line)
        elif not line.isascii():
            self.other += len(line)


def find_prose(root: HtmlElement) -> Prose | None:
    """The subtree that holds the most prose and the least of anything else; None for a page that is all links.

    A line is prose when it is long enough, is Chinese and has punctuation. Link texts and footers are noise, all other
    lines count neither way. Of all subtrees the one with the highest prose - 2 * noise wins, and of equals the deepest,
    so navigation beside the article keeps the page out, while an article split over sibling blocks stays whole. Of two
    copies of one article (desktop and mobile) the first is taken. A page without prose but with enough other text, such
    as a lone table, is weighed by that text. Time is linear in the size of the page.
    """
    weighed = _weigh(root)
    total = max((one.prose for one in weighed), default=0)
    if not total:
        weighed = [replace(one, prose=one.other) for one in weighed]
    best = max(weighed, key=lambda one: one.prose - _NOISE_COSTS * one.noise, default=None)
    if best is None or best.prose < (1 if total else _ENOUGH_OTHER):
        return None
    best = _first_copy(weighed, best)
    by_element = {one.element: one for one in weighed}
    while best.element.tag in _WRAPPED_LINES:  # a single paragraph is never the whole container
        parent = by_element.get(best.element.getparent())
        if parent is None or parent.noise > best.noise:
            break
        best = parent
    return Prose(node=best.element, length=best.prose)


def _first_copy(weighed: list[_Weighed], chosen: _Weighed) -> _Weighed:
    """The first of two copies of one article inside the chosen subtree, or the subtree itself."""
    large = [one for one in weighed if one.prose * 5 >= chosen.prose * 2 and one is not chosen]
    within = [one for one in large if any(parent is chosen.element for parent in one.element.iterancestors())]
    if len(within) < 2:
        return chosen
    seen: list[tuple[str, HtmlElement]] = []
    # Document order: inner ones come first in `weighed`, and at most two disjoint subtrees can be so large.
    for one in within:
        start = _start_of(one.element)
        for text, element in seen:
            if text == start and not any(parent is one.element for parent in element.iterancestors()):
                return next(entry for entry in within if entry.element is element)
        seen.append((start, one.element))
    return chosen


def _start_of(element: HtmlElement) -> str:
    start = ""
    for piece in element.itertext():
        start += squeeze(piece)
        if len(start) >= _START:
            break
    return start[:_START]


def _weigh(root: HtmlElement) -> list[_Weighed]:
    """The weights of every visible subtree, inner ones first."""
    scale = _Scale()
    walk = etree.iterwalk(root, events=("start", "end"))
    left_out: HtmlElement | None = None
    for event, element in walk:
        if event == "start":
            if element is root or not (element.tag in SKIPPED or is_hidden(element)):
                scale.open(element)
                continue
            left_out = element
            walk.skip_subtree()
            continue
        if element is not left_out:
            scale.close()
        left_out = None
        if element is not root:
            scale.add(element.tail)
    return scale.weighed


class _Scale:
    """The open elements of a walk, and among them the open blocks: text belongs to the innermost block's line."""

    def __init__(self) -> None:
        self.weighed: list[_Weighed] = []
        self._frames: list[_Frame] = []
        self._blocks: list[_Frame] = []

    def open(self, element: HtmlElement) -> None:
        above = self._frames[-1] if self._frames else None
        frame = _Frame(
            element,
            linked=element.tag == "a" or (above is not None and above.linked),
            footer=_is_footer(element) or (above is not None and above.footer),
        )
        if element.tag in BLOCKS or element.tag == "br" or above is None:
            if self._blocks:
                self._blocks[-1].settle()
            if element.tag != "br":
                self._blocks.append(frame)
        self._frames.append(frame)
        self.add(element.text)

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._frames[-1].linked:
            self._frames[-1].noise += len(text.strip())
        else:
            self._blocks[-1].run.append(text)

    def close(self) -> None:
        frame = self._frames.pop()
        if self._blocks[-1] is frame:
            frame.settle()
            self._blocks.pop()
        self.weighed.append(_Weighed(frame.element, frame.prose, frame.noise, frame.other))
        if self._frames:
            above = self._frames[-1]
            above.prose += frame.prose
            above.noise += frame.noise
            above.other += frame.other


def _is_footer(element: HtmlElement) -> bool:
    if element.tag == "footer":
        return True
    if element.tag in {"body", "html"}:
        return False
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    return any(name.startswith(_FOOTER_NAMES) for name in names)
