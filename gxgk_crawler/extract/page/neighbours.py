"""What stands beside the prose of an article and belongs to it: headings, tables, salutation, files, signature and date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.page.grids import is_data_table
from gxgk_crawler.extract.page.lines import BlockLine, lines_of
from gxgk_crawler.extract.page.prose import WRAPPED_LINES, is_footer
from gxgk_crawler.extract.page.signature import is_agency, signing_line
from gxgk_crawler.extract.page.text import SKIPPED, collapse, is_hidden, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

_HEADING = re2.compile(
    "^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、.．]|第[一二三四五六七八九十]{1,3}[章节条部]|《)"
)
_BELONGS = re2.compile("^(?:附件|附表|附[：:]|详见附件|[（(]?单位[：:]|各[^：:]{1,30}[：:]$)|[（(]此件[^）)]*[)）]$")
_OF_THE_PAGE = re2.compile(
    "来源|发布(?:时间|日期|机构)|(?:日期|时间|字体|字号|作者|编辑|审核|索引号|文号)[：:]|浏览|点击|阅读|打印|关闭|分享|收藏|扫一扫|二维码|上一?篇|下一?篇"
    "|位置[：:]|主办|承办|版权|备案|标识码|地址[：:]|邮编|网站地图|联系我们|首页|无障碍|登录|注册|搜索"
)
_FIRST_LINES, _ALL_LINES = 3, 1_000_000
_LONGEST_LEVEL = 400  # siblings looked at on one level


def with_neighbours(nodes: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The nodes of an article, and what stands before and behind them on their level and the levels above.

    A neighbour belongs to the article when every line of it does: no menu, no label of the page, no unknown words. On the
    level of single paragraphs it is enough that a line is no link and speaks for no part of the page. The search ends on the first level
    where anything else stands beside the article; it never takes in what it has no words for.
    """
    chosen = list(nodes)
    reach = chosen
    while (parent := reach[0].getparent()) is not None and not _own_text(parent):
        before, gained_before, open_before = _beside(reach, preceding=True)
        after, gained_after, open_after = _beside(reach, preceding=False)
        if gained_before or gained_after:
            chosen = [*before[::-1], *reach, *after]
        if open_before or open_after or parent.tag in {"html", "body"} or is_footer(parent):
            break
        reach = [parent]
        if gained_before or gained_after:
            chosen = reach
    return chosen


def _beside(nodes: Sequence[HtmlElement], *, preceding: bool) -> tuple[list[HtmlElement], bool, bool]:
    """(neighbours on one side that belong to the nodes, nearest first; whether one of them holds text; whether others follow)."""
    lenient = all(node.tag in WRAPPED_LINES for node in nodes)
    found: list[HtmlElement] = []
    waiting: list[HtmlElement] = []  # without text: they go with the next one that belongs
    level = nodes[0 if preceding else -1].itersiblings(preceding=preceding)
    for sibling, _ in zip(level, range(_LONGEST_LEVEL), strict=False):
        belongs = _belongs(sibling, lenient=lenient)
        if belongs is False:
            return found, bool(found), True
        waiting.append(sibling)
        if belongs:
            found += waiting
            waiting = []
    return found, bool(found), False


def _belongs(element: HtmlElement, *, lenient: bool) -> bool | None:
    """True for an element that belongs to the article, None for one without text, False for any other."""
    if not isinstance(element.tag, str) or element.tag in SKIPPED or is_hidden(element):
        return None
    if is_footer(element):
        return False
    is_table = element.tag == "table" or element.find(".//table") is not None
    lenient = lenient and element.tag in WRAPPED_LINES
    for most in (_FIRST_LINES, _ALL_LINES):  # a menu shows in its first lines
        lines = lines_of([element], most)
        if not lines:
            return None
        if is_table and any(line.is_link or _OF_THE_PAGE.search(line.text) for line in lines):
            return False
        if not is_table and not all(_line_belongs(line, lenient=lenient) for line in lines):
            return False
    return not is_table or _holds_data(element)


def _holds_data(element: HtmlElement) -> bool:
    tables = [element] if element.tag == "table" else [*element.iterdescendants("table")]
    return any(map(is_data_table, tables))


def _line_belongs(line: BlockLine, *, lenient: bool) -> bool:
    text = squeeze(line.text)
    if line.files or _BELONGS.search(text):
        return True
    if _HEADING.search(text):
        return not line.is_link or lenient
    if line.linked and text.endswith("。") and line.linked + 4 <= len(text):  # a sentence, however long the link in it
        return True
    if line.is_link or _OF_THE_PAGE.search(text):
        return False
    if is_agency(text) or signing_line(line.text)[1] is not None:
        return True
    return lenient or text.endswith(("办公室：", "政府：", "局：", "委：", "单位："))


def _own_text(parent: HtmlElement) -> bool:
    """True when an element has text of its own between its children."""
    return bool(collapse(parent.text or "")) or any(collapse(child.tail or "") for child in parent)
