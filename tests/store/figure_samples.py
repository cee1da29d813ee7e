"""Reports with statutory tables whose figures satisfy the equations, unless a test prints others."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any

from gxgk_crawler.extract.document import extract
from tests.statutory.deformed import html_page, plain_form
from tests.statutory.forms import T3_COLS, fill
from tests.store.samples import report

if TYPE_CHECKING:
    from gxgk_crawler.items import Document, Report
    from tests.statutory.forms import Truth


def form(layout: str = "C", seed: int = 3, *, after: Truth | None = None) -> Truth:
    """A filled form. after: that of the year before, whose unfinished requests this one carries in."""
    truth = fill(random.Random(seed), layout)
    if after is not None:
        for col in T3_COLS:
            truth.put("T3", "carried_in", col, after.values["T3", "carried_out", col])
    return truth


def page_of(truth: Truth) -> Document:
    """The document of a plain page with that form."""
    return _extracted(html_page(plain_form(truth, random.Random(1))))


@cache
def _extracted(page: bytes) -> Document:
    return extract(page)


def with_tables(truth: Truth, *, year: int, url: str | None = None, day: float = 0, **values: Any) -> Report:
    """A report of that year with the form; values: as of `samples.report`."""
    document = page_of(truth)
    facts: dict[str, Any] = {
        "extracted_text": document.text,
        "edits": [],
        "grids": document.grids,
        "year": year,
        "published_on": f"{year + 1}-01-20",
        "title": f"样本市{year}年政府信息公开工作年度报告",
    }
    where = url or f"https://www.sample.gov.cn/nb/{year}.html"
    return report(document.text, day, url=where, **(facts | values))
