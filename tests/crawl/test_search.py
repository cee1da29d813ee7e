"""Searching what a crawl brought home: a report is found if and only if the term stands in its text."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from gxgk_crawler.config import Config
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.report_queries import get_report, list_reports
from gxgk_crawler.store.search.search import search
from gxgk_crawler.store.search.tokens import fold

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

TERMS = 500


def test_search_agrees_with_a_plain_substring_test(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    dice = random.Random(8)
    config = Config(home=home.directory, database_url=home.environ["GXGK_DATABASE_URL"])
    with Database.open(config) as database, database.begin() as conn:
        texts = {row["id"]: get_report(conn, row["id"])["text"] for row in list_reports(conn)}
        folded = {number: fold(text) for number, text in texts.items()}
        for _ in range(TERMS):
            text = texts[dice.choice(list(texts))]
            start, length = dice.randrange(len(text) - 8), dice.randint(2, 8)
            term = text[start : start + length]
            if '"' in term or not term.strip():
                continue
            found = {hit.id for hit in search(conn, f'"{term}"', limit=1000).hits}
            assert found == {number for number, one in folded.items() if fold(term) in one}, repr(term)


def test_search_on_the_command_line(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    hits = home.json("search", "疫情防控 复工复产")
    assert [hit["year"] for hit in hits] == [2020]
    start, end = hits[0]["marks"][0]
    assert hits[0]["snippet"][start:end] in {"疫情防控", "复工复产"}
    assert home.json("search", "疫情防控", "--year", "2011") == []
    assert home.gxgk("search", " ").line == "gxgk: the query holds no term"
