"""Second and third opinions on the body, for pages without a known container."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree, html

from gxgk_crawler.extract.page.text import Rendered, render, squeeze

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_AGREEMENT = 0.9
_GRAM = 4
_LONGEST = 400_000


def is_confirmed(root: HtmlElement, rendered: Rendered) -> bool:
    """True when another extractor reads nearly the same text out of the page as stands in `rendered`.

    readability is asked first, and trafilatura only when those two differ (F1 of character 4-grams below 0.9). A text of
    more than 400,000 characters is never confirmed: trafilatura needs half a minute and 500 MB for a large table.
    """
    text = "\n".join(rendered.lines)
    if len(text) > _LONGEST:
        return False
    for other in (_readability_text, _trafilatura_text):
        theirs = other(root)
        # Of a desktop and a mobile copy we take one; the others read both.
        if similarity(text, theirs) >= _AGREEMENT or similarity(text + text, theirs) >= _AGREEMENT:
            return True
    return False


def _readability_text(root: HtmlElement) -> str:
    from readability import Document  # noqa: PLC0415 - most pages never need it
    from readability.readability import Unparseable  # noqa: PLC0415

    try:
        summary = Document(deepcopy(root)).summary(html_partial=True)
        return "\n".join(render([html.fromstring(summary)]).lines)
    except (Unparseable, etree.ParserError):
        return ""


def _trafilatura_text(root: HtmlElement) -> str:
    import trafilatura  # noqa: PLC0415 - takes half a second to import, and most pages never need it

    return trafilatura.extract(deepcopy(root), include_comments=False, include_tables=True) or ""


def similarity(left: str, right: str) -> float:
    """F1 of the character 4-grams of two texts, white space and table bars ignored; 0 when one has none."""
    grams = [Counter(_grams(squeeze(text.replace("|", "")))) for text in (left, right)]
    shared = sum((grams[0] & grams[1]).values())
    total = sum(map(sum, (gram.values() for gram in grams)))
    return 2 * shared / total if total else 0.0


def _grams(text: str) -> list[str]:
    return [text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)]
