from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.errors import QueryError
from gxgk_crawler.store.search.query import parse


@pytest.mark.parametrize(
    ("query", "every", "without"),
    [
        ("营商环境", [["营商环境"]], []),
        ("  营商环境　依申请 \n 年报 ", [["营商环境"], ["依申请"], ["年报"]], []),
        ('"a b" c', [["a b"], ["c"]], []),
        ("“a b”c", [["a b"], ["c"]], []),
        ('"say ""yes"""', [['say "yes"']], []),
        ('"never closed', [["never closed"]], []),
        ("年报 年报", [["年报"]], []),
        ("疫情 | 防控 2020", [["疫情", "防控"], ["2020"]], []),
        ("疫情|防控｜“复 工”", [["疫情", "防控", "复 工"]], []),
        ("| 疫情 || 防控 |", [["疫情", "防控"]], []),
        ("公开 -彩票 －博彩", [["公开"]], ["彩票", "博彩"]),
        ('公开 -"两 词"', [["公开"]], ["两 词"]),
        ("2019-2020 -a-b", [["2019-2020"]], ["a-b"]),
        ('"-彩票" "a|b"', [["-彩票"], ["a|b"]], []),
        ("a - b", [["a"], ["-"], ["b"]], []),
    ],
)
def test_what_a_query_means(query: str, every: list[list[str]], without: list[str]) -> None:
    found = parse(query)
    assert (found.every, found.without) == (every, without)


@pytest.mark.parametrize("query", ["", "  ", '"" “”', "|", "-彩票", "a | -b", "-a | b", "政" * 65 * 129])
def test_what_asks_for_nothing(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


@given(st.text(alphabet='ab政 -|"“”\n', max_size=30))
def test_any_text_is_a_query_or_an_error(query: str) -> None:
    try:
        found = parse(query)
    except QueryError:
        return
    assert all(found.terms)
    assert all(found.without)
