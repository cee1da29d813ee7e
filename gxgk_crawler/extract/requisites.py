"""What a page needs to be shown as it was: style sheets and images, found in its markup and in its style sheets.

Scripts and fonts are left out: a report is read without the ones, and shown in other letters without the others.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

import re2
from lxml import etree

from gxgk_crawler.extract.files.media_type import binary_type
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.links import web_url
from gxgk_crawler.extract.page.tree import looks_like_html, parse
from gxgk_crawler.items import Requisites

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_MOST_SHEETS = 40  # of one page, and of one sheet
_MOST_IMAGES = 200
_MOST_TOKENS = 50_000  # of one page or sheet: seconds of work, however large it is
_SCRIPTS = (".js", ".htc")  # what `behavior: url()` loads

_CARRIERS = etree.XPath(
    "//link[@rel and @href] | //style | //img | //source[@srcset] | //input[@src] | //*[contains(@style, '(')] | //*[@background]"
)
# Tokens of CSS Syntax Level 3 that can hold an address or hide one. Each matches once it has begun, whatever follows, so
# that no text is looked at twice: a comment, a string or a block that is never closed goes on to the end.
_TOKENS = re2.compile(
    r"""(?is)
    /\*.*?(?:\*/|\z)
    |@font-face[^{;]*(?:\{[^}]*)?
    |@(?P<rule>import|namespace)\b
    |\burl\(\s*(?:"(?P<double>(?:[^"\\\n]|\\.)*)|'(?P<single>(?:[^'\\\n]|\\.)*)|(?P<bare>(?:[^"'()\\\s]|\\(?:[0-9a-f]{1,6}\s?|.))*))["']?
    |"(?P<string>(?:[^"\\\n]|\\.)*)"?
    |'(?P<quoted>(?:[^'\\\n]|\\.)*)'?
    """.replace("\n    ", "")
)
_ESCAPE = re2.compile(r"(?s)\\(?:([0-9a-fA-F]{1,6})(?:\r\n|\s)?|(\r\n|.))")
_CANDIDATE = re2.compile(r"[\s,]*(?:(\S*[^\s,]),+(?:\s|\z)|(\S+)[^,]*(?:,|\z))")  # HTML, section 4.8.4.2.1


def page_requisites(body: bytes, url: str, charset: str | None = None) -> Requisites:
    """What the page names itself; nothing for an entity that is no page.

    body: content-decoded. url: of the page as fetched; a `<base>` counts. charset: what the HTTP header said. Never raises on
    hostile bytes; of more than 40 sheets or 200 images the rest is left out.
    """
    if binary_type(body) is not None:
        return Requisites()
    text = decode(body, charset).text
    root = parse(text)[0] if looks_like_html(text) else None
    if root is None:
        return Requisites()
    base = root.find(".//base[@href]")
    found = _Found(url if base is None else web_url(base.get("href"), url) or url)
    for element in cast("list[HtmlElement]", _CARRIERS(root)):
        found.see(element)
    return found.requisites(url)


def sheet_requisites(body: bytes, url: str, charset: str | None = None) -> Requisites:
    """What a style sheet names: the sheets that it imports, and the images of its rules. Arguments and limits as for pages."""
    found = _Found(url)
    found.see_css(decode(body, charset).text)
    return found.requisites(url)


class _Found:
    """The addresses met so far, made absolute against `base`."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._sheets: dict[str, None] = {}
        self._images: dict[str, None] = {}
        self._tokens_left = _MOST_TOKENS

    def requisites(self, own: str) -> Requisites:
        """All but the URL of the page itself, which `<img src="?">` and its kin name."""
        return Requisites(
            stylesheets=[url for url in self._sheets if url != own], images=[url for url in self._images if url != own]
        )

    def see(self, element: HtmlElement) -> None:
        if element.tag == "link":
            kinds = element.get("rel", "").lower().split()
            if "stylesheet" in kinds and "alternate" not in kinds:
                self._add(self._sheets, element.get("href"), _MOST_SHEETS)
        elif element.tag == "style":
            self.see_css(element.text or "")
        elif element.tag in {"img", "input"}:
            self._image(element.get("src"))
        for address in _candidates(element.get("srcset", "")):
            self._image(address)
        self._image(element.get("background"))
        if "style" in element.attrib:
            self.see_css(element.attrib["style"])

    def see_css(self, text: str) -> None:
        lowered = text.lower()
        if "url(" not in lowered and "@import" not in lowered:
            return
        for address, is_sheet in _addresses(self._tokens(text)):
            if is_sheet:
                self._add(self._sheets, address, _MOST_SHEETS)
            elif not address.lower().endswith(_SCRIPTS):
                self._image(address)

    def _tokens(self, css: str) -> Iterator[re2._Match[str]]:
        for token in islice(_TOKENS.finditer(css), self._tokens_left):
            self._tokens_left -= 1
            yield token

    def _image(self, address: str | None) -> None:
        self._add(self._images, address, _MOST_IMAGES)

    def _add(self, found: dict[str, None], address: str | None, most: int) -> None:
        url = web_url(address, self._base)
        if url is not None and len(found) < most:
            found[url] = None


def _candidates(srcset: str) -> Iterator[str]:
    """The addresses of a `srcset`, without their descriptors."""
    for match in _CANDIDATE.finditer(srcset):
        yield match[1] or match[2]


def _addresses(tokens: Iterable[re2._Match[str]]) -> Iterator[tuple[str, bool]]:
    """(address, is it an imported sheet) of everything that the style sheet of these tokens loads."""
    rule, end = "", 0  # the @import or @namespace that waits for its address, and where the last token ended
    for token in tokens:
        if rule and token.string[end : token.start()].strip():
            rule = ""
        end = token.end()
        if token["rule"] is not None:
            rule = token["rule"].lower()
            continue
        loaded = next((token[name] for name in ("double", "single", "bare") if token[name] is not None), None)
        named = next((token[name] for name in ("string", "quoted") if token[name] is not None), None)
        if loaded is None and named is None:
            continue  # a comment may stand anywhere
        if rule == "import":
            yield _plain(loaded or named or ""), True
        elif loaded is not None and rule != "namespace":
            yield _plain(loaded), False
        rule = ""


def _plain(address: str) -> str:
    """The address without CSS escapes."""
    return _ESCAPE.sub(_escaped, address) if "\\" in address else address


def _escaped(match: re2._Match[str]) -> str:
    if match[1] is None:
        return "" if match[2] in {"\n", "\r\n"} else match[2]
    number = int(match[1], 16)
    is_character = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else "\ufffd"
