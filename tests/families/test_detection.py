"""Every family knows its own pages, its hidden links and the way to the next page."""

from __future__ import annotations

import json

import pytest

from gxgk_crawler.families.article_pages import next_part
from gxgk_crawler.families.detection import detect
from gxgk_crawler.families.following import Following
from gxgk_crawler.families.gkmlpt import Gkmlpt
from gxgk_crawler.families.jcms import Jcms
from gxgk_crawler.families.page import Page, read_page
from gxgk_crawler.families.trs import Trs

HOST = "https://www.example.gov.cn"


def page(html: str, path: str = "/") -> Page:
    return read_page(html.encode(), HOST + path)


@pytest.mark.parametrize(
    ("html", "family"),
    [
        ('<a href="/OpennessAnnualReport/showList/2/page_1.html">年报</a>', "openness"),
        ('<div class="TRS_Editor">正文</div>', "trs"),
        ('<a href="./202103/t20210301_77.shtml">年报</a><script>createPageHTML(2,0,"index","shtml")</script>', "trs"),
        ('<div id="vsb_content">正文</div><script src="/system/resource/js/a.js"></script>', "vsb"),
        ('<a href="/info/1021/7755.htm">年报</a>', "vsb"),
        ("<script>window.NFCMS_SITE_ID=1;</script>", "gkmlpt"),
        ('<a href="/gkmlpt/index">公开</a>', "gkmlpt"),
        ('<script type="text/xml"><datastore></datastore></script>', "jcms"),
        ('<a href="/art/2021/3/1/art_77_12.html">年报</a>', "jcms"),
        ("<ucapcontent>正文</ucapcontent>", "ucap"),
        ('<div id="easysiteText">正文</div>', "easysite"),
        ('<a href="/zfxxgknb/1762384.shtml">年报</a>', "panzhihua"),
        ('<a href="/nb/2020.html">年报</a>', "generic"),
    ],
)
def test_a_page_names_its_family(html: str, family: str) -> None:
    found, evidence = detect(page(html))
    assert found.name == family
    assert bool(evidence) == (family != "generic")


def urls(following: Following | None) -> list[str]:
    return following.urls if following else []


RECORDS = "<record><![CDATA[<li><a href='/art/2021/3/1/art_77_{}.html' title='样例区20{}年政府信息公开年报'>报告</a></li>]]></record>"


NEXT_GROUP = '<a href="/module/web/jpage/dataproxy.jsp?page=1&webid=3&columnid=77&unitid=9"></a>'


def test_jcms_records_are_links_and_the_next_group_is_asked_for() -> None:
    records = "".join(RECORDS.format(i, 10 + i) for i in range(3))
    first = page(
        f"<script type='text/xml'><datastore><nextgroup><![CDATA[{NEXT_GROUP}]]></nextgroup><recordset>{records}</recordset>"
        "</datastore></script><script>var totalRecord: 5, perPage: 1, appid: '1'</script>",
        "/col/col77/index.html",
    )
    family = Jcms()
    assert [a.text for a in family.anchors(first) if "/art/" in a.url] == [
        f"样例区20{10 + i}年政府信息公开年报" for i in range(3)
    ]
    following = urls(family.next_pages(first))[0]
    assert "startrecord=4&endrecord=6&perpage=1" in following
    assert "columnid=77" in following
    second = Page(
        url=following, title="", html="<datastore><totalrecord>5</totalrecord>" + RECORDS.format(4, 14), anchors=[]
    )
    assert family.next_pages(second) is None
    more = Page(url=following, title="", html="totalrecord: 9" + RECORDS.format(4, 14), anchors=[])
    assert "startrecord=7" in urls(family.next_pages(more))[0]


def test_gkmlpt_lists_come_from_its_tree_and_its_api() -> None:
    family = Gkmlpt()
    tree = [{"id": 5, "name": "机构职能", "children": [{"id": 77, "name": "政府信息公开年报", "children": []}]}]
    index = page(
        f"<script>window._CONFIG = {{SID: '12', TREE: {json.dumps(tree)}, SERVICE_AREA_ID: 1}};</script>",
        "/gkmlpt/index",
    )
    (column,) = [a for a in family.anchors(index) if "/api/" in a.url]
    assert (column.url, column.text) == (HOST + "/gkmlpt/api/all/77?page=1&sid=12", "政府信息公开年报")
    articles = [{"id": 6251491, "title": "样例区%u0032024年政府信息公开年报", "date": 1738000000, "url": ""}]
    answer = Page(
        url=column.url, title="", html=json.dumps({"classify": {"post_count": 2}, "articles": articles}), anchors=[]
    )
    (report,) = family.anchors(answer)
    assert report.url == HOST + "/gkmlpt/content/6/6251/post_6251491.html"
    assert (report.text, report.date) == ("样例区2024年政府信息公开年报", "2025-01-28")
    assert urls(family.next_pages(answer)) == [HOST + "/gkmlpt/api/all/77?page=2&sid=12"]
    last = Page(url=column.url, title="", html=json.dumps({"classify": {"post_count": 2}, "articles": []}), anchors=[])
    assert family.next_pages(last) is None


@pytest.mark.parametrize(
    "html", ["", "{", "[]", '{"data": 1}', '{"articles": [1, {"id": "x"}]}', "TREE: [", "TREE: [1]"]
)
def test_odd_answers_are_no_links(html: str) -> None:
    for family in (Jcms(), Gkmlpt()):
        odd = Page(url=HOST + "/gkmlpt/api/all/7?page=1&sid=1", title="", html=html, anchors=[])
        assert family.anchors(odd) == []
        assert family.next_pages(odd) is None


def test_an_article_of_trs_names_its_further_pages() -> None:
    split = page('<script>createPageHTML(3,0,"t20190301_77","shtml");</script>', "/nb/201903/t20190301_77.shtml")
    assert next_part(split, Trs(), split.url) == HOST + "/nb/201903/t20190301_77_1.shtml"
