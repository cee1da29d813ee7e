"""Products whose own door says nothing of disclosure, and platforms that choose their page by the query alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.replica.site import Site
from tests.replica.unknown.drawing import (
    Chosen,
    Drawing,
    chunks,
    county,
    items,
    links,
    newest_first,
    number,
    samples,
    unit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.replica.site import Answer, Page, Request
    from tests.replica.unknown.drawing import Row
    from tests.replica.unknown.expectation import UnknownPortal


class IgnoringCase(Site):
    """A server that knows no letter case in paths and queries, as IIS does."""

    def __init__(self, host: str, pages: Mapping[str, Answer], *, schemes: tuple[str, ...] = ("https",)) -> None:
        super().__init__(host, {target.lower(): answer for target, answer in pages.items()}, schemes=schemes)

    def answer(self, request: Request) -> Page:
        scheme, _, rest = request.url.partition("://")
        host, _, target = rest.partition("/")
        return super().answer(replace(request, url=f"{scheme}://{host}/{target.lower()}"))

    def set(self, target: str, answer: Answer) -> None:
        super().set(target.lower(), answer)


def aspx(*, postback: bool = False) -> UnknownPortal:
    """`InfoPublic.aspx?cid=1019&pid=971&page=N` on IIS; the home page links three reports in another letter case.

    postback: the pager is a form of ASP.NET, sent by `__doPostBack`.
    """
    place = county("样屏县")
    drawing = Drawing("http://www.yangpingxian.gov.cn", place, container='div id="fontzoom"')
    rows, cases = [], []
    for sample in samples(place, range(2010, 2022), lambda s: f"/InfoView.aspx?id={number(s)}"):
        other = sample.key.replace("/InfoView.aspx?id=", "/infoview.aspx?ID=")
        rows.append(drawing.report(sample, twins=[other, sample.key.lower()]))
        cases.append(replace(rows[-1], target=other))
    rows += drawing.tempt(lambda row: f"/InfoView.aspx?id={90000 + row.published.year}", "通知", "决算", "解读")
    parts = chunks(newest_first(rows), 5)
    door, tree = "/InfoPublic.aspx", "cid=1019&pid=971"
    pages: list[tuple[dict[str, str], Page]] = []
    for page, part in enumerate(parts, 1):
        if postback:
            on = f"<a href=\"javascript:__doPostBack('AspNetPager1','{page + 1}')\">下一页</a>"
            pager = f'<form method="post" action="{door}?{tree}"><input type="hidden" name="__VIEWSTATE" value="dDwx">{on}</form>'
        else:
            pager = f'<a href="InfoPublic.aspx?{tree}&amp;page={page + 1}">下一页</a>' if page < len(parts) else ""
        listed = drawing.sheet("公开年报", f"{items(part)}<div>第{page}页 共{len(parts)}页 {pager}</div>")
        pages.append(({"cid": "1019", "page": str(page)}, listed))
    pages = pages[:1] if postback else pages
    nav = links({f"InfoPublic.aspx?{tree}": "公开年报", "InfoPublic.aspx?cid=1017&pid=971": "公开指南"})
    pages += [({"cid": "1019"}, pages[0][1]), ({}, drawing.sheet("阳光政务", nav))]
    drawing.pages[drawing.url(door)] = Chosen(pages=pages)
    views = {row.target: drawing.pages.pop(drawing.url(row.target)) for row in rows}
    # One script shows all articles: what it shows hangs on its parameter.
    shown = [({"id": target.rpartition("=")[2]}, page) for target, page in views.items()]
    drawing.pages[drawing.url("/InfoView.aspx")] = Chosen(pages=shown)  # type: ignore[arg-type]
    drawing.front({f"{door}?cid=971&pid=0": "阳光政务"}, f"<h3>最近更新</h3>{items(newest_first(cases)[:3])}")
    asked = [f"{door}?{tree}&page={page}" for page in range(1, len(parts) + 1)]
    return drawing.done(
        "aspx",
        "InfoPublic.aspx behind words that name no disclosure; letter case",
        way=[f"{door}?cid=971&pid=0", f"{door}?{tree}"],
        lists=asked,
        make=IgnoringCase,
    )


def by_query() -> UnknownPortal:
    """博达 publicity platform: one address of an article, `nbYear` and `orgCode` choose the report."""
    place = county("样尺县")
    drawing = Drawing("http://www.yangchixian.gov.cn", place, container='div class="v_news_content"', style="ueditor")
    base = "/zfxxgk_ycx"
    article = f"{base}/artview/195/345407.html"
    organs = {"A01A01": place, "A01A07": unit("样尺县财政局"), "A01A12": unit("样尺县司法局")}
    years = range(2018, 2024)
    by_year: dict[int, list[Row]] = {year: [] for year in years}
    views: list[tuple[dict[str, str], Page]] = []
    for code, organ in organs.items():
        for sample in samples(organ, years, lambda s: f"{article}?nbYear={s.year}&orgCode={code}"):  # noqa: B023
            by_year[sample.year].append(drawing.report(sample))
            page = drawing.pages.pop(drawing.url(sample.key))
            views.append(({"nbYear": str(sample.year), "orgCode": code}, page))  # type: ignore[arg-type]
    drawing.pages[drawing.url(article)] = Chosen(pages=views)
    index = f"{base}/nblist"
    tabs = links({f"{index}?orgCode=A01&nbYear={year}": str(year) for year in reversed(years)})
    pages = [({"nbYear": str(year)}, drawing.sheet("年度报告", tabs + items(rows))) for year, rows in by_year.items()]
    pages.append(({}, drawing.sheet("年度报告", tabs)))
    drawing.pages[drawing.url(index)] = Chosen(pages=pages)
    drawing.front({f"{base}/index.html": "政府信息公开平台"})
    drawing.put(f"{base}/index.html", "政府信息公开平台", links({f"{index}?orgCode=A01": "政府信息公开年报"}))
    asked = [f"{index}?orgCode=A01&nbYear={year}" for year in years]
    return drawing.done(
        "by_query",
        "artview/…?nbYear=&orgCode=: the query alone names report and year",
        way=[f"{base}/index.html", f"{index}?orgCode=A01"],
        lists=asked,
    )
