"""What the walk makes of one page: the function that the spider walks by, on pages of our own."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from gxgk_crawler.crawl.hooks import Hooks
from gxgk_crawler.crawl.middlewares.meta_refresh import MetaRefresh
from gxgk_crawler.crawl.navigation import BREADTH, look
from gxgk_crawler.crawl.walk.page_reader import judged
from gxgk_crawler.families.page import MOST_LINKS
from gxgk_crawler.families.trs import Trs
from gxgk_crawler.portal import Portal

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.families.family import Family
    from gxgk_crawler.families.page import Anchor

HOME = "https://www.yangli.gov.cn/"


def page(*links: tuple[str, str], head: str = "") -> bytes:
    """A page with these links, as (href, text)."""
    rows = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return f"<html><head><meta charset=utf-8>{head}</head><body><ul>{rows}</ul></body></html>".encode()


def test_a_home_page_shows_the_channel_the_disclosure_pages_and_what_is_foreign() -> None:
    seen = look(
        page(
            ("/zwgk/nb/", "政府信息公开年报"),
            ("/zwgk/", "政府信息公开"),
            ("http://zwgk.yangli.gov.cn/", "政务公开"),
            ("https://www.example.com/", "信息公开"),
            ("/zwgk/zn/", "政府信息公开指南"),
            ("/zwgk/202401/t20240119_664642.html", "样例市人民政府2023年政府信息公开工作年度报告"),
        ),
        HOME,
    )
    assert seen.channels == [(f"{HOME}zwgk/nb/", "政府信息公开年报")]
    assert seen.followed == [(f"{HOME}zwgk/", "政府信息公开"), ("http://zwgk.yangli.gov.cn/", "政务公开")]
    assert seen.reports == [
        (f"{HOME}zwgk/202401/t20240119_664642.html", "样例市人民政府2023年政府信息公开工作年度报告")
    ]
    assert "https://www.example.com/" not in seen.own
    assert "https://www.example.com/" in {url for url, _ in seen.anchors}
    assert (seen.family, len(seen.evidence)) == ("trs", 1)


def test_a_page_with_many_disclosure_links_is_followed_to_the_first_of_them() -> None:
    seen = look(page(*((f"/{number}/", "信息公开") for number in range(BREADTH + 3))), HOME)
    assert [url for url, _ in seen.followed] == [f"{HOME}{number}/" for number in range(BREADTH)]
    assert len(seen.uncut) == BREADTH + 3


def test_a_list_shows_reports_by_short_titles_the_lists_below_it_and_its_next_page() -> None:
    seen = look(
        page(
            ("/zwgk/nb/202401/t20240119_1.html", "2023年"),
            ("/zwgk/nb/bm/", "部门"),
            ("/zwgk/nb/index_1.html", "下一页"),
        ),
        f"{HOME}zwgk/nb/",
    )
    assert seen.reports == []
    assert seen.reports_in_channel == [(f"{HOME}zwgk/nb/202401/t20240119_1.html", "2023年")]
    assert seen.sub_channels == [(f"{HOME}zwgk/nb/bm/", "部门")]
    assert seen.next_urls == [f"{HOME}zwgk/nb/index_1.html"]


def test_a_page_without_marks_is_read_by_the_family_of_its_portal() -> None:
    plain = page(("/zwgk/", "政府信息公开"))
    assert look(plain, HOME).family == "generic"
    seen = look(plain, HOME, otherwise=Trs())
    assert (seen.family, seen.evidence) == ("trs", [])


def test_the_hooks_of_an_odd_portal_decide() -> None:
    class Odd(Hooks):
        portal = Portal(title="样例", entry=HOME)

        def is_channel(self, anchor: Anchor, family: Family) -> bool:
            return anchor.text == "工作"

    odd = page(("/gz/", "工作"), ("/nb/", "政府信息公开年报"), ("http://zwgk.yangli.gov.cn/", "政务公开"))
    seen = look(odd, HOME, hooks=Odd())
    assert seen.channels == [(f"{HOME}gz/", "工作")]
    assert seen.own == {f"{HOME}gz/", f"{HOME}nb/"}


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="refresh" content="0; url=/zwgk/index.html">',
        '<meta http-equiv="refresh" content="9; url=index.html">',
        '<meta http-equiv="refresh" content="10; url=index.html">',
        '<base href="https://zwgk.yangli.gov.cn/x/"><meta http-equiv="refresh" content="0; url=a.html">',
        '<noscript><meta http-equiv="refresh" content="0; url=/no.html"></noscript>',
        '<meta http-equiv="refresh" content="5">',
        "",
    ],
)
def test_a_redirect_is_the_one_that_a_crawl_follows(head: str) -> None:
    ours = Settings()
    ours.setmodule("gxgk_crawler.settings")
    middleware = MetaRefresh(ours)
    middleware.crawler = Mock()
    body = page(head=head)
    request = Request(HOME)
    response = HtmlResponse(HOME, body=body, request=request, encoding="utf-8")
    followed = middleware.process_response(request, response)
    assert look(body, HOME).redirect == (followed.url if isinstance(followed, Request) else None)


def test_links_that_are_too_long_are_known_as_the_portals_own() -> None:
    seen = look(page(("/nb/" + "a" * 3000, "年报"), ("https://www.example.com/" + "a" * 3000, "分享")), HOME)
    assert [anchor.url[:30] for anchor in seen.long_links] == [f"{HOME}nb/aa"[:30]]


def test_links_that_a_family_adds_are_limited_too() -> None:
    record = "<record><![CDATA[" + "<a href=/art/1>a</a>" * 2000 + "]]></record>"
    seen = look(f"<script><datastore>{record * 6}</datastore></script>".encode(), f"{HOME}col/col1/index.html")
    assert seen.family == "jcms"
    assert (len(seen.own_links), seen.is_cut) == (MOST_LINKS, True)


# Pages whose links, rows or scripts lie inside each other, or are looked for again and again.
GROWING: dict[str, tuple[Callable[[int], str], int]] = {
    "links in one element": (lambda n: "<div>" + "<a href=x></a>" * n, 300),
    "links inside each other": (lambda n: "<div><a href=x>" * n, 100),
    "areas in an open link": (lambda n: "<a href=x><area href=y>" * n, 200),
    "options": (lambda n: "<select>" + "<option value=/x>年报" * n, 300),
    "disclosure pages": (lambda n: "".join(f"<a href=/{i}/>政府信息公开</a>" for i in range(n)), 300),
    "reports": (lambda n: "".join(f"<a href=/{i}/1.html>2024年政府信息公开年度报告</a>" for i in range(n)), 200),
    "jumps": (lambda n: "<script>" + "location=a;" * n + "</script>", 400),
    "columns": (lambda n: "/gkmlpt/ SID: 1 TREE: [" + "{}," * n + "{}]", 2000),
}


def effort(body: bytes) -> float:
    start = time.process_time()
    judged(look(body, f"{HOME}gkmlpt/index"), "list")
    judged(look(body, f"{HOME}gkmlpt/index"), "page")
    return time.process_time() - start


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_no_faster_than_the_page(name: str) -> None:
    make, size = GROWING[name]
    small, large = make(size).encode(), make(4 * size).encode()
    effort(small)  # rules are compiled before anything is measured
    assert any(effort(large) <= 10 * max(effort(small), 0.005) for _ in range(5)), "quadratic would be 16 times"


@pytest.mark.process
def test_a_page_is_looked_at_without_scrapy() -> None:
    program = (
        "import sys, gxgk_crawler.crawl.navigation; assert not {'scrapy', 'twisted', 'sqlalchemy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


PIECES = st.sampled_from(
    [
        '<a href="http://[">信息公开</a>',
        '<a href="//a:99999/nb/">年报</a>',
        '<a href="http://www.yangli.gov.cn:x/">政府信息公开年报</a>',
        '<a href="?page=99999999999999999999">下一页</a>',
        '<a href="/public/column/7?nbYear=٣">2023年</a>',
        "<script>createPageHTML(99999999999999999999, 0, 'index', 'html')</script>",
        "createPageHTML('page-div', 3, 1, 't20240101_1', 'shtml')",
        "dataproxy.jsp?perpage=0&startrecord=-1 totalRecord: 99 <datastore><record><![CDATA[<a href=x>年报]]></record>",
        "queryData=\"{'webId':'1','pageNo':'x'}\"",
        "/gkmlpt/ SID: 1 TREE: [{'id': 1}] TREE: [[[",
        '{"data": {"html": "<a href=http://[>x"}}',
        '{"articles": [1, {"url": 7, "id": "x", "date": -1}, {"url": "x"}], "classify": 3}',
        "eportal/ui?pageId=1&amp;currentPage=2",
        '<meta http-equiv="refresh" content="0; url=http://[">',
        '<base href="http://[">',
        "共<b>9</b>页",
        f"共{'9' * 5000}页 countPage = {'9' * 5000} totalRecords = {'9' * 5000} perPage = {'9' * 5000}",
        f"createPageHTML({'9' * 5000}, {'9' * 5000}, 'index', 'html') eportal/ui?pageId=1&currentPage={'9' * 5000}",
    ]
)


@given(
    body=st.binary(max_size=200)
    | st.lists(PIECES | st.text(max_size=20), max_size=8).map(lambda p: "".join(p).encode()),
    path=st.sampled_from(
        ["", "nb/index_1.html", "gkmlpt/api/all/1?page=2&sid=1", "dataproxy.jsp?endrecord=x", "a?pageNo=²"]
    ),
)
@settings(deadline=None)
def test_no_page_breaks_the_walk(body: bytes, path: str) -> None:
    seen = look(body, f"{HOME}{path}")
    assert seen.own <= {url for url, _ in seen.anchors}
    assert {url for url, _ in [*seen.channels, *seen.followed, *seen.sub_channels]} <= seen.own
    assert {url for url, _ in [*seen.reports, *seen.reports_in_channel]} <= seen.own
    assert seen.next_urls is None or all(isinstance(url, str) for url in seen.next_urls)
    assert seen.redirect is None or isinstance(seen.redirect, str)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("gkmlpt/api/all/1?page=2&sid=1", '{"articles": [{"url": "x"}], "classify": 3}'),
        ("gkmlpt/api/all/1?page=2&sid=1", '{"articles": 3}'),
        ("gkmlpt/api/all/1?page=2&sid=1", "[" * 100_000),
        ("gkmlpt/index", "SID: 1, TREE: " + "[" * 100_000),
        ("gkmlpt/index", 'SID: 1, TREE: [{"id": 1, "name": "政府信息公开年报", "children": 3}]'),
        ("jpaas-publish-server/front/page/build/unit?pageNo=2", '{"data":' * 100_000),
        ("jpaas-publish-server/front/page/build/unit?pageNo=2", '{"data": {"html": 3}}'),
    ],
)
def test_an_answer_of_another_shape_is_an_answer_without_links(path: str, body: str) -> None:
    seen = look(body.encode(), f"{HOME}{path}")
    assert seen.family != "generic"
    assert seen.next_urls is None or len(seen.next_urls) == 1
    assert len(seen.anchors) <= 1
