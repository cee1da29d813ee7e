"""What the walk makes of one page: the function that the spider walks by, on pages of our own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from gxgk_crawler.crawl.navigation import BREADTH, Hooks, look
from gxgk_crawler.families.trs import Trs
from gxgk_crawler.portal import Portal

if TYPE_CHECKING:
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
    settings = Settings()
    settings.setmodule("gxgk_crawler.settings")
    middleware = MetaRefreshMiddleware(settings)
    middleware.crawler = Mock()
    body = page(head=head)
    request = Request(HOME)
    response = HtmlResponse(HOME, body=body, request=request, encoding="utf-8")
    followed = middleware.process_response(request, response)
    assert look(body, HOME).redirect == (followed.url if isinstance(followed, Request) else None)


def test_a_page_is_looked_at_without_scrapy() -> None:
    program = (
        "import sys, gxgk_crawler.crawl.navigation; assert not {'scrapy', 'twisted', 'sqlalchemy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
