"""What a click or a choice would open, read from the code that it calls. No script is run: an address is put together only where the
page states all its parts, as strings, numbers, arguments of the call, or the value of the option that is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import re2

if TYPE_CHECKING:
    from collections.abc import Mapping

    Value = str | int

Asks = Literal["asks", "counts", "unknown", "nothing"]

_LONGEST_CODE = 2_000  # characters of an attribute
_LONGEST_BODY = 1_500  # characters of a function
_MOST_TOKENS = 60
# Where a script puts the address of a page or of a part of one: location.href = ..., frame.src = ..., window.open(...), $.get(...).
_OPENS = re2.compile(
    r"(?:\blocation(?:\.href)?\s*=|\.src\s*=|\bwindow\.open\s*\(|\blocation\.(?:assign|replace)\s*\("
    r"|\.attr\s*\(\s*['\"](?:src|href)['\"]\s*,|\.(?:load|get|getJSON)\s*\(|\bfetch\s*\(|\burl\s*:)\s*"
)
_GIVEN = re2.compile(r"^(?:https?:/|\.{0,2})/[^\s'\"<>]+$|^[\w./-]+\.(?:s?html?|jsp|aspx?|php|do)(?:\?[^\s'\"<>]*)?$")
_ASKS = re2.compile(
    r"\blocation\b|\.src\s*=|\bopen\s*\(|\.(?:load|get|getJSON|post|ajax|submit|send)\s*\(|\bfetch\s*\(|\baxios\b|__doPostBack"
)
_CALL = re2.compile(r"^\s*(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(([^()]{0,500}(?:\([^()]{0,100}\)[^()]{0,200}){0,3})\)")
_TOKEN = re2.compile(
    r"""\s*('(?:[^'\\\n]|\\.){0,500}'|"(?:[^"\\\n]|\\.){0,500}"|\d{1,9}|[A-Za-z_$][\w$]*(?:\.[\w$]+|\[[^\[\]]{0,80}\])*|[+()])"""
)
_THROUGH = frozenset({"encodeURI", "encodeURIComponent", "parseInt", "Number", "String", "escape"})
_CHOSEN = re2.compile(r"^(?:this|[\w$]+)\.(?:value|options\[[^\]]*\]\.value|val)$|^value$")


def opened(code: str, html: str, value: str | None = None) -> str | None:
    """The address that the code of an event opens, as the page writes it; None when it opens none, or one that is not all there.

    code: of `onclick`, `onchange` or a `javascript:` address. html: the page, for the functions that the code calls.
    value: of the option that is chosen; `this.value` stands for it.
    """
    if len(code) > _LONGEST_CODE:
        return None
    code = code.strip().removeprefix("javascript:")
    given: dict[str, Value] = {} if value is None else {"": value}
    found = _address(code, given, html)
    if found is not None:
        return found
    call = _CALL.search(code)
    if call is None:
        return None
    function = _function(call.group(1), html)
    values = [_evaluated(part, given, html) for part in _arguments(call.group(2))]
    if function is None:  # of a script of its own: what it opens is what it is given
        addresses = [v for v in values if isinstance(v, str) and _GIVEN.search(v)]
        return addresses[0] if len(addresses) == 1 else None
    names, body = function
    known = {name: v for name, v in zip(names, values, strict=False) if v is not None}
    return _address(body, given | known, html)


def asks_server(code: str, html: str) -> Asks:
    """What the code of an event does when `opened` finds no address in it.

    asks: it opens a page, fetches something or sends a form. counts: it calls a function that the page does not hold, with the number
    of a further page. unknown: with anything else. nothing: it only shows and hides.
    """
    code = code[:_LONGEST_CODE].strip().removeprefix("javascript:").strip(" ;")
    if _ASKS.search(code):
        return "asks"
    call = _CALL.search(code)
    if call is None or call.group(1) in {"void", "alert", "confirm"}:
        return "nothing"
    function = _function(call.group(1), html)
    if function is not None:
        return "asks" if _ASKS.search(function[1]) else "nothing"
    values = [_evaluated(part, {}, html) for part in _arguments(call.group(2))]
    return "counts" if any(str(value).isdecimal() and int(value or 0) > 1 for value in values) else "unknown"


def _address(code: str, given: Mapping[str, Value], html: str) -> str | None:
    """The first address that the code opens."""
    for found in _OPENS.finditer(code):
        value = _evaluated(code[found.end() :], given, html)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _function(name: str, html: str) -> tuple[list[str], str] | None:
    """Parameters and body of a function that a script of the page defines."""
    quoted = re2.escape(name)
    found = re2.search(
        rf"(?:\bfunction\s+{quoted}\s*|\b{quoted}\s*[=:]\s*function\s*)\(([\w$\s,]{{0,200}})\)\s*\{{", html
    )
    if found is None:
        return None
    body = html[found.end() : found.end() + _LONGEST_BODY]
    depth = 1
    for at, sign in enumerate(body):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            body = body[:at]
            break
    return [part.strip() for part in found.group(1).split(",")], body


def _arguments(text: str) -> list[str]:
    """The arguments of a call; a comma inside quotes or parentheses does not part them."""
    parts, quote, depth, start = [], "", 0, 0
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _evaluated(text: str, given: Mapping[str, Value], html: str) -> Value | None:
    """The value of the expression that `text` begins with: strings, numbers and known names joined by `+`; else None."""
    tokens: list[str] = []
    at = 0
    while len(tokens) < _MOST_TOKENS and (found := _TOKEN.match(text, at)) is not None:
        tokens.append(found.group(1))
        at = found.end()
    value, _ = _sum(tokens, 0, given, html)
    return value


def _sum(tokens: list[str], at: int, given: Mapping[str, Value], html: str) -> tuple[Value | None, int]:
    value, at = _term(tokens, at, given, html)
    while value is not None and at < len(tokens) and tokens[at] == "+":
        more, at = _term(tokens, at + 1, given, html)
        if more is None:
            return None, at
        value = value + more if isinstance(value, int) and isinstance(more, int) else f"{value}{more}"
    return value, at


def _term(tokens: list[str], at: int, given: Mapping[str, Value], html: str) -> tuple[Value | None, int]:
    if at >= len(tokens):
        return None, at
    part = tokens[at]
    if part in _THROUGH and at + 1 < len(tokens) and tokens[at + 1] == "(":
        return _term(tokens, at + 1, given, html)
    if part == "(":
        value, at = _sum(tokens, at + 1, given, html)
        return (value, at + 1) if at < len(tokens) and tokens[at] == ")" else (None, at)
    if part[0] in "'\"":
        return part[1:-1].replace("\\/", "/"), at + 1
    if part.isdecimal():
        return int(part), at + 1
    return _named(part, given, html), at + 1


def _named(name: str, given: Mapping[str, Value], html: str) -> Value | None:
    """The value of a name: an argument, the chosen option, or a string or number that the page assigns to it once."""
    if name in given:
        return given[name]
    if _CHOSEN.search(name):
        return given.get("")
    if not name.replace("_", "").replace("$", "").isalnum():
        return None
    found = re2.search(
        rf"""\bvar\s+{re2.escape(name)}\s*=\s*(?:['"]([^'"<>\s]{{0,300}})['"]|(\d{{1,9}}))\s*[;,\n]""", html
    )
    if found is None:
        return None
    return str(found.group(1)) if found.group(1) is not None else int(found.group(2))
