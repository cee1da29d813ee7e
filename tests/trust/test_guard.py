"""No request leaves for a private address, in whatever notation and by whatever way."""

from __future__ import annotations

import ipaddress
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.utils.test import get_crawler

from gxgk_crawler.crawl.middlewares.address_guard import (
    AddressGuard,
    GuardedResolver,
    RefusedAddressError,
    is_public,
    literal,
    why_refused,
)
from tests.replica import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crawl.conftest import Home

HERE = Path(__file__).parent

PRIVATE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
    "0", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0xa9fea9fe", "100.64.0.1", "100.127.255.255",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "[::]", "[::1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a00:1]", "[2001:0:a00:1::1]", "[2001:db8::1]", "[2400::5efe:a00:1]",
    "[2400::200:5efe:7f00:1]", "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "metadata.google.internal",
    "router.lan", "nas.home.arpa", "127%2e0%2e0%2e1", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "loc%61lhost",
    "metadata", "db", "kubernetes.default.svc", "ip6-localhost", "router.home", "localhost%00", "a%0d%0ab.gov.cn", "vault.corp",
    "[fec0::1]", "192.88.99.1", "[3fff::1]",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "223.5.5.5", "16843009", "[2400:3200::1]", "www.hlbe.gov.cn", "localhost.gov.cn",
          "10.gov.cn", "xn--fiqs8s.cn", "中国.cn", "0x10.example.cn"]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
@pytest.mark.parametrize("form", ["http://{}/", "https://{}:8443/a?b", "http://user:secret@{}/"])
def test_an_address_outside_the_open_internet_is_refused(host: str, form: str) -> None:
    assert why_refused(form.format(host))


@pytest.mark.parametrize("host", PUBLIC)
def test_the_open_internet_is_not_refused(host: str) -> None:
    assert why_refused(f"http://{host}/") is None


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "ftp://www.hlbe.gov.cn/", "gopher://www.hlbe.gov.cn:70/", "data:text/html,x", "javascript:alert(1)",
    "//www.hlbe.gov.cn/", "http://", "http:///etc/passwd", "http://[::1", "http://a:99999/", "http://1.2.3.4.5/", "http://256.1/",
    "http://1.2.3.999/", "http://0x/x", "", "s3://bucket/key", "HTTP://127.0.0.1/",
])  # fmt: skip
def test_nothing_but_http_and_names_or_addresses(url: str) -> None:
    assert why_refused(url) or url == "http://0x/x"


def test_what_is_written_after_an_at_sign_is_the_host() -> None:
    assert why_refused("http://www.hlbe.gov.cn@127.0.0.1/")
    assert why_refused("http://127.0.0.1@www.hlbe.gov.cn/") is None


def test_loopback_is_trusted_only_when_a_test_says_so() -> None:
    assert why_refused("http://127.0.0.1:8000/", loopback=True) is None
    assert why_refused("http://localhost/", loopback=True) is None
    assert why_refused("http://10.0.0.1/", loopback=True)
    assert why_refused("http://169.254.169.254/", loopback=True)


def test_a_host_that_no_proxy_names_is_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example.com:8080")
    monkeypatch.setenv("no_proxy", "www.hlbe.gov.cn,10.0.0.0/8")
    crawler = get_crawler(settings_dict={"ADDRESS_GUARD_LOOPBACK": False})
    guard = AddressGuard.from_crawler(crawler)
    guard.process_request(Request("https://www.hlbe.gov.cn/"))
    with pytest.raises(RefusedAddressError):
        guard.process_request(Request("http://proxy.example.com:8080/"))
    assert "www.hlbe.gov.cn" not in GuardedResolver.proxies


def test_our_own_proxy_is_no_target() -> None:
    assert why_refused("http://proxy.example.com/", proxies=["proxy.example.com"])


@given(st.ip_addresses(v=4), st.sampled_from(["{}", "::ffff:{}", "::{}", "64:ff9b::{}"]))
def test_an_embedded_address_is_judged_as_itself(address: ipaddress.IPv4Address, form: str) -> None:
    outer = ipaddress.ip_address(form.format(address))
    if not is_public(address):
        assert not is_public(outer)


@given(st.integers(0, 2**32 - 1))
def test_every_notation_is_the_same_address(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    a, b, c, d = address.packed
    for text in (str(address), str(number), hex(number), f"0{number:o}", f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{c << 8 | d}",
                 f"0x{a:x}.0{b:o}.{c}.{d}"):  # fmt: skip
        assert literal(text) == address


@given(st.text(max_size=60))
def test_no_text_makes_the_guard_fail(text: str) -> None:
    assert isinstance(why_refused(f"http://{text}/"), str | None)
    assert isinstance(why_refused(text), str | None)


class Trap(ThreadingHTTPServer):
    """A server on loopback that must never be asked."""

    asked: list[str]


@pytest.fixture
def trap() -> Iterator[Trap]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, *arguments: Any) -> None:
            pass

    server = Trap(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_way_leads_from_a_portal_to_this_machine(home: Home, trap: Trap) -> None:
    """Redirect, meta refresh, robots.txt, link, attachment, image: all to a service that listens on loopback."""
    port = trap.server_address[1]
    targets = [
        f"http://127.0.0.1:{port}",
        f"http://2130706433:{port}",
        f"http://[::ffff:127.0.0.1]:{port}",
        f"http://localhost:{port}",
    ]
    site = home.proxy.site("www.hlbe.gov.cn")
    reports = [url for url in home.portals["hlbe"].reports if url.startswith("https://www.hlbe.gov.cn/")]
    paths = [url.removeprefix("https://www.hlbe.gov.cn") for url in sorted(reports)]
    site.set(paths[0], Page.redirect(f"{targets[0]}/redirect"))
    site.set(paths[1], Page(body=f'<meta http-equiv="refresh" content="0; url={targets[1]}/refresh">'.encode()))
    site.set(paths[2], Page.redirect("file:///etc/passwd"))
    site.set(paths[3], Page.redirect(f"{targets[3]}/localhost"))
    links = "".join(f'<p><a href="{t}/a.doc">附件：报告.doc</a><img src="{t}/b.png"></p>' for t in targets)
    site.replace(paths[4], "</p>", f"</p>{links}")
    site.set("/robots.txt", Page.redirect(f"{targets[2]}/robots.txt"))
    # no_proxy is what a real crawl on a machine with a proxy has: these targets are asked directly, if at all.
    home.environ |= {"no_proxy": "127.0.0.1,localhost,2130706433,::ffff:127.0.0.1", "NO_PROXY": "127.0.0.1,localhost"}
    ended = home.crawl("hlbe")
    assert trap.asked == []
    assert not any("127.0.0.1" in url or "localhost" in url for url in home.asked)
    assert "not an address to go to" in ended.err
    assert "Traceback" not in ended.err
    assert "passwd" not in json.dumps(home.json("reports"))


@contextmanager
def names(tmp_path: Path, table: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    """An environment in which the system resolver says what the table says."""
    (tmp_path / "sitecustomize.py").write_text(
        f"import socket\nTABLE = {table!r}\nreal = socket.gethostbyname\n"
        "def said(name):\n"
        "    answers = TABLE.get(name)\n"
        "    if answers is None:\n        raise socket.gaierror(name)\n"
        "    return answers.pop(0) if len(answers) > 1 else answers[0]\n"
        "socket.gethostbyname = said\n"
    )
    yield {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}


@pytest.mark.parametrize("answer", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "100.64.3.4", "0.0.0.0", "224.0.0.251"])
def test_a_name_that_points_inside_is_refused(home: Home, tmp_path: Path, answer: str) -> None:
    """Without a proxy we look names up ourselves."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        home.environ[name] = ""
    with names(tmp_path, {"www.rebound.gov.cn": [answer]}) as environ:
        home.environ |= environ
        ended = home.crawl(
            "portal", "-a", "url=http://www.rebound.gov.cn/", "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=3"
        )
    assert ended.code == 1
    assert ended.line.split(": ")[1] == "blocked", ended.line
    assert f"www.rebound.gov.cn is {answer}" in ended.line
    assert "Traceback" not in ended.err


@pytest.mark.process
def test_a_name_that_changes_its_mind_wins_nothing(tmp_path: Path, trap: Trap) -> None:
    """Rebinding: the first answer is public, every later one is this machine. The address judged is the one connected to."""
    script = (
        "import asyncio, sys\n"
        "from scrapy.utils.reactor import install_reactor\n"
        "install_reactor('twisted.internet.asyncioreactor.AsyncioSelectorReactor')\n"
        "from twisted.internet import reactor, task\n"
        "from gxgk_crawler.crawl.middlewares.address_guard import GuardedResolver\n"
        "guard = GuardedResolver(reactor, 0, 5, loopback=False)\n"
        "async def ask():\n"
        "    for _ in range(3):\n"
        "        try:\n            print(await guard.getHostByName('www.rebound.gov.cn'))\n"
        "        except Exception as error:\n            print(type(error).__name__)\n"
        "from twisted.internet.defer import ensureDeferred\n"
        "task.react(lambda _: ensureDeferred(ask()))\n"
    )
    with names(tmp_path, {"www.rebound.gov.cn": ["223.5.5.5", "127.0.0.1"]}) as environ:
        done = subprocess.run(
            [sys.executable, "-c", script], env=os.environ | environ, capture_output=True, text=True, check=False
        )
    assert done.stdout.split() == ["223.5.5.5", "DNSLookupError", "DNSLookupError"], done.stderr
