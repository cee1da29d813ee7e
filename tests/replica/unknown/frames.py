"""样签县: a frameset from before 2005, a list inside an iframe, and articles whose body is a page of its own. gb2312, http."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.site import Page
from tests.replica.unknown.drawing import Drawing, chunks, county, items, links, newest_first, samples

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal

FRAMED = {2012, 2014}  # reports whose body stands in a frame of their page


def frames() -> UnknownPortal:
    place = county("样签县")
    drawing = Drawing("http://www.yangqianxian.gov.cn", place, charset="gb2312", style="breaks")
    rows = []
    for sample in samples(place, range(2008, 2022), lambda s: f"/nb/show/{s.year}.htm"):
        if sample.year not in FRAMED:
            rows.append(drawing.report(sample))
            continue
        body = f"/nb/show/{sample.year}_body.htm"
        text = drawing.text(sample)
        drawing.pages[drawing.url(body)] = _bare(sample.title, f"<h3>{sample.title}</h3>{text}")
        frame = f'<iframe src="{sample.year}_body.htm" width="100%" height="900" frameborder="0"></iframe>'
        rows.append(drawing.report(sample, twins=[body], inner=frame))
    rows += drawing.tempt(lambda row: f"/nb/show/{row.published.year}b.htm", "通知", "半年")
    parts = chunks(newest_first(rows), 6)
    for page, part in enumerate(parts, 1):
        ways = " ".join(f'<a href="list{n}.htm">{n}</a>' if n != page else str(n) for n in range(1, len(parts) + 1))
        drawing.pages[drawing.url(f"/nb/list{page}.htm")] = _bare("列表", f"{items(part)}<p>{ways}</p>")
    drawing.front({"/xxgk.htm": "政务公开"})
    drawing.pages[drawing.url("/main.htm")] = drawing.pages[drawing.url("/")]
    drawing.put("/top.htm", "页头", "<p>样签县人民政府</p>")
    drawing.pages[drawing.url("/")] = _bare(
        place.issuer,
        "<noframes>您的浏览器不支持框架</noframes>",
        around='<frameset rows="120,*" frameborder="0"><frame src="top.htm" name="top"><frame src="main.htm" name="main"></frameset>',
    )
    drawing.put("/xxgk.htm", "政务公开", links({"/nb/nb.htm": "政府信息公开年报", "/zn.htm": "公开指南"}))
    drawing.put("/zn.htm", "公开指南", "<p>本指南为测试样本。</p>")
    drawing.put(
        "/nb/nb.htm", "政府信息公开年报", '<iframe id="list" src="list1.htm" width="100%" height="600"></iframe>'
    )
    return drawing.done(
        "frames",
        "frameset home, list in an iframe, body in an iframe; gb2312",
        way=["/main.htm", "/xxgk.htm", "/nb/nb.htm"],
        lists=[f"/nb/list{page}.htm" for page in range(1, len(parts) + 1)],
    )


def _bare(title: str, content: str, *, around: str = "") -> Page:
    """A page without the portal's chrome, as stands inside a frame."""
    inner = f"{around}{content}" if around else f"<body>{content}</body>"
    head = f'<head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title></head>'
    return Page(body=f"<html>{head}\n{inner}</html>".encode("gb18030"), media_type="text/html")
