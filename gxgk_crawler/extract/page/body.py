"""Where the article is: a portal's layout, a known container, the part of the page that is prose, or the file that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from gxgk_crawler.extract.page.neighbours import with_neighbours
from gxgk_crawler.extract.page.products import Container, containers
from gxgk_crawler.extract.page.prose import find_prose, is_footer, is_footer_line
from gxgk_crawler.extract.page.shown_files import find_shown
from gxgk_crawler.extract.page.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

_ENOUGH = 80
_LONGEST_FOOTER = 600
_LENGTH = etree.XPath("string-length(normalize-space(translate(string(), '\u3000\u00a0', '  ')))")


# What the head of such a page says, by lower-case words.
_OFFICE_MARKS = (
    "urn:schemas-microsoft-com:office:", 'content="microsoft ', 'content="libreoffice', 'content="wps', "content=word.document",
    "content=excel.sheet", 'content="word.document', 'content="excel.sheet',
)  # fmt: skip
_HEAD = 4096
_LINKS_OF_A_FILE = 10  # a page of a portal has more, in its navigation alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The nodes that hold the article. known: a layout or a family's container named them. alone: see `Prose`."""

    nodes: Sequence[HtmlElement]
    known: bool
    alone: bool = False


def find_body(root: HtmlElement, text: str, selector: str = "") -> Body | None:
    """The body of a page, or None when the page has neither prose nor a file or picture in its place.

    text: the decoded page; looking for a name there costs a hundredth of walking the tree for it.
    selector: CSS of the portal's layout, tried first. Raises ValueError when it is not CSS.
    """
    if selector:
        nodes = _outermost(_select(root, selector))
        if nodes:
            return Body(nodes=nodes, known=True)
    if _is_office_file(root, text):
        return Body(nodes=[root], known=True)
    nodes = _known_container(root, text)
    if nodes and sum(map(text_length, nodes)) >= _ENOUGH:
        return Body(nodes=nodes, known=True)
    prose = find_prose(root)
    if prose is not None and prose.length >= 2 * _ENOUGH:
        return Body(nodes=with_neighbours(prose.nodes), known=False, alone=prose.alone)
    # A very short article: what little prose stands elsewhere is the copyright notice.
    if nodes:
        return Body(nodes=nodes, known=True)
    around = None if prose is None else with_neighbours(prose.nodes)
    shown = find_shown(root, around or [])
    if shown is not None:
        return Body(nodes=shown, known=False)
    return None if around is None else Body(nodes=around, known=False)


def _is_office_file(root: HtmlElement, text: str) -> bool:
    """True for a document that an office program saved as a page (and a portal serves as .doc or .xls): all of it is text."""
    head = text[:_HEAD].lower()
    if not any(mark in head for mark in _OFFICE_MARKS):
        return False
    return sum(1 for _ in root.iter("a")) <= _LINKS_OF_A_FILE


def text_length(element: HtmlElement) -> int:
    """Characters of the subtree, white space runs counted once, scripts and styles left out."""
    total = cast("float", _LENGTH(element))
    return int(total) - sum(
        len(" ".join((inner.text or "").split())) for inner in element.iterdescendants("script", "style")
    )


def _select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    try:
        return cast("list[HtmlElement]", CSSSelector(selector, translator="html")(root))
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {selector!r} ({error})") from error


def _outermost(nodes: Iterable[HtmlElement]) -> list[HtmlElement]:
    kept: list[HtmlElement] = []
    chosen: set[HtmlElement] = set()
    for node in nodes:
        if not any(parent in chosen for parent in node.iterancestors()):
            kept.append(node)
            chosen.add(node)
    return kept


def _known_container(root: HtmlElement, text: str) -> list[HtmlElement]:
    """The first container in document order with at least 80 % of the longest one's text, of all names together.

    Pages carry a desktop and a mobile copy of one article, teasers in the same class, and containers inside containers;
    of nested ones the innermost that keeps nearly all of the text is taken, because wrappers add buttons and lines.
    Sibling blocks with the same name that are no copies of each other are one body. The footer of a page, which some
    portals edit with the same editor, is none.
    """
    present = tuple(container for container in containers() if container.name in text)
    found: list[HtmlElement] = cast("list[HtmlElement]", _finder(present)(root)) if present else []
    sizes = {element: text_length(element) for element in found}
    found = [element for element in found if not _is_page_footer(element, sizes[element])]
    longest = max((sizes[element] for element in found), default=0)
    if not longest:  # pages of scanned images have nothing else in it
        return next(([element] for element in found if element.find(".//img") is not None), [])
    first = next(element for element in found if sizes[element] * 5 >= longest * 4)
    inner = first
    for element in found:
        if element is not inner and sizes[element] * 20 >= sizes[inner] * 19 and inner in element.iterancestors():
            inner = element
    return _with_siblings(inner, found, sizes)


def _is_page_footer(element: HtmlElement, size: int) -> bool:
    """True for a container that stands in the footer, or that holds a line of a footer and no sentence."""
    if is_footer(element) or any(map(is_footer, element.iterancestors())):
        return True
    if not 0 < size <= _LONGEST_FOOTER:
        return False
    text = squeeze("".join(element.itertext()))
    return is_footer_line(text) and "。" not in text


@cache
def _finder(present: tuple[Container, ...]) -> etree.XPath:
    """XPath of all elements of these kinds, in document order."""
    tests = []
    for container in present:
        name = container.name
        if container.kind == "tag":
            tests.append(f"self::{name}")
        elif container.kind == "id":
            numbered = f" or starts-with(@id, '{name}_')" if container.numbered else ""
            tests.append(f"@id='{name}'{numbered}")
        else:
            tests.append(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')")
    return etree.XPath(f"//*[{' or '.join(tests)}]")


def _with_siblings(chosen: HtmlElement, found: list[HtmlElement], sizes: dict[HtmlElement, int]) -> list[HtmlElement]:
    parent = chosen.getparent()
    name = chosen.get("class")
    siblings = [
        element
        for element in found
        if element.getparent() is parent
        and element.get("class") == name
        and element.tag == chosen.tag
        and sizes[element]
    ]
    if len(siblings) < 2 or chosen not in siblings:
        return [chosen]
    texts = {squeeze("".join(element.itertext())) for element in siblings}
    if len(texts) < len(siblings):
        return [chosen]
    return siblings
