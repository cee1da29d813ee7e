"""Text to one element tree, parsed once and handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2
from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Iterator

# Bytes that XML cannot hold, and that Postgres (NUL) or a terminal (ESC) cannot bear.
_CONTROLS = bytes(sorted({*range(32), 127} - {9, 10, 12, 13}))
_HEAD = 8192
_EMBED = re2.compile(rb"(?i)(<embed\b[^<>]*>)")
_END_TAGS = (b"</body", b"</html")
_TAGS = (
    "<!doctype", "<html", "<head", "<body", "<div", "<p>", "<p ", "<table", "<meta", "<title", "<span", "<br", "<a ", "<td", "<h1", "<ul",
    "<script", "<style", "<font", "<center", "<frame",
)  # fmt: skip


def looks_like_html(text: str) -> bool:
    """True when the head of the text holds a tag that prose does not."""
    head = text[:8192].lower()
    return any(tag in head for tag in _TAGS)


def parse(text: str) -> tuple[html.HtmlElement | None, bool]:
    """Parse a page; returns (root, whole).

    root: None when there is no element at all. whole: False when libxml2 stopped at its depth limit (2,048), beyond
    which it drops text without an error. Early `</body></html>` before the content (seen on gov.cn itself) are taken
    out first, because the parser would put all that follows outside the body. Comments and processing instructions
    are not kept. Entities are never loaded from outside: the HTML parser knows no DTD.
    """
    data = _with_closed_embeds(text.encode("utf-8", "replace").translate(None, _CONTROLS))
    data = _without_end_tags(data)
    head = data[:_HEAD].lower()
    if (
        b"<tr" in head and b"<table" not in head
    ):  # rows of a spreadsheet that lost its table: the parser would drop them
        data = b"<table>" + data
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError:
        return None, True
    except etree.XMLSyntaxError:
        return None, False
    whole = not any("depth" in entry.message.lower() for entry in _errors(parser))
    return root, whole


def strip_markup(text: str) -> str:
    """Text of a page that is nested too deeply to parse: everything between tags, one line per tag. Linear."""
    parts: list[str] = []
    for piece in text.translate(dict.fromkeys(_CONTROLS)).split("<"):
        _, closed, after = piece.partition(">")
        parts.append(after if closed else piece)
    return "\n".join(line for part in parts if (line := " ".join(part.split())))


def _errors(parser: html.HTMLParser) -> Iterator[etree._LogEntry]:
    return iter(parser.error_log)


def _with_closed_embeds(data: bytes) -> bytes:
    """`<embed>` has no content and needs no end tag, but the parser waits for one and puts the rest of the page inside."""
    return _EMBED.sub(rb"\1</embed>", data) if b"<embed" in data or b"<EMBED" in data else data


def _without_end_tags(data: bytes) -> bytes:
    lowered = data.lower()
    cuts: list[tuple[int, int]] = []
    for tag in _END_TAGS:
        at = lowered.find(tag)
        while at >= 0:
            end = data.find(b">", at)
            if end < 0:
                break
            cuts.append((at, end + 1))
            at = lowered.find(tag, end)
    if not cuts:
        return data
    kept, last = [], 0
    for start, end in sorted(cuts):
        kept.append(data[last : max(start, last)])
        last = max(end, last)
    kept.append(data[last:])
    return b"".join(kept)
