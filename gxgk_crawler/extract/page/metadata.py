"""What a page says about its article: title, dates, source, issuer, year, and the 索引号 block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import re2
from lxml import etree

from gxgk_crawler.extract.page.dates import date_in_url, find_dates, first_date
from gxgk_crawler.extract.page.issuer import signature
from gxgk_crawler.extract.page.text import collapse, squeeze
from gxgk_crawler.items import FoundDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.html import HtmlElement

_BEFORE = etree.XPath("preceding::text()[not(parent::script or parent::style or parent::title)]", smart_strings=False)
_AFTER = etree.XPath("following::text()[not(parent::script or parent::style)][position() < 200]", smart_strings=False)
_NEAR_PIECES = 160

_DATE_LABEL = r"(?:发布|更新|信息|发文|成文|生成|添加|录入|上传|公开|发表)?(?:日\s*期|时\s*间)(?:发布)?"
_DATE = r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"
_LABELLED_DATE = re2.compile(rf"{_DATE_LABEL}\s*[:：]?\s*({_DATE})")
_ANY_DATE = re2.compile(rf"({_DATE})")
_LABELLED_SOURCE = re2.compile(r"(?:信息|文章|稿件|新闻|内容)?来\s*源\s*[:：]\s*([^\n|｜【\[]{1,80})")
_SOURCE_ENDS = re2.compile(
    r"\s{2,}|(?:发布|更新|发文|信息|添加)?(?:日期|时间)\s*[:：]?|作\s*者|字\s*[体号]|选择阅读|浏览|阅读|点击|访问|编\s*辑|责任|审核|打印|分享|"
    r"(?:19|20)\d{2}[-/.年]"
)
_SITE_SEPARATORS = ("_", "|", "｜", "—", "–", "-", "－", ">", "《", "::")
_HEADINGS = ("h1", "h2", "h3")
_LONGEST_TITLE = 160

_FIELD_LABELS = {
    "索引号": "索引号",
    "索取号": "索引号",
    "信息索引": "索引号",
    "统一编号": "索引号",
    "发布机构": "发布机构",
    "发布机关": "发布机构",
    "发布部门": "发布机构",
    "发文机关": "发布机构",
    "发文机构": "发布机构",
    "制发机关": "发布机构",
    "公开责任部门": "发布机构",
    "文号": "文号",
    "文件编号": "文号",
    "发文字号": "文号",
    "成文日期": "成文日期",
    "生成日期": "成文日期",
    "发文日期": "成文日期",
    "发布日期": "发布日期",
    "发布时间": "发布日期",
    "上载日期": "发布日期",
    "实施日期": "实施日期",
    "失效日期": "失效日期",
    "主题分类": "主题分类",
    "组配分类": "组配分类",
    "公开分类": "公开分类",
    "信息类别": "信息类别",
    "体裁分类": "体裁分类",
    "公开方式": "公开方式",
    "公开范围": "公开范围",
    "公开形式": "公开方式",
    "文件状态": "有效性",
    "有效性": "有效性",
    "时效性": "有效性",
    "主题词": "主题词",
    "关键词": "关键词",
    "备注": "备注",
}


@dataclass(slots=True, kw_only=True)
class Metadata:
    """Meta tags by lower-case name, and the visible text before and after the body, nearest lines last and first."""

    metas: dict[str, str] = field(default_factory=dict)
    page_title: str | None = None
    headings: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def read_metadata(root: HtmlElement, body: Sequence[HtmlElement]) -> Metadata:
    """Collect what the title, the dates and the source are read from. body: the nodes that hold the article."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = collapse(meta.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    title = root.find(".//title")
    headings = [collapse("".join(element.itertext())) for element in root.iter(*_HEADINGS)]
    before = after = []
    if body:
        before = [line for piece in _texts(_BEFORE, body[0])[-_NEAR_PIECES:] if (line := collapse(piece))]
        after = [line for piece in _texts(_AFTER, body[-1]) if (line := collapse(piece))]
    return Metadata(
        metas=metas,
        page_title=collapse("".join(title.itertext())) if title is not None else None,
        headings=[heading for heading in headings if heading],
        before=before,
        after=after,
    )


def _texts(path: etree.XPath, node: HtmlElement) -> list[str]:
    return cast("list[str]", path(node))


def choose_title(page: Metadata) -> str | None:
    """The article's title: meta ArticleTitle, a heading that `<title>` contains, the visible title, `<title>` itself.

    The site's name as ArticleTitle is rejected, as is a list of keywords.
    """
    site = squeeze(page.metas.get("sitename", ""))
    declared = page.metas.get("articletitle", "")
    if declared and not _is_site_name(declared, site) and len(declared) <= _LONGEST_TITLE and declared.count(",") < 5:
        return declared
    whole = page.page_title or ""
    inside = [h for h in page.headings if 4 <= len(h) <= _LONGEST_TITLE and squeeze(h) in squeeze(whole)]
    inside += [line for line in page.before if 8 <= len(line) <= _LONGEST_TITLE and squeeze(line) in squeeze(whole)]
    inside = [line for line in inside if not _is_site_name(line, site)]
    cut = _cut_site_name(whole)
    if inside:
        best = max(inside, key=len)
        if len(best) * 2 >= len(cut) or squeeze(whole).startswith(squeeze(best)):
            return best
    visible = _visible_title(page)
    if visible and (not cut or _looks_like_site(cut)):
        return visible
    return cut or visible


def _visible_title(page: Metadata) -> str | None:
    """A lone heading, or the last longer line above the line that carries the date or the source."""
    headings = [h for h in page.headings if 8 <= len(h) <= _LONGEST_TITLE]
    if len(headings) == 1:
        return headings[0]
    meta_line = next(
        (
            number
            for number in range(len(page.before) - 1, -1, -1)
            if "来源" in page.before[number] or _ANY_DATE.search(page.before[number])
        ),
        len(page.before),
    )
    for line in reversed(page.before[:meta_line]):
        if 6 <= len(line) <= 80 and not any(mark in line for mark in ":：>｜|") and not _ANY_DATE.search(line):
            return line
    return None


def _is_site_name(title: str, site: str) -> bool:
    return bool(site) and squeeze(title) == site


def _looks_like_site(title: str) -> bool:
    """`<title>` of pages that print only the portal's name there."""
    bare = title.rstrip("）)！!").strip()
    return bare.endswith(
        ("政府", "网站", "门户网站", "政务网", "信息网", "公众信息网", "官网", "管委会", "委员会", "局", "厅", "欢迎您")
    )


def _cut_site_name(title: str) -> str:
    """`<title>` without the names of site and column that follow (or precede) the article's title."""
    for separator in _SITE_SEPARATORS:
        pieces = [piece.strip() for piece in title.split(separator) if piece.strip()]
        if len(pieces) > 1:
            first = pieces[0]
            return pieces[-1] if _looks_like_site(first) and not _looks_like_site(pieces[-1]) else first
    return title.strip()


def choose_source(page: Metadata, head: str) -> str | None:
    """来源 as the page prints it, or as meta ContentSource says; of two that differ, the one that is no website.

    head: chrome lines removed from the head of the body. A portal that names itself as source says nothing: the paper
    or agency that the other place names is the source.
    """
    declared = page.metas.get("contentsource")
    shown = next(filter(None, map(_labelled_source, (head, "\n".join(page.before), "\n".join(page.after[:40])))), None)
    if declared and shown and not _is_website(declared) and (_is_website(shown) or _is_cut(shown)):
        return declared
    return shown or declared


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
    value = value.strip(" 　\t\xa0:：;；，,")
    if value.startswith(("(", "（")) is False:
        value = value.rstrip("(（")
    return value if value and ":" not in value and "：" not in value else None


def read_fields(lines: Iterable[str]) -> dict[str, str]:
    """The metadata block by normalised labels: 索引号, 发布机构, 文号, 成文日期 ...

    Reads label and value from one line (`索引号: 002482082/2024-00332`), from two (`文号`, then the value), from cells side
    by side and from a row of labels above a row of values. A list of labels above a list of values is left alone: empty
    values leave no line, so nobody knows which value belongs to which label.
    """
    fields: dict[str, str] = {}
    waiting: list[str | None] = []
    listed = False
    for line in lines:
        pieces = [piece.strip() for piece in line.split("|")]
        labels = [_label(piece) for piece in pieces]
        if not any(labels):
            if len(waiting) == len(pieces) and not listed:
                fields |= {
                    label: one
                    for label, one in zip(waiting, pieces, strict=True)
                    if label and _is_new(label, one, fields)
                }
            waiting, listed = [], False
            continue
        rest: list[str | None] = []
        for number, (piece, label) in enumerate(zip(pieces, labels, strict=True)):
            beside = pieces[number + 1] if number + 1 < len(pieces) and not labels[number + 1] else ""
            value = _split_label(piece)[1].strip() or beside
            if label and _is_new(label, value, fields):
                fields[label] = value
            rest.append(None if value else label)
        listed = len(waiting) == len(rest) == 1 and waiting[0] is not None and rest[0] is not None
        waiting = rest if any(rest) else []
    return fields


def _is_new(label: str, value: str, fields: Mapping[str, str]) -> bool:
    return bool(value) and len(value) <= 80 and label not in fields


def _label(piece: str) -> str | None:
    return _FIELD_LABELS.get(squeeze(_split_label(piece)[0]))


def _split_label(piece: str) -> tuple[str, str]:
    """(label, value) around the first colon, of either width."""
    wide, narrow = piece.find("："), piece.find(":")
    if wide < 0 and narrow < 0:
        return piece, ""
    at = narrow if wide < 0 or 0 <= narrow < wide else wide
    return piece[:at], piece[at + 1 :]


def gather_dates(page: Metadata, head: str, url: str | None, text: str) -> list[FoundDate]:
    """Every date the page states about its article, each with its source; one value per source and mention."""
    found: list[FoundDate] = []

    def add(value: str | None, source: str) -> None:
        if value is not None:
            date = FoundDate(value=value, source=source)  # type: ignore[arg-type]
            if date not in found:
                found.append(date)

    for name in ("pubdate", "publishdate", "firstpublishedtime", "article:published_time"):
        if name in page.metas:
            add(first_date(page.metas[name]), "meta")
    add(_visible_date(head) or _visible_date("\n".join(page.before)), "visible")
    add(date_in_url(url) if url else None, "url")
    add(signature(text)[1], "signature")
    return found


def _visible_date(text: str) -> str | None:
    """The last labelled date, which stands nearest to the article; without a label the last date at all."""
    labelled = [found.group(1) for found in _LABELLED_DATE.finditer(text)]
    if labelled:
        return first_date(labelled[-1])
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
