"""An article that is cut into pages is one report, whatever its pager; the next article is none of its pages."""

from __future__ import annotations

import pytest

from gxgk_crawler.families.article_pages import framed_parts, is_part_of, may_be_cut, next_part
from gxgk_crawler.families.family import Family
from gxgk_crawler.families.page import read_page

FIRST = "https://www.example.gov.cn/nb/202103/t20210301_77.html"


@pytest.mark.parametrize(
    "url",
    ["t20210301_77_1.html", "t20210301_77-2.html", "t20210301_77.html?page=2", "t20210301_77/2.html"],
)
def test_a_number_added_to_the_address_is_a_page(url: str) -> None:
    assert is_part_of(FIRST, FIRST.rpartition("/")[0] + "/" + url)


@pytest.mark.parametrize(
    "url", ["t20210301_78.html", "t20210301_77_1.shtml", "t20210301_77.html?id=2", "../2.html", "t20210301_77.html"]
)
def test_another_article_is_no_page(url: str) -> None:
    assert not is_part_of(FIRST, FIRST.rpartition("/")[0] + "/" + url)


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="t20210301_77_2.html">[2]</a> <a href="t20210301_77_3.html">[3]</a>',
        '<p>第1页/共3页 <a href="t20210301_77_2.html">后一页</a></p>',
        "<script>Pager({size:3,current:1,prefix:'t20210301_77',suffix:'html'});</script>",
        (
            '<select onchange="location=this.value"><option value="t20210301_77.html">第1页</option>'
            '<option value="t20210301_77_2.html">第2页</option></select><!--下一页-->'
        ),
    ],
)
def test_the_next_page_is_found_by_any_pager(pager: str) -> None:
    body = f"<html><body><h1>年度报告</h1>{pager}</body></html>".encode()
    assert may_be_cut(body)
    assert next_part(read_page(body, FIRST, "utf-8"), Family(), FIRST) == FIRST.replace("_77", "_77_2")


def test_the_next_article_and_the_last_page_end_the_article() -> None:
    for foot in ('<a href="t20210401_78.html">下一页</a>', '<a href="t20210301_77.html">上一页</a>'):
        page = read_page(f"<html><body>{foot}</body></html>".encode(), FIRST.replace("_77", "_77_3"), "utf-8")
        assert next_part(page, Family(), FIRST) is None


def test_a_page_with_words_of_its_own_does_not_stand_in_its_frame() -> None:
    frame = ["https://www.example.gov.cn/nb/body.htm", "https://www.example.gov.cn/web/viewer.html?file=a.pdf"]
    html = '<html><body><h1>年度报告</h1><iframe src="body.htm"></iframe>{}</body></html>'
    assert framed_parts(read_page(html.format("").encode(), FIRST, "utf-8"), frame) == frame[:1]
    assert framed_parts(read_page(html.format("主动公开政府信息。" * 70).encode(), FIRST, "utf-8"), frame) == []
