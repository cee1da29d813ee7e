"""What readers find: absences that are proved, removed words in their place, changes, and what was injected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from gxgk_crawler.analysis.absence import absence
from gxgk_crawler.analysis.passages import text_blocks
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.web.app import create_app
from tests.store.samples import report
from tests.web.client import Client
from tests.web.conftest import SPAM

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database
    from gxgk_crawler.web.room import Room


def test_home_counts_what_sql_counts(client: Client, keys: dict[str, str], database: Database) -> None:
    told = client.get("/index.json").json()
    with database.begin() as conn:
        reports = conn.execute(text("select count(*) from reports")).scalar_one()
    assert told["totals"]["reports"] == reports == 2
    assert told["totals"]["tampered"] == 1
    assert told["totals"]["late"] == 1
    (row,) = [one for one in told["rows"] if one["years"]]
    assert (row["division"], row["years"]["2021"]["late"]) == ("150000", 1)


def test_an_empty_archive_says_how_to_begin(client: Client) -> None:
    assert "gxgk crawl hlbe" in client.get("/").text


SEEN = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("year", "seen", "reason"),
    [
        (2025, [(SEEN, True)], "not_due"),
        (2024, [], "unregistered"),
        (2024, [(SEEN, True)], "not_seen"),
        (2024, [(SEEN, False)], "not_seen"),  # it failed today, but was read after the day
        (2024, [(date(2025, 3, 31), False)], "unreachable"),
        (2024, [(None, False)], "unreachable"),
        (2024, [(date(2025, 3, 1), True)], "not_looked"),
    ],
)
def test_absence_is_claimed_only_where_the_portal_was_read(
    year: int, seen: list[tuple[date | None, bool]], reason: str
) -> None:
    assert absence(year, seen, date(2026, 1, 20)) == reason


def test_removed_words_stand_in_their_place(client: Client, keys: dict[str, str]) -> None:
    shown = client.get(f"/reports/{keys['tampered']}").text
    assert f'围绕<del class="spam" title="规则 formula">{SPAM}</del><span class="suggested">【建议的词】' in shown
    assert 'class="all-removed"' in shown
    assert "此版本被植入广告" in shown


@given(st.text("ab\n|", max_size=40), st.lists(st.integers(0, 40), max_size=8))
def test_the_blocks_are_the_text(extracted: str, borders: list[int]) -> None:
    places = sorted({place for place in borders if place <= len(extracted)})
    edits: list[dict[str, Any]] = [
        {"kind": "chrome", "start": start, "end": end}
        for start, end in zip(places[::2], places[1::2], strict=False)
        if start < end
    ]
    kept = "".join(c for i, c in enumerate(extracted) if not any(e["start"] <= i < e["end"] for e in edits))
    for block in text_blocks(extracted, edits, []):
        words = "".join(one.text for one in block.passages if one.kind == "kept")
        assert "".join(one.text for one in block.passages) == extracted.split("\n")[block.number]
        if block.start is not None:
            begin = next(one for one in block.passages if one.kind == "kept")
            assert kept[block.start :].startswith(begin.text)
        assert block.is_removed == (not words.strip())


def test_tables_of_the_text_are_tables() -> None:
    places = [(0, 0, "合计", 2), (1, 0, "一", 1), (1, 1, "2", 1)]
    cells = [{"row": row, "col": col, "text": words, "rowspan": 1, "colspan": span} for row, col, words, span in places]
    grids = [{"cells": cells}]
    blocks = text_blocks("前\n合计 |\n一 | 2\n后", [], grids)
    assert [block.grid for block in blocks] == [None, 0, None]
    assert [[cell.text for cell in row] for row in blocks[1].rows] == [["合计"], ["一", "2"]]
    assert [block.start for block in blocks] == [0, 2, 13]
    removed = [{"kind": "chrome", "start": 8, "end": 9}]
    assert all(block.grid is None for block in text_blocks("前\n合计 |\n一 | 2\n后", removed, grids))


def test_a_change_names_its_figures(client: Client, keys: dict[str, str]) -> None:
    shown = client.get(f"/reports/{keys['changed']}/diff/1..2").text
    assert '<del class="old">222</del> → <ins>233</ins>' in shown
    told = client.get(f"/reports/{keys['changed']}/diff/1..2.json").json()
    assert (told["a"], told["b"], len(told["changes"])) == (1, 2, 1)
    moved = client.get(f"/reports/{keys['changed']}/diff/2..1")
    assert moved.headers["location"] == f"/reports/{keys['changed']}/diff/1..2"
    assert client.get(f"/reports/{keys['changed']}/diff/1..x").status == 404


def test_changes_of_the_last_week(client: Client, keys: dict[str, str]) -> None:
    told = client.get("/changes.json").json()
    assert [row["kind"] for row in told][:1] == ["changed"]
    assert client.get("/changes.json?kind=gone").json() == []
    assert client.get("/changes?week=2026-99").status == 404
    assert client.get("/changes?week=0-0").status == 404


def test_the_board_of_injected_words(client: Client, keys: dict[str, str]) -> None:
    (row,) = client.get("/injected.json").json()
    assert (row["text"], row["reports"], row["suggested"]) == (SPAM, 1, 1)
    (place,) = client.get(f"/injected.json?words={SPAM}").json()
    assert (place["before"][-2:], place["after"][:3]) == ("围绕", "党中央")
    page = client.get("/injected").text
    assert '<meta name="robots" content="noindex">' in page
    assert client.get("/injected.json?word=没有").json() == []


def test_search_says_which_term_fails(client: Client, keys: dict[str, str]) -> None:
    found = client.get("/search.json?q=营商环境").json()
    assert {hit["key"] for hit in found} == set(keys.values())
    nothing = client.get("/search?q=营商环境 彩票站").text
    assert "单独检索" in nothing
    assert client.get("/search?q=-彩票").status == 200
    assert client.get("/search?q=营商环境&division=nowhere").status == 200
    moved = client.get("/search?q=https://www.sample.gov.cn/nb/2020.html")
    assert moved.headers["location"] == f"/reports/{keys['changed']}"


def test_lists_go_on_without_an_end_or_a_repetition(client: Client, keys: dict[str, str]) -> None:
    seen, address = [], "/reports.json?limit=1"
    while address:
        answer = client.get(address)
        seen += [row["key"] for row in answer.json()]
        link = answer.headers.get("link", "")
        address = link[1 : link.find(">")] if link else ""
    assert sorted(seen) == sorted(keys.values())
    assert client.get("/reports.json?after=99999999999999999999-1").status == 200


def test_nothing_there_is_a_page(client: Client) -> None:
    nowhere = ("places/999999", "places/x", "places/150700/99999", "portals/none", "crawls/99", "crawls/x", "x")
    for page in nowhere:
        answer = client.get(f"/{page}")
        assert (answer.status, "没有找到" in answer.text) == (404, True), page


def test_citations(client: Client, keys: dict[str, str]) -> None:
    told = client.get(f"/reports/{keys['changed']}/v/1/cite.json").json()
    assert told["gbt7714"].startswith(
        "样本市人民政府. 样本市2020年政府信息公开工作年度报告[EB/OL]. (2021-01-20)[2026-01-01 存档]."
    )
    assert f"http://localhost/reports/{keys['changed']}/v/1" in told["gbt7714"]
    assert told["bibtex"].startswith(f"@online{{gxgk-{keys['changed']}-v1,")
    assert told["csl"]["issued"] == {"date-parts": [[2021, 1, 20]]}


def test_a_public_room_masks_contacts_in_every_text(room: Room, keys: dict[str, str], database: Database) -> None:
    phone = "0470-8123456"
    words = f"联系电话：{phone}\n营商环境 电话：{phone}"
    with database.begin() as conn:
        changed = report(
            words,
            4,
            url="https://www.sample.gov.cn/nb/2020.html",
            extracted_text=words,
            edits=[],
            title=f"电话：{phone}",
        )
        save_report(conn, changed, extractor_version="1")
    public = Client(create_app(replace(room, is_public=True)))
    key = keys["changed"]
    pages = [f"/reports/{key}{end}" for end in ("", ".json", ".txt", ".atom", "/diff/1..3", "/v/3/cite")]
    pages += [
        "/search?q=营商环境",
        "/",
        "/places/150700",
        "/places/150700/2020",
        "/reports",
        "/reports.csv",
        "/changes",
        "/changes.atom",
    ]
    for page in pages:
        assert "8123456" not in public.get(page).text, page
    assert phone in Client(create_app(room)).get(f"/reports/{key}.txt").text
