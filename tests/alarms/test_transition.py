"""When an alarm is raised or cleared: pure judgement over past crawls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.alarms.transition import transition
from gxgk_crawler.outcomes import Outcome, PastCrawl

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OUTCOMES = [*get_args(Outcome), None]


def past(*outcomes: Outcome | None, apart: timedelta = DAY, stopped: bool = False) -> list[PastCrawl]:
    """Crawls that ended like that, given oldest first, as `transition` takes them."""
    crawls = [
        PastCrawl(started_at=NOON + number * apart, finished_at=NOON, outcome=outcome, stopped=stopped)
        for number, outcome in enumerate(outcomes)
    ]
    return crawls[::-1]


def bad(*outcomes: Outcome | None, strikes: int = 2, apart: timedelta = DAY) -> bool:
    return transition(past(*outcomes, apart=apart), active=False, failures_in_a_row=strikes) == "raised"


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
    assert transition(past("ok", "ok", stopped=True), active=False, failures_in_a_row=2) == "raised"
    assert transition(past("ok", stopped=True), active=True, failures_in_a_row=2) is None


@pytest.mark.parametrize("outcome", ["dns", "refused", "timeout", "tls", "storage", None])
def test_what_is_tried_again_within_minutes_is_one_outage(outcome: Outcome | None) -> None:
    tries = [outcome] * 6
    assert not bad("ok", *tries, apart=timedelta(minutes=30))
    assert bad("ok", *tries, apart=timedelta(hours=2))
    assert bad("ok", outcome, "challenged", apart=timedelta(minutes=1)), "something else joins it"


def test_good_again_is_told_at_once_and_only_after_an_alarm() -> None:
    assert transition(past("challenged", "unchanged"), active=True, failures_in_a_row=2) == "cleared"
    assert transition(past("challenged", "unchanged"), active=False, failures_in_a_row=2) is None
    assert transition(past("challenged", "blocked", "hacked"), active=True, failures_in_a_row=2) is None


def test_a_portal_without_crawls_turns_nothing() -> None:
    assert transition([], active=False, failures_in_a_row=1) is None


@given(st.lists(st.sampled_from(OUTCOMES), max_size=60), st.integers(1, 5), st.integers(1, 2000))
def test_alarms_alternate_and_the_last_one_is_never_wrong(
    outcomes: list[Outcome | None], strikes: int, minutes: int
) -> None:
    crawls = past(*outcomes, apart=timedelta(minutes=minutes))
    turned: list[str] = []
    for begin in range(len(crawls) - 1, -1, -1):
        found = transition(crawls[begin:], active=turned[-1:] == ["raised"], failures_in_a_row=strikes)
        if found is not None:
            assert (found == "cleared") == crawls[begin].is_good
            turned.append(found)
    assert turned == ["raised", "cleared"] * (len(turned) // 2) + ["raised"] * (len(turned) % 2)
    if crawls and crawls[0].is_good:
        assert turned[-1:] != ["raised"]
