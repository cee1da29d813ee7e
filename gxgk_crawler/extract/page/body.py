"""Where the article is: a portal's layout, a known container, or the part of the page that is prose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from gxgk_crawler.extract.page.prose import find_prose
from gxgk_crawler.extract.page.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

# Containers in which the CMS products put the article and nothing else (the editor's own output), measured on 78
# government pages; ids and classes as token, in the spelling of the page.
_VSB = "vsb_content"
_CONTAINERS: dict[str, str] = {
    "ucapcontent": "tag",  # 开普, around the article itself
    "UCAP-CONTENT": "id",  # 开普 (gov.cn itself)
    "cmsArticleContent": "id",  # 开普
    "TRS_UEDITOR": "class",  # 拓尔思, new editor
    "trs_editor_view": "class",
    "TRS_Editor": "class",  # 拓尔思, old editor
    "zoom": "id",  # 大汉, Openness, many others
    "Zoom": "id",
    "ZOOM": "id",
    "zoomcon": "id",  # 广东 NFCMS
    "fontzoom": "id",
    "ivs_content": "id",  # 上海
    _VSB: "id",  # 博达, also vsb_content_2, vsb_content_500 ...
    "v_news_content": "class",
    "easysiteText": "id",  # 中科汇联
    "j-fontContent": "class",  # 安徽
    "pages_content": "class",
    "js_content": "id",
    "article_content": "id",
    "articleContent": "id",
    "info_content": "id",
}
_ENOUGH = 80
_LENGTH = etree.XPath("string-length(normalize-space(translate(string(), '\u3000\u00a0', '  ')))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The nodes that hold the article. known: a layout or a family's container named them."""

    nodes: Sequence[HtmlElement]
    known: bool


def find_body(root: HtmlElement, text: str, selector: str = "") -> Body | None:
    """The body of a page, or None when the page has no prose at all.

    text: the decoded page; looking for a name there costs a hundredth of walking the tree for it.
    selector: CSS of the portal's layout, tried first. Raises ValueError when it is not CSS.
    """
    if selector:
        nodes = _outermost(_select(root, selector))
        if nodes:
            return Body(nodes=nodes, known=True)
    nodes = _known_container(root, text)
    if nodes and sum(map(text_length, nodes)) >= _ENOUGH:
        return Body(nodes=nodes, known=True)
    prose = find_prose(root)
    if nodes and (prose is None or prose.length < 2 * _ENOUGH):
        # A very short article: what little prose stands elsewhere is the copyright notice.
        return Body(nodes=nodes, known=True)
    if prose is None:
        return None
    return Body(nodes=[prose.node], known=False)


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
    Sibling blocks with the same name that are no copies of each other are one body.
    """
    present = tuple(name for name in _CONTAINERS if name in text)
    found: list[HtmlElement] = cast("list[HtmlElement]", _finder(present)(root)) if present else []
    sizes = {element: text_length(element) for element in found}
    longest = max(sizes.values(), default=0)
    if not longest:  # pages of scanned images have nothing else in it
        return next(([element] for element in found if element.find(".//img") is not None), [])
    first = next(element for element in found if sizes[element] * 5 >= longest * 4)
    inner = first
    for element in found:
        if element is not inner and sizes[element] * 20 >= sizes[inner] * 19 and inner in element.iterancestors():
            inner = element
    return _with_siblings(inner, found, sizes)


@cache
def _finder(names: tuple[str, ...]) -> etree.XPath:
    """XPath of all elements with one of these names, in document order."""
    tests = []
    for name in names:
        if name == "ucapcontent":
            tests.append("self::ucapcontent")
        elif name == _VSB:
            tests.append(f"@id='{name}' or starts-with(@id, '{name}_')")
        elif _CONTAINERS[name] == "id":
            tests.append(f"@id='{name}'")
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
