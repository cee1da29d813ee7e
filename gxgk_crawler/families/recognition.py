"""Decides whether a document is an annual report, by its title, text and shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.families import vocabulary

if TYPE_CHECKING:
    from gxgk_crawler.items import Document

_HEAD = 400  # characters; a report without a title names itself here
_SAYS_SO = re2.compile(
    "(?:政府信息|政务|信息)公开[^。]{0,40}(?:年度报告|年报|工作报告)|(?:年度报告|年报)[^。]{0,60}(?:政府信息|政务|信息)公开"
)
# A form waiting to be filled in: XX年, ××市, (单位名称), 填报单位, underlined gaps.
_GAP = re2.compile(
    "(?:[XxＸ×*]{2,}|_{2,}|＿{2,}|\\s{2,})(?:年|月|日|条|件|市|县|区|局|次)|[（(](?:单位名称|模板|样式)[)）]"
)
_GAPS_OF_A_FORM = 4


def why_not_a_report(document: Document, *, min_chars: int) -> str | None:
    """The reason why the document is no annual report, in a few words; None when it is one.

    min_chars: shortest believable text of a report without attachments and images. A shorter one is a report all the same when its
    title names a report of one year and its text is a sentence about disclosure; extraction flags it `low_confidence`.
    """
    title = document.title or ""
    if vocabulary.names_something_else(title):
        return f"not a report by its title: {title[:60]}"
    if not vocabulary.is_report_title(title) and not _SAYS_SO.search(document.text[:_HEAD]):
        return "neither title nor text says that it is an annual report"
    files = bool(document.attachments or document.images) or document.media_type not in {"text/html", "text/plain"}
    if "no_body" in document.flags and not files:
        return "no body was found"
    if len(document.text) < min_chars and not files and not _is_short_report(document):
        return f"only {len(document.text)} characters"
    if len(_GAP.findall(document.text)) >= _GAPS_OF_A_FORM:
        return "a blank form"
    return None


def _is_short_report(document: Document) -> bool:
    title = document.title or ""
    is_named = vocabulary.is_report_title(title) and vocabulary.has_year(title)
    return is_named and "。" in document.text and "公开" in document.text
