"""Links, row dates, paging and canonical URLs, as list pages carry them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.families.canonical import canonical_url, page_url
from gxgk_crawler.families.following import Following
from gxgk_crawler.families.lists.paging import next_pages
from gxgk_crawler.families.page import LONGEST_TEXT, MOST_HTML, MOST_LINKS, read_page
from gxgk_crawler.portal import Portal

URL = "https://www.example.gov.cn/nb/showList/2/page_1.html"


def page(body: str, url: str = URL, encoding: str = "utf-8"):  # type: ignore[no-untyped-def]
    return read_page(f"<html><head><title>年报</title></head><body>{body}</body></html>".encode(encoding), url)


def test_links_come_absolute_with_their_fuller_text_and_the_date_of_their_row() -> None:
    found = page(
        '<ul><li><span>2021-03-01</span><a href="/nb/show/7.html#top" title="某市2020年政府信息公开工作年度报告">某市2020年…</a></li>'
        '<li><a href="../show/8.html">某市2021年报告</a><i>2022年1月9日</i></li></ul>'
    ).anchors
    assert [(a.url, a.text, a.date) for a in found] == [
        ("https://www.example.gov.cn/nb/show/7.html", "某市2020年政府信息公开工作年度报告", "2021-03-01"),
        ("https://www.example.gov.cn/nb/showList/show/8.html", "某市2021年报告", "2022-01-09"),
    ]


def test_links_that_lead_nowhere_are_left_out() -> None:
    assert (
        page(
            '<a href="#">a</a><a href="javascript:void(0)">b</a><a href="mailto:x@example.gov.cn">c</a><a>d</a>'
            '<a href="http://[">e</a><a href="ftp://example.gov.cn/f">f</a>'
        ).anchors
        == []
    )


def test_a_page_in_gb18030_that_claims_utf8_reads_right() -> None:
    assert page('<a href="/a.html">政府信息公开年报</a>', encoding="gb18030").anchors[0].text == "政府信息公开年报"


def test_base_href_moves_relative_links() -> None:
    raw = (
        b'<html><head><base href="https://www.example.gov.cn/other/"></head><body><a href="a.html">x</a></body></html>'
    )
    assert read_page(raw, URL).anchors[0].url == "https://www.example.gov.cn/other/a.html"


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<", b"<!-- -->", "﻿".encode()])
def test_bytes_without_markup_have_no_links(body: bytes) -> None:
    assert read_page(body, URL).anchors == []


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    read_page(b'<a href="' + body + b'">' + body, URL)


def test_a_page_of_more_links_than_any_honest_one_is_cut_and_says_so() -> None:
    found = page("".join(f"<a href=/{number}>a</a>" for number in range(MOST_LINKS + 5)))
    assert (len(found.anchors), found.is_cut) == (MOST_LINKS, True)
    assert not page("<a href=/1>a</a>" * MOST_LINKS).is_cut


def test_long_words_and_long_addresses_are_cut_before_they_add_up() -> None:
    found = page(f"<title>{'字' * 5000}</title>" + f'<a href="/1?{"a" * 1900}" title="{"字" * 5000}">b</a>' * 9000)
    assert found.is_cut
    assert sum(len(a.url) + len(a.text) for a in found.anchors) <= 4_000_000
    assert {len(a.text) for a in found.anchors} == {LONGEST_TEXT}
    assert len(found.html) <= MOST_HTML


def test_a_link_that_is_too_long_to_be_requested_is_kept_by_its_beginning() -> None:
    found = page(f'<a href="/nb/{"a" * 3000}">2024年政府信息公开工作年度报告</a><a href="/b">b</a>')
    assert [a.url for a in found.anchors] == ["https://www.example.gov.cn/b"]
    (long,) = found.long_links
    assert long.url.startswith("https://www.example.gov.cn/nb/aaa")
    assert (len(long.url) < 2100, long.text) == (True, "2024年政府信息公开工作年度报告")


def test_a_link_that_swallows_the_page_behind_it_has_no_words_of_its_own() -> None:
    swallowed = "<p>政府信息公开年报</p>" * 300
    first, second = page(f'<a href="/a"><div>{swallowed}</div></a><a href="/b">年报</a>').anchors
    assert (first.text, second.text) == ("", "年报")


def test_the_next_page_is_the_one_named_so() -> None:
    pager = '<a href="page_2.html">2</a><a href="page_2.html">下一页</a><a href="page_9.html">尾页</a>'
    following = next_pages(page(pager))
    assert following == Following(urls=["https://www.example.gov.cn/nb/showList/2/page_2.html"])


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="page_1.html">下一页</a>',
        '<a href="javascript:;">下一页</a>',
        "<span>下一页</span>",
        '<a href="page_0.html">下页</a>',
    ],
)
def test_the_last_page_has_no_next(pager: str) -> None:
    assert next_pages(page(pager)) is None


HOST = "https://www.example.gov.cn"


@pytest.mark.parametrize(
    ("url", "script", "following"),
    [
        ("/nb/", 'createPageHTML(3, 0, "index", "shtml");', ["/nb/index_1.shtml"]),
        ("/nb/index_1.shtml", 'createPageHTML(3, 1, "index", "shtml");', ["/nb/index_2.shtml"]),
        ("/nb/index_2.shtml", 'createPageHTML(3, 2, "index", "shtml");', []),
        (
            "/nb/common_list.shtml",
            "createPageHTML('page_div',2, 1,'common_list','shtml');",
            ["/nb/common_list_2.shtml"],
        ),
        ("/nb/common_list_2.shtml", "createPageHTML('page_div',2, 2,'common_list','shtml');", []),
        ("/nb/index.shtml", "var total = parseInt(3);", ["/nb/index_1.shtml", "/nb/index_2.shtml"]),
        (
            "/nb/",
            "var total = parseInt(3);",
            ["/nb/index_1.shtml", "/nb/index_2.shtml", "/nb/index_1.html", "/nb/index_2.html"],
        ),
        ("/nb/index_2.shtml", "var total = parseInt(3);", ["/nb/index_3.shtml"]),
        ("/nb/index_3.shtml", "var total = parseInt(3);", []),
        ("/nb/index.html", "var countPage = 1//共多少页", []),
        ("/list.jsp?pageNo=1&c=7", "共 2 页", ["/list.jsp?pageNo=2&c=7"]),
        ("/list.jsp?pageNo=2&c=7", "共 2 页", []),
        ("/nb/", "", []),
    ],
)
def test_scripts_and_counts_tell_the_next_page(url: str, script: str, following: list[str]) -> None:
    found = next_pages(page(f"<script>{script}</script><p>{script}</p>", HOST + url))
    assert (found.urls if found else []) == [HOST + path for path in following]


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('1 <a href="?p=2">2</a> <a href="?p=3">3</a>', "/l?p=2"),
        ('<a href="?p=1">[1]</a> [2] <a href="?p=3">[3]</a>', "/l?p=3"),
        ('<a href="?p=1">1</a> <a href="?p=2">2</a> 3', None),
        ('<a href="?p=5">5</a> 6 <a href="?p=7">7</a>', "/l?p=7"),
        ('<a href="?p=1">1</a> <a href="/l">2</a> <a href="?p=3">3</a>', "/l?p=3"),
        ('<a href="/other/9.html">9</a>', None),
    ],
)
def test_a_pager_of_numbers_tells_the_next_page(pager: str, following: str | None) -> None:
    found = next_pages(page(pager, HOST + "/l"))
    assert (found.urls[0] if found else None) == (HOST + following if following else None)


def test_the_last_number_of_a_count_may_not_exist() -> None:
    """Counted from zero, the third of three pages is number 2, and a missing number 3 is no failure."""
    last = next_pages(page("parseInt(3)", HOST + "/nb/index_2.shtml"))
    assert last is not None
    assert not last.certain
    middle = next_pages(page("parseInt(4)", HOST + "/nb/index_2.shtml"))
    assert middle is not None
    assert middle.certain


SITE = "https://www.example.gov.cn"
PORTAL = Portal(title="样例市人民政府", entry="https://www.example.gov.cn/", mirrors=("mirror.example.gov.cn",))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://WWW.Example.gov.cn:80/a/t1.html#x", "https://www.example.gov.cn/a/t1.html"),
        ("http://example.gov.cn/a.html", "https://www.example.gov.cn/a.html"),
        ("http://mirror.example.gov.cn/a.html", "https://www.example.gov.cn/a.html"),
        ("https://www.example.gov.cn/a.html?from=singlemessage&isappinstalled=0", "https://www.example.gov.cn/a.html"),
        (
            "http://www.example.gov.cn/v/1.html?nbYear=2020&orgCode=A01",
            "https://www.example.gov.cn/v/1.html?nbYear=2020&orgCode=A01",
        ),
        (
            "https://www.example.gov.cn/s.jsp?area=%c4%d0&fbtime=2010",
            "https://www.example.gov.cn/s.jsp?area=%c4%d0&fbtime=2010",
        ),
        ("https://www.example.gov.cn/a/content/mpost_7.html", "https://www.example.gov.cn/a/content/post_7.html"),
        (
            "https://www.example.gov.cn/202201/t20220124_12_app.shtml",
            "https://www.example.gov.cn/202201/t20220124_12.shtml",
        ),
        ("https://www.example.gov.cn:8080/", "https://www.example.gov.cn:8080/"),
        ("http://other.gov.cn/a", "http://other.gov.cn/a"),
        ("http://[broken", "http://[broken"),
        # sessions, in the path and in the query
        (f"{SITE}/nb/t20210120_7.html;jsessionid=0A1B-2C.node1!-17?x=1", f"{SITE}/nb/t20210120_7.html?x=1"),
        (f"{SITE}/nb/t20210120_7.html?sid=8f3a9c77d1", f"{SITE}/nb/t20210120_7.html"),
        (f"{SITE}/nb/727.html?JSESSIONID=12&phpsessid=ab3&ASPSESSIONIDQQ=A", f"{SITE}/nb/727.html"),
        (f"{SITE}/show.jsp?id=12&sid=a21fdc4296de494d", f"{SITE}/show.jsp?id=12"),
        (f"{SITE}/(S(lit3py55t21z5v55vlm25s55))/show.aspx?id=3", f"{SITE}/show.aspx?id=3"),
        (f"{SITE}/nb/727.html?sid=20210120", f"{SITE}/nb/727.html"),
        # what may be the number of the article stays, also under such a name
        (f"{SITE}/nb/2021.jsp?sid=120345", f"{SITE}/nb/2021.jsp?sid=120345"),
        (f"{SITE}/nb2021.html?sid=12", f"{SITE}/nb2021.html?sid=12"),
        (f"{SITE}/show.jsp?sid=12", f"{SITE}/show.jsp?sid=12"),
        (
            f"{SITE}/detail.html?sid=a21fdc4296de494da7adce40d7541728",
            f"{SITE}/detail.html?sid=a21fdc4296de494da7adce40d7541728",
        ),
        (f"{SITE}/show.php?lang=zh&sid=a21fdc4296de494d", f"{SITE}/show.php?lang=zh&sid=a21fdc4296de494d"),
        (f"{SITE}/show.jsp?id=12&sid=345", f"{SITE}/show.jsp?id=12&sid=345"),
        # the moment of a click, not a year
        (f"{SITE}/nb/727.html?_=1612345678901&t=0.7312984", f"{SITE}/nb/727.html"),
        (f"{SITE}/nb/list7.html?t=2021", f"{SITE}/nb/list7.html?t=2021"),
        # IIS takes letters in either case, other servers do not
        (f"{SITE}/Gov/InfoPublic.ASPX?CID=1019&Name=Nb", f"{SITE}/gov/infopublic.aspx?cid=1019&name=Nb"),
        (
            f"{SITE}/a.aspx?id=3F2504E0-4F89-11D3-9A0C-0305E82C3301",
            f"{SITE}/a.aspx?id=3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        ),
        (f"{SITE}/ZFXXGKNB/2025n/Show.html?ID=3", f"{SITE}/ZFXXGKNB/2025n/Show.html?ID=3"),
        # mobile copies, in a folder and on a host of their own
        (f"{SITE}/wap/nb/t20210120_7.html", f"{SITE}/nb/t20210120_7.html"),
        (f"{SITE}/xzf/wap/nb/7.html", f"{SITE}/xzf/nb/7.html"),
        ("http://m.example.gov.cn/nb/7.html", f"{SITE}/nb/7.html"),
        ("http://m.www.example.gov.cn/nb/7.html", f"{SITE}/nb/7.html"),
        ("http://wap.zwgk.example.gov.cn/nb/7.html", "https://zwgk.example.gov.cn/nb/7.html"),
        ("http://m.other.gov.cn/nb/7.html", "http://m.other.gov.cn/nb/7.html"),
        (f"{SITE}/wapp/wap", f"{SITE}/wapp/wap"),
        # a host below the portal's domain speaks its scheme
        ("http://zwgk.example.gov.cn/nb/7.html", "https://zwgk.example.gov.cn/nb/7.html"),
        # another language is another page
        (f"{SITE}/en/nb/7.html?lang=en", f"{SITE}/en/nb/7.html?lang=en"),
        ("http://en.example.gov.cn/nb/7.html", "https://en.example.gov.cn/nb/7.html"),
    ],
)
def test_one_report_has_one_url(url: str, key: str) -> None:
    assert canonical_url(url, PORTAL) == key
    assert canonical_url(key, PORTAL) == key


def test_the_only_host_of_a_portal_may_be_a_mobile_one() -> None:
    portal = Portal(title="样例市人民政府", entry="http://m.example.gov.cn/")
    assert canonical_url("https://m.example.gov.cn/wap/1.html", portal) == "http://m.example.gov.cn/1.html"


@pytest.mark.parametrize(
    ("fetched", "base"),
    [
        ("http://example.gov.cn/nb/t1.html?from=list", f"{SITE}/nb/t1.html"),
        (f"{SITE}/wap/nb/t1.html", f"{SITE}/wap/nb/t1.html"),
        ("http://m.example.gov.cn/nb/t1.html", "http://m.example.gov.cn/nb/t1.html"),
    ],
)
def test_links_of_a_mobile_copy_lead_to_its_own_files(fetched: str, base: str) -> None:
    assert page_url(canonical_url(fetched, PORTAL), fetched) == base


PIECES = [
    "/",
    "/wap",
    "/WAP",
    "/(S(a1))",
    ";jsessionid=A",
    ";sid=",
    "?",
    "&",
    "sid=a1b2c3d4",
    "_=1612345678",
    "/t20210120_7_app.html",
]
PIECES += ["/mpost_7.html", ".aspx", "A", "%c4", "m.", "id=7", "#", "=", "/index.html", "www."]


@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)),
    st.sampled_from(["", "m.", "m.wap."]),
)
def test_canonical_is_stable(tail: str, label: str) -> None:
    once = canonical_url(f"http://{label}www.example.gov.cn/{tail}", PORTAL)
    assert canonical_url(once, PORTAL) == once


@pytest.mark.parametrize("dots", ["…", "...", "……"])
@pytest.mark.parametrize("behind", ["", " [2021-01-20]", " 2021年01月20日 发布"])
def test_words_that_are_cut_short_are_read_from_the_title(dots: str, behind: str) -> None:
    whole = "样例市2020年政府信息公开工作年度报告"
    row = f'<ul><li><a href="/1.html" title="{whole}">{whole[:14]}{dots}{behind}</a></li></ul>'
    assert [anchor.text for anchor in read_page(row.encode(), f"{SITE}/nb/").anchors] == [whole]


def test_a_title_that_says_something_else_is_not_taken_for_what_was_cut() -> None:
    row = '<a href="/1.html" title="点击查看">样例市2020年政府信息公开工作…</a>'
    assert [anchor.text for anchor in read_page(row.encode(), f"{SITE}/nb/").anchors] == [
        "样例市2020年政府信息公开工作…"
    ]
