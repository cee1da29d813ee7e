"""The search finds a report if and only if the folded term stands in its folded text."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gxgk_crawler.errors import NotFoundError, QueryError
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.integrity import contradictions
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.search import candidates
from gxgk_crawler.store.search import search as search_module
from gxgk_crawler.store.search.query import parse
from gxgk_crawler.store.search.search import Found, search, snippet_of
from gxgk_crawler.store.search.sections import rebuild
from gxgk_crawler.store.search.tokens import fold
from gxgk_crawler.store.storable import storable
from tests.store.samples import report

if TYPE_CHECKING:
    from sqlalchemy import Connection

PIECES = [
    "政府信息公开",
    "依申请公开",
    "一、总体情况\n",
    "二、主动公开情况\n",
    "2020年",
    "０１２",
    "Ａbｃ",
    "xyz",
    "'\"\\",
    " | ",
    "&!:*()<->",
    "%_",
    "，。、",
    "𠮷😀",
    "e\u0301",
    "\n",
    "\t ",
    "0000000000",
    "哈哈哈哈",
    "ﬁß İ",
    "資訊公開",
    "乾著",
    "\ud83d残",
]
ANALYZE = text("analyze section")
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def add(conn: Connection, text: str, name: object = "1", **values: object) -> int:
    url = f"https://www.sample.gov.cn/{name}.html"
    return save_report(conn, report(text, url=url, **values), extractor_version="1").report_id  # type: ignore[arg-type]


def as_written(term: str) -> str:
    """The query that looks for exactly this term."""
    return '"' + term.replace('"', '""') + '"'


def ids(found: Found) -> set[int]:
    return {hit.id for hit in found.hits}


# 170 examples of 12 terms: 2,000 of them
@settings(
    max_examples=170, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.data())
def test_search_is_the_substring_test(conn: Connection, texts: list[str], data: st.DataObject) -> None:
    with conn.begin_nested() as savepoint:
        held = {add(conn, text, number): fold(storable(text)) for number, text in enumerate(texts)}
        if data.draw(st.booleans()):
            conn.execute(ANALYZE)  # what is common is now looked for without the index
        for _ in range(12):
            text = data.draw(st.sampled_from(texts)) or "x"
            start = data.draw(st.integers(0, len(text) - 1))
            inside = st.integers(1, 12).map(lambda length: text[start : start + length])  # noqa: B023 - drawn at once
            term = data.draw(inside | st.text(alphabet="政府公开01a'\"\\| \n𠮷", min_size=1, max_size=4))
            expected = {number for number, folded in held.items() if fold(storable(term)) in folded}
            assert ids(search(conn, as_written(term))) == expected
        savepoint.rollback()


WORDS = st.sampled_from(["公开", "申请", "开申", "2020", "a b", "公", "|", "-x", "申請", "长" * 70, "一" * 3])
GROUPS = st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.lists(WORDS, max_size=4), min_size=1, max_size=6), GROUPS, st.lists(WORDS, max_size=2))
def test_and_or_not_mean_what_they_say(
    conn: Connection, texts: list[list[str]], every: list[list[str]], without: list[str]
) -> None:
    query = " ".join(" | ".join(map(as_written, group)) for group in every)
    query += "".join(f" -{as_written(term)}" for term in without)
    with conn.begin_nested() as savepoint:
        held = {add(conn, "。\n".join(words), number): "。\n".join(words) for number, words in enumerate(texts)}
        if len(texts) % 2:
            conn.execute(ANALYZE)
        expected = {number for number, text in held.items() if parse(query).matches(text)}
        assert ids(search(conn, query)) == expected
        savepoint.rollback()


def test_an_excluded_term_counts_wherever_it_stands(conn: Connection) -> None:
    clean = add(conn, f"一、总体情况\n公开{'。' * 5000}\n二、其他\n申请", 1)
    add(conn, f"一、总体情况\n公开{'。' * 5000}\n二、其他\n彩票", 2)
    assert ids(search(conn, "公开 -彩票")) == {clean}
    assert ids(search(conn, "公开 -彩票 -申请")) == set()


def test_long_texts_lose_nothing(conn: Connection) -> None:
    """60,000 characters: beyond every limit of a tsvector, with a table of zeros and one character repeated."""
    chance = random.Random(7)
    words = "政府信息公开工作年度报告依申请主动目录行政机关0123456789，。\n"
    prose = "".join(chance.choices(words, k=40_000))
    table = "0 | 0 | 12 | 0\n" * 800
    text = prose + table + "0" * 8_000 + "终"
    number = add(conn, text)
    add(conn, "别的报告", 2)
    terms = [
        text[start : start + length]
        for length in (1, 2, 3, 8, 65, 66, 200)
        for start in chance.sample(range(60_000), 12)
    ]
    terms += ["0" * 60, "0" * 7_000, "0终", "终", "\n0 | 0 | 12", text[-300:]]
    for term in terms:
        assert ids(search(conn, as_written(term))) >= {number}, term
    for absent in ("0" * 8_100, "终0", "12 | 12", text[100:200] + "〇"):
        assert ids(search(conn, as_written(absent))) == set(), absent


def test_two_thousand_terms_in_texts_of_sixty_thousand_characters(conn: Connection) -> None:
    chance = random.Random(9)
    held = {}
    for number in range(2):
        text = "".join(chance.choices([*PIECES, "公报", "年报。", "A4", "ｇｘ", "🀄"], k=20_000))[:60_000]
        assert len(text) == 60_000
        held[add(conn, text, number)] = fold(storable(text))
    conn.execute(ANALYZE)
    texts = list(held.values())
    for _ in range(2_000):
        text, length = chance.choice(texts), chance.randint(1, 12)
        start = chance.randrange(len(text) - length)
        term = text[start : start + length]
        if chance.random() < 0.3:  # hardly anywhere
            term = term[: length // 2] + "".join(chance.choices(text, k=length - length // 2))
        expected = {number for number, folded in held.items() if fold(term) in folded}
        assert ids(search(conn, as_written(term))) == expected, repr(term)


LIMITS: list[tuple[dict[str, Any], range]] = [
    ({}, range(3000)),
    ({"since": 2015}, range(2015, 3000)),
    ({"year": 1999}, range(0)),
    ({"issuer": "人民政府", "until": 2004}, range(2005)),
]


def test_what_is_common_is_found_at_hand_and_what_is_left_by_the_index(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few sections are looked at, and however few are ranked, what is found is right, and so is `more`."""
    texts = {
        add(conn, f"公开{'申请' * (n % 2)}{n}号" + ("少见" if n == 9 else ""), n, year=2000 + n): n for n in range(20)
    }
    conn.execute(ANALYZE)
    found = {
        "公开": set(texts.values()),
        "开": set(texts.values()),
        "公开 少见": {9},
        "公开 -申请": set(range(0, 20, 2)),
        "号 -公开": set(),
        "申请|少见 公开": set(range(1, 20, 2)),
        "公开申请": set(range(1, 20, 2)),
    }
    for bound, most in ((0, 1000), (5, 1000), (100, 1000), (5, 3), (100, 3)):
        monkeypatch.setattr(candidates, "_BOUND", bound)
        monkeypatch.setattr(search_module, "CANDIDATES", most)
        for query, expected in found.items():
            for limits, years in LIMITS:
                right = {n for n in expected if 2000 + n in years}
                told = search(conn, query, Filters(**limits), limit=2)
                some = {texts[number] for number in ids(told)}
                assert some <= right, (query, limits, bound, most)
                assert len(some) == min(2, len(right))
                assert (told.total, told.more) == (min(most, len(right)) + (len(right) > most), len(right) > most)


def test_bytes_that_are_no_text_are_a_query_like_any_other(conn: Connection) -> None:
    number = add(conn, "残\udcff页")
    assert ids(search(conn, "残\udcff")) == ids(search(conn, "\0页")) == {number}


def test_all_terms_anywhere_in_the_report(conn: Connection) -> None:
    both = add(conn, f"一、总体情况\n营商环境{'。' * 5000}\n二、其他\n依申请公开", 1)
    add(conn, "营商环境", 2)
    add(conn, "依申请公开", 3)
    assert ids(search(conn, "营商环境 依申请公开")) == {both}
    assert ids(search(conn, "营商环境 没有的词")) == set()
    assert ids(search(conn, "营 公 境")) == {both}


def test_width_and_case_do_not_matter(conn: Connection) -> None:
    number = add(conn, "ＧＸＧＫ（２０２０）Report")
    for query in ("gxgk(2020)", "ＧＸｇｋ", "rEPORT", "２０２０"):
        assert ids(search(conn, query)) == {number}


def test_filters(conn: Connection) -> None:
    old, new = add(conn, "公开", 1, year=2015), add(conn, "公开", 2, year=2021)
    assert ids(search(conn, "公开", Filters(year=2015))) == {old}
    assert ids(search(conn, "公开", Filters(portal="sample"))) == {old, new}
    assert ids(search(conn, "公开", Filters(portal="other"))) == set()
    assert ids(search(conn, "公开", Filters(division="150000"))) == {old, new}
    assert ids(search(conn, "公开", Filters(division="呼伦贝尔市", year=2021))) == {new}
    assert ids(search(conn, "公开", Filters(division="110000"))) == set()
    with pytest.raises(NotFoundError):
        search(conn, "公开", Filters(division="桃花源市"))
    flagged = add(conn, "公开", 3, year=2018, issuer="样本市卫生局", flags=["low_confidence"])
    assert ids(search(conn, "公开", Filters(since=2016, until=2021))) == {new, flagged}
    assert ids(search(conn, "公开", Filters(until=2018))) == {old, flagged}
    assert ids(search(conn, "公开", Filters(issuer="卫生局"))) == {flagged}
    assert ids(search(conn, "公开", Filters(flag="low_confidence"))) == {flagged}
    assert ids(search(conn, "公开", Filters(issuer="卫生局", flag="spam"))) == set()


def test_the_index_is_rebuilt_after_the_tokenizer_changed(conn: Connection) -> None:
    number = add(conn, "资讯公开", 1)
    add(conn, "公开", 2)
    assert rebuild(conn) == 0
    conn.execute(
        text("update section set tok_version = 1, tsv = cast('x' as tsvector) where report_id = :id"), {"id": number}
    )
    assert ids(search(conn, "資訊")) == set()
    done: list[int] = []
    assert rebuild(conn, progress=done.append) == 1
    assert done == [1]
    assert ids(search(conn, "資訊")) == {number}
    assert rebuild(conn, everything=True) == 2
    assert list(contradictions(conn)) == []


def test_queries_that_ask_for_nothing_or_too_much(conn: Connection) -> None:
    for query in ("", "  ", '""', "政" * 65 * 129, " ".join(map(str, range(129)))):
        with pytest.raises(QueryError):
            search(conn, query)


def test_best_first(conn: Connection) -> None:
    once = add(conn, "营商环境" + "。" * 300, 1, year=2020, title="报告")
    often = add(conn, "营商环境，营商环境，营商环境" + "。" * 300, 2, year=2020, title="报告")
    newer = add(conn, "营商环境" + "。" * 300, 3, year=2022, title="报告")
    titled = add(conn, "营商环境" + "。" * 300, 4, year=2020, title="营商环境报告")
    found = search(conn, "营商环境")
    assert [hit.id for hit in found.hits] == [titled, often, newer, once]
    assert (found.total, found.more) == (4, False)
    assert [hit.id for hit in search(conn, "营商环境", limit=2).hits] == [titled, often]


def test_more_than_can_be_ranked(conn: Connection) -> None:
    text = "".join(f"一、总体情况\n公开{'。' * 120}\n" for _ in range(600))
    add(conn, text, 1)
    add(conn, text, 2)
    found = search(conn, "公开")
    assert found.more
    assert found.total <= 2


def test_a_hit_says_where_it_is(conn: Connection) -> None:
    text = f"前言{'。' * 100}\n一、总体情况\n{'文' * 90}营商环境，Ａ{'文' * 200}营商环境"
    number = add(conn, text)
    (hit,) = search(conn, "营商环境 a").hits
    assert hit.id == number
    assert hit.heading == "一、总体情况"
    assert text[hit.start :].startswith(hit.snippet)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["营商环境", "Ａ"]
    assert (hit.version, hit.year, hit.portal, hit.division) == (1, 2020, "sample", "150700")


def test_overlapping_marks_are_one() -> None:
    assert snippet_of("公开公开公", ["公开公", "开公"]) == (0, "公开公开公", [(0, 5)])


def test_only_the_current_version_is_searched(conn: Connection) -> None:
    save_report(conn, report("旧的文字"), extractor_version="1")
    save_report(conn, report("新的文字", 1), extractor_version="1")
    assert ids(search(conn, "旧的")) == set()
    assert [hit.version for hit in search(conn, "新的").hits] == [2]
