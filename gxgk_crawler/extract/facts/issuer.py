"""Who speaks and for which year: the issuer and the reporting year of a disclosure report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.page.dates import narrow, year_in_words
from gxgk_crawler.extract.page.signature import is_agency

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPONSOR = re2.compile(r"主\s*办(?:单位)?\s*[:：]\s*([^\s,，;；|:：]{4,40})")
_REPORT_TITLE = re2.compile(
    r"^(?:关于)?(.{2,40}?)(?:关于)?\s*(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年?度?.{0,12}?(?:政府信息公开|政务公开|信息公开)"
)
_YEAR_IN_TITLE = re2.compile(
    r"((?:19|20)\d{2}|[二2][〇○零OoＯ0][〇○零OoＯ一二三四五六七八九0-9]{2})\s*年?\s*(?:度|政府|政务|信息|工作|年报|法治|部门|年度)?"
)
_PERIOD = re2.compile(r"((?:19|20)\d{2})\s*年\s*1\s*月\s*1\s*日\s*(?:起|开始)?\s*(?:至|到|—|-|－|～|~)")
_YEAR_OF_REPORT = re2.compile(
    r"((?:19|20)\d{2})\s*年\s*(?:度)?\s*(?:的)?\s*(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?报告"
)
_YEAR_IN_SLUG = re2.compile(r"/((?:20)\d{2})n?(?:nd|nb|xxgk|zfxxgk|ndbg|bg)[a-z]*/")
_WORDS = str.maketrans("0123456789OoＯ", "〇一二三四五六七八九〇〇〇")
_REPORT_WORDS = ("信息公开", "政务公开", "年度报告", "年报")


def choose_issuer(
    *,
    fields: Mapping[str, str],
    signed_by: str | None,
    source: str | None,
    title: str | None,
    sponsor: str | None,
    portal: str | None,
) -> str | None:
    """发布机构: the metadata block, the signature, an agency as 来源, the title's prefix, the portal, the footer's 主办."""
    candidates = (
        fields.get("发布机构"),
        signed_by,
        source if source and is_agency(source) else None,
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
    return sponsor if is_agency(sponsor) else None


def title_prefix(title: str) -> str | None:
    """Whose report it is, as the title begins: `X市Y局2021年政府信息公开工作年度报告`."""
    found = _REPORT_TITLE.search(title)
    return found.group(1).strip() if found else None


def _year_of(digits: str) -> int | None:
    """The year of four digits, in figures or words, or in both with a letter for the naught: 2016, 二〇一六, 二O一六."""
    words = digits.translate(_WORDS)
    return int(year_in_words(words) or 0) or None


def choose_year(title: str | None, text: str, url: str | None) -> int | None:
    """The reporting year 报告年度 of a disclosure report: from its title, its stated period, its words, its URL.

    None for a page that does not speak of 信息公开 in its title or first lines.
    """
    title = narrow(title or "")
    if any(word in title for word in _REPORT_WORDS):
        found = _YEAR_IN_TITLE.search(title)
        if found is not None:
            return _year_of(found.group(1))
    head = narrow(text[:3000])
    if "信息公开" not in head:
        return None
    for pattern, where in ((_PERIOD, head), (_YEAR_OF_REPORT, head), (_YEAR_IN_SLUG, url or "")):
        found = pattern.search(where)
        if found is not None:
            return int(found.group(1))
    return None
