"""Pages without content of their own lead on; a page with a menu is read, whatever its scripts would do on a phone."""

from __future__ import annotations

import pytest

from gxgk_crawler.families.page import read_page
from gxgk_crawler.families.redirects import redirect_of

URL = "https://www.sample.gov.cn/zwgk/index.html"
THERE = "https://www.sample.gov.cn/zwgk/nb/"


@pytest.mark.parametrize(
    "html",
    [
        "<meta http-equiv='refresh' content='0;url=nb/'>",
        "<script>window.location.href='nb/';</script>",
        "<script>location.replace('/zwgk/nb/')</script>",
        "<script>setTimeout(function(){location.href='nb/'},3000);</script>",
        "<script>window.open('nb/','_self');</script>",
        "<script>var url='nb/';\nlocation=url;</script>",
        "<p id='url'>nb/</p><script>var url=document.getElementById('url').innerText;window.open(url,'_self');</script>",
    ],
)
def test_a_page_that_leads_on(html: str) -> None:
    assert redirect_of(read_page(html.encode(), URL)) == THERE


@pytest.mark.parametrize(
    "html",
    [
        "<script>location.href='https://m.sample.gov.cn/';</script>",
        "<script>location.href='index.html';</script>",
        "<script>window.open('nb/','_blank');</script>",
        "<script>location.href='nb/';</script>" + "<a href='/a.html'>样例</a>" * 6,
        "<script>location.href=where;</script>",
        "<meta http-equiv='refresh' content='600'>",
        "<meta http-equiv='refresh' content='0;url=http://['>",
    ],
)
def test_a_page_that_is_read_itself(html: str) -> None:
    assert redirect_of(read_page(html.encode(), URL)) is None
