"""When an alarm rings: pure judgement over past crawls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.alarms.transition import Alarm, turn
from gxgk_crawler.outcomes import Outcome, PastCrawl

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OUTCOMES = [*get_args(Outcome), None]


def past(*outcomes: Outcome | None, apart: timedelta = DAY, stopped: bool = False) -> list[PastCrawl]:
    """Crawls that ended like that, given oldest first, as `turn` wants them."""
    crawls = [
        PastCrawl(started_at=NOON + number * apart, finished_at=NOON, outcome=outcome, stopped=stopped)
        for number, outcome in enumerate(outcomes)
    ]
    return crawls[::-1]


def bad(*outcomes: Outcome | None, strikes: int = 2, apart: timedelta = DAY) -> bool:
    return turn(past(*outcomes, apart=apart), standing=False, strikes=strikes) == "bad"


def test_one_bad_end_is_an_outage_two_are_not() -> None:
    assert not bad("ok", "challenged")
    assert bad("ok", "challenged", "challenged")
    assert bad("challenged", "layout_changed"), "what they are called does not matter"
    assert not bad("challenged", "ok", "challenged")
    assert not bad("ok", "challenged", "challenged", strikes=3)
    assert bad("blocked", strikes=1)


def test_advertising_in_a_report_rings_at_once() -> None:
    assert bad("ok", "hacked", strikes=9)


def test_a_killed_and_a_stopped_crawl_ended_badly() -> None:
    assert bad("ok", None, None)
    assert bad("challenged", None)
    assert turn(past("ok", "ok", stopped=True), standing=False, strikes=2) == "bad"
    assert turn(past("ok", stopped=True), standing=True, strikes=2) is None


@pytest.mark.parametrize("outcome", ["dns", "refused", "timeout", "tls", "storage", None])
def test_what_is_tried_again_within_minutes_is_one_outage(outcome: Outcome | None) -> None:
    tries = [outcome] * 6
    assert not bad("ok", *tries, apart=timedelta(minutes=30))
    assert bad("ok", *tries, apart=timedelta(hours=2))
    assert bad("ok", outcome, "challenged", apart=timedelta(minutes=1)), "something else joins it"


def test_good_again_is_told_at_once_and_only_after_an_alarm() -> None:
    assert turn(past("challenged", "unchanged"), standing=True, strikes=2) == "good"
    assert turn(past("challenged", "unchanged"), standing=False, strikes=2) is None
    assert turn(past("challenged", "blocked", "hacked"), standing=True, strikes=2) is None


def test_a_portal_without_crawls_turns_nothing() -> None:
    assert turn([], standing=False, strikes=1) is None


@given(st.lists(st.sampled_from(OUTCOMES), max_size=60), st.integers(1, 5), st.integers(1, 2000))
def test_alarms_alternate_and_the_last_one_is_never_wrong(
    outcomes: list[Outcome | None], strikes: int, minutes: int
) -> None:
    crawls = past(*outcomes, apart=timedelta(minutes=minutes))
    turned: list[str] = []
    for begin in range(len(crawls) - 1, -1, -1):
        found = turn(crawls[begin:], standing=turned[-1:] == ["bad"], strikes=strikes)
        if found is not None:
            assert (found == "good") == crawls[begin].is_good
            turned.append(found)
    assert turned == ["bad", "good"] * (len(turned) // 2) + ["bad"] * (len(turned) % 2)
    if crawls and crawls[0].is_good:
        assert turned[-1:] != ["bad"]


def test_the_line_for_a_person_says_what_and_where() -> None:
    alarm = Alarm(
        id=7,
        portal="hlbe",
        title="呼伦贝尔市人民政府",
        turned="bad",
        raised_at=NOON,
        started_at=NOON,
        outcome="challenged",
        cause="HTTP\n\x1b521",
        evidence_url="https://www.hlbe.gov.cn/",
        host="here",
        last_success=None,
    )
    assert alarm.text == (
        "hlbe 呼伦贝尔市人民政府 needs a person: challenged: HTTP  521 (https://www.hlbe.gov.cn/); last success: never"
    )
    assert alarm.facts["crawl_started_at"] == "2026-03-01T12:00:00+00:00"
