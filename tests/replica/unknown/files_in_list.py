"""样门县: files linked straight from the list, and pages that only show a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.files import DOCX, docx, pdf
from tests.replica.site import Page
from tests.replica.unknown.drawing import Drawing, county, items, links, newest_first, samples

if TYPE_CHECKING:
    from tests.replica.prose import Sample
    from tests.replica.unknown.expectation import UnknownPortal

FOLDER = "/zfxxgk/zfxxgknb/"
# How a page shows the file that is its body, by year.
SHOWN = {
    2019: '<iframe src="/pdfjs/web/viewer.html?file={}" width="100%" height="900"></iframe>',
    2020: '<embed src="{}" type="application/pdf" width="100%" height="900">',
    2021: '<object data="{}" type="application/pdf" width="100%" height="900"></object>',
}


def files_in_list() -> UnknownPortal:
    place = county("样门县")
    drawing = Drawing("https://www.yangmenxian.gov.cn", place)
    made = samples(place, range(2010, 2022), _address)
    rows = []
    for sample in made:
        file = f"/upload/{sample.year}/nb{sample.year}.pdf"
        if sample.year in SHOWN:
            drawing.pages[drawing.url(file)] = _pdf(sample)
            rows.append(
                drawing.report(sample, twins=[file], attached=True, inner=f"<p>{SHOWN[sample.year].format(file)}</p>")
            )
        elif sample.key.endswith(".docx"):
            grid = sample.form or []
            page = Page(body=docx([sample.title, *sample.text.splitlines()], grid), media_type=DOCX)
            rows.append(drawing.report(sample, attached=True, page=page))
        else:
            rows.append(drawing.report(sample, attached=True, page=_pdf(sample)))
    rows += drawing.tempt(lambda row: f"{FOLDER}{row.published:%Y%m}/t{row.published:%Y%m%d}_7.html", "样表", "通知")
    viewer = Page(body=b"<html><body><div id='viewerContainer'></div><script src='viewer.js'></script></body></html>")
    drawing.pages[drawing.url("/pdfjs/web/viewer.html")] = viewer
    drawing.front({"/zfxxgk/": "政府信息公开"})
    drawing.put("/zfxxgk/", "政府信息公开", links({FOLDER: "政府信息公开年报"}))
    drawing.put(FOLDER, "政府信息公开年报", items(newest_first(rows)))
    return drawing.done(
        "files_in_list",
        "PDF and DOCX straight from the list; pages that only show a PDF",
        way=["/zfxxgk/", FOLDER],
        lists=[FOLDER],
    )


def _address(sample: Sample) -> str:
    if sample.year in SHOWN:
        return f"{FOLDER}{sample.published:%Y%m}/t{sample.published:%Y%m%d}_{sample.year}.html"
    return f"/upload/{sample.year}/nb{sample.year}.{'docx' if sample.year in {2014, 2016} else 'pdf'}"


def _pdf(sample: Sample) -> Page:
    return Page(body=pdf([sample.title, *sample.text.splitlines()]), media_type="application/pdf")
