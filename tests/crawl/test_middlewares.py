"""What a hostile answer may do to the middlewares: nothing that outlasts or holds up more than itself."""

from __future__ import annotations

import asyncio
import threading
from typing import Any
from unittest.mock import Mock

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings

from gxgk_crawler.crawl.middlewares.decompression import Decompression
from gxgk_crawler.crawl.middlewares.meta_refresh import MetaRefresh
from gxgk_crawler.crawl.middlewares.session_cookies import SessionCookies

URL = "https://www.sample.gov.cn/index.html"


def refreshed(body: bytes, **more: Any) -> Request | Response:
    middleware = MetaRefresh(Settings())
    middleware.crawler = Mock()
    return middleware.process_response(Request(URL), HtmlResponse(URL, body=body, **more))


@pytest.mark.parametrize(
    "address", ["a://[", "http://[", "http://a:99999/", "//[::1", "http://", "javascript:x()", "ftp://a.gov.cn/", ""]
)
def test_a_refresh_to_no_address_is_a_page_like_any_other(address: str) -> None:
    answer = refreshed(f'<meta http-equiv="refresh" content="0; url={address}">'.encode())
    assert isinstance(answer, Response)


def test_a_refresh_is_followed() -> None:
    answer = refreshed("<meta http-equiv=refresh content='0;url=/信息公开/'>".encode("gb18030"))
    assert isinstance(answer, Request)
    assert answer.url == "https://www.sample.gov.cn/%E4%BF%A1%E6%81%AF%E5%85%AC%E5%BC%80/"
    assert answer.meta["redirect_urls"] == [URL]


def test_a_page_is_not_decoded_as_a_whole_nor_by_a_codec_of_its_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: HtmlResponse) -> str:
        raise AssertionError("the whole page is decoded")

    monkeypatch.setattr(HtmlResponse, "text", property(refuse))
    monkeypatch.setattr(HtmlResponse, "encoding", property(refuse))
    headers = {"Content-Type": "text/html; charset=unicode_escape"}
    assert isinstance(refreshed(b"<p>" * 1_000_000, headers=headers), Response)


def test_bodies_are_decompressed_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def note(*_: Any) -> Response:
        threads.append(threading.current_thread())
        return Response(URL, body=b"plain")

    monkeypatch.setattr(HttpCompressionMiddleware, "process_response", note)
    crawler = Mock()
    crawler.settings = Settings()
    middleware = Decompression.from_crawler(crawler)
    coded = Response(URL, headers={"Content-Encoding": "gzip"}, body=b"x")
    assert asyncio.run(middleware.process_response(Request(URL), coded)).body == b"plain"
    assert threads
    assert threading.main_thread() not in threads
    assert asyncio.run(middleware.process_response(Request(URL), Response(URL, body=b"y"))).body == b"y"


@pytest.mark.parametrize(("number", "is_sent"), [(50, True), (51, False)])
def test_cookies_are_kept_up_to_a_number(number: int, *, is_sent: bool) -> None:
    middleware = SessionCookies()
    set_cookies = {"Set-Cookie": [f"a{n}=1; path=/".encode() for n in range(number)]}
    middleware.process_response(Request(URL), Response(URL, headers=set_cookies))
    again = Request(URL)
    middleware.process_request(again)
    assert (b"Cookie" in again.headers) is is_sent
