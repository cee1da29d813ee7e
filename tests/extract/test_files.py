"""Reports that are files: a PDF, a docx, a page; and files that hold no text."""

from __future__ import annotations

import pytest

from gxgk_crawler.extract.any_file import PageFacts, read_file
from gxgk_crawler.extract.files.pdf import read_pdf
from tests.replica import Request, replicas

PDF = "http://www.shouzuozhen.gov.cn/upfile/2013nb.pdf"


def pdf() -> tuple[bytes, str]:
    """The PDF report of a replica, and its text."""
    replica = replicas()["handmade"]
    return replica.sites[0].answer(Request(method="GET", url=PDF)).body, replica.reports[PDF].text


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_pdf_report_gives_its_text_and_facts() -> None:
    body, text = pdf()
    document = read_file(body, PageFacts(url=PDF, media_type="application/pdf"))
    # Without the font at hand PDFium loses a full stop at the end of one line; every word and figure is there.
    assert squeezed(document.text).replace("。", "") == squeezed(text).replace("。", "")
    assert (document.media_type, document.year, document.flags) == ("application/pdf", 2013, [])


def test_a_page_is_read_as_a_page() -> None:
    body = "<html><body><div id='zoom'><p>全年收到申请12件。</p></div></body></html>".encode()
    assert read_file(body, PageFacts()).text == "全年收到申请12件。"


@pytest.mark.parametrize(
    ("body", "flag"),
    [
        (b"%PDF-1.4\nbroken", "failed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "failed"),
        (b"\x89PNG\r\n\x1a\n", "needs_ocr"),
    ],
)
def test_a_file_without_text_says_why(body: bytes, flag: str) -> None:
    document = read_file(body, PageFacts())
    assert document.text == ""
    assert {"no_body", flag} <= set(document.flags)


def test_lines_that_the_page_broke_are_joined_and_table_rows_are_not() -> None:
    body, _ = pdf()
    assert all(len(line) > 1 for line in read_pdf(body).lines)


def test_a_file_without_a_word_is_called_as_its_link_says() -> None:
    anchor = "呼伦贝尔市教育局2023年政府信息公开工作年度报告"
    document = read_file(
        b"\x89PNG\r\n\x1a\n", PageFacts(url="https://www.example.gov.cn/nb.png", anchor=f" {anchor}\n")
    )
    assert (document.title, document.year) == (anchor, 2023)
    assert document.organ is not None
    assert document.organ.name == "呼伦贝尔市教育局"
    assert {"needs_ocr", "no_body"} <= set(document.flags)
