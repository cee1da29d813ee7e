"""The part of a page that reads like prose: for pages whose container no family names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from gxgk_crawler.extract.page.grids import is_data_table
from gxgk_crawler.extract.page.links import file_address
from gxgk_crawler.extract.page.text import BLOCKS, SKIPPED, is_hidden, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

_NOISE_COSTS = 2
_SHORTEST = 12
_ENOUGH_OTHER = 80
_START = 80
_LONGEST_FOOTER = 120  # a longer line with sentences in it only speaks of sponsors and support
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
WRAPPED_LINES = frozenset(
    ["p", "span", "font", "strong", "b", "em", "i", "u", "li", "h1", "h2", "h3", "h4", "h5", "h6"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """What was chosen: one subtree, or neighbours of one level. length: its characters of prose.

    alone: it holds nine tenths of all text of the page that is no link and no footer, and hardly a link.
    """

    nodes: Sequence[HtmlElement]
    length: int
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Characters of a subtree: of prose, of links and footers, and of all other lines. run: see `_Frame`."""

    element: HtmlElement
    prose: int
    noise: int
    other: int
    run: _Run | None = None

    @property
    def score(self) -> int:
        return self.prose - _NOISE_COSTS * self.noise


@dataclass(slots=True)
class _Run:
    """Neighbours of one level: their weights together, and the first and last of them."""

    first: HtmlElement
    last: HtmlElement
    prose: int
    score: int


@dataclass(slots=True)
class _Frame:
    """One open element: what its subtree holds so far, and the text of the line being read in it.

    own: lines of prose that belong to none of its children. current, best: the neighbours among its children that end
    here, and those that hold the most prose and the least noise (Kadane's largest sum).
    """

    element: HtmlElement
    link: bool
    linked: bool
    footer: bool
    prose: int = 0
    noise: int = 0
    other: int = 0
    own: int = 0
    line: list[str] = field(default_factory=list)
    links: int = 0
    current: _Run | None = None
    best: _Run | None = None

    def settle(self) -> None:
        """End the current line and weigh it."""
        if not self.line:
            return
        line = squeeze("".join(self.line))
        linked, self.links = self.links, 0
        self.line.clear()
        if self.footer or is_footer_line(line):
            self.noise += len(line)
            return
        prose = len(line) - linked >= _SHORTEST and not _PUNCTUATION.isdisjoint(line) and not line.isascii()
        if linked and not (prose and linked * 2 <= len(line)):
            self.noise += linked
        elif prose:
            self.prose += len(line)
            self.own += len(line)
        elif not line.isascii():
            self.other += len(line)

    def take(self, child: _Frame) -> None:
        """Add the weights of a child that is complete."""
        self.prose += child.prose
        self.noise += child.noise
        self.other += child.other
        score = child.prose - _NOISE_COSTS * child.noise
        if self.current is None or self.current.score <= 0:
            if score <= 0:
                return
            self.current = _Run(child.element, child.element, child.prose, score)
        else:
            self.current.prose += child.prose
            self.current.score += score
            if score > 0:
                self.current.last = child.element
        if self.best is None or self.current.score > self.best.score:
            self.best = replace(self.current)


def find_prose(root: HtmlElement) -> Prose | None:
    """The part that holds the most prose and the least of anything else; None for a page that is all links.

    A line is prose when it is long enough, is Chinese and has punctuation. Footers and lines made of links are noise, all
    other lines count neither way; a link to a file is the article's own and no noise, nor is a link within a sentence.
    Of all subtrees the one with the highest prose - 2 * noise wins, and of equals the deepest, so navigation beside the
    article keeps the page out, while an article split over sibling blocks stays whole. Where an article has no block of
    its own, the neighbours that hold it win, if they hold half as much again as any subtree. Of two copies of one article
    (desktop and mobile) the first is taken. A page without prose but with enough other text, or with a data table, is
    weighed by that text. Time is linear in the size of the page.
    """
    weighed = weigh(root)
    total = max((one.prose for one in weighed), default=0)
    if not total:
        weighed = [replace(one, prose=one.other, run=None) for one in weighed]
    best = max(weighed, key=lambda one: one.score, default=None)
    if best is None or best.prose < (1 if total or _holds_data(best.element) else _ENOUGH_OTHER):
        return None
    run = max((one.run for one in weighed if one.run is not None), key=lambda run: run.score, default=None)
    if run is not None and run.score * 2 > best.score * 3:
        return Prose(nodes=_between(run.first, run.last), length=run.prose)
    best = _first_copy(weighed, best)
    by_element = {one.element: one for one in weighed}
    while best.element.tag in WRAPPED_LINES:  # a single paragraph is never the whole container
        parent = by_element.get(best.element.getparent())
        if parent is None or parent.noise > best.noise:
            break
        best = parent
    return Prose(nodes=[best.element], length=best.prose, alone=bool(total) and _is_alone(best, weighed[-1]))


def _is_alone(chosen: _Weighed, page: _Weighed) -> bool:
    own = chosen.prose + chosen.other
    return own * 10 >= (page.prose + page.other) * 9 and chosen.noise * 10 <= own


def _holds_data(element: HtmlElement) -> bool:
    return any(map(is_data_table, element.iter("table")))


def _between(first: HtmlElement, last: HtmlElement) -> list[HtmlElement]:
    nodes = [first]
    while nodes[-1] is not last:
        following = nodes[-1].getnext()
        if following is None:
            break
        nodes.append(following)
    return nodes


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


def weigh(root: HtmlElement) -> list[_Weighed]:
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
        link = element.tag == "a" and file_address(element) is None
        frame = _Frame(
            element,
            link=link,
            linked=link or (above is not None and above.linked),
            footer=is_footer(element) or (above is not None and above.footer),
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
        block = self._blocks[-1]
        block.line.append(text)
        if self._frames[-1].linked:
            block.links += len(squeeze(text))

    def close(self) -> None:
        frame = self._frames.pop()
        if self._blocks[-1] is frame:
            frame.settle()
            self._blocks.pop()
        run = frame.best if not frame.own else None
        self.weighed.append(_Weighed(frame.element, frame.prose, frame.noise, frame.other, run))
        if self._frames:
            self._frames[-1].take(frame)


def is_footer(element: HtmlElement) -> bool:
    """True for an element that calls itself the footer of the page."""
    if element.tag == "footer":
        return True
    if element.tag in {"body", "html"}:
        return False
    names, identity = element.get("class"), element.get("id")
    if names is None and identity is None:
        return False
    return any(name.startswith(_FOOTER_NAMES) for name in f"{identity or ''} {names or ''}".lower().split())


def is_footer_line(line: str) -> bool:
    """True for a line of the site itself: registration numbers, sponsors, advice on browsers."""
    return (len(line) <= _LONGEST_FOOTER or "。" not in line) and any(word in line for word in _FOOTER_WORDS)
