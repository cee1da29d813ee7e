"""What a page needs to be shown: found in markup and style sheets, whatever else stands there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxgk_crawler.extract.requisites import page_requisites, sheet_requisites
from gxgk_crawler.items import Requisites

PAGE = "https://www.yangben.gov.cn/nb/2020.html"
SHEET = "https://www.yangben.gov.cn/css/all.css"


def of_page(inside: str, *, head: str = "") -> Requisites:
    return page_requisites(f"<html><head>{head}</head><body>{inside}</body></html>".encode(), PAGE)


def sheets(css: str) -> list[str]:
    return [url.rpartition("/css/")[2] for url in sheet_requisites(css.encode(), SHEET).stylesheets]


def images(css: str) -> list[str]:
    return [url.rpartition("/css/")[2] for url in sheet_requisites(css.encode(), SHEET).images]


def test_markup() -> None:
    found = of_page(
        '<img src="a.png" srcset="a2.png 2x, a,3.png 3x,a4.png"><picture><source srcset="/b.webp"></picture>'
        '<table background=c.gif><tr><td style="background:#fff url(&quot;d.png&quot;)"></td></tr></table>'
        '<input type=image src=e.png><img src="a.png"><div style="color:red">url(no.png)</div>',
        head='<link rel="Stylesheet" href="/all.css#top"><link rel="alternate stylesheet" href="dark.css">'
        '<link rel=icon href=icon.png><style>@import "own.css"; p{background:url(f.png)}</style><script src=s.js></script>'
        "<!--[if IE]><link rel=stylesheet href=ie.css><![endif]-->",
    )
    assert found.stylesheets == ["https://www.yangben.gov.cn/all.css", "https://www.yangben.gov.cn/nb/own.css"]
    names = [url.removeprefix("https://www.yangben.gov.cn/") for url in found.images]
    assert names == [f"nb/{name}" if name != "b.webp" else name for name in
                     ("f.png", "a.png", "a2.png", "a,3.png", "a4.png", "b.webp", "c.gif", "d.png", "e.png")]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["", " ", "#", "#top", "data:image/png;base64,AA", "javascript:void(0)", "about:blank", "ftp://x.cn/a.png", "http://",
     "http://[", "//x.cn:99999/a.png", PAGE, "2020.html", "a" * 5000],
)  # fmt: skip
def test_addresses_that_lead_to_no_other_resource(address: str) -> None:
    assert of_page(f'<img src="{address}"><link rel=stylesheet href="{address}">') == Requisites()


def test_a_base_counts() -> None:
    found = of_page("<img src=a.png>", head='<base href="//tu.yangben.gov.cn/x/"><link rel=stylesheet href=../a.css>')
    assert found == Requisites(
        stylesheets=["https://tu.yangben.gov.cn/a.css"], images=["https://tu.yangben.gov.cn/x/a.png"]
    )
    assert of_page("<img src=a.png>", head="<base href='http://['>").images == ["https://www.yangben.gov.cn/nb/a.png"]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ('@import "a.css";', ["a.css"]),
        ("@IMPORT/* */url( 'a.css' ) screen;@import url(b.css);", ["a.css", "b.css"]),
        ("/* @import 'no.css'; */ @import 'a.css'", ["a.css"]),
        ("@import\n'a.css", ["a.css"]),
        (r"@import '\61.css'; @import url(b\.css)", ["a.css", "b.css"]),
        ("@imported 'no.css'; @import x 'no.css';", []),
        ('@charset "gbk"; @namespace url(http://www.w3.org/1999/xhtml); @namespace svg "no.css"; @import "a.css"', ["a.css"]),
        ("/* never closed @import 'no.css'", []),
    ],
)  # fmt: skip
def test_imports(css: str, expected: list[str]) -> None:
    assert sheets(css) == expected
    assert images(css) == []


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p{background:url(a.png)}", ["a.png"]),
        ("p{background:URL( \"a b.png\" ), url('c.png')}", ["a b.png", "c.png"]),
        ("p:before{content:'url(no.png)'}q{background:url(a.png)}", ["a.png"]),
        ("/* url(no.png) */p{cursor:url(a.png)}", ["a.png"]),
        ("@font-face{src:url(no.woff2) format('woff2'),url(no.svg#x)}p{background:url(a.png)}", ["a.png"]),
        ("p{behavior:url(no.htc);background:url(data:image/gif;base64,R0lG)}", []),
        (r"p{background:url(a\28 1\).png)}", ["a(1).png"]),
        ("p{background:url(a.png", ["a.png"]),
        ("p{background:url()}p{background:url('')}", []),
        ("p{background:myurl(no.png)}", []),
    ],
)
def test_images_of_a_sheet(css: str, expected: list[str]) -> None:
    assert images(css) == expected
    assert sheets(css) == []


def test_a_sheet_in_gbk_and_one_in_utf16() -> None:
    css = '@charset "gb2312"; /* 样式 */ p{background:url(图.png)}'
    for body in (css.encode("gb18030"), b"\xff\xfe" + css.encode("utf-16-le")):
        assert sheet_requisites(body, SHEET).images == ["https://www.yangben.gov.cn/css/图.png"]


def test_what_is_no_page_needs_nothing() -> None:
    for body in (b"", b"%PDF-1.4 <img src=a.png>", b"PK\x03\x04<img src=a.png>", "年报 img src=a.png".encode()):
        assert page_requisites(body, PAGE) == Requisites()


def test_a_page_may_name_only_so_many() -> None:
    found = of_page(
        "".join(f"<img src={n}.png><link rel=stylesheet href={n}.css>" for n in range(5000)),
    )
    assert (len(found.stylesheets), len(found.images)) == (40, 200)


@pytest.mark.parametrize(
    "piece",
    ["/*", '"', "url(", "url('\\", "@import ", "@import url(a", "@font-face url(a) ", "@font-face{url(", "'\n", "\\", 'url("'],
)  # fmt: skip
def test_hostile_sheets_end(piece: str) -> None:
    """The pieces that would make a backtracking pattern take hours at this length."""
    css = piece * (100_000 // len(piece))
    assert len(sheet_requisites(css.encode(), SHEET).images) <= 200
    assert len(page_requisites(f"<html><style>{css}".encode(), PAGE).images) <= 200


PIECES = ["<link rel=stylesheet href=", "<img src=", "srcset='", "<style>", "</style>", "<base href=", "url(", ")", "@import ",
          "/*", "*/", '"', "'", "\\", "\\110000 ", "\\d800", ",", " 2x", ">", "http://", "//", "[", "::1]", ":99999/", "a.png",
          "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "年", "@font-face{", "}", "<!--", "-->", " "]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_there_only_web_addresses_come_out(pieces: list[str]) -> None:
    body = "".join(pieces).encode("utf-8", "replace")
    for found in (page_requisites(b"<html>" + body, PAGE), sheet_requisites(body, SHEET)):
        urls = [*found.stylesheets, *found.images]
        assert all(url.startswith(("http://", "https://")) and "#" not in url and len(url) < 5000 for url in urls)
        assert len(set(found.images)) == len(found.images)


@given(st.text(alphabet="abz01-_./%()'\" \\,;{}", min_size=1, max_size=30))
def test_a_quoted_address_comes_out_as_it_went_in(address: str) -> None:
    written = address.replace("\\", "\\\\").replace('"', '\\"')
    css = f'p{{background:url("http://x.cn/{written}x")}}'
    assert sheet_requisites(css.encode(), SHEET).images == [f"http://x.cn/{address}x"]
