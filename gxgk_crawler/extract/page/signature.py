"""The signature of a text: the agency and the day at its end, or in brackets below its title."""

from __future__ import annotations

from itertools import islice

import re2

from gxgk_crawler.extract.page.dates import find_dates, first_date, narrow

AGENCY_ENDS = (
    "政府", "办公室", "办公厅", "委员会", "管委会", "局", "厅", "委", "办", "部", "署", "院", "处", "站", "所",
    "中心", "大队", "支队", "总队", "街道办事处", "办事处", "公司", "大学", "学院", "医院", "银行", "公安", "工会",
    "联合会", "协会", "领导小组", "分局", "法院", "检察院", "税务局", "海关", "馆", "社",
)  # fmt: skip
# A day that ends a period (截至2023年12月31日, 2023年1月1日至12月31日) signs nothing.
_PERIOD_WORDS = re2.compile("截至|截止|日[^年]{0,3}(?:至|到|[-—－~～]+)|期限|填[表报]")
_SEAL = re2.compile("[（(](?:盖章|公章|印章|印|章)[)）]")


def signature(text: str) -> tuple[str | None, str | None]:
    """(agency, date) that sign a text: the last lines, `X市人民政府办公厅` and `2017年2月24日`, or both on one line.

    A bracketed date below the title (`（2019年2月11日）`) counts as a signature as well. The period of a report is none, nor is
    what a table says; tables may stand below the signature.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip() and " | " not in line]
    for number in range(len(lines) - 1, max(len(lines) - 8, -1), -1):
        agency, date = signing_line(lines[number])
        if date is None:
            continue
        if agency is None and number:
            agency = _agency_in(lines[number - 1])
        return agency, date
    for number, line in enumerate(lines[:6]):
        bare = line.strip(" 　()（）")
        if bare != line and signing_line(bare) == (None, first_date(bare)) and first_date(bare):
            above = lines[number - 1] if number else ""
            return (above if is_agency(above) else None), first_date(bare)
    return (_agency_in(lines[-1]) if lines else None), None


def _agency_in(line: str) -> str | None:
    """The agency that is all of a line, without its seal."""
    name = _SEAL.sub("", line).strip(" 　()（）")
    return name if is_agency(name) else None


def signing_line(line: str) -> tuple[str | None, str | None]:
    """(agency, date) of a line that ends with a date and holds at most an agency before it."""
    bare = narrow(line.strip().rstrip(")）"))
    dates = list(islice(find_dates(bare), 2)) if len(line) <= 60 and bare.endswith("日") else []
    if len(dates) != 1 or _PERIOD_WORDS.search(bare):
        return None, None
    before = bare.partition("年")[0].rstrip("0123456789〇○零一二三四五六七八九 　(（,，")
    agency = _agency_in(before)
    if agency is not None:
        return agency, dates[0]
    return None, (dates[0] if len(before) <= 1 else None)


def is_agency(text: str) -> bool:
    """True for a line that is the name of a public body, as a signature is."""
    return (
        3 < len(text) <= 40 and text.endswith(tuple(AGENCY_ENDS)) and not any(mark in text for mark in "，。；：:,;、")
    )
