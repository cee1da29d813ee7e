"""Advertising that a style sheet of the page, or a style off the screen, hides from readers and shows to search engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import re2
from lxml import etree

from gxgk_crawler.extract.page.text import collapse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.html import HtmlElement

_LONGEST_SHEET = 200_000
_LONGEST_TEXT = 4000  # an advertisement is short; a whole article in a hidden tab is none
_MOST = 200
_COMMENT = re2.compile(r"(?s)/\*.*?(?:\*/|\z)")
_AT_RULE = re2.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|@[^{};]*;")
_RULE = re2.compile(
    r"(?i)([^{}]+)\{([^{}]*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0|size\s*:\s*0|:\s*-\s*\d{3}|height\s*:\s*0)[^{}]*)\}"
)
_SPACE = re2.compile(r"\s+")
_SIMPLE = re2.compile(r"^([a-z][a-z0-9]*)?([.#])([\w-]+)$")
# What a style must hold to hide anything, but for display and visibility, which `text.is_hidden` sees.
_STYLED = etree.XPath(
    "//body//*[@style][contains(@style, ':-') or contains(@style, ': -') or contains(@style, 'opacity') or contains(@style, 'size:0')"
    " or contains(@style, 'height:0')]"
)
_NAMED = etree.XPath("//body//*[@class or @id]")
_HIDES = re2.compile(
    r"display:none|visibility:hidden|(?:^|;)opacity:0(?:;|!|$)|(?:^|;)font-size:0(?:px|em|pt)?(?:;|!|$)"
    r"|(?:^|;)(?:left|top|right|text-indent|margin-left):-\d{3,}|(?:^|;)(?:max-)?height:0(?:px)?(?:;|!|$)"
)


def drop_hidden_advertising(root: HtmlElement, is_advertising: Callable[[str], bool]) -> bool:
    """Take hidden advertising out of the tree; returns whether there was any.

    Hidden text that is no advertising stays: tabs and folded parts of an article are hidden until a script shows them. Only
    rules for a single class or id count, outside of `@media`, so that what is hidden on small screens or in print stays.
    """
    found = False
    for element in _hidden(root):
        text = collapse("".join(element.itertext()))
        if text and len(text) <= _LONGEST_TEXT and is_advertising(text):
            element.drop_tree()
            found = True
    return found


def _hidden(root: HtmlElement) -> Iterator[HtmlElement]:
    styled = cast("list[HtmlElement]", _STYLED(root))
    found = [element for element in styled if _hides(element.get("style") or "")]
    selectors = set(_hiding_selectors(root))
    if selectors:
        named = cast("list[HtmlElement]", _NAMED(root))
        found += [element for element in named if _is_selected(element, selectors)]
    yield from found[:_MOST]


def _is_selected(element: HtmlElement, selectors: set[tuple[str, str, str]]) -> bool:
    names = [(".", name) for name in (element.get("class") or "").split()]
    if identity := element.get("id"):
        names.append(("#", identity))
    return any((tag, kind, name) in selectors for kind, name in names for tag in ("", str(element.tag)))


def _hiding_selectors(root: HtmlElement) -> Iterator[tuple[str, str, str]]:
    """(tag or "", `.` or `#`, name) of every simple selector whose rule hides."""
    for sheet in root.iter("style"):
        css = sheet.text or ""
        if len(css) > _LONGEST_SHEET or (sheet.get("media") or "all").lower() not in {"all", "screen", ""}:
            continue
        for prelude, declarations in _RULE.findall(str(_AT_RULE.sub("", str(_COMMENT.sub("", css))))):
            if _hides(declarations):
                for selector in prelude.split(","):
                    simple = _SIMPLE.match(selector.strip())
                    if simple is not None:
                        yield simple[1] or "", simple[2], simple[3]


def _hides(declarations: str) -> bool:
    return bool(declarations) and _HIDES.search(_SPACE.sub("", declarations.lower())) is not None
