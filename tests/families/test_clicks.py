"""A click opens an address only where the page states all of it; code of a page is read in linear time and never run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.families.page import Page, read_page
from gxgk_crawler.families.scripts.clicks import asks_server, opened

SCRIPT = """<script>
var base = "/nb/"; var size = 5;
function toPage(p) { window.location.href = "list.jsp?cat=7&cur_page=" + p; }
function load(n, kind) { $.get(base + kind + "_" + (n + 1) + ".html", function (part) { $("#list").append(part); }); }
function send(n) { $("#form input").val(n); $("#form").submit(); }
function show(id) { $(".tab").hide(); $("#" + id).show(); }
</script>"""


@pytest.mark.parametrize(
    ("code", "value", "address"),
    [
        ("javascript:toPage(2)", None, "list.jsp?cat=7&cur_page=2"),
        ("load(1, 'bm'); return false;", None, "/nb/bm_2.html"),
        ("window.location.href = 'list.aspx?dept=' + this.value", "206", "list.aspx?dept=206"),
        ("location = this.options[this.selectedIndex].value", "index_2.html", "index_2.html"),
        ("document.getElementById('f').src='xz.html'", None, "xz.html"),
        ("location.href=encodeURI('index_2.jhtml');", None, "index_2.jhtml"),
        ("turn(this, '/eportal/ui?pageId=7&currentPage=2')", None, "/eportal/ui?pageId=7&currentPage=2"),
        ("turn(this, 'NEXTPAGE')", None, None),
        ("toPage(n)", None, None),
        ("send(2)", None, None),
        ("show('t2021')", None, None),
        ("javascript:void(0)", None, None),
        ("location.href = host + '/a.html'", None, None),
    ],
)
def test_an_address_is_put_together_from_what_the_page_states(
    code: str, value: str | None, address: str | None
) -> None:
    assert opened(code, SCRIPT, value) == address


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("send(2)", "asks"),
        ("__doPostBack('pager','2')", "asks"),
        ("show('t2021')", "nothing"),
        ("javascript:;", "nothing"),
        ("turn(3)", "counts"),
        ("share('x')", "unknown"),
    ],
)
def test_what_a_click_without_an_address_does(code: str, asks: str) -> None:
    assert asks_server(code, SCRIPT) == asks


@given(st.text(alphabet="abp()[]{}'\"+=.,;12/ \n", max_size=300), st.text(max_size=30))
def test_no_code_breaks_the_reading(code: str, value: str) -> None:
    opened(code, f"<script>{code}</script>", value)
    asks_server(code, f"<script>function ab(p) {{{code}}}</script>")


def read(html: str, url: str = "https://www.example.gov.cn/gk/nb/index.html") -> Page:
    return read_page(html.encode(), url, "utf-8")


def test_tabs_choices_and_trees_are_links() -> None:
    page = read(
        """<ul><li onclick="document.getElementById('f').src='list_bm.html'">县级部门</li><li data-url="list_xz.html">乡镇</li></ul>
<select onchange="location.href='list.aspx?dept='+this.value"><option value="">请选择</option><option value="3">县教育局</option></select>
<select><option value="zh">中文</option></select>
<script>d.add(7,0,'公开年报','nb/list.jsp?cat=7','','main'); var nodes = [{id:1, name:"公开制度", url:"/zd.html", icon:"/i.png"}];
</script>"""
    )
    assert [
        (anchor.text, anchor.url.removeprefix("https://www.example.gov.cn"), anchor.by_script)
        for anchor in page.anchors
    ] == [
        ("县教育局", "/gk/nb/list.aspx?dept=3", True),
        ("县级部门", "/gk/nb/list_bm.html", True),
        ("乡镇", "/gk/nb/list_xz.html", True),
        ("公开年报", "/gk/nb/nb/list.jsp?cat=7", False),
        ("公开制度", "/zd.html", False),
    ]


def test_a_button_whose_script_says_no_address_is_named() -> None:
    page = read(f'{SCRIPT}<a href="javascript:;" onclick="send(2)">下一页</a><li onclick="show(1)">2021年</li>')
    assert page.unopened == {"下一页": "asks"}
