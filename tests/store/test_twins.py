"""Rows that today's canonical URLs make one report become one row: nothing that was ever read or seen is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gxgk_crawler.families.canonical import canonical_url
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.identity.report_keys import find_report, remember_former
from gxgk_crawler.store.identity.twins import unite
from gxgk_crawler.store.integrity import contradictions
from gxgk_crawler.store.journal import mark_gone
from gxgk_crawler.store.report_queries import get_report, list_reports, list_versions
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.search.search import search
from tests.store.samples import PORTAL, START, attachment, capture, report

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.store.postgres.database import Database

PAGE = "https://www.sample.gov.cn/nb/t20210120_11.html"
WAP = "https://www.sample.gov.cn/wap/nb/t20210120_11.html"
SESSION = f"{PAGE};jsessionid=0A1B2C3D4E5F"
LIST, WAP_LIST = "https://www.sample.gov.cn/nb/", "https://www.sample.gov.cn/wap/nb/"


def united(conn: Connection) -> int:
    return unite(conn, "sample", lambda url: canonical_url(url, PORTAL))


def save(conn: Connection, said: str, day: float, url: str = PAGE, **values: Any) -> int:
    return save_report(conn, report(said, day, url=url, **values), extractor_version="1").report_id


def texts(conn: Connection, number: int) -> list[str]:
    return [get_report(conn, number, row["version"])["text"] for row in list_versions(conn, number)]


@pytest.fixture
def three(conn: Connection) -> list[int]:
    """Three rows of one report: three texts, one of them twice, as they were read in turn."""
    page = save(conn, "文一", 0, channels=[LIST])
    wap = save(conn, "文一", 1, WAP, channels=[WAP_LIST, LIST], attachments=[attachment("附表")])
    session = save(conn, "文二", 2, SESSION, channels=["https://www.sample.gov.cn/bm/"])
    save(conn, "文三", 3, channels=[LIST])
    save(conn, "文二", 4, WAP)
    return [page, wap, session]


def test_twins_become_the_row_of_the_page_and_nothing_is_lost(conn: Connection, three: list[int]) -> None:
    keys = {row["key"] for row in list_reports(conn)}
    captures = conn.execute(text("select count(*) from capture")).scalar_one()
    assert united(conn) == 2
    (row,) = list_reports(conn)
    assert (row["id"], row["url"]) == (three[0], PAGE)
    assert {find_report(conn, key) for key in keys} == {three[0]}
    got = get_report(conn, three[0])
    assert got["places"] == sorted([LIST, WAP_LIST, "https://www.sample.gov.cn/bm/"])
    assert (got["last_seen"] - got["first_seen"]).days == 4
    # The second reading of 文一 brought a file, the last text is back again: each of them is a version of its own.
    assert texts(conn, three[0]) == ["文一", "文一", "文二", "文三", "文二"]
    assert [file["text"] for file in get_report(conn, three[0], 2)["attachments"]] == ["附表"]
    assert (got["version"], got["text"]) == (5, "文二")
    assert conn.execute(text("select count(*) from capture")).scalar_one() == captures
    assert [(hit.id, hit.version) for hit in search(conn, "文二").hits] == [(three[0], 5)]
    assert list(contradictions(conn)) == []
    assert united(conn) == 0


def test_what_says_nothing_new_is_no_version(conn: Connection) -> None:
    page = save(conn, "文一", 0)
    for day, url in enumerate((WAP, SESSION), 1):
        save(conn, "文一", day, url)
    assert united(conn) == 2
    assert texts(conn, page) == ["文一"]
    assert search(conn, "文一").total == 1


def test_a_clean_text_stays_current_when_a_twin_was_tampered_with(conn: Connection) -> None:
    page = save(conn, "公开信息", 0)
    save(conn, "彩票信息", 1, WAP, flags=["spam"])
    united(conn)
    assert (get_report(conn, page)["text"], texts(conn, page)) == ("公开信息", ["公开信息", "彩票信息"])


def test_a_report_is_gone_when_all_its_pages_are(conn: Connection) -> None:
    page = save(conn, "文一", 0)
    save(conn, "文一", 1, WAP)
    at = capture(2, status=404)
    mark_gone(conn, "sample", WAP, at.fetched_at, at)
    united(conn)
    assert get_report(conn, page)["gone_at"] is None


def test_a_row_without_its_page_takes_the_url_of_the_page(conn: Connection) -> None:
    first, second = save(conn, "文一", 0, WAP), save(conn, "文二", 1, SESSION)
    keys = [row["key"] for row in list_reports(conn)]
    assert united(conn) == 2
    (row,) = list_reports(conn)
    assert (row["id"], row["url"]) == (first, PAGE)
    assert row["key"] not in keys
    assert {find_report(conn, key) for key in [*keys, row["key"]]} == {first}
    assert save(conn, "文二", 2, SESSION) == save(conn, "文二", 3) == first != second
    assert united(conn) == 0


def test_twins_that_come_again_from_the_archive_make_no_row(conn: Connection, three: list[int]) -> None:
    united(conn)
    for day, (said, url) in enumerate([("文一", PAGE), ("文一", WAP), ("文二", SESSION)]):
        assert save(conn, said, day, url) == three[0]
    assert len(list_reports(conn)) == 1


def test_a_rule_that_is_taken_back_takes_its_urls_back(conn: Connection) -> None:
    key = get_report(conn, save(conn, "文一", 0, WAP))["key"]
    united(conn)
    assert unite(conn, "sample", lambda url: url) == 0
    other = save(conn, "文一", 1, WAP)
    assert find_report(conn, key) == other
    assert unite(conn, "sample", lambda url: url) == 0
    assert len(list_reports(conn)) == 2


def test_a_url_that_is_canonical_again_has_its_key_again(conn: Connection) -> None:
    number = save(conn, "文一", 0)
    key = get_report(conn, number)["key"]
    moved = PAGE.replace("www.", "zwgk.")
    assert unite(conn, "sample", lambda _: moved) == 1
    assert get_report(conn, number)["key"] != key
    assert unite(conn, "sample", lambda _: PAGE) == 1
    assert get_report(conn, number)["key"] == key
    assert find_report(conn, key) == number


def test_pages_in_another_language_and_other_portals_are_left_alone(conn: Connection) -> None:
    for url in (PAGE, PAGE.replace("/nb/", "/en/nb/"), f"{PAGE}?lang=en", PAGE.replace("www.", "en.")):
        save(conn, "文一", 0, url)
    assert united(conn) == 0
    assert len(list_reports(conn)) == 4


@st.composite
def readings(draw: st.DrawFn) -> list[tuple[int, str, int]]:
    """Day, URL and state of the page at every reading: all its spellings show the same at one time, and it only moves on."""
    steps = draw(st.lists(st.tuples(st.sampled_from([PAGE, WAP, SESSION]), st.integers(0, 1)), min_size=1, max_size=8))
    state, found = 0, []
    for day, (url, moves) in enumerate(steps):
        state += moves
        found.append((day, url, state))
    return found


@given(found=readings(), upgraded=st.integers(0, 8))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_upgrade_in_between_ends_where_an_archive_read_anew_does(
    database: Database, found: list[tuple[int, str, int]], upgraded: int
) -> None:
    def canonical(url: str) -> str:
        return canonical_url(url, PORTAL)

    with database.begin() as conn:
        for portal in ("live", "anew"):
            register_portal(conn, portal, PORTAL, "openness")
        for number, (day, url, state) in enumerate(found):
            if number == upgraded:
                unite(conn, "live", canonical)
            read = {"read_at": START + timedelta(days=day), "extractor_version": "1"}
            said = report(f"文{state}", day, url=url, portal="live", channels=[f"{url}?list"])
            save_report(conn, said if number < upgraded else replace(said, url=canonical(url)), **read)  # type: ignore[arg-type]
            anew = report(f"文{state}", day, url=url, portal="anew", channels=[f"{url}?list"])
            save_report(conn, replace(anew, url=canonical(url)), **read)  # type: ignore[arg-type]
            if url != canonical(url) and number < upgraded:
                remember_former(conn, "anew", url, canonical(url))
        unite(conn, "live", canonical)
        assert unite(conn, "anew", canonical) == 0
        assert state_of(conn, "live") == state_of(conn, "anew")
        conn.rollback()


def state_of(conn: Connection, portal: str) -> list[Any]:
    """All that is known of the reports of a portal but numbers of rows and keys, and the URLs that they answer to."""
    aliases = (
        "select a.url from report_alias a join portal p on p.id = a.portal_id where p.name = :portal order by a.url"
    )
    found: list[Any] = list(conn.execute(text(aliases), {"portal": portal}).scalars())
    for row in list_reports(conn, Filters(portal=portal)):
        whole = get_report(conn, row["id"])
        found.append([whole[name] for name in ("url", "version", "first_seen", "last_seen", "places", "text")])
        found.append(
            [(one["version"], one["fetched_at"], one["text_sha256"]) for one in list_versions(conn, row["id"])]
        )
    return found
