"""A server that first hands out a cookie, and one that writes a new session number into every link."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.replica.site import Page, Site
from tests.replica.unknown.drawing import Drawing, chunks, county, items, links, newest_first, number, samples
from tests.replica.unknown.expectation import without_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.replica.prose import Sample
    from tests.replica.site import Answer, Request
    from tests.replica.unknown.expectation import UnknownPortal


class CookieFirst(Site):
    """A visitor without the cookie is sent to the same address again, with the cookie."""

    def answer(self, request: Request) -> Page:
        if "CT6T=" in request.headers.get("cookie", ""):
            return super().answer(request)
        again = Page.redirect(request.url)
        return replace(again, headers=(*again.headers, ("Set-Cookie", "CT6T=b1d20c; Path=/; HttpOnly")))


class Sessions(Site):
    """Every answer writes a number of its own into its links: in the path of pages, in the query of scripts."""

    def __init__(self, host: str, pages: Mapping[str, Answer], *, schemes: tuple[str, ...] = ("https",)) -> None:
        super().__init__(host, pages, schemes=schemes)
        self._numbers = itertools.count(0x7A3C51D09E)

    def answer(self, request: Request) -> Page:
        page = super().answer(replace(request, url=without_session(request.url)))
        if not page.media_type.startswith("text/html"):
            return page
        mark = f"{next(self._numbers):032X}"
        html = re.sub(r'href="(/[^"?]+\.html)"', rf'href="\1;jsessionid={mark}"', page.body.decode())
        html = re.sub(r'href="(/[^"]+\.do\?[^"]+)"', rf'href="\1&amp;sid={mark.lower()}"', html)
        return replace(page, body=html.encode(), modified=None)


def cookie() -> UnknownPortal:
    """Ordinary HTTP that asks for a jar of cookies."""
    place = county("样钥县")
    drawing = Drawing("https://www.yangyaoxian.gov.cn", place, style="ueditor")
    folder = "/zwgk/zfxxgknb/"
    rows = [drawing.report(s) for s in samples(place, range(2012, 2022), lambda s: f"{folder}{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"{folder}{90000 + row.published.year}.html", "解读", "决算")
    drawing.front({"/zwgk/": "政务公开"})
    drawing.put("/zwgk/", "政务公开", links({folder: "政府信息公开年报"}))
    drawing.put(folder, "政府信息公开年报", items(newest_first(rows)))
    return drawing.done(
        "cookie",
        "the first visit is sent to itself with Set-Cookie",
        way=["/zwgk/", folder],
        lists=[folder],
        make=CookieFirst,
    )


def sessions() -> UnknownPortal:
    """`;jsessionid=` and `&sid=` change with every answer; the home page shows the newest report, too."""
    place = county("样帖县")
    drawing = Drawing("http://www.yangtiexian.gov.cn", place)

    def address(sample: Sample) -> str:
        return f"/nb/{number(sample)}.html" if sample.year % 2 else f"/nb/view.do?id={number(sample)}"

    rows = [drawing.report(sample) for sample in samples(place, range(2010, 2022), address)]
    rows += drawing.tempt(lambda row: f"/nb/{90000 + row.published.year}.html", "通知", "半年")
    parts = chunks(newest_first(rows), 5)
    lists = [f"/nb/list.do?page={page}" for page in range(1, len(parts) + 1)]
    for page, part in enumerate(parts):
        on = f'<a href="{lists[page + 1]}">下一页</a>' if page + 1 < len(parts) else ""
        drawing.put(lists[page], "年度报告", f"{items(part)}<div>第{page + 1}页/共{len(parts)}页 {on}</div>")
    drawing.front({"/gk/index.html": "信息公开"}, items(parts[0][:2]))
    drawing.put("/gk/index.html", "信息公开", links({lists[0]: "年度报告"}))
    return drawing.done(
        "sessions",
        "session numbers in path and query of every link",
        way=["/gk/index.html", lists[0]],
        lists=lists,
        make=Sessions,
    )
