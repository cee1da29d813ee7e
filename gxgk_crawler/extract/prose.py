"""The part of a page that reads like prose: for pages whose container no family names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from gxgk_crawler.extract.text import BLOCKS, SKIPPED, is_hidden

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NOISE_COSTS = 2
_SHORTEST = 12
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
_WRAPPED_LINES = frozenset(["p", "span", "font", "strong", "b", "em", "i", "u", "li", "h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """The subtree chosen. length: its characters of prose. sure: it holds at least 80 % of the page's prose."""

    node: HtmlElement
    length: int
    sure: bool


@dataclass(slots=True)
class _Frame:
    """One open element: what its subtree holds so far, and the text of the line being read in it."""

    element: HtmlElement
    linked: bool
    footer: bool
    prose: int = 0
    noise: int = 0
    run: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """End the current line and weigh it."""
        if not self.run:
            return
        line = "".join("".join(self.run).split())
        self.run.clear()
        if self.footer or any(word in line for word in _FOOTER_WORDS):
            self.noise += len(line)
        elif len(line) >= _SHORTEST and not _PUNCTUATION.isdisjoint(line) and not line.isascii():
            self.prose += len(line)


def find_prose(root: HtmlElement) -> Prose | None:
    """The subtree that holds the most prose and the least of anything else; None when no line is prose.

    A line is prose when it is long enough, is Chinese and has punctuation. Link texts and footers are noise, all other
    lines count neither way. Of all subtrees the one with the highest prose - 2 * noise wins, and of equals the deepest,
    so navigation beside the article keeps the page out, while an article split over sibling blocks stays whole.
    One pass over the tree.
    """
    weighed = _weigh(root)
    total = max((prose for _, prose, _ in weighed), default=0)
    element, prose, noise = max(weighed, key=lambda entry: entry[1] - _NOISE_COSTS * entry[2], default=(root, 0, 0))
    if not prose:
        return None
    sure = prose * 10 >= total * 8
    element, prose, noise = _first_copy(weighed, (element, prose, noise))
    by_element = {entry[0]: entry for entry in weighed}
    while element.tag in _WRAPPED_LINES:  # a single paragraph is never the whole container
        parent = element.getparent()
        if parent not in by_element or by_element[parent][2] > noise:
            break
        element, prose, noise = by_element[parent]
    return Prose(node=element, length=prose, sure=sure)


def _first_copy(
    weighed: list[tuple[HtmlElement, int, int]], chosen: tuple[HtmlElement, int, int]
) -> tuple[HtmlElement, int, int]:
    """The first of two copies (desktop and mobile) of one article inside the chosen subtree, or the subtree itself."""
    node, prose, _ = chosen
    large = [entry for entry in weighed if entry[1] * 5 >= prose * 2 and entry[0] is not node]
    within = [entry for entry in large if any(parent is node for parent in entry[0].iterancestors())]
    for entry in within:
        text = _start_of(entry[0])
        for other in within:
            apart = other[0] is not entry[0] and not any(up is entry[0] for up in other[0].iterancestors())
            if apart and entry[0] not in set(other[0].iterdescendants()) and _start_of(other[0]) == text:
                return entry
    return chosen


def _start_of(element: HtmlElement) -> str:
    return "".join("".join(element.itertext()).split())[:80]


def _weigh(root: HtmlElement) -> list[tuple[HtmlElement, int, int]]:
    """(element, prose, noise) of every visible subtree, inner ones first."""
    weighed: list[tuple[HtmlElement, int, int]] = []
    frames: list[_Frame] = []
    lines: list[_Frame] = []  # the open blocks: text belongs to the innermost
    walk = etree.iterwalk(root, events=("start", "end"))
    left_out: HtmlElement | None = None
    for event, element in walk:
        if event == "start":
            if element is not root and (element.tag in SKIPPED or is_hidden(element)):
                left_out = element
                walk.skip_subtree()
                continue
            above = frames[-1] if frames else None
            frame = _Frame(
                element,
                linked=element.tag == "a" or (above is not None and above.linked),
                footer=_is_footer(element) or (above is not None and above.footer),
            )
            if not lines or element.tag in BLOCKS or element.tag == "br":
                if lines:
                    lines[-1].settle()
                if element.tag != "br":
                    lines.append(frame)
            frames.append(frame)
            _add(lines[-1], frame, element.text)
            continue
        if element is left_out:
            left_out = None
        else:
            frame = frames.pop()
            if lines[-1] is frame:
                frame.settle()
                lines.pop()
            weighed.append((element, frame.prose, frame.noise))
            if frames:
                frames[-1].prose += frame.prose
                frames[-1].noise += frame.noise
        if frames:
            _add(lines[-1], frames[-1], element.tail)
    return weighed


def _add(line: _Frame, frame: _Frame, text: str | None) -> None:
    if not text:
        return
    if frame.linked:
        frame.noise += len(text.strip())
    else:
        line.run.append(text)


def _is_footer(element: HtmlElement) -> bool:
    if element.tag == "footer":
        return True
    if element.tag in {"body", "html"}:
        return False
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    return any(name.startswith(_FOOTER_NAMES) for name in names)
