"""Portals without a file, walked in this process: complete from the home page and from the list, or honestly incomplete.

The same portals as in test_unknown_portals.py, by the same spider; here all of them, because a walk takes a fraction of a second.
"""

from __future__ import annotations

import pytest

from tests.crawl.crawled import Crawled
from tests.crawl.walk import Walked, walk
from tests.replica.unknown import PORTALS, SCENARIOS, UnknownPortal

TWINS = {"aspx", "sessions", "twins"}  # one report at several addresses, which the database makes one row
FILES = {"files_in_list"}  # words that stand in attachments, which a walk does not read


def judged(walked: Walked, portal: UnknownPortal) -> Crawled:
    return Crawled(code=walked.code, outcome=walked.result.outcome, line=walked.line, rows=walked.rows, portal=portal)


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_complete_from_its_home_page(name: str) -> None:
    portal = PORTALS[name]()
    crawled = judged(walk(portal.sites, portal.home), portal)
    assert crawled.strange == {}
    assert crawled.missing == [], crawled.line
    assert name in TWINS or crawled.doubled == {}
    assert (crawled.code, crawled.outcome) == (0, "ok"), crawled.line
    assert name in TWINS | FILES or crawled.faults == []


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_is_complete_from_its_list_or_incomplete_by_name(name: str) -> None:
    portal = PORTALS[name]()
    crawled = judged(walk(portal.sites, portal.channel), portal)
    assert (crawled.strange, crawled.doubled) == ({}, {})
    assert crawled.missing == [], crawled.line
    assert (crawled.code, crawled.outcome) == (0, "ok"), crawled.line


@pytest.mark.parametrize("why", [why for why, broken in SCENARIOS.items() if broken.later is None])
def test_a_list_with_a_hole_is_no_success(why: str) -> None:
    broken = SCENARIOS[why]
    portal = broken.draw()
    url = portal.home if broken.entry == "home" else portal.channel
    crawled = judged(walk(portal.sites, url, faults=broken.faults), portal)
    assert crawled.strange == {}
    if broken.or_complete and not crawled.missing:
        assert crawled.outcome in {"ok", "incomplete"}
    else:
        assert crawled.code == 1, crawled.line
