"""The pictures of an article, and those among them that show what no text says: scanned pages, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2
from lxml import etree

from gxgk_crawler.extract.page.links import PICTURE_ENDS, links_of, path_of, picture_address
from gxgk_crawler.extract.page.prose import is_footer
from gxgk_crawler.extract.page.text import BLOCKS, SKIPPED, collapse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from gxgk_crawler.items import Link

_TEMPLATE = re2.compile(
    r"(?i)logo|icon|ico\b|banner|head|foot|(?:^|[/_-])(?:bg|ad|zt|wx|wb|qq|top|nav|btn|red|line|dot|ewm|qr|wza|hd|close|print)[\w-]{0,8}\.\w+$"
    r"|ewm|erweima|qrcode|weixin|weibo|share|arrow|button|loading|blank|spacer|jiucuo|zfwzbs|dzjg|jigou|police|gongan|beian|search|menu"
    r"|(?:^|[/_-])(?:docx?|xlsx?|pptx?|pdf|ofd|wps|word|excel|zip|rar|txt|file|attach(?:ment)?|down(?:load)?)\.(?:gif|png|jpe?g|bmp|webp)$"
)
_UPLOADED = re2.compile(
    r"(?i)(?:^|/)[wp]0\d{6,}|upload|upfile|attach|/files?/|picture|/(?:19|20)\d\d|__local|ewebeditor|ueditor"
)
_SMALL = 150  # pixels: no table and no page of text is narrower or lower
_LONGEST_HEADING = 60
_LONGEST_UNIT = 24
# The chapters of a report that hold a statutory table, since 2019 nothing but the table.
_CHAPTER = re2.compile("主动公开(?:政府)?信息的?情况|政府信息公开申请.{0,8}情况|行政(?:复议|诉讼).{0,12}情况")
_TABLE = re2.compile(
    "(?:统计|情况|汇总|一览|明细)表[^。；]{0,10}$|(?:如|见|以)下.{0,6}[表图](?:格|所示)?[：:。]?$|下表(?:所示)?[：:。]?$"
)
_UNIT = re2.compile("单位|填报|年度")
_NOTE = re2.compile("^[（(【*]?(?:备?注|说明|来源)")


def pictures(nodes: Iterable[HtmlElement], base: str | None) -> list[Link]:
    """The pictures of the body, in order."""
    found = []
    for node in nodes:
        for image in node.iter("img"):
            address = picture_address(image)
            if address:
                found.append((collapse(image.get("alt") or ""), address))
    return links_of(found, base)


def is_page_of_text(image: HtmlElement) -> bool:
    """True for a picture that may be a page of a report: uploaded, not small, no link and no part of the template."""
    address = picture_address(image) or ""
    uploaded = _UPLOADED.search(address) is not None or path_of(address).endswith(PICTURE_ENDS)
    return uploaded and may_hold_text(image)


def may_hold_text(image: HtmlElement) -> bool:
    """True for a picture that can be read: not small, no link to a page or file, no icon and no part of the template."""
    address = picture_address(image) or ""
    if not address or _TEMPLATE.search(address) or any(map(is_footer, image.iterancestors())):
        return False
    for name in ("width", "height"):
        size = (image.get(name) or "").removesuffix("px").strip()
        if size.isdecimal() and int(size) < _SMALL:
            return False
    link = next(image.iterancestors("a"), None)
    return link is None or path_of(link.get("href") or "").endswith(PICTURE_ENDS)


def show_a_table(nodes: Sequence[HtmlElement]) -> bool:
    """True when a picture of the body stands where the line above announces a table.

    A chapter whose heading names a table announces it only when no prose follows: chapters of older reports are prose, with
    pictures between. Words such as 如下表 or 统计表 announce it always.
    """
    above, is_open = "", False  # a picture stands below a chapter, and no line has followed it yet
    for part in _lines_and_pictures(nodes):
        if part is None:
            if _TABLE.search(above):
                return True
            is_open = is_open or _is_chapter(above)
        elif part:
            if is_open and not _is_prose(part):
                return True
            is_open = False
            if not _is_unit(part):
                above = part
    return is_open


def announce_a_table(lines: Sequence[str]) -> bool:
    """True when a line announces a table, or heads a chapter that no prose follows: for files, whose pictures have no place."""
    following = [*lines[1:], ""]
    return any(
        _TABLE.search(line) or (_is_chapter(line) and not _is_prose(below))
        for line, below in zip(lines, following, strict=True)
    )


def _is_unit(line: str) -> bool:
    """True for what stands between the title of a table and the table: （单位：件）."""
    return len(line) <= _LONGEST_UNIT and _UNIT.search(line) is not None and _TABLE.search(line) is None


def _is_chapter(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and not line.endswith("。") and _CHAPTER.search(line) is not None


def _is_prose(line: str) -> bool:
    return line.endswith(("。", "；", "，")) and _NOTE.search(line) is None


def _lines_and_pictures(nodes: Sequence[HtmlElement]) -> Iterator[str | None]:
    """The lines of the body, and None for every picture that may hold text, in the order of the page."""
    run: list[str] = []
    for node in nodes:
        walk = etree.iterwalk(node, events=("start", "end"))
        for event, element in walk:
            is_picture = event == "start" and element.tag == "img" and may_hold_text(element)
            if is_picture or element.tag in BLOCKS or element.tag == "br":
                yield collapse("".join(run))
                run.clear()
            if is_picture:
                yield None
            if event == "start" and element.tag in SKIPPED:
                walk.skip_subtree()
            elif event == "start":
                run.append(element.text or "")
            elif element is not node:
                run.append(element.tail or "")
    yield collapse("".join(run))
