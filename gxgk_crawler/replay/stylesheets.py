r"""Style sheets without a way out: every address in them leads to the archive, or nowhere.

They are read token by token (CSS Syntax Level 3), because an address may hide behind escapes: `u\72l(`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_SHEET = 512 << 10  # characters; a sheet of 1 MB took 2.3 s
_NOWHERE = "about:invalid"
_DEEPEST = 60  # brackets in brackets: the library goes down them by recursion
_LOADING = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"})
_NEVER = frozenset({"expression", "attr", "element", "-moz-element", "paint"})
# Rules that load something by a string, and one that changes what names mean.
_LOADING_RULES = frozenset({"import", "namespace", "charset", "document", "-moz-document"})
_NEVER_PROPERTIES = frozenset({"behavior", "-moz-binding", "-ms-behavior"})


def safe_css(css: str, address: Callable[[str], str | None]) -> str:
    """The style sheet, or the declarations of a style attribute, with other addresses; empty when it is too large or too deep.

    address: where the archive has what an address names, or None.
    """
    if len(css) > LONGEST_SHEET or _depth(css) > _DEEPEST:
        return ""
    given: set[str] = {_NOWHERE}

    def known(url: str) -> str | None:
        found = address(url)
        given.update(() if found is None else (found,))
        return found

    nodes = tinycss2.parse_component_value_list(css, skip_comments=True)
    # In a page a style sheet ends at this tag, wherever it stands.
    made = str(tinycss2.serialize(list(_safe(nodes, known)))).replace("</", "<\\/").replace("<!--", "")
    # What was written is read once more: a broken string could have become something else.
    written = tinycss2.parse_component_value_list(made, skip_comments=True)
    return made if _leads_only_to(written, given) else ""


def _leads_only_to(nodes: list[Any], given: set[str]) -> bool:
    """Whether the tokens name no address but the given ones, and nothing is broken."""
    for node in nodes:
        if node.type == "error" or (node.type == "at-keyword" and node.lower_value in _LOADING_RULES):
            return False
        if node.type == "url" and node.value not in given:
            return False
        if node.type == "function" and node.lower_name in _LOADING | _NEVER:
            return False
        inner = node.arguments if node.type == "function" else getattr(node, "content", None)
        if inner and not _leads_only_to(inner, given):
            return False
    return True


def _depth(css: str) -> int:
    """How deep brackets may be nested: those in strings count too, so it is never less."""
    deepest = depth = 0
    for character in css:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth = max(depth - 1, 0)
    return deepest


def _safe(nodes: list[Any], address: Callable[[str], str | None]) -> Iterator[Any]:
    skipping = False
    for node in nodes:
        if skipping:  # to the end of the rule
            skipping = not (node.type == "{} block" or (node.type == "literal" and node.value == ";"))
        elif node.type == "at-keyword" and node.lower_value in _LOADING_RULES:
            skipping = True
        elif node.type != "error":
            yield from _safe_node(node, address)


def _safe_node(node: Any, address: Callable[[str], str | None]) -> Iterator[Any]:
    if node.type == "url":
        yield _url(address(node.value))
        return
    if node.type == "function" and node.lower_name in _LOADING:
        yield from _loading(node, address)
        return
    if node.type == "function":
        if node.lower_name in _NEVER:
            return
        node.arguments = list(_safe(node.arguments, address))
    elif node.type == "ident" and node.lower_value in _NEVER_PROPERTIES:
        node.value = "-gxgk-none"
    elif node.type in {"{} block", "[] block", "() block"}:
        node.content = list(_safe(node.content, address))
    yield node


def _loading(node: Any, address: Callable[[str], str | None]) -> Iterator[Any]:
    """A function that loads what its strings name: the first address that the archive has, as `url()`."""
    for argument in _strings(node.arguments):
        found = address(argument)
        if found is not None:
            yield _url(found)
            return
    yield _url(None)


def _strings(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if node.type in {"string", "url"}:
            yield node.value
        elif node.type == "function":
            yield from _strings(node.arguments)


def _url(address: str | None) -> Any:
    """A token for `url()`. address: holds no character that would end it."""
    safe = _NOWHERE if address is None else address
    (token,) = tinycss2.parse_component_value_list(f"url({safe})")
    return token
