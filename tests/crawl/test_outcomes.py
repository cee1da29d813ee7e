"""A crawl that cannot succeed says why in one line, and exits non-zero."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.replica import Fault, Page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawl.conftest import Home

HOST = "www.hlbe.gov.cn"
LIST = "/OpennessAnnualReport/showList/2/page_1.html"
CHALLENGE = b"<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"
LOGIN = b'<html><body><form action="/login"><input name="u"><input type="password" name="p"></form></body></html>'


def outcome(home: Home, *more: str) -> tuple[str, int]:
    ended = home.crawl("hlbe", "-s", "RETRY_TIMES=1", *more)
    assert ended.code == 1, ended.err
    return ended.line.split(": ")[1], ended.code


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(effect="status", status=521, body=CHALLENGE), "challenged"),
        (Fault(effect="status", status=412, body=b"<script>$_ts={}</script>"), "challenged"),
        (Fault(effect="status", status=403, headers=(("reason", "GeoBL"),), body=b""), "blocked"),
        (Fault(effect="status", status=404, body=b"no", match=rf"{HOST}/(?!robots)"), "not_found"),
        (Fault(effect="reset"), "refused"),  # robots.txt cannot be had: not now
        (Fault(effect="reset", match=rf"{HOST}/(?!robots)"), "refused"),
        (Fault(effect="status", status=503, match="robots.txt"), "refused"),
        (Fault(effect="delay", seconds=600, match=rf"{HOST}/(?!robots)"), "timeout"),
        (Fault(effect="status", status=200, body=LOGIN, match="showList"), "blocked"),
        (Fault(effect="status", status=200, body=b"<html><body>none</body></html>", match="showList"), "no_reports"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.effect}-{value.status}",
)
def test_what_went_wrong_is_named(home: Home, fault: Fault, expected: str) -> None:
    home.proxy.inject(fault)
    patience = 2 if fault.effect == "delay" else 60  # a busy machine must not make another wall look like this one
    found, _ = outcome(home, "-s", f"DOWNLOAD_TIMEOUT={patience}")
    assert found == expected
    status = home.json("status", "hlbe")
    assert (status["outcome"], bool(status["cause"])) == (expected, True)
    assert home.reports("hlbe") == {}


def test_a_login_page_instead_of_a_list_is_named(home: Home) -> None:
    site = home.proxy.site(HOST)
    site.set(LIST, Page.redirect("/login.html"))
    site.set("/login.html", Page(body=LOGIN))
    assert outcome(home)[0] == "blocked"
    assert home.reports("hlbe") == {}


def test_a_redesign_is_no_empty_list(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    site = home.proxy.site(HOST)
    site.redraw(
        {"/": Page(body="<html><body>新版网站建设中</body></html>".encode()), LIST: Page(body=b"<html></html>")}
    )
    found, _ = outcome(home)
    assert found == "layout_changed"
    assert len(home.reports("hlbe")) == len(home.portals["hlbe"].reports)


def test_some_exchanges_may_fail(home: Home) -> None:
    """A fourth of all pages is refused once, a fifth cut off once, one comes too late and one is cut short."""
    others = r"/(?!1203|727)\w+\.\w+$"
    home.proxy.inject(Fault(effect="status", every=4, match=others, times=1, headers=(("Retry-After", "1"),)))
    home.proxy.inject(Fault(effect="reset", every=5, match=others, times=1))
    home.proxy.inject(Fault(effect="delay", seconds=600, match="show/1203", times=1))
    home.proxy.inject(Fault(effect="truncate", match="show/727", times=1))
    ended = home.crawl("hlbe", "-s", "DOWNLOAD_TIMEOUT=5")
    assert ended.code == 0, ended.err
    assert {0, 503} <= {exchange.status for exchange in home.proxy.log}
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)
    assert home.gxgk("verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("nowhere",), "unknown portal 'nowhere'"),
        (("hlbe", "-a", "recheck=never"), "recheck must be all, due or none"),
        (("hlbe", "-a", "colour=red"), "unknown spider argument colour"),
        (("portal",), "a URL is wanted"),
        (("portal", "-a", "url=ftp://example.gov.cn/"), "http or https"),
    ],
)
def test_a_wrong_command_is_one_clear_line(home: Home, arguments: tuple[str, ...], line: str) -> None:
    ended = home.crawl(*arguments)
    assert ended.code == 2
    assert line in ended.line
    assert "Traceback" not in ended.err


def test_no_network_is_named(home: Home) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        home.environ[name] = ""
    ended = home.crawl("portal", "-a", "url=https://nowhere.invalid/", "-s", "RETRY_TIMES=0")
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert ended.line.split(": ")[1] == "dns"


def test_a_database_that_is_not_there_is_named(home: Home) -> None:
    home.environ["GXGK_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/none"
    ended = home.crawl("hlbe")
    assert ended.code == 1
    assert ended.line.startswith("hlbe: storage: ")
    assert "Traceback" not in ended.err
    assert not home.asked, "nothing is fetched that cannot be kept"


def test_too_little_free_space_is_named(home: Home) -> None:
    home.environ["GXGK_MIN_FREE_MB"] = "999999999"
    ended = home.crawl("hlbe")
    assert ended.code == 1
    assert ended.line.startswith("hlbe: storage: ")
    assert not home.asked


def test_ctrl_c_ends_cleanly_and_the_next_crawl_goes_on(home: Home) -> None:
    crawl = home.start("hlbe", "-s", "DOWNLOAD_DELAY=0.3", "-s", "DOWNLOAD_DELAY_JITTER=0", stderr=subprocess.PIPE)
    wait_for(lambda: len(home.asked) >= 8)
    os.killpg(crawl.pid, signal.SIGINT)
    _, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 1
    assert "hlbe: stopped: stopped early (shutdown)" in err.strip().splitlines()[-1]
    assert "Traceback" not in err
    assert not list((home.directory / "archive").glob("*.open"))
    assert home.crawl("hlbe").code == 0
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)


def wait_for(condition, seconds: float = 100.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def test_only_our_own_ports_are_open(home: Home, tmp_path: Path) -> None:
    """Scrapy's consoles run code for any client that reaches them: neither may listen while we crawl."""
    del tmp_path
    ended = home.crawl("hlbe", "-s", "LOG_LEVEL=DEBUG")
    assert "listening on" not in ended.err.lower()
