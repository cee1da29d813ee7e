"""样书县: every report under several addresses (http, https, mobile host, `/wap/`) and the newest in three channels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.replica.unknown.drawing import Drawing, county, items, links, newest_first, number, samples

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal

HOST, MOBILE = "www.yangshuxian.gov.cn", "m.yangshuxian.gov.cn"


def twins() -> UnknownPortal:
    place = county("样书县")
    drawing = Drawing(f"https://{HOST}", place)
    made = samples(place, range(2010, 2022), lambda s: f"/zfxxgk/ndbg/{number(s)}.html")
    rows = []
    for sample in made:
        wap = f"/wap{sample.key}"
        mobile = f"https://{MOBILE}{sample.key}"
        addresses = [f"http://{HOST}{sample.key}", wap, f"http://{HOST}{wap}", mobile, f"http://{MOBILE}{sample.key}"]
        rows.append(drawing.report(sample, twins=addresses, channels=3 if sample.year >= 2019 else 1))
        for address in (wap, mobile):
            drawing.pages[drawing.url(address)] = drawing.pages[drawing.url(sample.key)]
    tempting = drawing.tempt(lambda row: f"/zfxxgk/ndbg/{90000 + row.published.year}.html", "解读", "通知")
    newest = [row for row in rows if row.published.year >= 2020]
    by_http = [replace(row, target=f"http://{HOST}{row.target}") for row in newest]
    by_mobile = [replace(row, target=f"https://{MOBILE}{row.target}") for row in newest]
    ways = {
        "/zfxxgk/ndbg/index.html": "年度报告",
        "/zfxxgk/zdgk/nb.html": "重点公开：年度报告",
        "/bmgk/zfb/ndbg/": "县政府办公室年度报告",
    }
    drawing.front({"/zfxxgk/index.html": "政府信息公开", f"https://{MOBILE}/": "手机版"})
    drawing.put("/zfxxgk/index.html", "政府信息公开", links(ways))
    contents = (rows + tempting, by_http, by_mobile)
    for (target, words), shown in zip(ways.items(), contents, strict=True):
        drawing.put(target, words, items(newest_first(shown)))
    phone = [replace(row, target=f"/wap{row.target}") for row in newest_first(rows)[:4]]
    drawing.pages[f"https://{MOBILE}/"] = drawing.sheet(
        "手机版", items(phone).replace('href="/wap/', f'href="https://{HOST}/wap/')
    )
    both = ("https", "http")
    return drawing.done(
        "twins",
        "http, https, m. and /wap/ twins; the newest reports in three channels",
        way=["/zfxxgk/index.html", "/zfxxgk/ndbg/index.html"],
        lists=list(ways),
        schemes={HOST: both, MOBILE: both},
    )
