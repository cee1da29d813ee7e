from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gxgk_crawler.jobs.schedule import MEMORY, next_due
from gxgk_crawler.outcomes import GOOD, LASTING, PASSING, REFUSING, Outcome, PastCrawl
from gxgk_crawler.portal import PORTAL_TIME
from gxgk_crawler.store.policies import Policy

REGULAR = sorted(GOOD | LASTING)
LONGEST = {
    "daily": 36,
    "weekly": 9 * 24 + 6,
    "monthly": 41 * 24 + 6,
}  # hours between a crawl and the regular time after it

names = st.from_regex(r"[a-z]{3,12}", fullmatch=True)
policies = st.sampled_from(["season", "daily", "weekly", "monthly"])
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
gaps = st.timedeltas(timedelta(minutes=1), timedelta(days=40))


def crawl(started: datetime, outcome: Outcome | None, *, minutes: float = 20, stopped: bool = False) -> PastCrawl:
    finished = None if outcome is None else started + timedelta(minutes=minutes)
    return PastCrawl(started_at=started, finished_at=finished, outcome=outcome, stopped=stopped)


def row_of(outcome: Outcome | None, count: int, newest: datetime) -> list[PastCrawl]:
    return [crawl(newest - timedelta(days=n), outcome) for n in range(count)]


@st.composite
def histories(draw: st.DrawFn) -> list[PastCrawl]:
    started = draw(moments)
    past = []
    for outcome in draw(st.lists(st.sampled_from([None, *get_args(Outcome)]), min_size=1, max_size=20)):
        past.append(crawl(started, outcome, stopped=outcome is not None and draw(st.booleans())))
        started -= draw(gaps)
    return past


def due(portal: str, policy: Policy, past: list[PastCrawl]) -> datetime:
    """The next time as seen right after the last crawl, and from far later: the present does not change what is past."""
    found = next_due(portal, policy, past, past[0].finished_at or past[0].started_at)
    assert found is not None
    assert found == next_due(portal, policy, past, past[0].started_at + timedelta(days=400))
    return found


def test_a_portal_that_was_never_crawled_is_due_and_one_that_is_off_never() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert next_due("hlbe", "season", [], now) == now
    assert next_due("hlbe", "off", [], now) is None
    assert next_due("hlbe", "off", [crawl(now, "dns")], now) is None


def rhythm_of(policy: Policy, moment: datetime) -> str:
    if policy == "season":
        return "daily" if moment.astimezone(PORTAL_TIME).month <= 4 else "weekly"
    return policy


@example("aaa", "season", datetime(2024, 12, 26, tzinfo=UTC), "ok")
@given(names, policies, moments, st.sampled_from(REGULAR))
def test_regular_crawls_begin_at_night_and_neither_too_early_nor_too_late(
    portal: str, policy: Policy, started: datetime, outcome: Outcome
) -> None:
    found = due(portal, policy, [crawl(started, outcome)])
    before, after = rhythm_of(policy, started), rhythm_of(policy, found)
    assert found.astimezone(PORTAL_TIME).hour < 6
    least = {"daily": timedelta(hours=6), "weekly": timedelta(days=2), "monthly": timedelta(days=10)}[after]
    longest = max(LONGEST[before], LONGEST[after])
    assert least <= found - started <= timedelta(hours=longest)
    if (before, after) == ("weekly", "daily"):  # a crawl of late December: the season does not wait for the weekly day
        assert found.astimezone(PORTAL_TIME).strftime("%m-%d") == "01-01"


def test_the_season_begins_on_new_years_night_for_a_portal_that_was_crawled_a_few_days_ago() -> None:
    last = crawl(datetime(2024, 12, 26, tzinfo=UTC), "ok")
    assert due("aaa", "season", [last]).astimezone(PORTAL_TIME).date() == date(2025, 1, 1)
    assert due("aaa", "weekly", [last]).astimezone(PORTAL_TIME).date() == date(2025, 1, 4)


@given(names, st.integers(2024, 2033))
def test_the_season_asks_daily_from_january_to_april_and_weekly_otherwise(portal: str, year: int) -> None:
    moment = datetime(year, 1, 1, tzinfo=PORTAL_TIME)
    begun: list[datetime] = []
    while moment.year == year:
        begun.append(moment)
        moment = due(portal, "season", [crawl(moment, "unchanged")]).astimezone(PORTAL_TIME)
    days = [begin.date() for begin in begun]
    assert len(days) == len(set(days))
    in_season = (datetime(year, 5, 1) - datetime(year, 1, 1)).days  # noqa: DTZ001
    assert sum(day.month <= 4 for day in days) in {
        in_season,
        in_season - 1,
    }  # the first began at midnight, before its time
    assert sum(day.month > 4 for day in days) in {34, 35, 36}
    assert len({day.weekday() for day in days if day.month > 4}) == 1


def test_portals_are_spread_over_the_night_and_the_week() -> None:
    started = datetime(2026, 6, 1, tzinfo=UTC)
    times = [due(f"portal{n}", "weekly", [crawl(started, "ok")]).astimezone(PORTAL_TIME) for n in range(700)]
    for hour in range(6):
        assert 60 < sum(moment.hour == hour for moment in times) < 180
    for weekday in range(7):
        assert 60 < sum(moment.weekday() == weekday for moment in times) < 140


@given(names, policies, moments, st.sampled_from(sorted(PASSING)), st.integers(1, MEMORY + 4))
def test_what_may_pass_is_tried_again_soon_and_then_ever_later(
    portal: str, policy: Policy, started: datetime, outcome: Outcome, failures: int
) -> None:
    past = row_of(outcome, failures, started)
    found = due(portal, policy, past)
    pause = min(timedelta(minutes=15) * 2 ** (failures - 1), timedelta(days=60))
    regular = due(portal, policy, [crawl(started, "ok")])
    assert past[0].finished_at is not None
    assert found == min(past[0].finished_at + pause, regular)


@given(names, policies, moments, st.integers(1, MEMORY + 4), st.sampled_from([None, *get_args(Outcome)]))
def test_what_was_cut_short_is_tried_again_at_once_and_then_ever_later(
    portal: str, policy: Policy, started: datetime, failures: int, told: Outcome | None
) -> None:
    if told in REFUSING:
        return
    past = [crawl(started - timedelta(days=n), told, stopped=told is not None) for n in range(failures)]
    found = due(portal, policy, past)
    pause = timedelta(minutes=15) * 2 ** (failures - 2) if failures > 1 else timedelta()
    ended = past[0].finished_at or past[0].started_at
    assert found == min(ended + min(pause, timedelta(days=60)), due(portal, policy, [crawl(started, "ok")]))


@given(
    names,
    policies,
    moments,
    st.sampled_from(sorted(REFUSING)),
    st.integers(1, MEMORY + 4),
    st.sampled_from(["whole", "stopped"]),
)
def test_a_portal_that_refuses_is_left_alone_for_a_day_up_to_a_week(
    portal: str, policy: Policy, started: datetime, outcome: Outcome, failures: int, end: str
) -> None:
    past = row_of(outcome, failures, started)
    past[0] = crawl(started, outcome, stopped=end == "stopped")
    found = due(portal, policy, past)
    assert past[0].finished_at is not None
    longest = timedelta(days=30 if policy == "monthly" else 7)
    pause = min(timedelta(days=2 ** (failures - 1)), longest)
    assert past[0].finished_at + pause <= found <= past[0].finished_at + pause + timedelta(hours=30)
    assert found.astimezone(PORTAL_TIME).hour < 6


@given(names, policies, histories(), st.sampled_from([None, *get_args(Outcome)]), gaps)
def test_one_more_failure_before_the_last_never_makes_the_next_try_earlier(
    portal: str, policy: Policy, past: list[PastCrawl], outcome: Outcome | None, gap: timedelta
) -> None:
    worse = [past[0], crawl(past[0].started_at - gap, outcome or "timeout", stopped=True)]
    assert due(portal, policy, past[:1]) <= due(portal, policy, worse)


@given(names, policies, histories(), st.timedeltas(timedelta(), timedelta(days=40)))
def test_a_later_crawl_is_never_followed_earlier(
    portal: str, policy: Policy, past: list[PastCrawl], later: timedelta
) -> None:
    last = past[0]
    moved = PastCrawl(
        started_at=last.started_at + later,
        finished_at=None if last.finished_at is None else last.finished_at + later,
        outcome=last.outcome,
        stopped=last.stopped,
    )
    assert due(portal, policy, past) <= due(portal, policy, [moved, *past[1:]])


@given(names, policies, histories())
def test_nothing_is_due_before_the_last_crawl_ended(portal: str, policy: Policy, past: list[PastCrawl]) -> None:
    assert due(portal, policy, past) >= (past[0].finished_at or past[0].started_at)


@pytest.mark.parametrize("extra", [1, 5])
@given(names, policies, moments, st.sampled_from(sorted(PASSING | REFUSING)))
def test_the_memory_is_long_enough(
    extra: int, portal: str, policy: Policy, started: datetime, outcome: Outcome
) -> None:
    assert due(portal, policy, row_of(outcome, MEMORY, started)) == due(
        portal, policy, row_of(outcome, MEMORY + extra, started)
    )
