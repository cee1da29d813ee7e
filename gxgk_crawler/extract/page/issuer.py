"""Who speaks and for which year: the signature, the issuer and the reporting year of a disclosure report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.page.dates import find_dates, first_date, year_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

_AGENCY_ENDS = (
    "政府", "办公室", "办公厅", "委员会", "管委会", "局", "厅", "委", "办", "部", "署", "院", "处", "站", "所",
    "中心", "大队", "支队", "总队", "街道办事处", "办事处", "公司", "大学", "学院", "医院", "银行", "公安", "工会",
    "联合会", "协会", "领导小组", "分局", "法院", "检察院", "税务局", "海关", "馆", "社",
)  # fmt: skip
_SPONSOR = re2.compile(r"主\s*办(?:单位)?\s*[:：]\s*([^\s,，;；|:：]{4,40})")
_REPORT_TITLE = re2.compile(
    r"^(?:关于)?(.{2,40}?)(?:关于)?\s*(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年?度?.{0,12}?(?:政府信息公开|政务公开|信息公开)"
)
_YEAR_IN_TITLE = re2.compile(
    r"((?:19|20)\d{2}|[二][〇○零一二三四五六七八九]{3})\s*年?\s*(?:度|政府|政务|信息|工作|年报|法治|部门|年度)?"
)
_PERIOD = re2.compile(r"((?:19|20)\d{2})\s*年\s*1\s*月\s*1\s*日\s*(?:起|开始)?\s*(?:至|到|—|-|－|～|~)")
_YEAR_OF_REPORT = re2.compile(
    r"((?:19|20)\d{2})\s*年\s*(?:度)?\s*(?:的)?\s*(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?报告"
)
_YEAR_IN_SLUG = re2.compile(r"/((?:20)\d{2})n?(?:nd|nb|xxgk|zfxxgk|ndbg|bg)[a-z]*/")
_REPORT_WORDS = ("信息公开", "政务公开", "年度报告", "年报")


def signature(text: str) -> tuple[str | None, str | None]:
    """(agency, date) that sign a text: the last lines, `X市人民政府办公厅` and `2017年2月24日`, or both on one line.

    A bracketed date below the title (`（2019年2月11日）`) counts as a signature as well.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for number in range(len(lines) - 1, max(len(lines) - 8, -1), -1):
        agency, date = _signing_line(lines[number])
        if date is None:
            continue
        if agency is None and number:
            above = lines[number - 1].strip(" 　()（）")
            agency = above if _is_agency(above) else None
        return agency, date
    for number, line in enumerate(lines[:6]):
        bare = line.strip(" 　()（）")
        if bare != line and _signing_line(bare) == (None, first_date(bare)) and first_date(bare):
            above = lines[number - 1] if number else ""
            return (above if _is_agency(above) else None), first_date(bare)
    if lines and _is_agency(lines[-1]):
        return lines[-1], None
    return None, None


def _signing_line(line: str) -> tuple[str | None, str | None]:
    """(agency, date) of a line that ends with a date and holds at most an agency before it."""
    bare = line.strip().rstrip(")）")
    date = next(find_dates(bare), None) if len(line) <= 60 and bare.endswith("日") else None
    if date is None:
        return None, None
    before = bare.partition("年")[0].rstrip("0123456789〇○零一二三四五六七八九 　(（,，")
    if _is_agency(before):
        return before, date
    return None, (date if len(before) <= 1 else None)


def _is_agency(text: str) -> bool:
    return (
        3 < len(text) <= 40 and text.endswith(tuple(_AGENCY_ENDS)) and not any(mark in text for mark in "，。；：:,;、")
    )


def choose_issuer(
    *,
    fields: Mapping[str, str],
    text: str,
    source: str | None,
    title: str | None,
    sponsor: str | None,
    portal: str | None,
) -> str | None:
    """发布机构: the metadata block, the signature, an agency as 来源, the title's prefix, the portal, the footer's 主办."""
    candidates = (
        fields.get("发布机构"),
        signature(text)[0],
        source if source and _is_agency(source) else None,
        title_prefix(title) if title else None,
        portal,
        sponsor,
    )
    return next((candidate for candidate in candidates if candidate), None)


def sponsor_of(chrome: str) -> str | None:
    """Whose site it is, by the footer's 主办; an office that runs the site of its government does so for the government."""
    found = _SPONSOR.search(chrome)
    if found is None:
        return None
    sponsor = str(found.group(1))
    for office in ("办公室", "办公厅"):
        if sponsor.endswith(f"人民政府{office}"):
            return sponsor.removesuffix(office)
    return sponsor if _is_agency(sponsor) else None


def title_prefix(title: str) -> str | None:
    """Whose report it is, as the title begins: `X市Y局2021年政府信息公开工作年度报告`."""
    found = _REPORT_TITLE.search(title)
    return found.group(1).strip() if found else None


def choose_year(title: str | None, text: str, url: str | None) -> int | None:
    """The reporting year 报告年度 of a disclosure report: from its title, its stated period, its words, its URL.

    None for a page that does not speak of 信息公开 in its title or first lines.
    """
    if title and any(word in title for word in _REPORT_WORDS):
        found = _YEAR_IN_TITLE.search(title)
        if found is not None:
            digits = found.group(1)
            return int(digits) if digits.isdecimal() and digits.isascii() else int(year_in_words(digits) or 0) or None
    head = text[:3000]
    if "信息公开" not in head:
        return None
    for pattern, where in ((_PERIOD, head), (_YEAR_OF_REPORT, head), (_YEAR_IN_SLUG, url or "")):
        found = pattern.search(where)
        if found is not None:
            return int(found.group(1))
    return None
