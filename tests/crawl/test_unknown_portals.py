"""Portals without a file, crawled by their address alone: complete or honestly incomplete, never a success with a hole.

A crawl takes seconds, so a few of them run by default, and all of them without a process in test_walks.py; GXGK_ALL_PORTALS=1
runs all 105.
Each says in its properties what it found (`--junitxml=F -o junit_family=xunit1`): portal, kind, found, total, outcome.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.crawl.conftest import Home
from tests.crawl.crawled import Crawled
from tests.replica import ReplicaProxy
from tests.replica.unknown import PORTALS, SCENARIOS

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.config import Config
    from tests.replica.unknown import UnknownPortal


pytestmark = pytest.mark.crawl

ALL = os.environ.get("GXGK_ALL_PORTALS") == "1"
FROM_HOME = PORTALS if ALL else ["hanweb_col", "cookie"]
FROM_LIST = PORTALS if ALL else ["json_api"]
BROKEN = [why for why in SCENARIOS if ALL or "answers 500" in why]


def crawl(home: Home, portal: UnknownPortal, url: str) -> Crawled:
    ended = home.crawl("portal", "-a", f"url={url}", "-s", "RETRY_TIMES=1")
    _, _, outcome = ended.line.partition(": ")  # `portal: ok: 12 new and 0 changed report(s)`
    rows = home.shown(urlsplit(url).hostname or "")
    return Crawled(code=ended.code, outcome=outcome.partition(":")[0], line=ended.line, rows=rows, portal=portal)


@pytest.mark.parametrize("name", FROM_HOME)
def test_from_its_home_page_a_portal_is_complete(
    name: str, tmp_path: Path, database_config: Config, subtests: pytest.Subtests, record_property: Any
) -> None:
    portal = PORTALS[name]()
    with ReplicaProxy(portal.sites) as proxy:
        home = Home(tmp_path / "home", database_config.database_url, proxy, {})
        crawled = crawl(home, portal, portal.home)
    crawled.record(record_property)
    with subtests.test("nothing is stored that is no report"):
        assert crawled.strange == {}
    with subtests.test("every report is stored once"):
        assert (crawled.missing, crawled.doubled) == ([], {}), crawled.line
    with subtests.test("the crawl is a success"):
        assert (crawled.code, crawled.outcome) == (0, "ok"), crawled.line
    with subtests.test("what is stored is whole"):
        assert crawled.faults == []


@pytest.mark.parametrize("name", FROM_LIST)
def test_from_its_list_a_portal_is_complete_or_incomplete(
    name: str, tmp_path: Path, database_config: Config, subtests: pytest.Subtests, record_property: Any
) -> None:
    """The most natural thing to give is the list itself: success means that all of it was read."""
    portal = PORTALS[name]()
    with ReplicaProxy(portal.sites) as proxy:
        home = Home(tmp_path / "home", database_config.database_url, proxy, {})
        crawled = crawl(home, portal, portal.channel)
    crawled.record(record_property)
    with subtests.test("nothing is stored that is no report"):
        assert (crawled.strange, crawled.doubled) == ({}, {})
    with subtests.test("complete, or incomplete by name"):
        if crawled.missing:
            assert (crawled.code, crawled.outcome) == (1, "incomplete"), (crawled.line, crawled.missing)
        else:
            assert (crawled.code, crawled.outcome) in {(0, "ok"), (1, "incomplete")}, crawled.line
    with subtests.test("what is stored is whole"):
        assert [fault for fault in crawled.faults if "place(s)" not in fault] == []


@pytest.mark.parametrize("why", BROKEN)
def test_a_broken_list_is_never_a_success(
    why: str, tmp_path: Path, database_config: Config, record_property: Any
) -> None:
    broken = SCENARIOS[why]
    portal = broken.draw()
    url = portal.home if broken.entry == "home" else portal.channel
    with ReplicaProxy(portal.sites) as proxy:
        home = Home(tmp_path / "home", database_config.database_url, proxy, {})
        if broken.later is not None:
            before = crawl(home, portal, url)
            assert (before.code, before.missing) == (0, []), f"not complete while whole: {before.line}"
            broken.later(portal)
        for fault in broken.faults:
            proxy.inject(fault)
        crawled = crawl(home, portal, url)
    crawled.record(record_property)
    assert crawled.strange == {}
    assert not any(row["gone_at"] for row in crawled.rows.values()), "a hole in a list takes no report away"
    assert all("needs_ocr" in row["flags"] for row in crawled.rows.values() if not row["text"])
    if broken.or_complete and not crawled.missing:
        assert (crawled.code, crawled.outcome) in {(0, "ok"), (1, "incomplete")}, crawled.line
    else:
        assert (crawled.code, crawled.outcome) == (1, "incomplete"), crawled.line
