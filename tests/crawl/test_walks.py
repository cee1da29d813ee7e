"""Portals without a file, walked in this process: complete from the home page and from the list, or honestly incomplete.

The same portals as in test_unknown_portals.py, by the same spider; here all of them, because a walk takes a fraction of a second.
"""

from __future__ import annotations

import pytest

from tests.crawl.crawled import Crawled
from tests.crawl.walk import Walked, walk
from tests.replica.unknown import PORTALS, SCENARIOS, UnknownPortal

FILES = {"files_in_list"}  # words that stand in attachments, which a walk does not read


def judged(walked: Walked, portal: UnknownPortal) -> Crawled:
    return Crawled(code=walked.code, outcome=walked.result.outcome, line=walked.line, rows=walked.rows, portal=portal)


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_complete_from_its_home_page(name: str) -> None:
    portal = PORTALS[name]()
    crawled = judged(walk(portal.sites, portal.home), portal)
    assert crawled.strange == {}
    assert crawled.missing == [], crawled.line
    assert crawled.doubled == {}
    assert (crawled.code, crawled.outcome) == (0, "ok"), crawled.line
    assert name in FILES or crawled.faults == []


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_complete_from_its_list_or_incomplete_by_name(name: str) -> None:
    portal = PORTALS[name]()
    crawled = judged(walk(portal.sites, portal.channel), portal)
    assert (crawled.strange, crawled.doubled) == ({}, {})
    assert crawled.missing == [], crawled.line
    assert (crawled.code, crawled.outcome) == (0, "ok"), crawled.line


@pytest.mark.parametrize("why", SCENARIOS)
def test_a_list_with_a_hole_is_no_success(why: str) -> None:
    broken = SCENARIOS[why]
    portal = broken.draw()
    url = portal.home if broken.entry == "home" else portal.channel
    before = None
    if broken.later is not None:
        before = walk(portal.sites, url)
        assert before.code == 0, before.line
        broken.later(portal)
    crawled = judged(walk(portal.sites, url, faults=broken.faults, before=before), portal)
    assert crawled.strange == {}
    if broken.or_complete and not crawled.missing:
        assert crawled.outcome in {"ok", "incomplete"}
    else:
        assert crawled.code == 1, crawled.line


def test_a_report_of_pictures_alone_is_stored_and_flagged() -> None:
    portal = SCENARIOS["two reports are only pictures"].draw()
    walked = walk(portal.sites, portal.home)
    pictured = [walked.rows[expected.url] for expected in portal.reports[3:5]]
    assert [(row["text"], "needs_ocr" in row["flags"]) for row in pictured] == [("", True)] * 2


def test_a_report_that_no_list_shows_is_a_fact_after_three_crawls() -> None:
    portal = PORTALS["columns"]()
    walked = walk(portal.sites, portal.home)
    SCENARIOS["a known report stands in no list any more, its page lives"].later(portal)  # type: ignore[misc]
    outcomes = []
    for _ in range(4):
        walked = walk(portal.sites, portal.home, before=walked)
        outcomes.append(walked.result.outcome)
    assert outcomes == ["incomplete", "incomplete", "unchanged", "unchanged"]
    assert "1 report(s) stand in no list, while their pages answer" in walked.result.cause
    assert not walked.gone


def test_a_report_that_moves_to_a_later_page_has_not_left_its_list() -> None:
    portal = PORTALS["vsb_file"]()
    walked = walk(portal.sites, portal.home)
    again = walk(portal.sites, portal.home, before=walked)
    assert again.result.outcome == "unchanged"
    assert len(again.asked) < len(portal.lists) + 3, "a list page without news ends the list"


def test_links_that_look_like_reports_and_are_left_alone_are_named() -> None:
    portal = PORTALS["lonsun"]()
    walked = walk(portal.sites, portal.home)
    named = {failure.url: failure.reason for failure in walked.result.failures}
    tempting = {url: kind for url, kind in portal.others.items() if kind in {"解读", "通知", "制度", "图解"}}
    assert {kind for url, kind in tempting.items() if url not in named} == set()
