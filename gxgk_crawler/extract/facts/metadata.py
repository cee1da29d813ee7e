"""What a page says about its article: its meta tags, the lines around the body, and from them the source and the dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.page.dates import date_in_url, find_dates, first_date
from gxgk_crawler.extract.page.lines import BlockLine, lines_after, lines_before, lines_of
from gxgk_crawler.extract.page.text import collapse
from gxgk_crawler.items import FoundDate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

_NEAR_LINES = 30
_DATE = r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|(?:19|20)\d{6}"
_DAY = r"(?:日\s*期|时\s*间)"
# Labels of the day of publication, then of the day of the document, then any other; what ends or changes a document is no such day.
_LABELLED_DATES = tuple(
    re2.compile(rf"(?:{label})\s*[:：]?\s*[\[【(（]?\s*({_DATE})")
    for label in (
        rf"(?:发布|公开|发表|上载|上网|信息|添加|录入|上传){_DAY}|{_DAY}发布|(?:^|[\s　|｜【\[(（，,]){_DAY}",
        rf"(?:成文|生成|发文|制发|印发){_DAY}",
        rf"(?:更新|编辑|修改){_DAY}",
    )
)
_OTHER_DAYS = re2.compile(
    rf"(?:失效|废止|实施|生效|截止)(?:日期|时间)\s*[:：]?[\s|]*(?:{_DATE})?|今天是?\s*[:：]?\s*(?:{_DATE})|(?:{_DATE})\s*日?\s*星期"
)
_LABELLED_SOURCE = re2.compile(r"(?:信息|文章|稿件|新闻|内容)?来\s*源\s*[:：]\s*([^\n|｜【\[】\]]{1,80})")
_SOURCE_ENDS = re2.compile(
    r"\s{2,}|(?:发布|更新|发文|信息|添加)?(?:日期|时间)\s*[:：]?|作\s*者|字\s*[体号]|选择阅读|浏览|阅读|点击|访问|编\s*辑|责任|审核|打印|分享|"
    r"(?:19|20)\d{2}[-/.年]|\s[^\s:：]{2,8}[:：]"
)


@dataclass(slots=True, kw_only=True)
class Metadata:
    """Meta tags by lower-case name, `<title>`, the headings of the page, and its lines above the body. end: the last node of the body."""

    metas: dict[str, str] = field(default_factory=dict)
    page_title: str | None = None
    headings: list[str] = field(default_factory=list)
    before: list[BlockLine] = field(default_factory=list)
    end: HtmlElement | None = None

    def after(self) -> list[BlockLine]:
        """The lines below the body, nearest first."""
        return [] if self.end is None else lines_after(self.end, _NEAR_LINES)


def read_metadata(root: HtmlElement, body: Sequence[HtmlElement]) -> Metadata:
    """Collect what the title, the dates and the source are read from. body: the nodes that hold the article."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = collapse(meta.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    title = root.find(".//title")
    headings = [collapse("".join(element.itertext())) for element in root.iter("h1", "h2", "h3")]
    return Metadata(
        metas=metas,
        page_title=collapse("".join(title.itertext())) if title is not None else None,
        headings=[heading for heading in headings if heading],
        before=lines_before(body[0], _NEAR_LINES) if body else lines_of([root], _NEAR_LINES),
        end=body[-1] if body else None,
    )


def choose_source(page: Metadata, head: str) -> str | None:
    """来源 as the page prints it, or as meta ContentSource says; of two that differ, the one that is no website.

    head: chrome lines removed from the head of the body. A portal that names itself as source says nothing: the paper
    or agency that the other place names is the source.
    """
    declared = _named(page.metas.get("contentsource", ""))
    shown = _labelled_source(head) or _labelled_source(_text(page.before)) or _labelled_source(_text(page.after()))
    if declared and shown and not _is_website(declared) and (_is_website(shown) or _is_cut(shown)):
        return declared
    return shown or declared


def _text(lines: Sequence[BlockLine]) -> str:
    return "\n".join(line.text for line in lines)


def _labelled_source(text: str) -> str | None:
    """The value behind the last 来源 label, which stands nearest to the article."""
    values = [found.group(1) for found in _LABELLED_SOURCE.finditer(text)]
    return _clean_source(values[-1]) if values else None


def _is_website(source: str) -> bool:
    return source.endswith(("网站", "网", "门户", "本站", "网站群"))


def _is_cut(source: str) -> bool:
    return source.endswith(("...", "…"))


def _clean_source(value: str) -> str | None:
    ending = _SOURCE_ENDS.search(value)
    if ending is not None:
        value = value[: ending.start()]
    value = value.strip(" 　\t\xa0:：;；，,|｜")
    if value.startswith(("(", "（")) is False:
        value = value.rstrip("(（")
    return _named(value) if ":" not in value and "：" not in value else None


def _named(value: str) -> str | None:
    """The value, when it holds a letter or a character at all: a lone bracket or dash names nothing."""
    return value if any(char.isalpha() for char in value) else None


def gather_dates(page: Metadata, head: str, url: str | None, signed_on: str | None) -> list[FoundDate]:
    """Every date the page states about its article, each with its source; one value per source and mention.

    head: chrome lines removed from the head of the body. signed_on: the day of the signature, YYYY-MM-DD.
    """
    found: list[FoundDate] = []

    def add(value: str | None, source: str) -> None:
        if value is not None:
            date = FoundDate(value=value, source=source)  # type: ignore[arg-type]
            if date not in found:
                found.append(date)

    for name in ("pubdate", "publishdate", "firstpublishedtime", "article:published_time"):
        if name in page.metas:
            add(first_date(page.metas[name]), "meta")
    add(_visible_date(head.split("\n")) or _visible_date([line.text for line in page.before]), "visible")
    add(date_in_url(url) if url else None, "url")
    add(signed_on, "signature")
    return found


def _visible_date(lines: Sequence[str]) -> str | None:
    """The labelled date that stands nearest to the article; without a label the last date at all, near it.

    A label and its date may stand on two lines, or in two cells. The day of publication comes before the day of the
    document, and that before the day of the last change.
    """
    text = str(_OTHER_DAYS.sub("", "\n".join(line.replace(" | ", " ") for line in lines)))
    for pattern in _LABELLED_DATES:
        values = [found.group(1) for found in pattern.finditer(text)]
        if values:
            return first_date(values[-1])
    return next(iter(reversed(list(find_dates(text[-600:])))), None)


def choose_date(dates: Sequence[FoundDate]) -> str | None:
    """The day of publication: the earlier of meta and visible date that is not before the signature.

    Migrations re-date articles (a ministry page of 2009 carries PubDate 2023), so of two dates the earlier is nearer the
    truth; but nothing is published before it is signed. When neither is stated, the URL's day, then the signature.
    """
    signed = max((date.value for date in dates if date.source == "signature"), default="")
    stated = [date.value for date in dates if date.source in {"meta", "visible"}]
    possible = [value for value in stated if value >= signed] or stated
    if possible:
        return min(possible)
    return next((date.value for source in ("url", "signature") for date in dates if date.source == source), None)
