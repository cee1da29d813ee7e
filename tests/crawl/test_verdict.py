"""Every way a crawl can end has its own outcome."""

from __future__ import annotations

import ssl

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from gxgk_crawler.crawl.verdict import CrawlFacts, FailedUrl, judge, judge_exception, judge_redirect, judge_response
from gxgk_crawler.errors import ArchiveError
from gxgk_crawler.portal import Expect

ENTRY = "https://www.example.gov.cn/"
LIST = ENTRY + "nb/"


def facts(**changes: object) -> CrawlFacts:
    made = CrawlFacts(
        entry=ENTRY, expect=Expect(min_reports=2), held=3, lists={LIST}, listed={LIST + "1.html", LIST + "2.html"}
    )
    for key, value in changes.items():
        setattr(made, key, value)
    return made


def failed_url(url: str, outcome: str, role: str) -> FailedUrl:
    return FailedUrl(url=url, outcome=outcome, reason="as told", role=role)  # type: ignore[arg-type]


def changed(**counts: int):  # type: ignore[no-untyped-def]
    made = facts().changes
    made.update(counts)
    return made


@pytest.mark.parametrize(
    ("met", "outcome"),
    [
        (facts(changes=changed(new=2)), "ok"),
        (facts(changes=changed(changed=1, unchanged=2)), "ok"),
        (facts(changes=changed(unchanged=3)), "unchanged"),
        (facts(), "unchanged"),
        (facts(storage="disk full", changes=changed(new=2)), "storage"),
        (facts(tampered=[LIST + "1.html"], changes=changed(new=2)), "hacked"),
        (facts(failed=[failed_url(ENTRY, "dns", "page")], listed=set(), held=0), "dns"),
        (facts(failed=[failed_url(LIST, "timeout", "list")]), "timeout"),
        (facts(failed=[failed_url(LIST + "1.html", "not_found", "report")]), "unchanged"),
        (facts(failed=[failed_url(LIST + "1.html", "refused", "report")]), "refused"),
        (facts(failed=[failed_url(ENTRY + "x", "refused", "page")]), "unchanged"),
        (facts(listed=set(), held=0, lists=set()), "no_reports"),
        (facts(listed=set(), held=0), "no_reports"),
        (facts(listed=set(), held=3), "layout_changed"),
        (facts(listed=set(), held=0, failed=[failed_url(LIST, "challenged", "page")]), "challenged"),
        (facts(held=0), "layout_changed"),
        (facts(held=1), "no_reports"),
    ],
)
def test_outcome(met: CrawlFacts, outcome: str) -> None:
    result = judge(met)
    assert result.outcome == outcome
    assert result.cause


def test_years_without_a_report_are_named() -> None:
    result = judge(facts(changes=changed(new=2), years={2009, 2012, 2013}, expect=Expect(since=2008)))
    assert result.outcome == "ok"
    assert result.cause == "2 new and 0 changed report(s); none for 2008, 2010, 2011"
    assert result.counts["years_missing"] == 3
    assert judge(facts(years={2008, 2009})).counts["years_missing"] == 0


def test_a_crawl_that_was_stopped_says_so() -> None:
    result = judge(facts(changes=changed(new=1), stopped="shutdown"))
    assert result.outcome == "stopped"
    assert result.cause.startswith("stopped early (shutdown)")
    assert result.counts["stopped"] == 1


def test_what_a_stopped_crawl_has_proved_stays() -> None:
    assert judge(facts(held=0, stopped="shutdown")).outcome == "stopped", "it cannot know what it would have read"
    assert judge(facts(tampered=["https://www.sample.gov.cn/a.html"], stopped="shutdown")).outcome == "hacked"
    assert judge(facts(storage="disk full", stopped="shutdown")).outcome == "storage"


def test_a_crawl_that_cannot_begin_as_it_is_configured() -> None:
    result = judge(facts(configuration="portal yangli: division 999999 is not in rules/divisions.csv"))
    assert (result.outcome, result.evidence_url) == ("configuration", None)


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (521, {b"set-cookie": b"__jsl_clearance=1"}, b"<script>", "challenged"),
        (412, {}, b"<script>$_ts={}", "challenged"),
        (200, {b"set-cookie": b"x"}, b"<script>__jsl_clearance", "challenged"),
        (403, {b"reason": b"GeoBL"}, b"", "blocked"),
        (403, {b"server": b"WZWS"}, b"", "blocked"),
        (403, {}, b"", "blocked"),
        (404, {}, b"", "not_found"),
        (410, {}, b"", "not_found"),
        (502, {}, b"", "refused"),
    ],
)
def test_what_an_error_status_means(status: int, headers: dict[bytes, bytes], body: bytes, outcome: str) -> None:
    assert judge_response(status, headers, body)[0] == outcome


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://www.example.gov.cn/login.html", True),
        ("https://sso.example.gov.cn/", True),
        ("https://www.example.gov.cn/cas/login?service=x", True),
        ("https://www.example.gov.cn/zwgk/nb/", False),
        ("https://www.example.gov.cn/blogin-news/1.html", False),
    ],
)
def test_a_redirect_to_a_login_is_a_wall(url: str, login: bool) -> None:  # noqa: FBT001
    assert (judge_redirect(url, redirected=True) is not None) == login
    assert judge_redirect(url, redirected=False) is None


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (CannotResolveHostError("no such host"), "dns"),
        (DownloadConnectionRefusedError("refused"), "refused"),
        (DownloadTimeoutError("60 s"), "timeout"),
        (ssl.SSLError("dh key too small"), "tls"),
        (IgnoreRequest("Forbidden by robots.txt"), "blocked"),
        (ArchiveError("no space left"), "storage"),
        (RuntimeError("odd"), "refused"),
    ],
)
def test_what_a_failed_exchange_means(error: Exception, outcome: str) -> None:
    assert judge_exception(error)[0] == outcome


def test_reports_that_are_linked_while_no_list_was_read_are_not_the_whole() -> None:
    direct = {"listed": set(), "lists": set(), "linked": {ENTRY + "nb.html"}}
    assert judge(facts(**direct, changes=changed(new=3))).outcome == "incomplete"
    assert judge(facts(**direct, held=0)).outcome == "no_reports"


def test_the_cause_behind_a_wrapped_error_decides() -> None:
    outer = RuntimeError("")
    outer.__cause__ = ssl.SSLError("handshake failure")
    assert judge_exception(outer) == ("tls", str(outer.__cause__))
