"""Lists with a hole: a crawl that cannot see all reports says `incomplete` and exits non-zero, whatever it stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs

from tests.replica.files import png
from tests.replica.proxy import Fault
from tests.replica.site import NOT_FOUND, Page
from tests.replica.unknown import doors, hanweb, lonsun, numbered, scripted, ucap, years
from tests.replica.unknown.drawing import Drawing, chunks, county, items, links, newest_first, number, samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.replica.site import Request
    from tests.replica.unknown.expectation import UnknownPortal

    Draw = Callable[[], UnknownPortal]

BUSY = Page(body="<html><head><title>提示</title></head><body><p>系统繁忙，请稍后再试。</p></body></html>".encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A portal whose lists have a hole. Expected: outcome `incomplete`, exit code 1, nothing marked as gone.

    draw: the portal. entry: the address from which it is crawled. faults: what the network does to it.
    later: a change after a first crawl that was complete; the verdict is that of the second crawl.
    or_complete: the hole can be closed by reading on: a crawl that stores every report may say ok.
    """

    draw: Draw
    entry: Literal["home", "channel"] = "home"
    faults: tuple[Fault, ...] = ()
    later: Callable[[UnknownPortal], None] | None = None
    or_complete: bool = False


def _answering(draw: Draw, place: int, answer: Page | int) -> Draw:
    """The portal with another answer at its list number `place`: a page, or what list number `answer` shows."""

    def drawn() -> UnknownPortal:
        portal = draw()
        portal.set(portal.lists[place], answer if isinstance(answer, Page) else portal.shown(portal.lists[answer]))
        return portal

    return drawn


def _pictured() -> UnknownPortal:
    """Two reports are nothing but scanned pages; the pictures are there."""
    portal = numbered.vsb_file()
    for expected in portal.reports[3:5]:
        scans = [f"/__local/scan{expected.sample.year}_{page}.png" for page in (1, 2)]
        for scan in scans:
            portal.set(
                portal.home.rstrip("/") + scan,
                Page(body=png([30, 60, 45], (90, 90, 90)), media_type="image/png"),
            )
        pictures = "".join(f'<p><img src="{scan}" alt=""></p>' for scan in scans)
        html = (
            f'<html><head><meta charset="utf-8"><title>{expected.sample.title}</title></head><body><h1>{expected.sample.title}</h1>'
            f'<div id="vsb_content_2">{pictures}</div></body></html>'
        )
        portal.set(expected.url, Page(body=html.encode()))
    return portal


def _unlisted(portal: UnknownPortal) -> None:
    """One report leaves the first page of the list, its own page stays. A crawl without news reads no further page."""
    hidden = portal.reports[-2].sample
    listed = next(url for url in portal.lists if hidden.key in portal.shown(url).body.decode())
    html = portal.shown(listed).body.decode()
    line = next(line for line in html.splitlines() if hidden.key in line)
    portal.set(listed, Page(body=html.replace(line, "").encode(), modified=None))


def _form() -> UnknownPortal:
    """Further pages are answers to a form sent by POST."""
    place = county("样函县")
    drawing = Drawing("http://www.yanghanxian.gov.cn", place)
    rows = [drawing.report(s) for s in samples(place, range(2010, 2022), lambda s: f"/nb/{number(s)}.html")]
    rows += drawing.tempt(lambda row: f"/nb/{90000 + row.published.year}.html", "通知")
    parts = chunks(newest_first(rows), 5)
    target = "/nb/list.do"

    def shown(page: int) -> Page:
        pager = f"""<form id="pageForm" method="post" action="{target}"><input type="hidden" name="pageNo" value="{page}"></form>
<a href="javascript:void(0)" onclick="turn({page + 1})">下一页</a>
<script>function turn(n) {{ $("#pageForm input").val(n); $("#pageForm").submit(); }}</script>"""
        return drawing.sheet("政府信息公开年报", items(parts[page - 1]) + pager)

    def answer(request: Request) -> Page:
        given = parse_qs(request.body.decode())  # what stands in the query is not read
        asked = int(given.get("pageNo", ["1"])[0])
        return shown(asked) if 0 < asked <= len(parts) else NOT_FOUND

    drawing.pages[drawing.url(target)] = answer
    drawing.front({"/zwgk/index.html": "政务公开"})
    drawing.put("/zwgk/index.html", "政务公开", links({target: "政府信息公开年报"}))
    return drawing.done("form", "a pager that sends a form", way=["/zwgk/index.html", target], lists=[target])


# By what is wrong.
SCENARIOS: dict[str, Broken] = {
    "totalrecord of the script and of dataproxy.jsp is larger than its records": Broken(
        draw=lambda: hanweb.col(claimed=6)
    ),
    "共N条记录 is larger than what is listed": Broken(draw=lambda: numbered.jeecms(claimed=7), entry="channel"),
    "pageCount promises two pages that are empty": Broken(draw=lambda: lonsun.column(more_pages=2)),
    "createPageHTML promises two pages that are empty": Broken(draw=lambda: ucap.ucap(more_pages=2)),
    "recordCount is larger than what is listed": Broken(draw=lambda: numbered.fujian(claimed=8), entry="channel"),
    "total of an API is larger than its records": Broken(draw=lambda: scripted.json_api(claimed=5)),
    "only the first page is a file, the search behind the others is gone": Broken(
        draw=lambda: numbered.fujian(static=1)
    ),
    "the pager sends a form": Broken(draw=_form),
    "the pager calls __doPostBack": Broken(draw=lambda: doors.aspx(postback=True)),
    "the next page says 系统繁忙": Broken(draw=_answering(numbered.option_object, 2, BUSY)),
    "the next page says 系统繁忙, seen from the list": Broken(
        draw=_answering(numbered.epoint, 1, BUSY), entry="channel"
    ),
    "the next page is page one again": Broken(draw=_answering(numbered.channels_contents, 1, 0)),
    "the gateway answers page one to everything": Broken(draw=lambda: hanweb.jpaas(deaf=True), entry="channel"),
    "the next page answers 500": Broken(
        draw=numbered.epoint, faults=(Fault(effect="status", status=500, match=r"/003004007/3\.html"),)
    ),
    "the next page is not there": Broken(draw=_answering(numbered.create_page, 2, NOT_FOUND), entry="channel"),
    "a year's own list answers 503": Broken(
        draw=years.year_files, faults=(Fault(effect="status", status=503, match="/zfxxgk/2021n/"),)
    ),
    "the list is down, the home page shows three reports": Broken(
        draw=lambda: numbered.create_page(recent=3),
        faults=(Fault(effect="status", status=500, match=r"/zwgk/gknb/(index.*)?$"),),
    ),
    "two reports are only pictures": Broken(draw=_pictured, or_complete=True),
    "a known report stands in no list any more, its page lives": Broken(draw=ucap.columns, later=_unlisted),
}
