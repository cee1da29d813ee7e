"""What a crawl fetches again, decided from what earlier crawls left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gxgk_crawler.crawl.known_pages import RECHECK, KnownPages, last_fetches
from gxgk_crawler.store.known import FetchedPage
from tests.store.samples import capture

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://www.example.gov.cn/1.html"
CAPTURE = capture(url=URL)


@pytest.mark.parametrize("recheck", ["all", "due", "none"])
def test_a_page_that_was_never_met_is_always_fetched(recheck: str) -> None:
    assert KnownPages().wants(URL, recheck, NOW)


@pytest.mark.parametrize(
    ("age", "interval", "due"),
    [
        (DAY, DAY, False),
        (RECHECK - 2 * DAY, DAY, False),
        (RECHECK - DAY, 2 * DAY, True),
        (RECHECK + DAY, timedelta(), True),
    ],
)
def test_a_known_report_is_fetched_before_it_would_grow_too_old(age: timedelta, interval: timedelta, due: bool) -> None:  # noqa: FBT001
    known = KnownPages(reports={URL: NOW - age}, interval=interval)
    assert known.wants(URL, "due", NOW) == due
    assert known.due("due", NOW) == [URL] * due
    assert known.wants(URL, "all", NOW)
    assert not known.wants(URL, "none", NOW)


def test_the_report_that_was_longest_unseen_is_first() -> None:
    seen = {f"{URL}?{days}": NOW - days * DAY for days in (3, 9, 5)}
    assert KnownPages(reports=seen).due("all", NOW) == [f"{URL}?9", f"{URL}?5", f"{URL}?3"]


def test_a_tampered_report_is_fetched_whole_in_every_crawl() -> None:
    known = KnownPages(reports={URL: NOW}, tampered={URL}, originals={URL: CAPTURE})
    assert known.due("none", NOW) == [URL]
    assert known.original(URL, URL) is None, "a 304 would not say whether it is clean again"


def test_a_clean_report_is_read_from_its_last_whole_answer() -> None:
    known = KnownPages(reports={URL: NOW}, originals={URL: CAPTURE})
    assert known.original(URL, URL) == CAPTURE
    assert known.original(f"{URL}?x", URL) is None


@pytest.mark.parametrize(
    ("status", "age", "recheck", "wanted"),
    [
        (200, 2 * DAY, "due", False),
        (200, RECHECK + DAY, "due", True),
        (404, DAY / 2, "due", False),
        (404, 2 * DAY, "due", True),
        (410, 2 * DAY, "due", True),
        (404, 2 * DAY, "none", False),
    ],
)
def test_a_page_that_was_no_report_rests_and_a_missing_one_is_tried_again(
    status: int,
    age: timedelta,
    recheck: str,
    wanted: bool,  # noqa: FBT001
) -> None:
    known = KnownPages(fetched={URL: (NOW - age, status)})
    assert known.wants(URL, recheck, NOW) == wanted
    assert not known.knows(URL)


def test_a_page_that_its_crawl_could_not_read_counts_as_never_fetched() -> None:
    pages = [
        FetchedPage(url=f"{URL}#{status}", fetched_at=NOW, status=status, failed=frozenset({URL}))
        for status in (200, 404)
    ]
    assert last_fetches(pages[:1], lambda url: url.partition("#")[0]) == {}
    assert last_fetches(pages, lambda url: url.partition("#")[0]) == {URL: (NOW, 404)}
