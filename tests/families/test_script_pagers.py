"""Pagers that a script builds: the values in the page are enough to name the next page, and to know that there is none."""

from __future__ import annotations

import pytest

from gxgk_crawler.families.lists.paging import next_pages
from gxgk_crawler.families.lists.script_pagers import printed_pages, printed_records
from gxgk_crawler.families.page import read_page

LIST = "https://www.sample.gov.cn/zwgk/nb/"


def following(script: str, url: str = LIST) -> list[str] | None:
    found = next_pages(read_page(f"<ul><li>样例</li></ul><script>{script}</script>".encode(), url))
    return found.urls if found else None


@pytest.mark.parametrize(
    ("script", "url", "expected"),
    [
        ('createPage(3,0,"index","html")', LIST, ["index_1.html"]),
        ('createPage(3, 2, "index", "html")', LIST + "index_2.html", None),
        ("createPageHTML('page_div',3, 1,'list','shtml',45)", LIST + "list.shtml", ["list_2.shtml"]),
        ("createPageHTML('page_div',3, 3,'list','shtml',45)", LIST + "list_3.shtml", None),
        ("pager({size:3,current:0,prefix:'index',suffix:'html'})", LIST, ["index_1.html"]),
        ("pager({size:3,current:3,prefix:'index',suffix:'html'})", LIST + "index_3.html", None),
        ("pager({total: 4, current: 1, prefix: 'index', suffix: '.shtml'})", LIST + "index_1.shtml", ["index_2.shtml"]),
        ("var total: 40, pageSize: 15; go('/nb/'+(data.pageIndex+1)+'.html')", LIST, ["/nb/2.html"]),
        (
            "var total: 40, pageSize: 15; go('/nb/'+(data.pageIndex+1)+'.html')",
            "https://www.sample.gov.cn/nb/3.html",
            None,
        ),
        (
            "x(function(i){location.href='/content/column/17?pageIndex='+i},{pageCount:2})",
            LIST,
            ["/content/column/17?pageIndex=2"],
        ),
        ("listModel({maxStaticIndex:2,pagebar:{prepage:10,recordCount:'25'}})", LIST, ["index_1.htm"]),
    ],
)
def test_the_next_page_is_named_by_the_values_of_the_script(script: str, url: str, expected: list[str] | None) -> None:
    page = read_page(b"", url)
    assert following(script, url) == (expected and [_absolute(page.url, address) for address in expected])


def test_whether_such_a_pager_counts_from_nought_is_open() -> None:
    html = b"<script>pager({size:3,current:2,prefix:'index',suffix:'html'})</script>"
    found = next_pages(read_page(html, LIST + "index_2.html"))
    assert found is not None
    assert not found.certain


def _absolute(base: str, address: str) -> str:
    from urllib.parse import urljoin  # noqa: PLC0415

    return urljoin(base, address)


def test_a_button_that_a_script_follows_is_a_way_on() -> None:
    html = "<a href='javascript:;' onclick=\"location.href=encodeURI('index_2.jhtml')\">下一页</a>"
    found = next_pages(read_page(html.encode(), LIST + "index.jhtml"))
    assert found is not None
    assert found.urls == [LIST + "index_2.jhtml"]


@pytest.mark.parametrize(
    "control",
    [
        "<a href=\"javascript:__doPostBack('pager','2')\">下一页</a>",
        "<a href='#' onclick='document.forms[0].submit()'>下一页</a>",
        "<input type='submit' value='下一页'>",
    ],
)
def test_a_pager_that_only_a_form_could_follow_is_named(control: str) -> None:
    found = next_pages(read_page(f"共3页 第1页 {control}".encode(), LIST))
    assert found is not None
    assert found.urls == []
    assert found.blocked
    last = next_pages(read_page(f"共3页 第3页 {control}".encode(), LIST))
    assert last is None or last.blocked is None


def test_what_a_list_says_of_its_length() -> None:
    assert printed_pages("共 <b>7</b> 页") == 7
    assert printed_records("totalRecord: 31, perPage:15") == 31
    assert printed_pages("totalRecord: 31, perPage:15") == 3
    assert printed_records("共 12 条记录") == 12
    assert printed_pages("无") is None
