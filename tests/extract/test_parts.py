"""An article over several pages reads as one."""

from __future__ import annotations

from gxgk_crawler.extract import apply_edits
from gxgk_crawler.extract.any_file import PageFacts
from gxgk_crawler.extract.parts import join
from gxgk_crawler.items import Document, Edit, Link
from gxgk_crawler.sandbox.report import read_report

FILE = Link(name="附件", url="https://www.example.gov.cn/a.doc")


def part(extracted: str, edits: list[Edit], **more: object) -> Document:
    base = {"url": None, "media_type": "text/html", "encoding": "utf-8", "title": "样例"}
    return Document(text=apply_edits(extracted, edits), extracted_text=extracted, edits=edits, **base, **more)  # type: ignore[arg-type]


def test_pages_join_in_order_with_their_edits_files_and_flags() -> None:
    first = part("第一页\n打印", [Edit(kind="chrome", start=3, end=6, text="\n打印", rule="tail")], attachments=[FILE])
    second = part(
        "上一页\n第二页",
        [Edit(kind="chrome", start=0, end=4, text="上一页\n", rule="head")],
        flags=["spam"],
        attachments=[FILE],
    )
    whole = join(first, [second])
    assert whole.text == "第一页\n第二页"
    assert apply_edits(whole.extracted_text, whole.edits) == whole.text
    assert all(whole.extracted_text[e.start : e.end] == e.text for e in whole.edits)
    assert (whole.attachments, whole.flags, whole.title) == ([FILE], ["spam"], "样例")


def test_the_last_page_says_who_signs() -> None:
    pages = ["2020年政府信息公开工作年度报告\n主动公开信息12条。", "没有行政复议。\n样例县教育局\n2021年1月20日"]
    organ = read_report([page.encode() for page in pages], PageFacts(media_type="text/plain")).document.organ
    assert organ is not None
    assert (organ.name, organ.evidence) == ("样例县教育局", "signature: 样例县教育局")
