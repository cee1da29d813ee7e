"""Documents that are reports, and documents that only look like reports."""

from __future__ import annotations

import pytest

from gxgk_crawler.families.recognition import why_not_a_report
from gxgk_crawler.items import Document, Link

BODY = (
    "本年度报告根据《中华人民共和国政府信息公开条例》编制,反映样例市2020年政府信息公开工作情况。"
    + "全年主动公开信息若干条。" * 20
)


def document(**changes: object) -> Document:
    base = {
        "url": None,
        "media_type": "text/html",
        "encoding": "utf-8",
        "title": "样例市2020年政府信息公开工作年度报告",
        "text": BODY,
        "extracted_text": BODY,
    }
    return Document(**(base | changes))  # type: ignore[arg-type]


def test_a_report_is_a_report() -> None:
    assert why_not_a_report(document(), min_chars=200) is None


def test_a_report_without_a_title_is_known_by_its_first_words() -> None:
    assert why_not_a_report(document(title=None), min_chars=200) is None


def test_a_report_that_is_only_a_file_is_a_report() -> None:
    file = Link(name="样例市2020年年度报告.pdf", url="https://www.example.gov.cn/a.pdf")
    assert why_not_a_report(document(text="", flags=["no_body"], attachments=[file]), min_chars=200) is None


def test_a_report_of_three_sentences_is_a_report() -> None:
    text = "2020年我局主动公开信息12条。未收到公开申请。没有行政复议。"
    assert why_not_a_report(document(text=text, flags=["low_confidence"]), min_chars=200) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": "《样例市2020年政府信息公开工作年度报告》解读"}, "not a report by its title"),
        ({"title": "样例市召开工作会议", "text": "会议强调安全生产。" * 50}, "not a report by its title"),
        ({"title": "样例市新城区建设纪实", "text": "新城区一期竣工。" * 50}, "neither title nor text"),
        ({"text": "", "flags": ["no_body"]}, "no body"),
        ({"text": "首页 政务公开 信息公开年度报告 政民互动"}, "only"),
        ({"text": "您访问的页面已经删除。"}, "only 11 characters"),
        ({"title": "政府信息公开工作年度报告", "text": "本栏目发布年度报告。政府信息公开。"}, "only 17 characters"),
        ({"text": BODY + "截至XX年XX月XX日,共受理申请XX件,答复__件。" * 2}, "a blank form"),
    ],
)
def test_what_is_no_report_says_why(changes: dict[str, object], reason: str) -> None:
    assert (why_not_a_report(document(**changes), min_chars=200) or "").startswith(reason)
