"""The place of a page whose body is a file: a frame, a viewer, a run of pictures, or a link and hardly a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.extract.page.lines import lines_of
from gxgk_crawler.extract.page.links import embedded_files, file_address
from gxgk_crawler.extract.page.neighbours import with_neighbours
from gxgk_crawler.extract.page.pictures import is_page_of_text
from gxgk_crawler.extract.page.prose import WRAPPED_LINES, is_footer
from gxgk_crawler.extract.page.report_files import in_footer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

_INLINE = WRAPPED_LINES | {
    "a",
    "img",
    "iframe",
    "object",
    "embed",
    "param",
    "font",
    "center",
    "table",
    "tbody",
    "tr",
    "figure",
}
_MOST = 2000


def find_shown(root: HtmlElement, near: Sequence[HtmlElement]) -> list[HtmlElement] | None:
    """The block around the file, or the pictures, that a page shows in place of a text; None when it shows none.

    near: the little prose that the page has. When it stands beside the file, with no menu between, it is the article.
    """
    shown = _framed(root) or _pictured(root) or _linked(root)
    if not shown:
        return None
    return list(near) if near and _are_together(near[0], shown[0]) else shown


def _framed(root: HtmlElement) -> list[HtmlElement]:
    for element in root.iter("iframe", "frame", "embed", "object", "param"):
        if next(embedded_files(element), None) is not None and not in_footer(element):
            holder = element.getparent() if element.tag == "param" else element
            block = holder.getparent() if holder is not None else None
            return [block] if block is not None and block.tag != "body" else [element]
    return []


def _pictured(root: HtmlElement) -> list[HtmlElement]:
    """The block with the most pictures that may be pages; of an article without a block, the pieces of it."""
    held: dict[HtmlElement, int] = {}
    images = [image for image, _ in zip(root.iter("img"), range(_MOST), strict=False) if is_page_of_text(image)]
    for image in images:
        held[_block_of(image)] = held.get(_block_of(image), 0) + 1
    if not held:
        return []
    block = max(held, key=lambda one: held[one])
    if block.tag not in {"body", "html"} and not _has_menu(block):
        return [block]
    pages = set(images)
    return [child for child in block if child in pages or any(image in pages for image in child.iter("img"))]


def _linked(root: HtmlElement) -> list[HtmlElement]:
    """The line of the first file that the middle of the page links to, and the lines that belong to it."""
    for element in root.iter("a"):
        if file_address(element) and not in_footer(element) and not _has_menu(_block_of(element)):
            line = element
            while line.tag not in {"p", "li", "div", "td", "section"} and (above := line.getparent()) is not None:
                line = above
            return with_neighbours([line]) if line.tag != "body" else [element]
    return []


def _block_of(element: HtmlElement) -> HtmlElement:
    block = element
    while block.tag in _INLINE and (above := block.getparent()) is not None:
        block = above
    return block


def _has_menu(element: HtmlElement) -> bool:
    return any(line.is_link for line in lines_of([element]))


def _are_together(one: HtmlElement, other: HtmlElement) -> bool:
    """True when no menu and no footer stands in the smallest part of the page that holds both."""
    above = {one, *one.iterancestors()}
    joint = next((parent for parent in (other, *other.iterancestors()) if parent in above), None)
    if joint is None or joint.tag in {"body", "html"}:
        return joint is not None and one is other
    return not _has_menu(joint) and not any(is_footer(element) for element in joint.iterdescendants("div", "footer"))
