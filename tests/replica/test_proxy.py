"""The proxy is what every crawl test stands on: it must answer as portals and proxies do, and break only on demand."""

import gzip
import http.client
import time
import zlib
from urllib.parse import urlsplit

import pytest

from tests.replica import Fault, Page, ReplicaProxy, Request, Site
from tests.replica.conftest import connect, get

HOME = "https://www.hlbe.gov.cn/"


def test_plain_http_goes_by_absolute_target_and_is_sent_to_https(proxy: ReplicaProxy) -> None:
    client = http.client.HTTPConnection("127.0.0.1", urlsplit(proxy.url).port, timeout=10)
    client.request("GET", "http://www.hlbe.gov.cn/robots.txt")
    response = client.getresponse()
    client.close()
    assert response.status == 301
    assert response.headers["Location"] == "https://www.hlbe.gov.cn/robots.txt"


def test_a_tunnel_is_kept_alive_over_many_requests(proxy: ReplicaProxy) -> None:
    client = connect(proxy)
    client.request("GET", "/")
    first = client.getresponse()
    first.read()
    socket = client.sock
    client.request("HEAD", "/robots.txt")
    second = client.getresponse()
    assert (second.status, second.read()) == (200, b"")
    assert int(second.headers["Content-Length"]) > 0
    assert client.sock is socket
    client.close()
    assert [(e.method, e.url, e.status) for e in proxy.log] == [
        ("GET", HOME, 200),
        ("HEAD", "https://www.hlbe.gov.cn/robots.txt", 200),
    ]


def test_gzip_only_when_accepted(proxy: ReplicaProxy) -> None:
    client = connect(proxy)
    client.request("GET", "/", headers={"Accept-Encoding": "gzip, deflate"})
    response = client.getresponse()
    packed = response.read()
    assert response.headers["Content-Encoding"] == "gzip"
    client.close()
    assert gzip.decompress(packed) == get(proxy, HOME)[1]


@pytest.mark.parametrize(("asked", "answered"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_a_known_page_is_304_until_it_changes(proxy: ReplicaProxy, asked: str, answered: str) -> None:
    client = connect(proxy)
    client.request("GET", "/robots.txt")
    response = client.getresponse()
    response.read()
    known = {asked: response.headers[answered]}
    client.request("GET", "/robots.txt", headers=known)
    again = client.getresponse()
    assert (again.status, again.read()) == (304, b"")
    if asked == "If-None-Match":
        proxy.site("www.hlbe.gov.cn").replace("/robots.txt", "/admin/", "/private/")
        client.request("GET", "/robots.txt", headers=known)
        changed = client.getresponse()
        assert (changed.status, b"/private/" in changed.read()) == (200, True)
    client.close()


def test_unknown_hosts_and_ports_are_the_proxys_502(proxy: ReplicaProxy) -> None:
    client = http.client.HTTPConnection("127.0.0.1", urlsplit(proxy.url).port, timeout=10)
    for url in ("http://nowhere.example/", "http://www.hlbe.gov.cn:8080/"):
        client.request("GET", url)
        response = client.getresponse()
        response.read()
        assert response.status == 502
    client.close()
    with pytest.raises(OSError, match="502"):
        get(proxy, "https://nowhere.example/")


def test_an_unknown_path_is_the_portals_404_and_files_ignore_a_query(proxy: ReplicaProxy) -> None:
    assert get(proxy, HOME + "OpennessAnnualReport/show/9.html")[0] == 404
    assert get(proxy, HOME + "robots.txt?from=home")[0] == 200


def test_pages_change_while_the_proxy_runs(proxy: ReplicaProxy) -> None:
    site = proxy.site("www.hlbe.gov.cn")
    site.set("/new.html", Page(body=b"new"))
    assert get(proxy, HOME + "new.html") == (200, b"new")
    site.delete("/new.html")
    assert get(proxy, HOME + "new.html")[0] == 404
    with pytest.raises(ValueError, match="does not hold"):
        site.replace("/robots.txt", "no such words", "")


def test_a_script_answers_posts_and_a_file_does_not() -> None:
    def echo(request: Request) -> Page:
        return Page(media_type="text/xml", body=request.method.encode() + b" " + request.body)

    with ReplicaProxy([Site("api.gov.cn", {"/dataproxy.jsp": echo, "/": Page()})]) as proxy:
        client = connect(proxy, "api.gov.cn")
        client.request("POST", "/dataproxy.jsp?startrecord=1", body=b"col=1")
        response = client.getresponse()
        assert (response.status, response.read()) == (200, b"POST col=1")
        client.request("POST", "/", body=b"x")
        assert client.getresponse().status == 405
        client.close()


def test_one_url_in_three_fails_twice_whatever_the_order(proxy: ReplicaProxy) -> None:
    proxy.inject(Fault(effect="status", every=3, times=2, match="show", headers=(("Retry-After", "1"),)))
    urls = [f"{HOME}OpennessAnnualReport/show/{number}.html" for number in (158, 267, 727, 1203)]
    asked = [urls, urls[::-1], urls]
    statuses = [{url: get(proxy, url)[0] for url in order} for order in asked]
    failing = [url for url in urls if zlib.crc32(url.encode()) % 3 == 0]
    assert 0 < len(failing) < len(urls)
    assert statuses[0] == statuses[1] == {url: 503 if url in failing else 200 for url in urls}
    assert set(statuses[2].values()) == {200}


def test_a_fault_lasts_until_it_is_healed(proxy: ReplicaProxy) -> None:
    proxy.inject(Fault(effect="status", match="robots"))
    assert [get(proxy, HOME + "robots.txt")[0] for _ in range(2)] == [503, 503]
    assert get(proxy, HOME)[0] == 200
    proxy.heal()
    assert get(proxy, HOME + "robots.txt")[0] == 200


def test_reset_cuts_the_connection_once(proxy: ReplicaProxy) -> None:
    proxy.inject(Fault(effect="reset", times=1))
    with pytest.raises(OSError, match=r"reset|EOF|closed"):
        get(proxy, HOME)
    assert get(proxy, HOME)[0] == 200
    assert [e.status for e in proxy.log] == [0, 200]


def test_a_truncated_body_is_shorter_than_announced(proxy: ReplicaProxy) -> None:
    proxy.inject(Fault(effect="truncate", times=1))
    with pytest.raises(http.client.IncompleteRead):
        get(proxy, HOME)


def test_delay_holds_the_answer_back(proxy: ReplicaProxy) -> None:
    proxy.inject(Fault(effect="delay", seconds=0.3, times=1))
    begun = time.monotonic()
    assert get(proxy, HOME)[0] == 200
    assert time.monotonic() - begun >= 0.3


def test_a_taken_port_is_an_error_at_once(proxy: ReplicaProxy) -> None:
    with pytest.raises(OSError, match="address already in use"), ReplicaProxy([], port=urlsplit(proxy.url).port or 0):
        pass
