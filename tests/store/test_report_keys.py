"""A report has a key that says the same in every archive, and that is as good as its number wherever a number is taken."""

from __future__ import annotations

import json
import string
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.report_queries import get_report, list_reports
from gxgk_crawler.store.reports import save_report
from tests.store.samples import PORTAL, URL, report

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.store.postgres.database import Database

LETTERS = "abcdefghjkmnpqrstvwxyz"


def key_of(portal: str, url: str, attempt: int = 0) -> str:
    """The key as docs/identity.md says it."""
    said = f"{portal}\n{url}" + (f"\n{attempt}" if attempt else "")
    digest = sha256(said.encode()).digest()
    return LETTERS[digest[0] % 22] + "".join((string.digits + LETTERS)[byte % 32] for byte in digest[1:10])


def save(conn: Connection, url: str = URL, portal: str = "sample") -> int:
    return save_report(conn, report("文", url=url, portal=portal), extractor_version="1").report_id


def test_the_key_is_the_documented_one(conn: Connection) -> None:
    assert get_report(conn, save(conn))["key"] == key_of("sample", URL)
    odd = "https://www.sample.gov.cn/年报?id=1&名=Ü%D6%D0:x"
    assert get_report(conn, save(conn, odd))["key"] == key_of("sample", odd)
    again = get_report(conn, save(conn, odd))
    assert (again["key"], again["versions"]) == (key_of("sample", odd), 1)


def test_one_url_on_two_portals_has_two_keys(conn: Connection) -> None:
    register_portal(conn, "other", PORTAL, "trs")
    assert get_report(conn, save(conn))["key"] != get_report(conn, save(conn, portal="other"))["key"]


def test_a_report_answers_by_number_and_by_key(conn: Connection) -> None:
    number = save(conn)
    key = key_of("sample", URL)
    heard = key[0] + key[1:].replace("0", "O").replace("1", "l")
    for asked in (number, str(number), key, key.upper(), f" {key} ", heard):
        assert find_report(conn, asked) == number
    for unknown in (
        "0",
        "999999",
        "9" * 400,
        "k000000000",
        "",
        "k",
        "key",
        "-1",
        "１",
        "k'; --",
        key + "0",
        "1e3",
        "\x00" * 10,
    ):
        with pytest.raises(NotFoundError):
            find_report(conn, unknown)


def test_a_former_key_goes_on_to_answer_and_a_former_url_makes_no_row(conn: Connection) -> None:
    number, former = save(conn), "https://www.sample.gov.cn/wap/nb/2020.html"
    add = "insert into report_alias select :key, portal_id, :url, id from report"
    conn.execute(text(add), {"key": key_of("sample", former), "url": former})
    assert find_report(conn, key_of("sample", former)) == number
    assert save(conn, former) == number
    assert [row["url"] for row in list_reports(conn)] == [URL]


def test_of_two_reports_with_one_key_the_first_keeps_it(conn: Connection) -> None:
    """No two such URLs are known, so another report is given the key that the URL would have."""
    taken = key_of("sample", URL)
    first = save(conn, "https://www.sample.gov.cn/first")
    conn.execute(text("update report set key = :key where id = :id"), {"key": taken, "id": first})
    second = save(conn)
    assert find_report(conn, taken) == first
    assert get_report(conn, second)["key"] == key_of("sample", URL, 1)
    assert save(conn) == second


@given(portal=st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), url=st.text(max_size=200))
def test_every_key_is_short_readable_and_no_number(portal: str, url: str) -> None:
    key = key_of(portal, url.encode(errors="replace").decode())
    assert len(key) == 10
    assert key[0] in LETTERS
    assert set(key) <= set(string.digits + LETTERS)


@pytest.fixture
def two_versions(database: Database, environment: None) -> dict[str, Any]:
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        save_report(conn, report("营商环境一"), extractor_version="1")
        save_report(conn, report("营商环境二", 1), extractor_version="1")
        return list_reports(conn)[0]


def test_every_command_takes_and_prints_the_key(two_versions: dict[str, Any]) -> None:
    key, number = two_versions["key"], str(two_versions["id"])

    def told(*arguments: str) -> Any:
        ended = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)

    for command in ("show", "versions", "diff"):
        assert told(command, key) == told(command, number)
    assert told("show", key)["key"] == told("diff", number)["key"] == key
    assert [row["key"] for row in told("reports")] == [row["key"] for row in told("search", "营商环境")] == [key]
    shown = CliRunner().invoke(app, ["show", key]).stdout
    assert key in shown


def test_views_hold_the_key(database: Database, two_versions: dict[str, Any]) -> None:
    with database.begin() as conn:
        for view in ("reports", "report_texts", "edits"):
            assert set(conn.execute(text(f"select key from {view}")).scalars()) == {two_versions["key"]}
