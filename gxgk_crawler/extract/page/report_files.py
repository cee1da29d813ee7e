"""The files of a report wherever its page puts them, told apart from the files of the site."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

import re2
from lxml import etree

from gxgk_crawler.extract.page.links import (
    embedded_files,
    file_address,
    file_name,
    is_file,
    link_name,
    links_of,
    path_of,
)
from gxgk_crawler.extract.page.products import FILE_ENDS
from gxgk_crawler.extract.page.prose import is_footer
from gxgk_crawler.extract.page.text import BLOCKS, collapse, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from gxgk_crawler.items import Link

_LONGEST_LINE = 300
_NEAR = 12  # siblings between a link and the heading of its list
_LONGEST_HEADING = 20
_MOST_OUTSIDE = 100  # links looked at outside the body: a page has a handful of files, and a hostile one a million
_LONGEST_SCRIPT = 100_000
_EMBEDDING = frozenset({"iframe", "frame", "embed", "object", "param"})
_PAGES = ("html", ".htm", "/")
_CALLING = ("onclick", "data-url", "data-href", "data-file", "data-pdf", "data-path", "data-link", "data-src")
_SAYS_SO = re2.compile("附\\s*件|附\\s*表|附[：:]")
_DOWNLOAD = re2.compile("(?i)下\\s*载|全文|原文|阅读版|(?:pdf|word|ofd|doc|wps)\\s*版")
_ANY_REPORT = re2.compile("年度报告|年报|工作报告")
_OF_THE_SITE = re2.compile(
    "指南|申请表|申请书|阅读器|浏览器|插件|控件|使用说明|使用帮助|操作手册|用户手册|客户端|制度|目录|无障碍|字体|驱动"
)
_YEAR = re2.compile("(?:19|20)[0-9]{2}")
_STRINGS = re2.compile(r"""([\w$.]{0,24})\s*[=:(,+\[]?\s*["']([^"'<>]{3,1000})["']""")
_HINT = re2.compile(r"(?i)fj|fujian|file|attach|annex|pdf|ofd|down|url|src|href|open|doc|document|embed|path|accessory")
_OTHER_SCRIPT = re2.compile(r"(?i)help|manual|guide|reader|demo|tpl|template|plugin|sqb|apply|zhinan|\bzn\b|swf")


def report_files(
    root: HtmlElement, nodes: Sequence[HtmlElement], base: str | None, title: str | None, text: str
) -> list[Link]:
    """The document files of an article, in the order of the page, those of the body first.

    In the body every file counts. Outside of it a file counts that the page shows in a frame or viewer, one whose link or
    heading says 附件 or 下载 or gives a file's name, and one that an inline script names for a link or a viewer. Files in the
    footer, guides, forms and plug-ins, and reports of other years or other issuers are left out.
    text: the decoded page; only attributes whose names stand in it are looked for.
    """
    body = set(nodes)
    inside: list[tuple[str, str]] = []
    outside: list[tuple[str, str]] = []
    seen = 0
    for element in _carriers(root, text):
        files = list(_files_of(element))
        if not files:
            continue
        if element in body or any(parent in body for parent in element.iterancestors()):
            inside += files
            continue
        seen += 1
        if seen <= _MOST_OUTSIDE and (_is_shown(element) or _is_of_the_report(element, title or "")):
            outside += files
    return links_of([*inside, *outside, *_in_scripts(root)], base)


def _carriers(root: HtmlElement, text: str) -> Iterator[HtmlElement]:
    """All that can carry a file, in document order, without the links to pages: their number decides how long this takes."""
    lowered = text.lower()
    present = tuple(name for name in _CALLING if name in lowered)
    for element in cast("list[HtmlElement]", _finder(present)(root)):
        is_page = element.tag == "a" and (element.get("href") or "").endswith(_PAGES)
        if not is_page or any(element.get(name) is not None for name in present):
            yield element


@cache
def _finder(present: tuple[str, ...]) -> etree.XPath:
    """XPath of the elements that link to files or show them. present: the attributes of scripts that the page has."""
    calling = " or ".join(f"@{name}" for name in present if name != "data-src")
    late = " | //*[@data-src and not(self::img)]" if "data-src" in present else ""
    return etree.XPath(
        "//a[@href] | //area[@href] | //iframe | //frame | //embed | //object | //param"
        f"{f' | //*[{calling}]' if calling else ''}{late}"
    )


def _files_of(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """(name, address) of the files behind a click on an element, or shown in it."""
    if element.tag in _EMBEDDING:
        yield from ((collapse(element.get("title") or ""), address) for address in embedded_files(element))
    elif (address := file_address(element)) is not None:
        yield link_name(element), address


def _is_shown(element: HtmlElement) -> bool:
    """True for a frame, and for a block that a script turns into a viewer."""
    viewer = element.tag in _EMBEDDING or (element.tag in {"div", "section"} and element.get("onclick") is None)
    return viewer and not in_footer(element)


def _is_of_the_report(link: HtmlElement, title: str) -> bool:
    name, wanted = link_name(link), squeeze(title)
    bare = squeeze(name)
    if in_footer(link) or (_OF_THE_SITE.search(name) and not (wanted and bare.startswith(wanted))):
        return False
    years = set(_YEAR.findall(name))
    if years and not years & set(_YEAR.findall(title)):
        return False
    if wanted and wanted in bare:
        return True
    line = _line_around(link)
    if _SAYS_SO.search(line) or _SAYS_SO.search(_heading_above(link)):
        return True
    if _DOWNLOAD.search(line):
        return True
    return name.lower().endswith(FILE_ENDS) and _ANY_REPORT.search(name) is None  # which would be another issuer's


def _line_around(link: HtmlElement) -> str:
    """The text of the block that the link stands in; empty for one that is too long to be a line."""
    block = link
    while block.tag not in BLOCKS and (above := block.getparent()) is not None:
        block = above
    text = collapse("".join(block.itertext()))
    return text if len(text) <= _LONGEST_LINE else ""


def _heading_above(link: HtmlElement) -> str:
    """The short text before the list that the link stands in: 附件下载, 相关附件."""
    element = link
    for _ in range(4):
        above = element.getparent()
        if above is None or above.tag == "body":
            return ""
        for sibling, _ in zip(element.itersiblings(preceding=True), range(_NEAR), strict=False):
            text = collapse(sibling.tail or "") or collapse("".join(sibling.itertext()))
            if text and _SAYS_SO.search(text) and len(text) <= _LONGEST_HEADING:
                return text
        text = collapse(above.text or "")
        if text and len(text) <= _LONGEST_HEADING and _SAYS_SO.search(text):
            return text
        element = above
    return ""


def in_footer(element: HtmlElement) -> bool:
    """True for what stands in the footer of the page."""
    return any(map(is_footer, element.iterancestors()))


def _in_scripts(root: HtmlElement) -> Iterator[tuple[str, str]]:
    """Files that an inline script writes a link to, or hands to a viewer."""
    for script in root.iter("script"):
        text = script.text or ""
        if not text or script.get("src") or len(text) > _LONGEST_SCRIPT:
            continue
        if _file_in_string().search(text) is None:
            continue
        for before, string in _STRINGS.findall(text):
            for part in string.replace("\\/", "/").replace("|", ";").replace(",", ";").split(";"):
                address = part.strip()
                if not _is_plain_address(address) or _OTHER_SCRIPT.search(address):
                    continue
                if address.startswith("./") or _HINT.search(before):
                    yield "", address


@cache
def _file_in_string() -> re2._Regexp:
    ends = "|".join(re2.escape(end) for end in FILE_ENDS)
    return re2.compile(f"(?i)(?:{ends})[\"';|,?]")


def _is_plain_address(address: str) -> bool:
    return (
        is_file(address)
        and path_of(address).endswith(FILE_ENDS)
        and file_name(address)[:1] != "."
        and " " not in address
    )
