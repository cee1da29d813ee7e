"""Portals without a file judge a crawl: what they expect must be there, and be found by what a browser would ask for."""

from __future__ import annotations

import functools
import html
import json
import re
from collections import Counter
from dataclasses import replace
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest

from tests.replica import Page, Request, replicas
from tests.replica.unknown import PORTALS, SCENARIOS, UnknownPortal
from tests.replica.unknown.expectation import without_session
from tests.replica.unknown.hanweb import COLUMN, UNIT


class Visitor:
    """A browser without scripts: it keeps cookies and follows redirects of HTTP."""

    def __init__(self, portal: UnknownPortal) -> None:
        self._portal = portal
        self._cookie = ""

    def ask(self, url: str, *, form: dict[str, str] | None = None) -> Page:
        for _ in range(4):
            headers = {"cookie": self._cookie} if self._cookie else {}
            method, body = ("GET", b"") if form is None else ("POST", urlencode(form).encode())
            page = self._portal.site(url).answer(Request(method=method, url=url, headers=headers, body=body))
            given = dict(page.headers)
            self._cookie = given.get("Set-Cookie", self._cookie).partition(";")[0]
            if "Location" not in given:
                return page
            url = urljoin(url, given["Location"])
        raise AssertionError(f"too many redirects at {url}")

    def read(self, url: str) -> str:
        page = self.ask(url)
        assert page.status == 200, url
        encoding = "gb18030" if b"charset=gb2312" in page.body or b'charset="gb2312"' in page.body else "utf-8"
        return without_session(html.unescape(page.body.decode(encoding)).replace("\\/", "/"))


@functools.cache
def drawn(name: str) -> UnknownPortal:
    """A portal that no test changes."""
    return PORTALS[name]()


def tail(url: str) -> str:
    """What a page that leads to `url` must hold of it: its last name and its query."""
    parts = urlsplit(url)
    name = parts.path.rstrip("/").rpartition("/")[2] or (parts.hostname or "")
    return name + (f"?{parts.query}" if parts.query else "")


def words(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", PORTALS)
def test_a_browser_finds_every_report(name: str) -> None:
    portal = drawn(name)
    visitor = Visitor(portal)
    assert portal.name == name
    assert 6 <= len(portal.reports) <= 20
    for here, there in zip(portal.way, portal.way[1:], strict=False):
        assert tail(there) in visitor.read(here), f"{here} does not lead to {there}"
    assert portal.way[-1] == portal.channel
    assert portal.way[0] == portal.home
    shown = "\n".join(visitor.read(url) for url in portal.lists).lower()
    for expected in portal.reports:
        ways = {tail(url).lower() for url in (expected.url, *expected.twins)} | {f">{expected.sample.year}<"}
        assert any(way in shown for way in ways), f"no list shows {expected.url}"


@pytest.mark.parametrize("name", PORTALS)
def test_reports_are_served_at_all_their_addresses_and_say_that_they_are_samples(name: str) -> None:
    portal = drawn(name)
    visitor = Visitor(portal)
    addresses = [url for expected in portal.reports for url in (expected.url, *expected.twins)]
    assert Counter(addresses).most_common(1)[0][1] == 1
    for expected in portal.reports:
        for url in (expected.url, *expected.twins):
            assert visitor.ask(url).status == 200, url
        if expected.attached:
            continue
        text = words(visitor.read(expected.url))
        assert words(expected.sample.title) in text
        framed = not any("_body." in twin for twin in expected.twins)
        assert ("本文为测试样本" in text) == framed, expected.url


@pytest.mark.parametrize("name", PORTALS)
def test_pages_that_are_no_report_are_served_and_named(name: str) -> None:
    portal = drawn(name)
    visitor = Visitor(portal)
    assert len(portal.others) >= 4
    assert not set(portal.others) & {expected.url for expected in portal.reports}
    for url, kind in portal.others.items():
        assert kind
        assert "本文为测试样本" in visitor.read(url)


def test_hosts_are_invented_for_one_portal_each() -> None:
    hosts = Counter(site.host for name in PORTALS for site in drawn(name).sites)
    hosts.update({site.host for replica in replicas().values() for site in replica.sites})
    assert set(hosts.values()) == {1}
    assert all(host.endswith("xian.gov.cn") for name in PORTALS for host in [site.host for site in drawn(name).sites])


@pytest.mark.parametrize("why", SCENARIOS)
def test_a_broken_list_differs_from_a_whole_one(why: str) -> None:
    broken = SCENARIOS[why]
    portal = broken.draw()
    if broken.faults or portal.name not in PORTALS:
        return
    whole = drawn(portal.name)
    urls = [*whole.lists, *portal.lists, whole.channel, *(expected.url for expected in whole.reports)]
    if broken.later is not None:
        broken.later(portal)
    assert any(portal.shown(url).body != whole.shown(url).body for url in urls)


def test_faults_of_broken_lists_meet_lists_alone() -> None:
    for broken in SCENARIOS.values():
        for fault in broken.faults:
            portal = broken.draw()
            met = {url for url in (*portal.way, *portal.lists) if fault_meets(fault.match, url)}
            assert met
            assert not any(fault_meets(fault.match, expected.url) for expected in portal.reports)


def fault_meets(pattern: str, url: str) -> bool:
    return re.search(pattern, url) is not None


def test_dataproxy_answers_its_unit_alone_and_wants_the_name_escaped_once() -> None:
    portal = drawn("hanweb_col")
    visitor = Visitor(portal)
    whole = portal.lists[1]
    assert visitor.read(whole).count("<record>") == 7
    name = quote("样单县人民政府")
    for wrong in (whole.replace(UNIT, "1"), whole.replace(COLUMN, "1"), whole.replace(name, quote(name))):
        assert visitor.ask(wrong).body == b"<datastore></datastore>"
    form = {"columnid": COLUMN, "unitid": UNIT, "startrecord": "13", "endrecord": "24", "perpage": "4"}
    assert visitor.ask(whole.partition("?")[0], form=form).body == visitor.ask(whole).body


def test_the_gateway_counts_by_param_json_alone() -> None:
    portal = drawn("jpaas")
    visitor = Visitor(portal)
    second = portal.lists[1]
    bare = second.partition("&paramJson")[0] + "&pageNo=2&rows=5"
    first = json.loads(visitor.ask(bare).body)["data"]["html"]
    assert json.loads(visitor.ask(second).body)["data"]["html"] != first
    assert first in visitor.ask(portal.channel).body.decode()


def test_a_label_names_its_catalogue_or_shows_nothing() -> None:
    portal = drawn("lonsun")
    visitor = Visitor(portal)
    assert "暂无相关信息" in visitor.read(portal.lists[1].replace("catId", "cat"))
    assert "暂无相关信息" in visitor.read(portal.lists[1].replace("pageIndex=2", "pageIndex=99"))


def test_parameters_may_stand_in_any_order() -> None:
    portal = drawn("by_query")
    visitor = Visitor(portal)
    for expected in portal.reports:
        base, _, query = expected.url.partition("?")
        turned = f"{base}?{'&'.join(reversed(query.split('&')))}"
        assert visitor.ask(turned).body == visitor.ask(expected.url).body


def test_every_answer_has_a_session_of_its_own() -> None:
    portal = drawn("sessions")
    first, second = (html.unescape(portal.shown(portal.channel).body.decode()) for _ in range(2))
    assert first != second
    assert without_session(first) == without_session(second)
    with_number = next(part for part in first.split('"') if ";jsessionid=" in part and "/nb/" in part)
    assert portal.shown(urljoin(portal.home, with_number)).status == 200


def test_a_visitor_without_a_cookie_is_sent_to_the_same_address() -> None:
    portal = drawn("cookie")
    page = portal.shown(portal.channel)
    assert page.status == 302
    assert dict(page.headers)["Location"] == portal.channel
    assert dict(page.headers)["Set-Cookie"].startswith("CT6T=")


def test_an_article_in_pages_is_whole_only_when_all_are_read() -> None:
    portal = drawn("create_page")
    visitor = Visitor(portal)
    cut = [expected for expected in portal.reports if expected.sample.year >= 2019]
    assert len(cut) == 5
    for expected in cut:
        lines = [words(line) for line in expected.sample.text.splitlines()]
        pages = [expected.url, f"{expected.url}?page=2", f"{expected.url}?page=3"]
        if expected.sample.year % 2:
            stem = expected.url.removesuffix(".html")
            pages = [expected.url, f"{stem}_2.html", f"{stem}_3.html"]
        read = [words(visitor.read(page)) for page in pages]
        assert not all(line in read[0] for line in lines)
        assert all(any(line in text for text in read) for line in lines)


def test_a_form_is_the_only_way_on_where_it_is_meant_to_be() -> None:
    portal = SCENARIOS["the pager sends a form"].draw()
    visitor = Visitor(portal)
    second = visitor.ask(portal.channel, form={"pageNo": "2"}).body
    assert visitor.ask(f"{portal.channel}?pageNo=2").body == visitor.ask(portal.channel).body != second


def test_a_hidden_report_lives_on() -> None:
    broken = SCENARIOS["a known report stands in no list any more, its page lives"]
    portal = broken.draw()
    assert broken.later is not None
    broken.later(portal)
    shown = "".join(portal.shown(url).body.decode() for url in portal.lists)
    hidden = [expected for expected in portal.reports if expected.sample.key not in shown]
    assert len(hidden) == 1
    assert portal.shown(hidden[0].url).status == 200


def test_an_expected_report_is_known_by_its_twins_and_without_its_session() -> None:
    expected = drawn("sessions").reports[1]
    assert expected.is_at(f"{expected.url};jsessionid=00AB12")
    assert not expected.is_at(f"{expected.url}?page=2")
    twin = replace(expected, twins=frozenset({"http://m.yangtiexian.gov.cn/a.html"}))
    assert twin.is_at("http://m.yangtiexian.gov.cn/a.html")
