"""An article that only a script would draw is read all the same."""

from __future__ import annotations

import json

import pytest

from gxgk_crawler.extract import extract

URL = "https://www.example.gov.cn/gkmlpt/content/6/6251/post_6251491.html"
TABLE = "<table><tr><td>规章</td><td>1</td></tr><tr><td>规范性文件</td><td>4</td></tr></table>"
DETAIL = {
    "id": 6251491,
    "title": "样例区2023年政府信息公开年报",
    "content": "<p>本年度报告根据《中华人民共和国政府信息公开条例》编制。</p>"
    + "<p>全年主动公开信息12条。</p>" * 16
    + TABLE,
    "display_publish_time": 1706000000,
    "publisher": "样例区人民政府办公室",
    "attachment": [{"name": "附件1.pdf", "url": "/attachment/1.pdf"}],
}


def page(detail: object, drawn: str = "") -> bytes:
    script = f"window._CONFIG = {{SID: '12', DETAIL: {json.dumps(detail)}}};".replace("<", "\\u003C")
    return f"<html><head><title>公开</title></head><body>{drawn}<script>{script}</script></body></html>".encode()


def test_a_scripted_article_gives_text_table_facts_and_files() -> None:
    document = extract(page(DETAIL), url=URL)
    assert document.text.splitlines()[0] == "本年度报告根据《中华人民共和国政府信息公开条例》编制。"
    assert document.text.splitlines()[-1] == "规范性文件 | 4"
    assert (document.title, document.published_on, document.source) == (
        "样例区2023年政府信息公开年报",
        "2024-01-23",
        "样例区人民政府办公室",
    )
    assert [link.url for link in document.attachments] == ["https://www.example.gov.cn/attachment/1.pdf"]
    assert document.flags == []


def test_an_article_that_is_drawn_already_is_not_doubled() -> None:
    drawn = "<div class='article-content'>" + DETAIL["content"] + "</div>"  # type: ignore[operator]
    assert extract(page(DETAIL, drawn), url=URL).text.count("本年度报告") == 1


@pytest.mark.parametrize(
    "detail", [{}, [], "x", {"content": 1}, {"content": " "}, {"content": "<p>短</p>", "attachment": [1]}]
)
def test_odd_details_do_no_harm(detail: object) -> None:
    extract(page(detail), url=URL)
