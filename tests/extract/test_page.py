"""Whole pages: the body and nothing but the body, whatever the template does."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from gxgk_crawler.extract import extract
from gxgk_crawler.items import FoundDate, Link
from gxgk_crawler.portal import Layout, Portal
from tests.extract.pages import BODY, FOOTER, MENU, METAS, PARAGRAPHS, TEXT, TITLE, page

META_LINE = "<p>发布时间：2022-01-20 09:30　来源：样本市政府办公室　字号：[<a>大</a> <a>中</a> <a>小</a>]　浏览次数：<span>12</span></p>"
TAIL = "<p>【打印本页】 【关闭窗口】</p><p>扫一扫在手机打开当前页</p><p>责任编辑：样本员</p>"

TEMPLATES = {
    "known container": page(),
    "unknown container": page(container='<div class="xx-9">'),
    "meta line and buttons inside": page(f"<h1>{TITLE}</h1>{META_LINE}{BODY}{TAIL}"),
    "the same in an unknown container": page(f"<h1>{TITLE}</h1>{META_LINE}{BODY}{TAIL}", container='<div class="nr">'),
    "title broken by br": page(f"<p>样本市2021年政府信息公开<br>工作年度报告</p>{BODY}"),
    "column name and breadcrumb inside": page(f"<p>当前位置：首页 &gt; 政务公开</p><p>政府信息公开年报</p><h2>{TITLE}</h2>{BODY}"),
    "end tags before the content": page().replace(b'<div id="zoom">', b'</body></html><div id="zoom">'),
    "desktop and mobile copy": page(after=f'<div class="am-show" id="zoom">{BODY}</div>'),
    "copies in unknown containers": page(f'<div class="pc">{BODY}</div><div class="m">{BODY}</div>', container='<div class="a">'),
    "container in container": page(f'<div class="TRS_Editor"><div class="TRS_Editor">{BODY}</div></div>'),
    "sibling blocks": page(
        "".join(f'<div class="TRS_Editor"><p>{one}</p></div>' for one in PARAGRAPHS), container="<div>"
    ),
    "br instead of paragraphs": page("<br>".join(PARAGRAPHS), container='<div class="b">'),
    "cells instead of paragraphs": page(
        "<table>" + "".join(f"<tr><td>{one}</td></tr>" for one in PARAGRAPHS) + "</table>", container='<div class="b">'
    ),
    "word paragraphs": page(
        "".join(
            f'<p class="MsoNormal"><span lang="EN-US">{one[:9]}</span><font><span>{one[9:]}<o:p></o:p></span></font></p>'
            for one in PARAGRAPHS
        )
    ),
    "upper case in gb18030": page(BODY.replace("<p>", "<P>")).decode().replace("'utf-8'", "gb2312").encode("gb18030"),
    "utf-16 of Word": b"\xff\xfe" + page().decode().encode("utf-16-le"),
    "bare fragment": BODY.encode(),
    "hidden by a script until it is laid out": page().replace(b"<body>", b'<body style="display:none">'),
    "style and script inside": page(f"<style>.TRS_Editor P{{margin:0}}</style>{BODY}<script>var a = '正文，内容。';</script>"),
    "share buttons hidden inside": page(f'{BODY}<div style="display: none">分享到微信，打印，收藏。</div>'),
    "preformatted": page(f"<pre>{TEXT}</pre>"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_text_is_the_body_and_nothing_else(name: str) -> None:
    document = extract(TEMPLATES[name])
    assert document.text == TEXT
    assert "no_body" not in document.flags
    assert "low_confidence" not in document.flags


def test_inline_runs_keep_every_character() -> None:
    date = "自<span>2019</span><span><b>年</b></span>1月<font>1<i>日</i></font>起，"
    nested = f"{date}国办发<span>〔<span>2017</span>〕</span>24<span>号</span>执行。"
    assert "自2019年1月1日起，国办发〔2017〕24号执行。" in extract(page(f"<p>{nested}</p>{BODY}")).text


def test_a_very_short_article_does_not_lose_to_the_copyright_notice() -> None:
    notice = "<div>本网站所有内容，未经书面授权，任何单位和个人不得转载、摘编，违者将依法追究责任，特此声明。</div>"
    assert extract(page("<p>样本年报已上传。</p>", after=notice)).text == "样本年报已上传。"


@pytest.mark.parametrize(
    "body", [b"", b"   \n", f"<html><body>{MENU}{FOOTER}</body></html>".encode(), b"<script>go()</script>"]
)
def test_a_page_without_body_says_so(body: bytes) -> None:
    document = extract(body)
    assert document.flags == ["no_body"]
    assert not document.text.strip()


def test_a_body_of_images_has_no_text_and_its_images() -> None:
    document = extract(
        page('<p><img src="W020.jpg" alt="第1页"></p>'), url="https://www.example.gov.cn/a/t20220120_1.html"
    )
    assert "no_body" in document.flags
    assert document.images == [Link(name="第1页", url="https://www.example.gov.cn/a/W020.jpg")]


def test_files_become_attachments() -> None:
    links = '<p>附件：<a href="./W02.docx">统计表.docx</a></p><p><a href="/module/download/downfile.jsp?filename=ab">全文下载</a></p>'
    document = extract(page(BODY + links), url="https://www.example.gov.cn/a/b.html")
    assert [link.url for link in document.attachments] == [
        "https://www.example.gov.cn/a/W02.docx",
        "https://www.example.gov.cn/module/download/downfile.jsp?filename=ab",
    ]


def test_nesting_beyond_the_parser_is_told_and_keeps_the_text() -> None:
    document = extract(b"<div>" * 20_000 + TEXT.encode())
    assert "low_confidence" in document.flags
    assert "".join(TEXT.split()) in "".join(document.text.split())


def test_a_layout_wins_over_containers_in_its_time() -> None:
    body = page(after=f'<div class="old"><p>{PARAGRAPHS[4]}</p></div>')
    portal = Portal(
        title="样本市人民政府",
        entry="https://www.example.gov.cn/",
        layouts=(Layout(body="#zoom"), Layout(body="div.old", until=dt.date(2020, 1, 1))),
    )
    assert extract(body, portal=portal, fetched_on=dt.date(2019, 5, 1)).text == PARAGRAPHS[4]
    assert extract(body, portal=portal, fetched_on=dt.date(2022, 5, 1)).text == TEXT


def test_facts_of_the_page() -> None:
    signed = f"{BODY}<p>样本市人民政府办公室</p><p>2022年1月18日</p>"
    document = extract(page(signed, before=META_LINE), url="http://www.example.gov.cn/art/2022/1/20/art_1_2.html")
    assert document.title == TITLE
    assert document.year == 2021
    assert document.published_on == "2022-01-20"
    assert document.source == "样本市政府办公室"
    assert document.issuer == "样本市人民政府办公室"
    assert document.dates == [
        FoundDate(value="2022-01-20", source="meta"),
        FoundDate(value="2022-01-20", source="visible"),
        FoundDate(value="2022-01-20", source="url"),
        FoundDate(value="2022-01-18", source="signature"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2022-01-20 09:30",
        "2022-01-20 09:30:11",
        "2022-01-20",
        "2022-01-20  09:30",
        "2022-01-20 09∶30",
        "2022年01月20日",
    ],
)
def test_six_shapes_of_pubdate(written: str) -> None:
    assert extract(page(head=METAS.replace("2022-01-20  09∶30", written))).published_on == "2022-01-20"


def test_a_migration_date_gives_way_to_the_earlier_visible_one_but_never_before_the_signature() -> None:
    head = METAS.replace("2022-01-20", "2023-05-12")
    assert extract(page(head=head, before=META_LINE)).published_on == "2022-01-20"
    signed = f"{BODY}<p>样本市人民政府办公室</p><p>2022年3月1日</p>"
    assert extract(page(signed, head=head, before=META_LINE)).published_on == "2023-05-12"


def test_the_site_name_is_no_title() -> None:
    head = '<meta name="ArticleTitle" content="样本市人民政府"><meta name="SiteName" content="样本市人民政府">'
    assert extract(page(head=head, before=f"<h1>{TITLE}</h1>")).title == TITLE


def test_metadata_block() -> None:
    block = (
        "<table><tr><td>索引号：</td><td>002482082/2022-00332</td><td>发布机构：</td><td>样本市政务公开办</td></tr>"
        "<tr><td>文号</td><td>样办发〔2022〕3号</td><td>成文日期</td><td>2022-01-18</td></tr></table>"
    )
    for body in (page(before=block), page(block + BODY)):
        document = extract(body)
        assert document.text == TEXT
        assert document.fields["索引号"] == "002482082/2022-00332"
        assert document.fields["文号"] == "样办发〔2022〕3号"
        assert document.issuer == "样本市政务公开办"


def test_documents_cross_process_borders() -> None:
    document = extract(page(), url="https://www.example.gov.cn/")
    assert pickle.loads(pickle.dumps(document)) == document
